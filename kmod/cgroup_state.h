/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the guard remembers of a guarded cgroup, whatever becomes of policies.
 */
#ifndef FNGUARD_KMOD_CGROUP_STATE_H
#define FNGUARD_KMOD_CGROUP_STATE_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/rcupdate.h>

#include <fnguard/access.h>
#include <fnguard/limits.h>

#include "clock.h"
#include "quota.h"
#include "usage.h"

/**
 * struct fng_baseline - when a policy was bound to a cgroup
 * @wall: of the moment, from fng_clock_now()
 * @steps: of the moment
 * @policy: half of the hash of the policy's name; if two have the same, the
 *	earlier is both's
 *
 * Every guarded cgroup has some, so they are as small as they can be.
 */
struct fng_baseline {
	s64 wall;
	u32 steps;
	u32 policy;
};

/**
 * struct fng_cgroup - what the guard remembers of one guarded cgroup or device
 * @node: in the hash of states, by @id
 * @id: id of the cgroup, never reused by the kernel, or of a device's binding
 * @wall: of the moment, from fng_clock_now(), that is not later than when the
 *	cgroup was first met as one that is guarded, nor than what is not in
 *	@baselines; moves back only
 * @steps: of the same moment
 * @quota: of sample events
 * @quarantined: nothing may be executed or sent; written under the lock of the
 *	subjects, as is
 * @dead: dropped; written under the lock of the subjects, see
 *	fng_cgroup_state_drop()
 * @nr_baselines: number of @baselines that are set; grows only
 * @denied: refusals per class; any context
 * @audited: would-be refusals per class, but for the guard's own, which are never
 *	only audited; any context
 * @baselines: of the first FNG_MAX_APPLIED policies that were bound to it, in the
 *	order in which that was seen; each is set once, before it is counted.
 *	Others have the moment above, and so have all if there was no memory: then
 *	it is NULL.
 * @names: addresses of names that it was told of; NULL before the first, then
 *	never changed
 * @usages: what was used of limits, by policy; see fng_usage_get()
 * @rcu: for freeing after the last reader
 *
 * Belongs to the cgroup, not to a ruleset: it outlives the replacement of
 * policies and is dropped by the collector once the cgroup is gone, or with the
 * device's binding.
 */
struct fng_cgroup {
	struct hlist_node node;
	u64 id;
	s64 wall;
	u32 steps;
	struct fng_quota quota;
	bool quarantined;
	bool dead;
	u8 nr_baselines;
	atomic64_t denied[FNG_NR_CLASSES];
	atomic64_t audited[FNG_CLASS_SUBJECT];
	struct fng_baseline *baselines;
	struct fng_names *names;
	struct fng_usage *usages;
	struct rcu_head rcu;
};

/* There are as many as guarded cgroups, and more would take twice the memory. */
static_assert(sizeof(struct fng_cgroup) <= 256, "fits into what is allocated");
static_assert(FNG_NR_CLASSES - FNG_CLASS_SUBJECT == 1, "it is the last");

#define FNG_CGROUP_STATE_BITS		12
#define FNG_CGROUP_STATE_BUCKETS	BIT(FNG_CGROUP_STATE_BITS)

/*
 * Set in the ids of bound devices. It would take lifetimes to make so many cgroups
 * that theirs get there; and a number in JSON is exact up to its double.
 */
#define FNG_ID_OF_DEVICE	BIT_ULL(52)

static inline bool fng_id_is_device(u64 id)
{
	return id & FNG_ID_OF_DEVICE;
}

/* Is it gone, or not as it was? Under the lock of the subjects. */
static inline bool fng_cgroup_state_moved(const struct fng_cgroup *state,
					  bool quarantined)
{
	return state->dead || state->quarantined != quarantined;
}

struct fng_cgroup *fng_cgroup_state_get(u64 id);
struct fng_cgroup *fng_cgroup_state_find(u64 id);
bool fng_cgroup_state_bound(struct fng_cgroup *state, u64 policy,
			    struct fng_moment since, const bool *replaced);
struct fng_moment fng_cgroup_state_since(const struct fng_cgroup *state);
struct fng_moment fng_cgroup_state_baseline(const struct fng_cgroup *state,
					    u64 policy);
struct fng_usage *fng_cgroup_state_usage(struct fng_cgroup *state, u64 policy);
/* Under the lock of the subjects. */
bool fng_cgroup_state_quarantine(struct fng_cgroup *state, void *unused);
bool fng_cgroup_state_release(struct fng_cgroup *state, void *unused);
u32 fng_cgroup_state_quarantined(void);
void fng_cgroup_state_drop(u64 id);
u32 fng_cgroup_state_gather(u32 *bucket, u64 *ids, u32 max);
void fng_cgroup_state_exit(void);

#endif /* FNGUARD_KMOD_CGROUP_STATE_H */
