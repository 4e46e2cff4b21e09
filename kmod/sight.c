// SPDX-License-Identifier: GPL-2.0-only
/*
 * How much is reported of what a cgroup is allowed.
 *
 * What was reported within about a second is not reported again, so that one file
 * which is opened in a loop does not use up what is left for others; and there is
 * a rate of each cgroup, and one of all of them, so that many do not deafen who
 * listens. What none of these lets through is still counted, and told as a number.
 */
#include <linux/hash.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "sight.h"

/* A second is 2^30 ns here. */
#define WINDOW_SHIFT	30

#define SEEN_BITS	6

#define MAX_RATE	1000000u

static uint observed_rate = 1000;
module_param(observed_rate, uint, 0444);
MODULE_PARM_DESC(observed_rate,
		 "Allowed operations told in a second, of all cgroups, by each processor (1 to 1000000)");

/* The time until which what was used of that rate lasts. */
static DEFINE_PER_CPU(atomic64_t, used_of_all);

/**
 * struct fng_sight - what was reported of a cgroup for one policy
 * @until: the time until which what was used of the rate lasts
 * @seen: hashes of what was reported, each with its window; where two have the
 *	same slot, both are reported again
 *
 * Any context: each access to a word stands for itself.
 */
struct fng_sight {
	atomic64_t until;
	u32 seen[1 << SEEN_BITS];
};

/* NULL without memory, which is tried for again. */
static struct fng_sight *sight_of(struct fng_usage *usage)
{
	/* Pairs with the exchange below. */
	struct fng_sight *sight = smp_load_acquire(&usage->sight);
	struct fng_sight *fresh;

	if (sight)
		return sight;
	fresh = kzalloc(sizeof(*fresh), GFP_ATOMIC | __GFP_NOWARN);
	if (!fresh)
		return NULL;
	sight = cmpxchg(&usage->sight, NULL, fresh);
	if (!sight)
		return fresh;
	kfree(fresh);
	return sight;
}

static bool take(atomic64_t *used, const struct fng_image_limit *rate, u64 now)
{
	s64 old = atomic64_read(used);
	bool taken;
	u64 until;

	do {
		until = old;
		taken = fng_limit_take(rate, now, 1, &until);
	} while (until != old && !atomic64_try_cmpxchg(used, &old, until));
	return taken;
}

static bool take_own(struct fng_sight *sight, const struct fng_image_meta *meta,
		     u64 now)
{
	struct fng_image_limit rate = { .cost = meta->observe_cost };

	rate.most = fng_limit_price(&rate, meta->observe_burst);
	return take(&sight->until, &rate, now);
}

/* Who is moved to another processor meanwhile uses up the first one's. */
static bool take_of_all(u64 now)
{
	const struct fng_image_limit rate = {
		.cost = (NSEC_PER_SEC << FNG_LIMIT_SHIFT) /
			clamp(observed_rate, 1u, MAX_RATE),
		.most = NSEC_PER_SEC,
	};

	return take(raw_cpu_ptr(&used_of_all), &rate, now);
}

/**
 * fng_sight_wanted() - is something to be reported, and not only counted?
 * @usage: of the policy that observes
 * @meta: of that policy
 * @hash: of what is done, with a seed that nobody outside of the kernel knows
 */
bool fng_sight_wanted(struct fng_usage *usage,
		      const struct fng_image_meta *meta, u32 hash)
{
	struct fng_sight *sight = sight_of(usage);
	u64 now = ktime_get_mono_fast_ns();
	u32 mark = hash ^ hash_64(now >> WINDOW_SHIFT, 32);
	u32 *seen;

	if (!sight)
		return false;
	seen = &sight->seen[hash & ((1 << SEEN_BITS) - 1)];
	if (READ_ONCE(*seen) == mark || !take_own(sight, meta, now) ||
	    !take_of_all(now))
		return false;
	WRITE_ONCE(*seen, mark);
	return true;
}
