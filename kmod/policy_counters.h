/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a policy refused, by rule and hook.
 */
#ifndef FNGUARD_KMOD_POLICY_COUNTERS_H
#define FNGUARD_KMOD_POLICY_COUNTERS_H

#include <linux/atomic.h>
#include <linux/types.h>

#include "engine/engine.h"

/**
 * struct fng_policy_counters - refusals of one policy
 * @rules: ids of the rules that a refusal can name, ascending; owned
 * @nr_rules: number of @rules
 * @nr: number of @count
 * @count: those of @rules, of the parts of the floor, of the guard's reasons,
 *	and one for a rule id that names nothing; owned
 *
 * Only @count changes after fng_policy_counters_init(), in any context.
 */
struct fng_policy_counters {
	u32 *rules;
	u32 nr_rules;
	u32 nr;
	atomic64_t *count;
};

/**
 * struct fng_counter_key - what a counter counts
 * @rule: rule id
 * @hook: enum fng_hook
 * @class: enum fng_class
 */
struct fng_counter_key {
	u32 rule;
	u8 hook;
	u8 class;
};

/* Process context; may sleep. Also right for what is all zeroes. */
int fng_policy_counters_init(struct fng_policy_counters *counters,
			     const struct fng_image *image);
void fng_policy_counters_exit(struct fng_policy_counters *counters);

/* Any context. */
atomic64_t *fng_policy_counter(const struct fng_policy_counters *counters,
			       u32 rule, u8 hook);
void fng_policy_counter_key(const struct fng_policy_counters *counters,
			    const struct fng_image *image, u32 index,
			    struct fng_counter_key *key);

#endif /* FNGUARD_KMOD_POLICY_COUNTERS_H */
