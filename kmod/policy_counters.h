/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a policy refused, by rule and hook.
 */
#ifndef FNGUARD_KMOD_POLICY_COUNTERS_H
#define FNGUARD_KMOD_POLICY_COUNTERS_H

#include <linux/atomic.h>
#include <linux/types.h>

#include "counter_rows.h"
#include "engine/engine.h"

/*
 * As many parts of the floor and reasons of the guard, each at its hooks, as one
 * policy can meet, and besides them those that only overflows can claim.
 */
#define FNG_COUNTER_FIXED	56
#define FNG_COUNTER_CLAIMS	64

/**
 * struct fng_counter_claims - counters for what is rarely counted
 * @key: what a counter counts, never 0; 0 as long as nobody has claimed it
 * @count: how much
 *
 * Beside the policy: together with its image, it would often take a page more.
 */
struct fng_counter_claims {
	atomic_t key[FNG_COUNTER_CLAIMS];
	atomic64_t count[FNG_COUNTER_CLAIMS];
};

/**
 * struct fng_policy_counters - refusals of one policy
 * @own: rules that a refusal can name by the policy's own part
 * @base: those that one can name by its base; empty if it has none, else the
 *	base's, which lives longer
 * @count: the low half of what the counters of @own count, and then of @base;
 *	owned
 * @claims: by parts of the floor, reasons of the guard, and high halves; owned
 * @unnamed: by a rule id that names nothing, and what no claim was left for
 *
 * Only @count, @claims and @unnamed change after fng_policy_counters_init(), in
 * any context.
 */
struct fng_policy_counters {
	struct fng_counter_rows own;
	struct fng_counter_rows base;
	atomic_t *count;
	struct fng_counter_claims *claims;
	atomic64_t unnamed;
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
			     const struct fng_image *image,
			     const struct fng_counter_rows *base);
void fng_policy_counters_exit(struct fng_policy_counters *counters);

/* Any context. */
void fng_policy_count(struct fng_policy_counters *counters, u32 rule, u8 hook);
u32 fng_policy_counters_nr(const struct fng_policy_counters *counters);
u64 fng_policy_counter_read(const struct fng_policy_counters *counters,
			    const struct fng_image *image, u32 index,
			    struct fng_counter_key *key);

#endif /* FNGUARD_KMOD_POLICY_COUNTERS_H */
