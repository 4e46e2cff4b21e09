// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ruleset: all loaded policies, replaced as a whole.
 *
 * A change builds a complete new set beside the old one. Once published, a set
 * never changes; readers see the old one or the new one, never a mixture.
 */
#include <linux/mm.h>
#include <linux/string.h>

#include "clock.h"
#include "event.h"
#include "ruleset.h"

/* Outermost of all our locks; taken in process context only. */
DEFINE_MUTEX(fng_control_mutex);
struct fng_ruleset __rcu *fng_ruleset;
u64 fng_judged_gen;

static struct workqueue_struct *free_wq;

/**
 * fng_ruleset_discard() - free a ruleset that no reader can see
 * @ruleset: not published, or not any more
 *
 * Context: process.
 */
void fng_ruleset_discard(struct fng_ruleset *ruleset)
{
	u32 i;

	for (i = 0; i < ruleset->nr; i++)
		fng_policy_put(ruleset->policies[i]);
	for (i = 0; i < ruleset->nr_candidates; i++)
		fng_policy_put(ruleset->candidates[i]);
	kvfree(ruleset);
}

/* Runs after a grace period, in process context: policies are large. */
static void discard_work(struct work_struct *work)
{
	struct rcu_work *rcu = to_rcu_work(work);

	fng_ruleset_discard(container_of(rcu, struct fng_ruleset, rcu));
	fng_event_wake();
}

static struct fng_policy *find(struct fng_policy *const *policies, u32 nr,
			       const char *name)
{
	int low = 0, high = (int)nr - 1;

	while (low <= high) {
		int middle = low + (high - low) / 2;
		int order = strcmp(name, fng_policy_name(policies[middle]));

		if (!order)
			return policies[middle];
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return NULL;
}

/**
 * fng_ruleset_find() - a loaded policy by name
 * @ruleset: where to look
 * @name: its name
 *
 * Context: inside rcu_read_lock() or under fng_control_mutex, as for @ruleset.
 * Return: the policy, or NULL.
 */
struct fng_policy *fng_ruleset_find(const struct fng_ruleset *ruleset,
				    const char *name)
{
	return find(ruleset->policies, ruleset->nr, name);
}

/**
 * fng_ruleset_candidate() - what may take the place of a policy
 * @ruleset: where to look
 * @name: the policy's name
 *
 * Context: as fng_ruleset_find().
 * Return: the candidate, or NULL.
 */
struct fng_policy *fng_ruleset_candidate(const struct fng_ruleset *ruleset,
					 const char *name)
{
	return find(ruleset->candidates, ruleset->nr_candidates, name);
}

/**
 * fng_ruleset_bound() - the policy that a binding means
 * @ruleset: where to look
 * @name: what the binding names
 *
 * Context: as fng_ruleset_find().
 * Return: the policy, or NULL.
 */
struct fng_policy *fng_ruleset_bound(const struct fng_ruleset *ruleset,
				     const char *name)
{
	struct fng_policy *policy = fng_ruleset_find(ruleset, name);

	if (policy || !ruleset->heir || strcmp(name, ruleset->gone))
		return policy;
	return ruleset->heir;
}

/**
 * fng_ruleset_version() - the author's version number of a loaded policy
 * @name: its name
 *
 * Context: under fng_control_mutex.
 * Return: 0 if it is not loaded.
 */
u32 fng_ruleset_version(const char *name)
{
	struct fng_policy *policy;

	policy = fng_ruleset_find(fng_ruleset_locked(), name);
	return policy ? policy->image.meta->version : 0;
}

/*
 * Bindings name policies, so that a new version inherits those of the old. So does
 * an old one that comes back.
 */
static void inherit_one(struct fng_policy *policy,
			const struct fng_policy *before)
{
	policy->since = before ? before->since : fng_clock_now();
	if (!before)
		return;
	policy->nr_bindings = before->nr_bindings;
	fng_policy_go_on(policy, before);
}

/* Both are sorted. */
static void inherit(struct fng_ruleset *set, const struct fng_ruleset *old)
{
	u32 i, o = 0;
	int order;

	for (i = 0; i < set->nr; i++) {
		order = 1;
		while (o < old->nr &&
		       (order = strcmp(fng_policy_name(old->policies[o]),
				       fng_policy_name(set->policies[i]))) < 0)
			o++;
		if (order)
			inherit_one(set->policies[i], NULL);
		else if (set->policies[i] != old->policies[o])
			inherit_one(set->policies[i], old->policies[o]);
	}
}

static void mark_published(struct fng_policy *const *policies, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		if (!policies[i]->published)
			fng_policy_publish(policies[i]);
}

/*
 * Whoever still sees the generation before judges by what was computed for the set
 * before; that is freed a grace period later.
 */
static void make_current(struct fng_ruleset *set)
{
	rcu_assign_pointer(fng_ruleset, set);
	if (fng_ruleset_active())
		WRITE_ONCE(fng_judged_gen, set->gen);
}

typedef bool (*part_test)(const struct fng_policy *part);

static bool has_part(const struct fng_policy *policy, part_test test)
{
	u32 i;

	for (i = 0; i < fng_policy_nr_parts(policy); i++)
		if (test(fng_policy_part(policy, i)))
			return true;
	return false;
}

/* Is it so of some policy, in whichever phase? */
static bool has_any(struct fng_policy *const *policies, u32 nr, part_test test)
{
	u32 i;

	for (i = 0; i < nr; i++)
		if (has_part(policies[i], test))
			return true;
	return false;
}

static bool resolves(const struct fng_policy *part)
{
	return part->image.nr_hosts || fng_learns(part, FNG_CLASS_EGRESS);
}

static bool meters(const struct fng_policy *part)
{
	return fng_policy_limits(part) & FNG_LIMITS_OF_PACKETS;
}

/**
 * fng_ruleset_resolves() - has some policy rules on names of hosts, or learns them?
 * @ruleset: current, or to be published
 *
 * Candidates do not count.
 */
bool fng_ruleset_resolves(const struct fng_ruleset *ruleset)
{
	return has_any(ruleset->policies, ruleset->nr, resolves);
}

/**
 * fng_ruleset_reads() - are answers of name servers to be read for it?
 * @ruleset: current, or to be published
 *
 * Candidates count as well.
 */
bool fng_ruleset_reads(const struct fng_ruleset *ruleset)
{
	return fng_ruleset_resolves(ruleset) ||
	       has_any(ruleset->candidates, ruleset->nr_candidates, resolves);
}

/**
 * fng_ruleset_meters() - does some policy limit what packets are sent, or where to?
 * @ruleset: current, or to be published
 *
 * Limits of candidates are not looked at.
 */
bool fng_ruleset_meters(const struct fng_ruleset *ruleset)
{
	return has_any(ruleset->policies, ruleset->nr, meters);
}

/**
 * fng_ruleset_activate() - let the hooks judge, or return at once
 * @active: whether there is anything to judge by
 *
 * Who is judging already goes on until its grace period ends.
 * Context: under fng_control_mutex.
 */
void fng_ruleset_activate(bool active)
{
	lockdep_assert_held(&fng_control_mutex);
	WRITE_ONCE(fng_judged_gen, active ? fng_ruleset_locked()->gen : 0);
}

/**
 * fng_ruleset_publish() - let readers judge by a new set
 * @ruleset: from one of the prepare functions, with the mutex held since
 */
void fng_ruleset_publish(struct fng_ruleset *ruleset)
{
	struct fng_ruleset *old;

	lockdep_assert_held(&fng_control_mutex);
	old = rcu_dereference_protected(fng_ruleset, true);
	ruleset->gen = old->gen + 1;
	inherit(ruleset, old);
	make_current(ruleset);
	mark_published(ruleset->policies, ruleset->nr);
	mark_published(ruleset->candidates, ruleset->nr_candidates);
	INIT_RCU_WORK(&old->rcu, discard_work);
	queue_rcu_work(free_wq, &old->rcu);
}

/* Number of loaded policies. */
u32 fng_ruleset_count(void)
{
	u32 nr;

	rcu_read_lock();
	nr = fng_ruleset_current()->nr;
	rcu_read_unlock();
	return nr;
}

int fng_ruleset_init(void)
{
	struct fng_ruleset *set = fng_ruleset_prepare_clear();

	if (!set)
		return -ENOMEM;
	free_wq = alloc_workqueue("fnguard_free", WQ_UNBOUND, 0);
	if (!free_wq) {
		kvfree(set);
		return -ENOMEM;
	}
	set->gen = 1;
	make_current(set);
	return 0;
}

/* No hook can run, no event be told and no command arrive any more. */
void fng_ruleset_exit(void)
{
	/* The last ruleset may still be waiting to be queued. */
	rcu_barrier();
	destroy_workqueue(free_wq);
	fng_ruleset_discard(rcu_dereference_protected(fng_ruleset, true));
	fng_policy_exit();
}
