// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loaded policies.
 *
 * A phase of a policy is one itself, with its own number and counters, but only the
 * policy is in rulesets. It is published with the policy and retires with it.
 */
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/xarray.h>

#include "memfd.h"
#include "policy.h"

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

/* Written by the event worker. */
static u64 given_up;

static bool learns(const struct fng_policy *part)
{
	u8 class;

	for (class = 0; class < FNG_NR_CLASSES; class++)
		if (fng_learns(part, class))
			return true;
	return false;
}

/**
 * fng_policy_learns() - does it remember what is done, in whichever phase?
 * @policy: the policy
 */
bool fng_policy_learns(const struct fng_policy *policy)
{
	u32 i;

	for (i = 0; i < fng_policy_nr_parts(policy); i++)
		if (learns(fng_policy_part(policy, i)))
			return true;
	return false;
}

/* What it has beside its image. A phase learns where its policy does, if at all. */
static int make_beside(struct fng_policy *policy)
{
	policy->id = atomic64_inc_return(&last_id);
	if (learns(policy)) {
		policy->acts = policy->whole->acts ?
			       fng_acts_get(policy->whole->acts) :
			       fng_acts_create();
		if (!policy->acts)
			return -ENOMEM;
	}
	return fng_policy_counters_init(&policy->counters, &policy->image,
					policy->base ? &policy->base->counted :
						       NULL);
}

static int add(struct fng_policy *policy)
{
	struct fng_policy *part;
	int err = 0;
	u32 i;

	for (i = 0; i < fng_policy_nr_parts(policy) && !err; i++) {
		part = fng_policy_part(policy, i);
		err = make_beside(part) ?:
		      xa_err(xa_store(&policies, part->id, part, GFP_KERNEL));
	}
	return err;
}

/* It was never published. */
static void drop(struct fng_policy *policy)
{
	u32 i;

	for (i = 0; i < fng_policy_nr_parts(policy); i++)
		xa_erase(&policies, fng_policy_part(policy, i)->id);
	fng_policy_free(policy);
}

/**
 * fng_policy_create() - read and verify an image
 * @memfd: the file
 * @size: announced size of the image, with those of its phases
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

	policy = fng_policy_read(memfd, size, behind, extack);
	if (IS_ERR(policy))
		return policy;
	err = add(policy);
	if (!err)
		return policy;
	drop(policy);
	return ERR_PTR(err);
}

static int write_part(const struct fng_policy *part, struct file *file,
		      loff_t *pos)
{
	const struct fng_policy_base *base = part->base;
	int err;

	err = fng_memfd_write(file, part->blob, fng_policy_own(part), pos);
	if (!err && base)
		err = fng_memfd_write(file, base->blob, base->image.size, pos);
	return err;
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
	loff_t pos = 0;
	int err = 0;
	u32 i;

	if (!fng_memfd_writable(file)) {
		NL_SET_ERR_MSG(extack,
			       "The image is written to a memfd only");
		return -EINVAL;
	}
	for (i = 0; i < fng_policy_nr_parts(policy) && !err; i++)
		err = write_part(fng_policy_part(policy, i), file, &pos);
	if (err)
		NL_SET_ERR_MSG(extack, "The memfd could not be written");
	return err;
}

/**
 * fng_policy_go_on() - go on learning where the policy before has left off
 * @policy: not published yet
 * @before: what it replaces
 */
void fng_policy_go_on(struct fng_policy *policy,
		      const struct fng_policy *before)
{
	struct fng_policy *part;
	u32 i;

	if (!policy->acts || !before->acts)
		return;
	for (i = 0; i < fng_policy_nr_parts(policy); i++) {
		part = fng_policy_part(policy, i);
		if (!part->acts)
			continue;
		fng_acts_put(part->acts);
		part->acts = fng_acts_get(before->acts);
	}
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
	struct fng_policy *part;
	u32 i;

	if (!policy || !refcount_dec_and_test(&policy->refs))
		return;
	if (!policy->published) {
		drop(policy);
		return;
	}
	spin_lock(&retired_lock);
	for (i = 0; i < fng_policy_nr_parts(policy); i++) {
		part = fng_policy_part(policy, i);
		part->retired_at = jiffies;
		list_add_tail(&part->retired, &retired);
	}
	/* From here on, each is freed for itself. */
	policy->nr_phases = 0;
	spin_unlock(&retired_lock);
}

static void publish(struct fng_policy *part)
{
	part->rcu_cookie = get_state_synchronize_rcu();
	part->published = true;
	xa_set_mark(&policies, part->id, PUBLISHED);
}

/**
 * fng_policy_publish() - from now on readers and events may know the policy
 * @policy: in a ruleset that was just published
 */
void fng_policy_publish(struct fng_policy *policy)
{
	u32 i;

	for (i = 0; i < fng_policy_nr_parts(policy); i++)
		publish(fng_policy_part(policy, i));
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

/* Whoever has not heard by now of what had no row never will. */
static void give_up_others(const struct fng_policy *policy)
{
	u64 untold = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(policy->other); i++)
		if (fng_verdict_refuses(i))
			untold += atomic64_read(&policy->other[i].count) -
				  policy->other[i].reported;
	WRITE_ONCE(given_up, given_up + untold);
}

/**
 * fng_policy_given_up() - refusals without a row of the ledger that nobody has
 * heard of before their policy was freed
 *
 * Context: any.
 */
u64 fng_policy_given_up(void)
{
	return READ_ONCE(given_up);
}

/* May this one be freed, or given up? */
static bool is_done(const struct fng_policy *policy, bool give_up)
{
	bool told = !policy->untold;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(policy->other); i++)
		told &= other_is_told(&policy->other[i]);
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
	list_for_each_entry_safe(policy, next, &done, retired) {
		give_up_others(policy);
		fng_policy_free(policy);
	}
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
