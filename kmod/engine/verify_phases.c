// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Phases: what tells the image of one from that of a policy, and what the images
 * of one policy must have in common.
 *
 * That a phase allows nothing which the one before refuses is for the compiler to
 * prove: it takes a walk over both.
 */
#include "verify.h"

static bool is_phase(const struct fng_image_meta *meta)
{
	return meta->phase[0];
}

static int check_policy(const struct fng_verifier *v)
{
	const struct fng_image_meta *meta = v->image.meta;
	u32 i;

	for (i = 0; i <= FNG_MAX_PHASE_NAME; i++)
		if (meta->phase[i])
			return fng_refuse(v, &meta->phase[i],
					  "a name is malformed");
	if (meta->nr_phases > FNG_MAX_PHASES)
		return fng_refuse(v, &meta->nr_phases,
				  "a policy has too many phases");
	if (meta->enter)
		return fng_refuse(v, &meta->enter,
				  "what is no phase is not entered");
	if (meta->tells)
		return fng_refuse(v, &meta->tells,
				  "what is no phase cannot only tell");
	return 0;
}

static int check_phase(const struct fng_verifier *v)
{
	const struct fng_image_meta *meta = v->image.meta;

	if (meta->nr_phases)
		return fng_refuse(v, &meta->nr_phases,
				  "a phase has phases itself");
	if (meta->enter >= FNG_NR_ENTERS)
		return fng_refuse(v, &meta->enter,
				  "a phase is entered in no known way");
	if (meta->tells > 1)
		return fng_refuse(v, &meta->tells,
				  "whether a phase only tells is neither 0 nor 1");
	if (v->image.cgroup.nr_states || v->image.device.nr_states)
		return fng_refuse(v, meta, "a phase binds something itself");
	return fng_verify_name(v, meta->phase, FNG_MAX_PHASE_NAME);
}

/* Of every image; after its shape. */
int fng_verify_phase(const struct fng_verifier *v)
{
	const struct fng_image_meta *meta = v->image.meta;
	bool timed = meta->enter == FNG_ENTER_TIME;
	int err;

	err = is_phase(meta) ? check_phase(v) : check_policy(v);
	if (err)
		return err;
	if (meta->enter_after > FNG_MAX_PHASE_TIME ||
	    timed != !!meta->enter_after)
		return fng_refuse(v, &meta->enter_after,
				  "the time after which a phase is entered is none");
	return 0;
}

/**
 * fng_image_part() - how long the image is that others may be behind
 * @header: its header, or what there is of it, aligned as the image is
 * @left: bytes there are from it on
 * @size: set to the number of its bytes; if there are others behind it, a multiple
 *	of FNG_IMAGE_ALIGN
 * @error: where to put why it was refused; untouched if it was not
 *
 * What else is in the header is for fng_image_split() to verify.
 *
 * Return: 0 or -EINVAL.
 */
int fng_image_part(const struct fng_image_header *header, size_t left,
		   u32 *size, struct fng_image_error *error)
{
	struct fng_verifier v = { .blob = (const u8 *)header, .error = error };

	if (left < sizeof(*header))
		return fng_refuse(&v, header, "the image has no header");
	if (header->size < sizeof(*header) || header->size > left)
		return fng_refuse(&v, &header->size,
				  "the image is not as long as it says");
	if (header->size != left && header->size % FNG_IMAGE_ALIGN)
		return fng_refuse(&v, &header->size,
				  "what is behind the image is not aligned");
	*size = header->size;
	return 0;
}

static bool same_bytes(const void *left, const void *right, size_t size)
{
	const u8 *a = left, *b = right;
	size_t i;

	for (i = 0; i < size; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

/* Nothing is remembered of what only the phase would learn from. */
static int check_modes(const struct fng_verifier *v,
		       const struct fng_image *policy)
{
	const struct fng_image_class *class = v->image.classes;
	u32 i;

	for (i = 0; i < FNG_NR_CLASSES; i++, class++) {
		if (class->mode == FNG_MODE_LEARN &&
		    policy->classes[i].mode != FNG_MODE_LEARN)
			return fng_refuse(v, &class->mode,
					  "a phase learns where its policy does not");
		if (class->mode == FNG_MODE_ENFORCE && v->image.meta->tells)
			return fng_refuse(v, &class->mode,
					  "a phase that only tells refuses something");
	}
	return 0;
}

/**
 * fng_start_verify() - verify that an image is that of a policy
 * @image: verified
 * @blob: where it starts
 * @error: where to put why it was refused; untouched if it was not
 *
 * Return: 0 or -EINVAL.
 */
int fng_start_verify(const struct fng_image *image, const void *blob,
		     struct fng_image_error *error)
{
	const struct fng_verifier v = { .blob = blob, .error = error };

	if (is_phase(image->meta))
		return fng_refuse(&v, image->meta->phase,
				  "a phase is without its policy");
	return 0;
}

/**
 * fng_phase_verify() - verify that an image is that of a phase of a policy
 * @phase: verified
 * @blob: where it starts
 * @policy: that of the policy, verified
 * @before: those of the phases before it
 * @nr: number of @before
 * @error: where to put why it was refused; untouched if it was not
 *
 * Return: 0 or -EINVAL.
 */
int fng_phase_verify(const struct fng_image *phase, const void *blob,
		     const struct fng_image *policy,
		     const struct fng_image *const *before, u32 nr,
		     struct fng_image_error *error)
{
	struct fng_verifier v = {
		.blob = blob,
		.image = *phase,
		.error = error,
	};
	const struct fng_image_meta *meta = phase->meta;
	u32 i;

	if (!is_phase(meta))
		return fng_refuse(&v, meta->phase, "a phase has no name");
	if (!same_bytes(meta->name, policy->meta->name, sizeof(meta->name)) ||
	    meta->version != policy->meta->version)
		return fng_refuse(&v, meta->name,
				  "a phase is another policy's");
	for (i = 0; i < nr; i++)
		if (same_bytes(meta->phase, before[i]->meta->phase,
			       sizeof(meta->phase)))
			return fng_refuse(&v, meta->phase,
					  "two phases have the same name");
	return check_modes(&v, policy);
}

/* Rules may have other numbers. */
static bool same_ports(const struct fng_image *a, const struct fng_image *b)
{
	u32 i;

	for (i = 0; i < a->nr_ports; i++)
		if (a->ports[i].first != b->ports[i].first ||
		    a->ports[i].last != b->ports[i].last ||
		    a->ports[i].effect != b->ports[i].effect)
			return false;
	return true;
}

static bool same_tables(const struct fng_image *a, const struct fng_image *b)
{
	return a->nr_v4 == b->nr_v4 && a->nr_v6 == b->nr_v6 &&
	       a->nr_portsets == b->nr_portsets &&
	       a->nr_ports == b->nr_ports &&
	       same_bytes(a->v4, b->v4, a->nr_v4 * sizeof(*a->v4)) &&
	       same_bytes(a->v6, b->v6, a->nr_v6 * sizeof(*a->v6)) &&
	       same_bytes(a->portsets, b->portsets,
			  a->nr_portsets * sizeof(*a->portsets)) &&
	       same_ports(a, b);
}

static bool same_class(const struct fng_image *a, const struct fng_image *b,
		       u32 class)
{
	return a->classes[class].present == b->classes[class].present &&
	       a->classes[class].mode == b->classes[class].mode &&
	       a->classes[class].dflt == b->classes[class].dflt;
}

/**
 * fng_traffic_same() - do two policies plainly say the same of connections?
 * @a: verified
 * @b: verified
 *
 * Names of hosts are not compared: who has rules about them says no.
 *
 * Return: false if it cannot be told as well.
 */
bool fng_traffic_same(const struct fng_image *a, const struct fng_image *b)
{
	if (a->nr_hosts || b->nr_hosts || !a->base != !b->base)
		return false;
	return a->meta->listen == b->meta->listen &&
	       same_class(a, b, FNG_CLASS_EGRESS) &&
	       same_class(a, b, FNG_CLASS_LISTEN) && same_tables(a, b) &&
	       (!a->base || same_tables(a->base, b->base));
}
