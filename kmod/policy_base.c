// SPDX-License-Identifier: GPL-2.0-only
/*
 * What policies that extend the same templates have in common.
 *
 * The kernel keeps equal bases once. A hash finds a base and proves nothing: they
 * are the same if all of their bytes are. So a base that was found has been
 * verified, and need not be again.
 */
#include <linux/err.h>
#include <linux/hashtable.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xxhash.h>

#include "policy_base.h"
#include "steps.h"

/* All bases that some policy has. */
static DEFINE_HASHTABLE(bases, 8);
static DEFINE_MUTEX(bases_mutex);

/* A reference on the base with the same bytes, or NULL. Under the mutex. */
static struct fng_policy_base *find(const struct fng_policy_base *wanted,
				    u32 size)
{
	struct fng_policy_base *base;

	hash_for_each_possible(bases, base, node, wanted->hash)
		if (base->hash == wanted->hash && base->image.size == size &&
		    !memcmp(base->blob, wanted->blob, size)) {
			refcount_inc(&base->refs);
			return base;
		}
	return NULL;
}

static struct fng_policy_base *find_locked(const struct fng_policy_base *wanted,
					   u32 size)
{
	struct fng_policy_base *base;

	mutex_lock(&bases_mutex);
	base = find(wanted, size);
	mutex_unlock(&bases_mutex);
	return base;
}

/* Another load may have added the same while this one was verified. */
static struct fng_policy_base *find_or_add(struct fng_policy_base *made)
{
	struct fng_policy_base *base;

	mutex_lock(&bases_mutex);
	base = find(made, made->image.size);
	if (!base)
		hash_add(bases, &made->node, made->hash);
	mutex_unlock(&bases_mutex);
	return base ?: made;
}

static void free_base(struct fng_policy_base *base)
{
	fng_counter_rows_exit(&base->counted);
	fng_steps_free(&base->image);
	kvfree(base->blob);
	kfree(base);
}

static int verify(struct fng_policy_base *made, u32 size,
		  struct fng_image_error *error)
{
	int err = fng_base_verify(made->blob, size, &made->image, error);

	if (!err)
		fng_steps_make(&made->image);
	return err ?: fng_counter_rows_init(&made->counted, &made->image,
					    NULL);
}

/**
 * fng_policy_base_get() - the base with these bytes
 * @blob: its bytes, for kvfree(); given away
 * @size: number of them
 * @error: told what is wrong with them
 *
 * Verifies them, unless there is a base that is the same: then that one is it.
 *
 * Context: process; sleeps. Verifies without a lock, so that a large base delays
 * nobody.
 * Return: a reference, or ERR_PTR(), -ENOMEM without @error.
 */
struct fng_policy_base *fng_policy_base_get(void *blob, u32 size,
					    struct fng_image_error *error)
{
	struct fng_policy_base *made, *base;
	int err;

	made = kzalloc(sizeof(*made), GFP_KERNEL_ACCOUNT);
	if (!made) {
		kvfree(blob);
		return ERR_PTR(-ENOMEM);
	}
	refcount_set(&made->refs, 1);
	made->blob = blob;
	made->hash = xxh64(blob, size, 0);
	base = find_locked(made, size);
	if (!base) {
		err = verify(made, size, error);
		base = err ? ERR_PTR(err) : find_or_add(made);
	}
	if (base != made)
		free_base(made);
	return base;
}

/**
 * fng_policy_base_put() - give a base back
 * @base: of a policy that no reader can have any more; or NULL
 *
 * Context: process; sleeps.
 */
void fng_policy_base_put(struct fng_policy_base *base)
{
	if (!base || !refcount_dec_and_mutex_lock(&base->refs, &bases_mutex))
		return;
	hash_del(&base->node);
	mutex_unlock(&bases_mutex);
	free_base(base);
}
