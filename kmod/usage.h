/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guarded cgroup, or the guest behind a device, has used of a policy's
 * limits, and which of its phases it is in.
 */
#ifndef FNGUARD_KMOD_USAGE_H
#define FNGUARD_KMOD_USAGE_H

#include <linux/atomic.h>
#include <linux/spinlock.h>

#include "engine/engine.h"

struct fng_destination;
struct fng_denials;
struct fng_sight;

/**
 * struct fng_usage - what was used of the limits of one policy, and its phase
 * @next: of another policy; set before it is found
 * @policy: hash of the policy's name
 * @phase: hash of the name of the phase that was entered; 0 before. Written under
 *	the lock of the subjects, as is
 * @phase_at: when that was, or what the policy starts in began, in ns of the
 *	monotonic clock; written before
 * @used: by enum fng_limit: of a rate, what fng_limit_take() keeps; of
 *	FNG_LIMIT_EGRESS_TOTAL, bytes; of others, nothing. Any context
 * @seed: of the hash of addresses, which nobody outside of the kernel knows
 * @nr_destinations: in @destinations; grows only, under @lock
 * @destinations: lists of addresses that something was sent to, by hash; NULL
 *	before the first, then never changed
 * @denials: when the last refusals were, under @lock; NULL before the first
 * @sight: how much was reported of what is allowed; NULL before the first, then
 *	never changed
 * @lock: of writers of @destinations, and of @denials; any context
 *
 * Belongs to the state of the cgroup, and lives as long.
 */
struct fng_usage {
	struct fng_usage *next;
	u64 policy;
	u64 phase;
	u64 phase_at;
	atomic64_t used[FNG_NR_LIMITS];
	u32 seed;
	u32 nr_destinations;
	struct fng_destination **destinations;
	struct fng_denials *denials;
	struct fng_sight *sight;
	/* Of writers alone; readers see what is complete. */
	spinlock_t lock;
};

/* All of these: any context, inside rcu_read_lock(). */
struct fng_usage *fng_usage_find(struct fng_usage *usage, u64 policy);
struct fng_usage *fng_usage_get(struct fng_usage **usages, u64 policy);
void fng_usage_free(struct fng_usage *usages);
bool fng_usage_take(struct fng_usage *usage,
		    const struct fng_image_limit *limit, u64 amount);
void fng_usage_give_back(struct fng_usage *usage,
			 const struct fng_image_limit *limit, u64 amount);
bool fng_usage_reached(const struct fng_usage *usage,
		       const struct fng_endpoint *endpoint);
bool fng_usage_reaches(const struct fng_usage *usage,
		       const struct fng_image_limit *limit,
		       const struct fng_endpoint *endpoint);
bool fng_usage_denied(struct fng_usage *usage, u32 most, u64 window);
void fng_usage_pardon(struct fng_usage *usages);
int fng_usage_reach(struct fng_usage *usage,
		    const struct fng_image_limit *limit,
		    const struct fng_endpoint *endpoint);

#endif /* FNGUARD_KMOD_USAGE_H */
