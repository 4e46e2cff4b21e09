// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies as they arrive: images that are read and verified.
 *
 * An image arrives as a memfd that is sealed against every change, so reading it
 * touches nothing but memory: no file system, no page fault that user space
 * could answer. It is copied first and verified then; what was verified is what
 * is used. Its base is copied, and kept, apart: others may have the same.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/xxhash.h>

#include "extack.h"
#include "memfd.h"
#include "memory.h"
#include "policy.h"
#include "steps.h"

static int check_file(struct file *file, u32 size, u32 behind,
		      struct netlink_ext_ack *extack)
{
	if (!fng_memfd_sealed(file)) {
		NL_SET_ERR_MSG(extack,
			       "The image must be a readable memfd with the seals WRITE, SHRINK and GROW");
		return -EINVAL;
	}
	if (!size || size > FNG_MAX_IMAGE_SIZE) {
		NL_SET_ERR_MSG(extack,
			       "The image is empty or larger than 64 MiB");
		return -EFBIG;
	}
	if (i_size_read(file_inode(file)) != (loff_t)size + behind) {
		NL_SET_ERR_MSG(extack,
			       "The image's size is not the one that was announced");
		return -EINVAL;
	}
	return 0;
}

/* A copy of the base of an image at an offset, for kvfree(); or ERR_PTR(). */
static void *copy_base(struct file *file, u32 at, u32 size, u32 own)
{
	void *base = fng_memory_alloc(size - own, 0);
	int err;

	if (!base)
		return ERR_PTR(-ENOMEM);
	err = fng_memfd_read(file, base, size - own, at + own);
	if (err) {
		kvfree(base);
		return ERR_PTR(err);
	}
	return base;
}

static void explain(struct netlink_ext_ack *extack,
		    const struct fng_image_error *error)
{
	fng_extack_format(extack, "%.60s at byte %u", error->reason,
			  error->offset);
}

/* How much of the image is before its base. */
static int find_base(struct file *file, u32 at, u32 size, u32 *own,
		     struct fng_image_error *error)
{
	struct fng_image_header header __aligned(FNG_IMAGE_ALIGN) = { 0 };
	int err;

	err = fng_memfd_read(file, &header, min_t(u32, size, sizeof(header)),
			     at);
	return err ?: fng_image_split(&header, size, own, error);
}

/* The same base may be there already: then this copy goes. */
static int take_base(struct fng_policy *policy, struct file *file, u32 at,
		     u32 own, u32 size, struct fng_image_error *error)
{
	struct fng_policy_base *base;
	void *blob = copy_base(file, at, size, own);

	if (IS_ERR(blob))
		return PTR_ERR(blob);
	base = fng_policy_base_get(blob, size - own, error);
	if (IS_ERR(base)) {
		error->offset += own;
		return PTR_ERR(base);
	}
	policy->base = base;
	return 0;
}

static int take_own(struct fng_policy *policy, struct file *file, u32 at,
		    u32 own, struct fng_image_error *error)
{
	int err = fng_memfd_read(file, policy->blob, own, at);

	if (!err)
		err = fng_own_verify(policy->blob, own,
				     policy->base ? &policy->base->image : NULL,
				     &policy->image, error);
	if (!err)
		fng_steps_make(&policy->image);
	return err;
}

static u64 hash_name(const char *name)
{
	return xxh64(name, strlen(name), 0);
}

static int take_image(struct fng_policy *policy, struct file *file, u32 at,
		      u32 own, u32 size, struct fng_image_error *error)
{
	int err = 0;

	if (own < size)
		err = take_base(policy, file, at, own, size, error);
	if (!err)
		err = take_own(policy, file, at, own, error);
	if (err)
		return err;
	policy->size = size;
	policy->name_hash = hash_name(fng_policy_name(policy));
	policy->phase_hash = hash_name(policy->image.meta->phase);
	return 0;
}

static struct fng_policy *allocate(u32 own)
{
	struct fng_policy *policy;

	policy = fng_memory_alloc(struct_size(policy, blob, own), __GFP_ZERO);
	if (!policy)
		return NULL;
	refcount_set(&policy->refs, 1);
	INIT_LIST_HEAD(&policy->retired);
	policy->whole = policy;
	return policy;
}

static void free_part(struct fng_policy *policy)
{
	fng_policy_counters_exit(&policy->counters);
	fng_policy_base_put(policy->base);
	fng_steps_free(&policy->image);
	fng_acts_put(policy->acts);
	kvfree(policy);
}

/* Frees a policy that nobody knows, with the phases that it still has. */
void fng_policy_free(struct fng_policy *policy)
{
	u32 i = fng_policy_nr_parts(policy);

	while (i--)
		free_part(fng_policy_part(policy, i));
}

/* A policy with the image at an offset, but nothing beside it; or ERR_PTR(). */
static struct fng_policy *read_part(struct file *file, u32 at, u32 size,
				    struct fng_image_error *error)
{
	struct fng_policy *policy;
	u32 own;
	int err;

	err = find_base(file, at, size, &own, error);
	if (err)
		return ERR_PTR(err);
	policy = allocate(own);
	if (!policy)
		return ERR_PTR(-ENOMEM);
	err = take_image(policy, file, at, own, size, error);
	if (!err)
		return policy;
	fng_policy_free(policy);
	return ERR_PTR(err);
}

/* The same, where the image says how long it is. */
static struct fng_policy *read_next(struct file *file, u32 at, u32 left,
				    struct fng_image_error *error)
{
	struct fng_image_header header __aligned(FNG_IMAGE_ALIGN) = { 0 };
	struct fng_policy *policy;
	u32 size;
	int err;

	err = fng_memfd_read(file, &header, min_t(u32, left, sizeof(header)),
			     at);
	if (!err)
		err = fng_image_part(&header, left, &size, error);
	policy = err ? ERR_PTR(err) : read_part(file, at, size, error);
	if (IS_ERR(policy))
		error->offset += at;
	return policy;
}

static int check_phase(const struct fng_policy *policy,
		       const struct fng_policy *phase,
		       struct fng_image_error *error)
{
	const struct fng_image *before[FNG_MAX_PHASES];
	u32 i;

	for (i = 0; i < policy->nr_phases; i++)
		before[i] = &policy->phases[i]->image;
	return fng_phase_verify(&phase->image, phase->blob, &policy->image,
				before, i, error);
}

static int read_phase(struct fng_policy *policy, struct file *file, u32 left,
		      struct fng_image_error *error)
{
	struct fng_policy *phase = read_next(file, policy->size, left, error);
	const struct fng_policy *before;
	int err;

	if (IS_ERR(phase))
		return PTR_ERR(phase);
	err = check_phase(policy, phase, error);
	if (err) {
		error->offset += policy->size;
		fng_policy_free(phase);
		return err;
	}
	phase->whole = policy;
	before = fng_policy_part(policy, policy->nr_phases);
	phase->cuts = !fng_traffic_same(&phase->image, &before->image);
	policy->phases[policy->nr_phases++] = phase;
	policy->size += phase->size;
	return 0;
}

static int read_phases(struct fng_policy *policy, struct file *file, u32 size,
		       struct fng_image_error *error)
{
	int err;

	while (policy->nr_phases < policy->image.meta->nr_phases) {
		err = read_phase(policy, file, size - policy->size, error);
		if (err)
			return err;
	}
	if (policy->size == size)
		return 0;
	error->reason = "there is more than the images of the phases";
	error->offset = policy->size;
	return -EINVAL;
}

static void hash_part(struct xxh64_state *state, const struct fng_policy *part)
{
	xxh64_update(state, part->blob, fng_policy_own(part));
	if (part->base)
		xxh64_update(state, part->base->blob, part->base->image.size);
}

static u64 hash_of(const struct fng_policy *policy)
{
	struct xxh64_state state;
	u32 i;

	xxh64_reset(&state, 0);
	for (i = 0; i < fng_policy_nr_parts(policy); i++)
		hash_part(&state, fng_policy_part(policy, i));
	return xxh64_digest(&state);
}

static struct fng_policy *read_image(struct file *file, u32 size,
				     struct fng_image_error *error)
{
	struct fng_policy *policy = read_next(file, 0, size, error);
	int err;

	if (IS_ERR(policy))
		return policy;
	err = fng_start_verify(&policy->image, policy->blob, error) ?:
	      read_phases(policy, file, size, error);
	if (err) {
		fng_policy_free(policy);
		return ERR_PTR(err);
	}
	policy->hash = hash_of(policy);
	return policy;
}

/**
 * fng_policy_read() - read and verify images
 * @file: where they are, that of the policy and those of its phases behind it
 * @size: announced size of them all
 * @behind: bytes of the file behind them
 * @extack: told what is wrong, for a malformed image with the byte offset
 *
 * Context: process; sleeps.
 * Return: a policy with one reference that nobody can find, and that has nothing
 *	beside its images, or ERR_PTR().
 */
struct fng_policy *fng_policy_read(struct file *file, u32 size, u32 behind,
				   struct netlink_ext_ack *extack)
{
	struct fng_image_error error = { 0 };
	struct fng_policy *policy;
	int err;

	err = check_file(file, size, behind, extack);
	if (err)
		return ERR_PTR(err);
	policy = read_image(file, size, &error);
	if (error.reason)
		explain(extack, &error);
	else if (IS_ERR(policy) && policy != ERR_PTR(-ENOMEM))
		NL_SET_ERR_MSG(extack, "The image could not be read");
	return policy;
}

