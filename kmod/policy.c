// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loaded policies.
 *
 * An image arrives as a memfd that is sealed against every change, so reading it
 * touches nothing but memory: no file system, no page fault that user space
 * could answer. It is copied first and verified then; what was verified is what
 * is used. Its base is copied, and kept, apart: others may have the same.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/xarray.h>
#include <linux/xxhash.h>

#include "memfd.h"
#include "memory.h"
#include "policy.h"
#include "steps.h"

/* How long a retired policy waits for somebody to hear of its refusals. */
#define RETIRED_KEEP	(30 * HZ)

/*
 * All policies by id: loaded, retired, and being loaded. Nobody looks at one of
 * the last kind, which lack the mark.
 */
static DEFINE_XARRAY(policies);
#define PUBLISHED	XA_MARK_0

static atomic64_t last_id = ATOMIC64_INIT(0);

/* Retired policies, newest last. */
static LIST_HEAD(retired);
static DEFINE_SPINLOCK(retired_lock);

/* Retired policies that the event worker is about to free; its own. */
static LIST_HEAD(leaving);

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

/* A copy of the base, for kvfree(); or ERR_PTR(). */
static void *copy_base(struct file *file, u32 size, u32 own)
{
	void *base = fng_memory_alloc(size - own, 0);
	int err;

	if (!base)
		return ERR_PTR(-ENOMEM);
	err = fng_memfd_read(file, base, size - own, own);
	if (err) {
		kvfree(base);
		return ERR_PTR(err);
	}
	return base;
}

#ifdef NL_SET_ERR_MSG_FMT
static void explain(struct netlink_ext_ack *extack,
		    const struct fng_image_error *error)
{
	NL_SET_ERR_MSG_FMT(extack, "%.60s at byte %u", error->reason,
			   error->offset);
}
#else
/*
 * Here extack only points to its message, which is copied after the command has
 * returned. The buffers take turns, so a message is
 * overwritten only if as many loads are refused between these two moments of one
 * system call; it is terminated even then.
 */
static void explain(struct netlink_ext_ack *extack,
		    const struct fng_image_error *error)
{
	static char messages[32][128];
	static atomic_t turn = ATOMIC_INIT(0);
	char *message = messages[(u32)atomic_inc_return(&turn) %
				 ARRAY_SIZE(messages)];

	snprintf(message, sizeof(messages[0]), "%.96s at byte %u",
		 error->reason, error->offset);
	if (extack)
		extack->_msg = message;
}
#endif

/* How much of the image is before its base. */
static int find_base(struct file *file, u32 size, u32 *own,
		     struct fng_image_error *error)
{
	struct fng_image_header header __aligned(FNG_IMAGE_ALIGN) = { 0 };
	int err;

	err = fng_memfd_read(file, &header, min_t(u32, size, sizeof(header)),
			     0);
	return err ?: fng_image_split(&header, size, own, error);
}

/* The same base may be there already: then this copy goes. */
static int take_base(struct fng_policy *policy, struct file *file, u32 own,
		     u32 size, struct fng_image_error *error)
{
	struct fng_policy_base *base;
	void *blob = copy_base(file, size, own);

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

static int take_own(struct fng_policy *policy, struct file *file, u32 own,
		    struct fng_image_error *error)
{
	int err = fng_memfd_read(file, policy->blob, own, 0);

	if (!err)
		err = fng_own_verify(policy->blob, own,
				     policy->base ? &policy->base->image : NULL,
				     &policy->image, error);
	if (!err)
		fng_steps_make(&policy->image);
	return err;
}

static u64 hash_of(const struct fng_policy *policy, u32 own)
{
	struct xxh64_state state;

	xxh64_reset(&state, 0);
	xxh64_update(&state, policy->blob, own);
	if (policy->base)
		xxh64_update(&state, policy->base->blob,
			     policy->base->image.size);
	return xxh64_digest(&state);
}

static int take_image(struct fng_policy *policy, struct file *file, u32 own,
		      u32 size, struct fng_image_error *error)
{
	int err = 0;

	if (own < size)
		err = take_base(policy, file, own, size, error);
	if (!err)
		err = take_own(policy, file, own, error);
	if (err)
		return err;
	policy->hash = hash_of(policy, own);
	policy->name_hash = xxh64(fng_policy_name(policy),
				  strlen(fng_policy_name(policy)), 0);
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
	policy->id = atomic64_inc_return(&last_id);
	return policy;
}

static void free_policy(struct fng_policy *policy)
{
	fng_policy_counters_exit(&policy->counters);
	fng_policy_base_put(policy->base);
	fng_steps_free(&policy->image);
	kvfree(policy);
}

/* A policy with its image, but nothing beside it; or ERR_PTR(). */
static struct fng_policy *read_image(struct file *file, u32 size,
				     struct fng_image_error *error)
{
	struct fng_policy *policy;
	u32 own;
	int err;

	err = find_base(file, size, &own, error);
	if (err)
		return ERR_PTR(err);
	policy = allocate(own);
	if (!policy)
		return ERR_PTR(-ENOMEM);
	err = take_image(policy, file, own, size, error);
	if (!err)
		return policy;
	free_policy(policy);
	return ERR_PTR(err);
}

static struct fng_policy *read_policy(struct file *file, u32 size, u32 behind,
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

/**
 * fng_policy_create() - read and verify an image
 * @memfd: the file
 * @size: announced size of the image
 * @behind: bytes of the file behind it, which are not the image's
 * @extack: told what is wrong, for a malformed image with the byte offset
 *
 * Context: process; sleeps. Takes no lock, so a large image delays nobody.
 * Return: a policy with one reference, or ERR_PTR().
 */
struct fng_policy *fng_policy_create(struct file *memfd, u32 size, u32 behind,
				     struct netlink_ext_ack *extack)
{
	struct fng_policy *policy;
	int err;

	policy = read_policy(memfd, size, behind, extack);
	if (IS_ERR(policy))
		return policy;
	err = fng_policy_counters_init(&policy->counters, &policy->image,
				       policy->base ? &policy->base->counted :
						      NULL);
	if (err)
		goto err_free;
	err = xa_err(xa_store(&policies, policy->id, policy, GFP_KERNEL));
	if (err)
		goto err_free;
	return policy;

err_free:
	free_policy(policy);
	return ERR_PTR(err);
}

/**
 * fng_policy_write() - write the image as it was loaded
 * @policy: the policy, of which the caller holds a reference
 * @file: where to, from its beginning
 * @extack: told what is wrong with @file
 *
 * Only files in memory are written, so that no file system answers, or does not.
 *
 * Context: process; sleeps.
 */
int fng_policy_write(const struct fng_policy *policy, struct file *file,
		     struct netlink_ext_ack *extack)
{
	const struct fng_policy_base *base = policy->base;
	u32 shared = base ? base->image.size : 0;
	loff_t pos = 0;
	int err;

	if (!fng_memfd_writable(file)) {
		NL_SET_ERR_MSG(extack,
			       "The image is written to a memfd only");
		return -EINVAL;
	}
	err = fng_memfd_write(file, policy->blob, policy->image.size - shared,
			      &pos);
	if (!err && base)
		err = fng_memfd_write(file, base->blob, shared, &pos);
	if (err)
		NL_SET_ERR_MSG(extack, "The memfd could not be written");
	return err;
}

/**
 * fng_policy_get() - take another reference
 * @policy: the policy
 */
void fng_policy_get(struct fng_policy *policy)
{
	refcount_inc(&policy->refs);
}

/**
 * fng_policy_put() - drop a reference
 * @policy: the policy, or NULL
 *
 * Context: process. If this was the last reference, no reader that found the
 * policy in a ruleset is left: rulesets are freed after a grace period.
 */
void fng_policy_put(struct fng_policy *policy)
{
	if (!policy || !refcount_dec_and_test(&policy->refs))
		return;
	if (!policy->published) {
		xa_erase(&policies, policy->id);
		free_policy(policy);
		return;
	}
	policy->retired_at = jiffies;
	spin_lock(&retired_lock);
	list_add_tail(&policy->retired, &retired);
	spin_unlock(&retired_lock);
}

/**
 * fng_policy_publish() - from now on readers and events may know the policy
 * @policy: in a ruleset that was just published
 */
void fng_policy_publish(struct fng_policy *policy)
{
	policy->rcu_cookie = get_state_synchronize_rcu();
	policy->published = true;
	xa_set_mark(&policies, policy->id, PUBLISHED);
}

/**
 * fng_policy_find() - a policy by the number of its load
 * @id: fng_policy.id
 *
 * Finds retired policies, too.
 * Context: any, inside rcu_read_lock(); the result is valid until it ends, and
 *	for the event worker until it calls fng_policy_retire_end().
 */
struct fng_policy *fng_policy_find(u64 id)
{
	return xa_load(&policies, id);
}

/**
 * fng_policy_next() - visit all policies that were published
 * @id: 0 to start, then kept by the caller
 *
 * Context: the event worker, which alone frees what was published.
 */
struct fng_policy *fng_policy_next(u64 *id)
{
	unsigned long index = *id;
	struct fng_policy *policy;

	policy = xa_find_after(&policies, &index, ULONG_MAX, PUBLISHED);
	*id = index;
	return policy;
}

/**
 * fng_policy_retire_begin() - look at what has retired
 *
 * Every record that names one of these policies is already in its ring: records
 * are written by readers, and those are gone. Whoever drains the rings now has
 * seen all of them.
 *
 * Context: the event worker.
 */
void fng_policy_retire_begin(void)
{
	struct fng_policy *policy;

	spin_lock(&retired_lock);
	list_splice_tail_init(&retired, &leaving);
	spin_unlock(&retired_lock);
	list_for_each_entry(policy, &leaving, retired) {
		policy->leaving = true;
		policy->untold = false;
	}
}

static bool other_is_told(const struct fng_other *other)
{
	return atomic64_read(&other->count) == other->reported;
}

/* May this one be freed, or given up? */
static bool is_done(const struct fng_policy *policy, bool give_up)
{
	bool told = !policy->untold && other_is_told(&policy->other[0]) &&
		    other_is_told(&policy->other[1]);

	return told || give_up ||
	       time_after(jiffies, policy->retired_at + RETIRED_KEEP);
}

/**
 * fng_policy_retire_end() - free those of which all has been told
 * @give_up: free the others as well
 *
 * Context: the event worker, or nobody else is left; sleeps.
 * Return: are any policies still leaving?
 */
bool fng_policy_retire_end(bool give_up)
{
	struct fng_policy *policy, *next;
	LIST_HEAD(done);

	list_for_each_entry_safe(policy, next, &leaving, retired) {
		if (!is_done(policy, give_up))
			continue;
		xa_erase(&policies, policy->id);
		list_move(&policy->retired, &done);
	}
	if (!list_empty(&done))
		synchronize_rcu();
	list_for_each_entry_safe(policy, next, &done, retired)
		free_policy(policy);
	return !list_empty(&leaving);
}

/* Frees what has retired; nobody can load, read or tell any more. */
void fng_policy_exit(void)
{
	fng_policy_retire_begin();
	fng_policy_retire_end(true);
	WARN_ON(!xa_empty(&policies));
	xa_destroy(&policies);
}
