// SPDX-License-Identifier: GPL-2.0-only
/*
 * Building rulesets: what a change makes of the one that is in force.
 *
 * Of policies and of candidates there is a sorted array each, and whoever builds a
 * set goes through those of the one before in order.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "ruleset.h"

/**
 * struct list - policies, sorted by name
 * @policies: the policies
 * @nr: number of them
 */
struct list {
	struct fng_policy *const *policies;
	u32 nr;
};

static struct list policies_of(const struct fng_ruleset *set)
{
	return (struct list) { set->policies, set->nr };
}

static struct list candidates_of(const struct fng_ruleset *set)
{
	return (struct list) { set->candidates, set->nr_candidates };
}

/* With room for so many. */
static struct fng_ruleset *allocate(u32 nr, u32 nr_candidates)
{
	u32 all = nr + nr_candidates;
	struct fng_ruleset *set;

	set = kvzalloc(struct_size(set, policies, all) + 2 * nr * sizeof(u32),
		       GFP_KERNEL_ACCOUNT);
	if (!set)
		return NULL;
	set->candidates = &set->policies[nr];
	set->templates = (u32 *)&set->policies[all];
	set->devices = set->templates + nr;
	return set;
}

typedef void append_fn(struct fng_ruleset *set, struct fng_policy *policy);

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

/* The same. What it attaches to does not matter before it is promoted. */
static void append_candidate(struct fng_ruleset *set, struct fng_policy *policy)
{
	set->candidates[set->nr_candidates++] = policy;
	fng_policy_get(policy);
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

/* Of the same name, the new policy is taken. */
static void merge(struct fng_ruleset *set, struct list old, struct list new,
		  append_fn *append)
{
	u32 o = 0, n = 0;

	while (o < old.nr || n < new.nr) {
		int order;

		if (o == old.nr)
			order = 1;
		else if (n == new.nr)
			order = -1;
		else
			order = by_name(&old.policies[o], &new.policies[n]);
		if (order < 0) {
			append(set, old.policies[o++]);
			continue;
		}
		append(set, new.policies[n++]);
		if (!order)
			o++;
	}
}

/* All of them but the one of that name, if there is one. */
static void copy(struct fng_ruleset *set, struct list old, const char *without,
		 append_fn *append)
{
	u32 i;

	for (i = 0; i < old.nr; i++)
		if (!without ||
		    strcmp(fng_policy_name(old.policies[i]), without))
			append(set, old.policies[i]);
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

/* With room for what is in force and so many more. */
static struct fng_ruleset *begin(u32 more)
{
	const struct fng_ruleset *now = fng_ruleset_locked();

	return allocate(now->nr + more, now->nr_candidates + more) ?:
	       ERR_PTR(-ENOMEM);
}

/**
 * fng_ruleset_prepare_load() - build the set that has more policies
 * @policies: to be added or replaced; sorted here, references are not consumed
 * @nr: number of @policies
 * @gen: generation that the caller knows
 * @extack: told why not
 *
 * Candidates stay those of what takes their policies' place.
 *
 * Return: a set to be published or discarded, or ERR_PTR().
 */
struct fng_ruleset *fng_ruleset_prepare_load(struct fng_policy **policies,
					     u32 nr, u64 gen,
					     struct netlink_ext_ack *extack)
{
	const struct fng_ruleset *old = fng_ruleset_locked();
	struct fng_ruleset *set;
	int err;

	err = check_gen(gen, extack) ?: sort_by_name(policies, nr, extack);
	if (err)
		return ERR_PTR(err);
	set = begin(nr);
	if (IS_ERR(set))
		return set;
	merge(set, policies_of(old), (struct list) { policies, nr }, append);
	copy(set, candidates_of(old), NULL, append_candidate);
	if (set->nr <= FNG_MAX_POLICIES)
		return set;
	NL_SET_ERR_MSG(extack,
		       "More than 16384 policies would be loaded; unload some first");
	fng_ruleset_discard(set);
	return ERR_PTR(-E2BIG);
}

static int check_loaded(struct fng_policy *const *policies, u32 nr,
			struct netlink_ext_ack *extack)
{
	u32 i;

	for (i = 0; i < nr; i++) {
		if (fng_ruleset_find(fng_ruleset_locked(),
				     fng_policy_name(policies[i])))
			continue;
		NL_SET_ERR_MSG(extack,
			       "A candidate is one of a loaded policy of its name; load that first");
		return -ENOENT;
	}
	return 0;
}

/**
 * fng_ruleset_prepare_candidates() - build the set that has more candidates
 * @policies: as for fng_ruleset_prepare_load(), to be asked beside those of their
 *	names that are in force
 * @nr: number of @policies
 * @gen: generation that the caller knows
 * @extack: told why not
 *
 * Return: a set to be published or discarded, or ERR_PTR().
 */
struct fng_ruleset *
fng_ruleset_prepare_candidates(struct fng_policy **policies, u32 nr, u64 gen,
			       struct netlink_ext_ack *extack)
{
	const struct fng_ruleset *old = fng_ruleset_locked();
	struct fng_ruleset *set;
	int err;

	err = check_gen(gen, extack) ?: sort_by_name(policies, nr, extack) ?:
	      check_loaded(policies, nr, extack);
	if (err)
		return ERR_PTR(err);
	set = begin(nr);
	if (IS_ERR(set))
		return set;
	copy(set, policies_of(old), NULL, append);
	merge(set, candidates_of(old), (struct list) { policies, nr },
	      append_candidate);
	return set;
}

static struct fng_policy *find_candidate(const char *name,
					 struct netlink_ext_ack *extack)
{
	struct fng_policy *candidate;

	candidate = fng_ruleset_candidate(fng_ruleset_locked(), name);
	if (!candidate)
		NL_SET_ERR_MSG(extack,
			       "No policy of that name has a candidate; see fnguard policy load --candidate");
	return candidate;
}

/* An empty set, and the candidate that it is to be without. */
static struct fng_ruleset *begin_without(const char *name, u64 gen,
					 struct fng_policy **candidate,
					 struct netlink_ext_ack *extack)
{
	int err = check_gen(gen, extack);

	if (err)
		return ERR_PTR(err);
	*candidate = find_candidate(name, extack);
	return *candidate ? begin(0) : ERR_PTR(-ENOENT);
}

/**
 * fng_ruleset_prepare_promote() - build the set in which a candidate is in force
 * @name: of the policy
 * @gen: generation that the caller knows
 * @extack: told why not
 *
 * Return: a set to be published or discarded, or ERR_PTR().
 */
struct fng_ruleset *fng_ruleset_prepare_promote(const char *name, u64 gen,
						struct netlink_ext_ack *extack)
{
	const struct fng_ruleset *old = fng_ruleset_locked();
	struct fng_policy *candidate;
	struct fng_ruleset *set;

	set = begin_without(name, gen, &candidate, extack);
	if (IS_ERR(set))
		return set;
	merge(set, policies_of(old), (struct list) { &candidate, 1 }, append);
	copy(set, candidates_of(old), name, append_candidate);
	return set;
}

/**
 * fng_ruleset_prepare_drop() - build the set that has one candidate less
 * @name: of its policy
 * @gen: generation that the caller knows
 * @extack: told why not
 *
 * Return: a set to be published or discarded, or ERR_PTR().
 */
struct fng_ruleset *fng_ruleset_prepare_drop(const char *name, u64 gen,
					     struct netlink_ext_ack *extack)
{
	const struct fng_ruleset *old = fng_ruleset_locked();
	struct fng_policy *candidate;
	struct fng_ruleset *set;

	set = begin_without(name, gen, &candidate, extack);
	if (IS_ERR(set))
		return set;
	copy(set, policies_of(old), NULL, append);
	copy(set, candidates_of(old), name, append_candidate);
	return set;
}

/**
 * fng_ruleset_prepare_unload() - build the set that has one policy less
 * @name: of the policy; whether it is bound is the caller's question
 * @gen: generation that the caller knows
 * @extack: told why not
 *
 * Its candidate goes with it.
 *
 * Return: a set to be published or discarded, or ERR_PTR().
 */
struct fng_ruleset *fng_ruleset_prepare_unload(const char *name, u64 gen,
					       struct netlink_ext_ack *extack)
{
	const struct fng_ruleset *old = fng_ruleset_locked();
	struct fng_ruleset *set;
	int err = check_gen(gen, extack);

	if (err)
		return ERR_PTR(err);
	if (!fng_ruleset_find(old, name)) {
		NL_SET_ERR_MSG(extack, "No policy of that name is loaded");
		return ERR_PTR(-ENOENT);
	}
	set = begin(0);
	if (IS_ERR(set))
		return set;
	copy(set, policies_of(old), name, append);
	copy(set, candidates_of(old), name, append_candidate);
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
	return allocate(0, 0);
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
	struct fng_ruleset *set = allocate(now->nr, now->nr_candidates);

	if (!set)
		return NULL;
	copy(set, policies_of(now), NULL, append);
	copy(set, candidates_of(now), NULL, append_candidate);
	return set;
}
