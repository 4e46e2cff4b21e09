// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ruleset: all loaded policies, replaced as a whole.
 *
 * A change builds a complete new set beside the old one. Once published, a set
 * never changes; readers see the old one or the new one, never a mixture.
 */
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "clock.h"
#include "event.h"
#include "ruleset.h"

/* Outermost of all our locks; taken in process context only. */
DEFINE_MUTEX(fng_control_mutex);
struct fng_ruleset __rcu *fng_ruleset;
u64 fng_judged_gen;

static struct workqueue_struct *free_wq;

static struct fng_ruleset *allocate(u32 nr)
{
	struct fng_ruleset *set;

	set = kvzalloc(struct_size(set, policies, nr) + 2 * nr * sizeof(u32),
		       GFP_KERNEL_ACCOUNT);
	if (!set)
		return NULL;
	set->templates = (u32 *)&set->policies[nr];
	set->devices = set->templates + nr;
	return set;
}

/* Takes its own reference. */
static void append(struct fng_ruleset *set, struct fng_policy *policy)
{
	if (fng_policy_has_templates(policy))
		set->templates[set->nr_templates++] = set->nr;
	if (fng_policy_has_devices(policy))
		set->devices[set->nr_devices++] = set->nr;
	set->policies[set->nr++] = policy;
	fng_policy_get(policy);
}

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
	kvfree(ruleset);
}

/* Runs after a grace period, in process context: policies are large. */
static void discard_work(struct work_struct *work)
{
	struct rcu_work *rcu = to_rcu_work(work);

	fng_ruleset_discard(container_of(rcu, struct fng_ruleset, rcu));
	fng_event_wake();
}

static int position(const struct fng_ruleset *set, const char *name)
{
	int low = 0, high = (int)set->nr - 1;

	while (low <= high) {
		int middle = low + (high - low) / 2;
		int order = strcmp(name, fng_policy_name(set->policies[middle]));

		if (!order)
			return middle;
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return -1;
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
	int i = position(ruleset, name);

	return i < 0 ? NULL : ruleset->policies[i];
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

static int check_gen(u64 gen, struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&fng_control_mutex);
	if (gen == fng_ruleset_locked()->gen)
		return 0;
	NL_SET_ERR_MSG(extack,
		       "The policies have changed since they were looked at; look again and retry");
	return -ESTALE;
}

static int by_name(const void *a, const void *b)
{
	const struct fng_policy *const *left = a, *const *right = b;

	return strcmp(fng_policy_name(*left), fng_policy_name(*right));
}

static int sort_by_name(struct fng_policy **policies, u32 nr,
			struct netlink_ext_ack *extack)
{
	u32 i;

	sort(policies, nr, sizeof(*policies), by_name, NULL);
	for (i = 1; i < nr; i++) {
		if (!by_name(&policies[i - 1], &policies[i])) {
			NL_SET_ERR_MSG(extack,
				       "Two policies of this transaction have the same name");
			return -EINVAL;
		}
	}
	return 0;
}

static u32 count_replaced(const struct fng_ruleset *old,
			  struct fng_policy **policies, u32 nr)
{
	u32 replaced = 0;
	u32 i;

	for (i = 0; i < nr; i++)
		replaced += !!fng_ruleset_find(old, fng_policy_name(policies[i]));
	return replaced;
}

/* Both are sorted; of the same name, the new policy is taken. */
static void merge(struct fng_ruleset *set, const struct fng_ruleset *old,
		  struct fng_policy **policies, u32 nr)
{
	u32 o = 0, n = 0;

	while (o < old->nr || n < nr) {
		int order;

		if (o == old->nr)
			order = 1;
		else if (n == nr)
			order = -1;
		else
			order = by_name(&old->policies[o], &policies[n]);
		if (order < 0) {
			append(set, old->policies[o++]);
			continue;
		}
		append(set, policies[n++]);
		if (!order)
			o++;
	}
}

/**
 * fng_ruleset_prepare_load() - build the set that has more policies
 * @policies: to be added or replaced; sorted here, references are not consumed
 * @nr: number of @policies
 * @gen: generation that the caller knows
 * @extack: told why not
 *
 * Return: a set to be published or discarded, or ERR_PTR().
 */
struct fng_ruleset *fng_ruleset_prepare_load(struct fng_policy **policies,
					     u32 nr, u64 gen,
					     struct netlink_ext_ack *extack)
{
	const struct fng_ruleset *old = fng_ruleset_locked();
	struct fng_ruleset *set;
	u32 total;
	int err;

	err = check_gen(gen, extack);
	if (err)
		return ERR_PTR(err);
	err = sort_by_name(policies, nr, extack);
	if (err)
		return ERR_PTR(err);
	total = old->nr + nr - count_replaced(old, policies, nr);
	if (total > FNG_MAX_POLICIES) {
		NL_SET_ERR_MSG(extack,
			       "More than 16384 policies would be loaded; unload some first");
		return ERR_PTR(-E2BIG);
	}
	set = allocate(total);
	if (!set)
		return ERR_PTR(-ENOMEM);
	merge(set, old, policies, nr);
	return set;
}

/**
 * fng_ruleset_prepare_unload() - build the set that has one policy less
 * @name: of the policy; whether it is bound is the caller's question
 * @gen: generation that the caller knows
 * @extack: told why not
 *
 * Return: a set to be published or discarded, or ERR_PTR().
 */
struct fng_ruleset *fng_ruleset_prepare_unload(const char *name, u64 gen,
					       struct netlink_ext_ack *extack)
{
	const struct fng_ruleset *old = fng_ruleset_locked();
	struct fng_ruleset *set;
	int gone, err, i;

	err = check_gen(gen, extack);
	if (err)
		return ERR_PTR(err);
	gone = position(old, name);
	if (gone < 0) {
		NL_SET_ERR_MSG(extack, "No policy of that name is loaded");
		return ERR_PTR(-ENOENT);
	}
	set = allocate(old->nr - 1);
	if (!set)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < (int)old->nr; i++)
		if (i != gone)
			append(set, old->policies[i]);
	return set;
}

/**
 * fng_ruleset_bequeath() - let another policy take over the bindings of one
 * @ruleset: from fng_ruleset_prepare_unload()
 * @name: of the policy that it is without
 * @heir: of the other
 * @extack: told why not
 *
 * A cgroup may be bound to either on several levels, and to as many others as can
 * apply. So that both are never met, all bindings change their meaning at once,
 * when the set is published. Their names are changed afterwards.
 */
int fng_ruleset_bequeath(struct fng_ruleset *ruleset, const char *name,
			 const char *heir, struct netlink_ext_ack *extack)
{
	ruleset->heir = fng_ruleset_find(ruleset, heir);
	if (!ruleset->heir) {
		NL_SET_ERR_MSG(extack,
			       "The policy that takes over must be another one that is loaded");
		return -ENOENT;
	}
	strscpy(ruleset->gone, name, sizeof(ruleset->gone));
	return 0;
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
		       (order = by_name(&old->policies[o],
					&set->policies[i])) < 0)
			o++;
		if (order)
			inherit_one(set->policies[i], NULL);
		else if (set->policies[i] != old->policies[o])
			inherit_one(set->policies[i], old->policies[o]);
	}
}

static void mark_published(struct fng_ruleset *set)
{
	u32 i;

	for (i = 0; i < set->nr; i++)
		if (!set->policies[i]->published)
			fng_policy_publish(set->policies[i]);
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
static bool has_any(const struct fng_ruleset *ruleset, part_test test)
{
	u32 i;

	for (i = 0; i < ruleset->nr; i++)
		if (has_part(ruleset->policies[i], test))
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
 */
bool fng_ruleset_resolves(const struct fng_ruleset *ruleset)
{
	return has_any(ruleset, resolves);
}

/**
 * fng_ruleset_meters() - does some policy limit what packets are sent, or where to?
 * @ruleset: current, or to be published
 */
bool fng_ruleset_meters(const struct fng_ruleset *ruleset)
{
	return has_any(ruleset, meters);
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
	mark_published(ruleset);
	INIT_RCU_WORK(&old->rcu, discard_work);
	queue_rcu_work(free_wq, &old->rcu);
}

/**
 * fng_ruleset_prepare_clear() - build the set that has no policies
 *
 * Who publishes it drops the bindings and sees to it that meanwhile nothing is
 * judged: a binding without its policy refuses.
 *
 * Return: a set to be published or discarded, or NULL.
 */
struct fng_ruleset *fng_ruleset_prepare_clear(void)
{
	lockdep_assert_held(&fng_control_mutex);
	return allocate(0);
}

/**
 * fng_ruleset_prepare_same() - build the set that is in force, to come back later
 *
 * Meanwhile no policy may be unloaded that bindings could name.
 *
 * Return: a set to be published or discarded, or NULL.
 */
struct fng_ruleset *fng_ruleset_prepare_same(void)
{
	const struct fng_ruleset *now = fng_ruleset_locked();
	struct fng_ruleset *set = allocate(now->nr);
	u32 i;

	for (i = 0; set && i < now->nr; i++)
		append(set, now->policies[i]);
	return set;
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
	struct fng_ruleset *set = allocate(0);

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
