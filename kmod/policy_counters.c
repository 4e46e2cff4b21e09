// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a policy refused, by rule and hook.
 *
 * Hooks cannot allocate, so that each rule's counters have memory from the start.
 * There are many and few are ever used, so that is the lower half of the number
 * alone. What it overflows to is claimed, as is a counter for a part of the floor
 * or a reason of the guard at a hook, of which few can ever meet.
 */
#include <linux/mm.h>

#include <fnguard/hooks.h>

#include "memory.h"
#include "policy_counters.h"

/*
 * Keys of claims. A rule id of the floor or the guard has a small number, which
 * leaves room for the hook; what overflows is the counter with a number.
 */
#define HOOK_SHIFT	16
#define OVERFLOW	0x20000000u
#define FIXED		(FNG_RULE_FLOOR | FNG_RULE_GUARD)

static_assert(!((FNG_NR_FLOORS | FNG_NR_GUARD_RULES) >> HOOK_SHIFT),
	      "room for the rule");
static_assert(!(FNG_NR_HOOKS << HOOK_SHIFT & (OVERFLOW | FIXED)),
	      "room for the hook");

/**
 * fng_policy_counters_init() - make the counters of a policy, all 0
 * @counters: to be filled; for fng_policy_counters_exit() even if this fails
 * @image: the policy's
 * @base: list of its base's rules; NULL if it is flat
 *
 * Return: 0 or -ENOMEM.
 */
int fng_policy_counters_init(struct fng_policy_counters *counters,
			     const struct fng_image *image,
			     const struct fng_counter_rows *base)
{
	u32 nr_count;
	int err;

	if (base)
		counters->base = *base;
	err = fng_counter_rows_init(&counters->own, image, &counters->base);
	if (err)
		return err;
	nr_count = counters->own.nr_count + counters->base.nr_count;
	counters->count = fng_memory_alloc(array_size(nr_count,
						      sizeof(*counters->count)),
					   __GFP_ZERO);
	counters->claims = fng_memory_alloc(sizeof(*counters->claims),
					    __GFP_ZERO);
	return counters->count && counters->claims ? 0 : -ENOMEM;
}

/* Frees them. */
void fng_policy_counters_exit(struct fng_policy_counters *counters)
{
	kvfree(counters->count);
	kvfree(counters->claims);
	fng_counter_rows_exit(&counters->own);
}

/*
 * The claim with a key, or where there is none, FNG_COUNTER_CLAIMS. They are taken
 * in order and never given back, so behind a free one there is nothing.
 */
static u32 find_claim(const struct fng_counter_claims *claims, u32 key)
{
	u32 i, there;

	for (i = 0; i < FNG_COUNTER_CLAIMS; i++) {
		there = atomic_read(&claims->key[i]);
		if (there == key)
			return i;
		if (!there)
			break;
	}
	return FNG_COUNTER_CLAIMS;
}

/* The same, which takes a free one of the first @nr where there is none. */
static u32 claim(struct fng_counter_claims *claims, u32 key, u32 nr)
{
	u32 i, old;

	for (i = 0; i < nr; i++) {
		old = atomic_read(&claims->key[i]);
		if (!old)
			old = atomic_cmpxchg(&claims->key[i], 0, key) ?: key;
		if (old == key)
			return i;
	}
	return FNG_COUNTER_CLAIMS;
}

static void add(struct fng_policy_counters *counters, u32 key, u64 count)
{
	u32 nr = key & OVERFLOW ? FNG_COUNTER_CLAIMS : FNG_COUNTER_FIXED;
	u32 i = claim(counters->claims, key, nr);

	atomic64_add(count, i < FNG_COUNTER_CLAIMS ?
		     &counters->claims->count[i] : &counters->unnamed);
}

static void count_rule(struct fng_policy_counters *counters, u32 rule, u8 hook)
{
	u32 index = fng_counter_rows_index(&counters->own, rule, hook);

	if (index == ~0u) {
		index = fng_counter_rows_index(&counters->base, rule, hook);
		if (index == ~0u) {
			atomic64_inc(&counters->unnamed);
			return;
		}
		index += counters->own.nr_count;
	}
	if (!atomic_inc_return(&counters->count[index]))
		add(counters, OVERFLOW | index, 1ull << 32);
}

/**
 * fng_policy_count() - count a refusal
 * @counters: the policy's
 * @rule: rule id
 * @hook: enum fng_hook
 */
void fng_policy_count(struct fng_policy_counters *counters, u32 rule, u8 hook)
{
	if (rule != FNG_RULE_NONE && rule & FIXED)
		add(counters, rule | (u32)(hook + 1) << HOOK_SHIFT, 1);
	else
		count_rule(counters, rule, hook);
}

static u32 nr_of_rules(const struct fng_policy_counters *counters)
{
	return counters->own.nr_count + counters->base.nr_count;
}

/* Those of rules, those that can be claimed, and one. */
u32 fng_policy_counters_nr(const struct fng_policy_counters *counters)
{
	return nr_of_rules(counters) + FNG_COUNTER_CLAIMS + 1;
}

static void name_rule(const struct fng_policy_counters *counters,
		      const struct fng_image *image, u32 index,
		      struct fng_counter_key *key)
{
	const struct fng_counter_rows *list = &counters->own;
	const struct fng_image_rule *rule;
	const char *strings;

	if (index >= list->nr_count) {
		index -= list->nr_count;
		list = &counters->base;
	}
	key->hook = fng_counter_rows_name(list, index, &key->rule);
	rule = fng_rule_find(image, key->rule, &strings);
	key->class = rule ? rule->class : FNG_CLASS_SUBJECT;
}

static u64 read_rule(const struct fng_policy_counters *counters,
		     const struct fng_image *image, u32 index,
		     struct fng_counter_key *key)
{
	u32 more = find_claim(counters->claims, OVERFLOW | index);
	u64 count = (u32)atomic_read(&counters->count[index]);

	if (more < FNG_COUNTER_CLAIMS)
		count += atomic64_read(&counters->claims->count[more]);
	if (count)
		name_rule(counters, image, index, key);
	return count;
}

static u64 read_claim(const struct fng_policy_counters *counters, u32 index,
		      struct fng_counter_key *key)
{
	u32 claimed = atomic_read(&counters->claims->key[index]);

	/* What overflowed is told with what is left of it. */
	if (!(claimed & FIXED))
		return 0;
	key->rule = claimed & (FIXED | (BIT(HOOK_SHIFT) - 1));
	key->hook = (claimed & ~FIXED) >> HOOK_SHIFT;
	key->hook--;
	key->class = claimed & FNG_RULE_FLOOR ? FNG_CLASS_FLOOR :
						FNG_CLASS_SUBJECT;
	return atomic64_read(&counters->claims->count[index]);
}

/**
 * fng_policy_counter_read() - read a counter
 * @counters: the policy's
 * @image: the policy's
 * @index: of the counter, below fng_policy_counters_nr()
 * @key: filled, unless the counter is 0
 *
 * Return: what it has counted.
 */
u64 fng_policy_counter_read(const struct fng_policy_counters *counters,
			    const struct fng_image *image, u32 index,
			    struct fng_counter_key *key)
{
	if (index < nr_of_rules(counters))
		return read_rule(counters, image, index, key);
	index -= nr_of_rules(counters);
	if (index < FNG_COUNTER_CLAIMS)
		return read_claim(counters, index, key);
	*key = (struct fng_counter_key) {
		.rule = FNG_RULE_NONE,
		.class = FNG_CLASS_SUBJECT,
	};
	return atomic64_read(&counters->unnamed);
}
