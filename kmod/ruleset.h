/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ruleset: all loaded policies, replaced as a whole.
 */
#ifndef FNGUARD_KMOD_RULESET_H
#define FNGUARD_KMOD_RULESET_H

#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>

#include "policy.h"

/**
 * struct fng_ruleset - an immutable set of policies
 * @gen: generation, from 1; a ruleset without policies is published too
 * @nr: number of @policies
 * @nr_templates: number of @templates
 * @nr_devices: number of @devices
 * @templates: those of @policies that have templates of cgroups, as indices; in
 *	the same allocation
 * @devices: the same of templates of network devices
 * @nr_candidates: number of @candidates
 * @candidates: what may take the place of the one of @policies that has the same
 *	name; sorted, with references, and in the same allocation
 * @gone: name of a policy that is not in this set any more; empty if @heir is NULL
 * @heir: one of @policies, which bindings that name @gone mean now, or NULL
 * @rcu: for freeing after the last reader
 * @policies: sorted by name; the ruleset holds a reference on each
 */
struct fng_ruleset {
	u64 gen;
	u32 nr;
	u32 nr_templates;
	u32 nr_devices;
	u32 *templates;
	u32 *devices;
	u32 nr_candidates;
	struct fng_policy **candidates;
	char gone[FNG_MAX_POLICY_NAME + 1];
	struct fng_policy *heir;
	struct rcu_work rcu;
	struct fng_policy *policies[];
};

/* Serialises every change of policies, bindings and the guard's state. */
extern struct mutex fng_control_mutex;

/* The published ruleset; never NULL between init and exit. */
extern struct fng_ruleset __rcu *fng_ruleset;

/*
 * Its generation for hooks, set right after it; 0 while there is nothing to judge
 * by, so that nothing cached is current and they go the long way, which looks. A
 * branch that is patched would cost those that judge as much.
 */
extern u64 fng_judged_gen;

int fng_ruleset_init(void);
void fng_ruleset_exit(void);

/**
 * fng_ruleset_current() - the ruleset that readers must judge by
 *
 * Context: inside rcu_read_lock(); the result is valid until it ends.
 */
static inline const struct fng_ruleset *fng_ruleset_current(void)
{
	return rcu_dereference(fng_ruleset);
}

/* Generation of the published ruleset. Context: any. */
static inline u64 fng_ruleset_gen(void)
{
	u64 gen;

	rcu_read_lock();
	gen = fng_ruleset_current()->gen;
	rcu_read_unlock();
	return gen;
}

/* Is there anything to judge by? Context: any. */
static inline bool fng_ruleset_active(void)
{
	return READ_ONCE(fng_judged_gen);
}

/**
 * fng_ruleset_locked() - the same for who may change it
 *
 * Context: under fng_control_mutex; the result is valid until it is released or
 *	another ruleset is published.
 */
static inline const struct fng_ruleset *fng_ruleset_locked(void)
{
	return rcu_dereference_protected(fng_ruleset,
					 lockdep_is_held(&fng_control_mutex));
}

struct fng_policy *fng_ruleset_find(const struct fng_ruleset *ruleset,
				    const char *name);
struct fng_policy *fng_ruleset_candidate(const struct fng_ruleset *ruleset,
					 const char *name);
struct fng_policy *fng_ruleset_bound(const struct fng_ruleset *ruleset,
				     const char *name);

/*
 * A change is prepared, and refused or found impossible here, and published
 * then, which cannot fail. All under fng_control_mutex; may sleep.
 */
struct fng_ruleset *fng_ruleset_prepare_load(struct fng_policy **policies,
					     u32 nr, u64 gen,
					     struct netlink_ext_ack *extack);
struct fng_ruleset *
fng_ruleset_prepare_candidates(struct fng_policy **policies, u32 nr, u64 gen,
			       struct netlink_ext_ack *extack);
struct fng_ruleset *fng_ruleset_prepare_promote(const char *name, u64 gen,
						struct netlink_ext_ack *extack);
struct fng_ruleset *fng_ruleset_prepare_drop(const char *name, u64 gen,
					     struct netlink_ext_ack *extack);
struct fng_ruleset *fng_ruleset_prepare_unload(const char *name, u64 gen,
					       struct netlink_ext_ack *extack);
struct fng_ruleset *fng_ruleset_prepare_clear(void);
struct fng_ruleset *fng_ruleset_prepare_same(void);
int fng_ruleset_bequeath(struct fng_ruleset *ruleset, const char *name,
			 const char *heir, struct netlink_ext_ack *extack);
void fng_ruleset_publish(struct fng_ruleset *ruleset);
void fng_ruleset_activate(bool active);
void fng_ruleset_discard(struct fng_ruleset *ruleset);
u32 fng_ruleset_version(const char *name);

/* Any context. */
u32 fng_ruleset_count(void);
bool fng_ruleset_resolves(const struct fng_ruleset *ruleset);
bool fng_ruleset_reads(const struct fng_ruleset *ruleset);
bool fng_ruleset_meters(const struct fng_ruleset *ruleset);

#endif /* FNGUARD_KMOD_RULESET_H */
