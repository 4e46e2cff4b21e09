// SPDX-License-Identifier: MIT
/*
 * Are the examples answered differently, and by the rules that are named?
 */
#include "difference.h"

static u32 walk(const struct fng_image *image, const char *name)
{
	return fng_path_walk(image, name, strlen(name));
}

static u32 walk_directory(const struct fng_image *image, const char *name)
{
	return fng_path_step(image, walk(image, name), '/');
}

static void decide_address(const struct fng_image *image,
			   const struct fngc_example *e,
			   struct fng_decision *decision)
{
	const struct fng_image_host *host = NULL;

	fng_egress_decide(image, &e->endpoint, decision);
	if (e->name)
		host = fng_host_find(image, e->name, strlen(e->name));
	if (host && fng_egress_open(image, decision))
		fng_host_decide(image, host, &e->endpoint, decision);
}

/* As the kernel asks, once somebody has sent a datagram to the port. */
static void decide_answer(const struct fng_image *image,
			  const struct fngc_example *e,
			  struct fng_decision *decision)
{
	fng_egress_decide(image, &e->endpoint, decision);
	if (fng_egress_open(image, decision) &&
	    fng_listen_names(image, e->endpoint.proto, e->part))
		fng_listen_decide(image, e->endpoint.proto, e->part, decision);
}

static void decide_path(const struct fng_image *image,
			const struct fngc_difference *d,
			struct fng_decision *decision)
{
	const struct fngc_example *e = &d->example;

	switch (d->about) {
	case FNGC_ABOUT_NAME:
		fng_path_decide(image, walk(image, e->name), e->access,
				decision);
		break;
	case FNGC_ABOUT_DIRECTORY:
		fng_subtree_decide(image, walk_directory(image, e->name),
				   decision);
		break;
	case FNGC_ABOUT_MOVE:
		fng_tree_gain_decide(image, walk_directory(image, e->name),
				     walk_directory(image, e->to), decision);
		break;
	default:
		fng_nameless_decide(image, e->access, decision);
	}
}

static void decide_scalar(const struct fng_image *image,
			  const struct fngc_difference *d,
			  struct fng_decision *decision)
{
	const struct fngc_example *e = &d->example;

	switch (d->about) {
	case FNGC_ABOUT_SOCKET:
		fng_socket_decide(image, e->family, e->type, decision);
		break;
	case FNGC_ABOUT_CAPABILITY:
		fng_capability_decide(image, e->part, decision);
		break;
	case FNGC_ABOUT_PRIVILEGE:
		fng_privilege_decide(image, e->part, decision);
		break;
	case FNGC_ABOUT_FLOOR:
		fng_floor_decide(image, e->part, decision);
		break;
	case FNGC_ABOUT_FILELESS:
		fng_fileless_decide(image, decision);
		break;
	case FNGC_ABOUT_MODIFIED:
		fng_modified_decide(image, decision);
		break;
	default:
		fng_write_exec_decide(image, decision);
	}
}

static void decide(const struct fng_image *image,
		   const struct fngc_difference *d,
		   struct fng_decision *decision)
{
	const struct fngc_example *e = &d->example;

	switch (d->about) {
	case FNGC_ABOUT_NAME:
	case FNGC_ABOUT_DIRECTORY:
	case FNGC_ABOUT_MOVE:
	case FNGC_ABOUT_NAMELESS:
		decide_path(image, d, decision);
		break;
	case FNGC_ABOUT_CONNECT:
	case FNGC_ABOUT_HOST:
		decide_address(image, e, decision);
		break;
	case FNGC_ABOUT_ANSWER:
		decide_answer(image, e, decision);
		break;
	case FNGC_ABOUT_RESOLVE:
		fng_dns_decide(image, e->name, strlen(e->name), decision);
		break;
	case FNGC_ABOUT_LISTEN:
		fng_listen_decide(image, e->endpoint.proto, e->endpoint.port,
				  decision);
		break;
	default:
		decide_scalar(image, d, decision);
	}
}

/* What is no question to the engine is a setting that was compared by itself. */
static bool is_decided(const struct fngc_difference *d)
{
	return d->about != FNGC_ABOUT_RESOLVER &&
	       d->about != FNGC_ABOUT_NAMED &&
	       d->about != FNGC_ABOUT_DIGEST &&
	       d->about < FNGC_ABOUT_LIMIT;
}

static bool is_setting_other(const struct dif_policies *policies,
			     const struct fngc_difference *d)
{
	const struct fng_image_class *before =
		&policies->before.parts.part[0].image.classes[d->class];
	const struct fng_image_class *after =
		&policies->after.parts.part[0].image.classes[d->class];

	if (d->about == FNGC_ABOUT_MODE)
		return before->mode != after->mode;
	return d->about != FNGC_ABOUT_ERRNO || before->err != after->err;
}

static bool is_changed(const struct dif_policies *policies,
		       const struct fngc_difference *d)
{
	struct fng_decision decisions[2];

	decide(&policies->before.parts.part[0].image, d, &decisions[0]);
	decide(&policies->after.parts.part[0].image, d, &decisions[1]);
	return dif_change_of(decisions) == d->change &&
	       decisions[0].rule == d->answer[0].rule &&
	       decisions[1].rule == d->answer[1].rule;
}

static bool is_example(const struct dif_policies *policies,
		       const struct fngc_difference *d)
{
	struct fngc_difference one = *d;

	if (!is_decided(d))
		return is_setting_other(policies, d);
	if (d->about != FNGC_ABOUT_NAME)
		return is_changed(policies, d);
	/* What is listed together is true of each. */
	for (u64 left = d->bits; left; left &= left - 1) {
		one.example.access = left & -left;
		if (!is_changed(policies, &one))
			return false;
	}
	return true;
}

const struct fngc_difference *
dif_wrong_example(const struct dif_policies *policies)
{
	for (size_t i = 0; i < policies->diff->nr; i++) {
		const struct fngc_difference *d =
			&policies->diff->differences[i];

		if (!is_example(policies, d))
			return d;
	}
	return NULL;
}
