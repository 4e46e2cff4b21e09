// SPDX-License-Identifier: MIT
/*
 * Answers to questions, by the engine.
 */
#include <string.h>

#include <compiler/compiler.h>

/* What is allowed by its name may still be refused for what is in it. */
static void decide_undigested(const struct fng_image *image,
			      const struct fngc_query *query,
			      struct fng_decision *decision)
{
	size_t len = strlen(query->path);
	const struct fng_image_digest *digest;

	fng_name_decide(image, query->path, len, query->access, decision);
	digest = fng_digest_find(image, query->path, len);
	if (digest && !decision->refused)
		fng_digest_decide(image, digest, decision);
}

/* What comes later counts where nothing before it refuses, but to report it. */
static void go_on(struct fng_decision *decision,
		  const struct fng_decision *later)
{
	if (later->refused &&
	    (!decision->refused || (decision->audit && !later->audit)))
		*decision = *later;
}

/* A limit that allows none is the same as a rule that refuses. */
static void decide_none(const struct fng_image *image, u32 kinds,
			struct fng_decision *decision)
{
	struct fng_decision none;

	for (u32 i = 0; i < image->nr_limits; i++) {
		const struct fng_image_limit *limit = &image->limits[i];

		fng_limit_decide(image, limit,
				 kinds >> limit->kind & 1 && !limit->most,
				 &none);
		go_on(decision, &none);
	}
}

static void decide_name(const struct fng_image *image, const char *name,
			struct fng_decision *decision)
{
	struct fng_decision label;

	fng_dns_decide(image, name, strlen(name), decision);
	fng_label_decide(image, name, strlen(name), &label);
	go_on(decision, &label);
	decide_none(image, 1u << FNG_LIMIT_DNS_QUERIES, decision);
}

/* What a name leads to is not known before it is asked for. */
static void decide_endpoint(const struct fng_image *image,
			    const struct fngc_query *query,
			    struct fng_decision *decision)
{
	const struct fng_image_host *host;

	if (!*query->host) {
		fng_egress_decide(image, &query->endpoint, decision);
		return;
	}
	fng_class_default(image, FNG_CLASS_EGRESS, decision);
	host = fng_host_find(image, query->host, strlen(query->host));
	if (host && decision->refused)
		fng_host_decide(image, host, &query->endpoint, decision);
}

void fngc_decide_gain(const struct fng_image *image, const char *from,
		      const char *to, bool tree, struct fng_decision *decision)
{
	u32 old = fng_path_walk(image, from, strlen(from));
	u32 new = fng_path_walk(image, to, strlen(to));
	struct fng_decision gain;

	if (!tree) {
		fng_gain_decide(image, old, new, decision);
		return;
	}
	old = fng_path_step(image, old, '/');
	new = fng_path_step(image, new, '/');
	fng_subtree_decide(image, old, decision);
	fng_tree_gain_decide(image, old, new, &gain);
	go_on(decision, &gain);
}

/* A name goes or stays, another comes, and nothing may be won by it. */
static void decide_move(const struct fng_image *image,
			const struct fngc_query *query,
			struct fng_decision *decision)
{
	struct fng_decision later;

	fng_name_decide(image, query->path, strlen(query->path), query->access,
			decision);
	fng_name_decide(image, query->to, strlen(query->to), FNG_ACCESS_CREATE,
			&later);
	go_on(decision, &later);
	fngc_decide_gain(image, query->path, query->to, query->tree, &later);
	go_on(decision, &later);
}

/* How much it is that is allowed; where that is nothing, it is refused. */
static void decide_limit(const struct fng_image *image, u32 kind,
			 struct fng_decision *decision)
{
	const struct fng_image_limit *limit = fng_limit_find(image, kind);

	if (limit)
		fng_limit_decide(image, limit, !limit->most, decision);
	else
		fng_class_default(image, FNG_CLASS_LIMITS, decision);
}

void fngc_decide(const struct fng_image *image, const struct fngc_query *query,
		 struct fng_decision *decision)
{
	switch (query->verb) {
	case FNGC_ACCESS:
		fng_name_decide(image, query->path, strlen(query->path),
				query->access, decision);
		break;
	case FNGC_CONNECT:
		decide_endpoint(image, query, decision);
		decide_none(image, 1u << FNG_LIMIT_CONNECT |
				   1u << FNG_LIMIT_EGRESS |
				   1u << FNG_LIMIT_EGRESS_TOTAL |
				   1u << FNG_LIMIT_DESTINATIONS, decision);
		break;
	case FNGC_RESOLVE:
		decide_name(image, query->host, decision);
		break;
	case FNGC_LISTEN:
		fng_listen_decide(image, query->endpoint.proto,
				  query->endpoint.port, decision);
		break;
	case FNGC_SOCKET:
		fng_socket_decide(image, query->family, query->type, decision);
		break;
	case FNGC_FILELESS:
		fng_fileless_decide(image, decision);
		break;
	case FNGC_MODIFIED:
		fng_modified_decide(image, decision);
		break;
	case FNGC_UNDIGESTED:
		decide_undigested(image, query, decision);
		break;
	case FNGC_WRITE_EXEC:
		fng_write_exec_decide(image, decision);
		break;
	case FNGC_CAPABILITY:
		fng_capability_decide(image, query->part, decision);
		break;
	case FNGC_PRIVILEGE:
		fng_privilege_decide(image, query->part, decision);
		break;
	case FNGC_FLOOR:
		fng_floor_decide(image, query->part, decision);
		break;
	case FNGC_MOVE:
		decide_move(image, query, decision);
		break;
	case FNGC_LIMIT:
		decide_limit(image, query->part, decision);
		break;
	}
}
