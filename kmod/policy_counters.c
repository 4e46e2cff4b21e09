// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a policy refused, by rule and hook.
 *
 * Most rules allow, and no refusal names such a rule. There are counters for the
 * others alone, found in the tables that decisions are read from: what a rule
 * says of itself is for people.
 */
#include <linux/bitmap.h>
#include <linux/bsearch.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include <fnguard/hooks.h>
#include "memory.h"
#include "policy_counters.h"

/*
 * A rule belongs to one class, and a class to the hooks of either the first or
 * the second part of enum fng_hook, so that 16 counters per rule are enough.
 */
#define RULE_SLOTS		16
#define FIRST_SECOND_PART	FNG_HOOK_SOCKET_CREATE

static_assert(FIRST_SECOND_PART <= RULE_SLOTS, "slots of the first part");
static_assert(FNG_HOOK_LOCAL_OUT - FIRST_SECOND_PART < RULE_SLOTS,
	      "slots of the second part");

/* Those of the floor and of the guard's reasons, and the last. */
#define NR_FIXED \
	((FNG_NR_FLOORS + FNG_NR_GUARD_RULES) * FNG_NR_HOOKS + 1)

/**
 * struct refusing - rules that a refusal can name
 * @image: whose
 * @bits: bit n for rule n
 */
struct refusing {
	const struct fng_image *image;
	unsigned long *bits;
};

static void mark(struct refusing *refusing, u32 rule)
{
	if (rule < refusing->image->nr_rules)
		__set_bit(rule, refusing->bits);
}

static void mark_paths(struct refusing *refusing)
{
	const struct fng_image *image = refusing->image;
	u32 i, bit;

	for (i = 0; i < image->nr_accepts; i++) {
		const struct fng_image_accept *accept = &image->accepts[i];

		for (bit = 0; bit < FNG_NR_ACCESS; bit++)
			if (!(accept->granted & BIT(bit)))
				mark(refusing, accept->rule[bit]);
	}
}

static void mark_ports(struct refusing *refusing)
{
	const struct fng_image *image = refusing->image;
	u32 i;

	for (i = 0; i < image->nr_ports; i++)
		if (image->ports[i].effect == FNG_EFFECT_DENY)
			mark(refusing, image->ports[i].rule);
}

/* These are few, whatever they say. */
static void mark_settings(struct refusing *refusing)
{
	const struct fng_image_meta *meta = refusing->image->meta;
	u32 i;

	for (i = 0; i < FNG_NR_CLASSES; i++)
		mark(refusing, refusing->image->classes[i].rule);
	mark(refusing, meta->fileless_rule);
	mark(refusing, meta->write_exec_rule);
	mark(refusing, meta->families_rule);
	mark(refusing, meta->types_rule);
}

static int list_rules(struct fng_policy_counters *counters,
		      const struct refusing *refusing)
{
	u32 nr_rules = refusing->image->nr_rules;
	u32 rule, n = 0;

	counters->nr_rules = bitmap_weight(refusing->bits, nr_rules);
	counters->nr = counters->nr_rules * RULE_SLOTS + NR_FIXED;
	counters->rules = kvcalloc(counters->nr_rules, sizeof(*counters->rules),
				   GFP_KERNEL_ACCOUNT);
	if (!counters->rules)
		return -ENOMEM;
	for_each_set_bit(rule, refusing->bits, nr_rules)
		counters->rules[n++] = rule;
	return 0;
}

/**
 * fng_policy_counters_init() - make the counters of a policy, all 0
 * @counters: to be filled; for fng_policy_counters_exit() even if this fails
 * @image: the policy's
 *
 * Return: 0 or -ENOMEM.
 */
int fng_policy_counters_init(struct fng_policy_counters *counters,
			     const struct fng_image *image)
{
	struct refusing refusing = { .image = image };
	int err;

	refusing.bits = bitmap_zalloc(image->nr_rules, GFP_KERNEL);
	if (!refusing.bits)
		return -ENOMEM;
	mark_paths(&refusing);
	mark_ports(&refusing);
	mark_settings(&refusing);
	err = list_rules(counters, &refusing);
	bitmap_free(refusing.bits);
	if (err)
		return err;
	counters->count = fng_memory_alloc(array_size(counters->nr,
						      sizeof(*counters->count)),
					   __GFP_ZERO);
	return counters->count ? 0 : -ENOMEM;
}

/* Frees them. */
void fng_policy_counters_exit(struct fng_policy_counters *counters)
{
	kvfree(counters->count);
	kvfree(counters->rules);
}

static int compare(const void *key, const void *member)
{
	u32 a = *(const u32 *)key, b = *(const u32 *)member;

	return a < b ? -1 : a > b;
}

/* Index of the first of the counters that belong to no rule. */
static u32 fixed_start(const struct fng_policy_counters *counters)
{
	return counters->nr_rules * RULE_SLOTS;
}

static u32 index_of_rule(const struct fng_policy_counters *counters, u32 rule,
			 u8 hook)
{
	u32 slot = hook < FIRST_SECOND_PART ? hook : hook - FIRST_SECOND_PART;
	const u32 *found = bsearch(&rule, counters->rules, counters->nr_rules,
				   sizeof(rule), compare);

	if (!found || slot >= RULE_SLOTS)
		return counters->nr - 1;
	return (found - counters->rules) * RULE_SLOTS + slot;
}

/* Counters of floor parts and of the guard's reasons follow those of rules. */
static u32 index_of(const struct fng_policy_counters *counters, u32 rule,
		    u8 hook)
{
	u32 part = rule & FNG_RULE_INDEX_MASK;
	u32 kind = rule & ~FNG_RULE_INDEX_MASK;

	if (kind == FNG_RULE_FLOOR && part < FNG_NR_FLOORS)
		return fixed_start(counters) + part * FNG_NR_HOOKS + hook;
	part += FNG_NR_FLOORS;
	if (kind == FNG_RULE_GUARD && part < FNG_NR_FLOORS + FNG_NR_GUARD_RULES)
		return fixed_start(counters) + part * FNG_NR_HOOKS + hook;
	return index_of_rule(counters, rule, hook);
}

/**
 * fng_policy_counter() - the counter of a rule and hook
 * @counters: the policy's
 * @rule: rule id
 * @hook: enum fng_hook
 */
atomic64_t *fng_policy_counter(const struct fng_policy_counters *counters,
			       u32 rule, u8 hook)
{
	return &counters->count[index_of(counters, rule, hook)];
}

static void rule_counter_key(const struct fng_policy_counters *counters,
			     const struct fng_image *image, u32 index,
			     struct fng_counter_key *key)
{
	key->rule = counters->rules[index / RULE_SLOTS];
	key->hook = index % RULE_SLOTS;
	key->class = image->rules[key->rule].class;
	if (key->class == FNG_CLASS_EGRESS || key->class == FNG_CLASS_SOCKETS)
		key->hook += FIRST_SECOND_PART;
}

/**
 * fng_policy_counter_key() - what a counter counts
 * @counters: the policy's
 * @image: the policy's
 * @index: of the counter, below @counters->nr
 * @key: filled
 */
void fng_policy_counter_key(const struct fng_policy_counters *counters,
			    const struct fng_image *image, u32 index,
			    struct fng_counter_key *key)
{
	u32 fixed;

	if (index < fixed_start(counters)) {
		rule_counter_key(counters, image, index, key);
		return;
	}
	index -= fixed_start(counters);
	fixed = index / FNG_NR_HOOKS;
	key->hook = index % FNG_NR_HOOKS;
	if (fixed < FNG_NR_FLOORS) {
		key->rule = FNG_RULE_FLOOR | fixed;
		key->class = FNG_CLASS_FLOOR;
	} else {
		fixed -= FNG_NR_FLOORS;
		key->rule = fixed < FNG_NR_GUARD_RULES ?
			    FNG_RULE_GUARD | fixed : FNG_RULE_NONE;
		key->class = FNG_CLASS_SUBJECT;
	}
}
