// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a policy refused, by rule and hook.
 *
 * Most rules allow, and no refusal names such a rule. There are counters for the
 * others alone, found in the tables that decisions are read from: what a rule
 * says of itself is for people. A rule of the base has its counters here as well:
 * policies share what they say, and not what they did.
 *
 * Hooks cannot allocate, so each of these counters has memory from the start.
 * There are many and few are ever used, so that is the lower half of the number
 * alone. What it overflows to is claimed, as is a counter for a part of the floor
 * or a reason of the guard at a hook, of which few can ever meet.
 */
#include <linux/bsearch.h>
#include <linux/mm.h>
#include <linux/slab.h>

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
 * struct hooks - a range of hooks
 * @first: lowest
 * @end: one more than the highest; 0 if there is none
 */
struct hooks {
	u8 first;
	u8 end;
};

/* Renames and removals of directories are refused by rules on code as well. */
static const struct hooks code_hooks = {
	FNG_HOOK_BPRM_CHECK, FNG_HOOK_PATH_RENAME + 1
};

static const struct hooks file_hooks = {
	FNG_HOOK_FILE_OPEN, FNG_HOOK_PATH_CHOWN + 1
};

static const struct hooks memory_hooks = {
	FNG_HOOK_BPRM_CHECK, FNG_HOOK_FILE_MPROTECT + 1
};

static const struct hooks egress_hooks = {
	FNG_HOOK_SOCKET_CONNECT, FNG_HOOK_LOCAL_OUT + 1
};

static const struct hooks socket_hooks = {
	FNG_HOOK_SOCKET_CREATE, FNG_HOOK_SOCKET_CREATE + 1
};

/**
 * struct refusing - rules that a refusal can name
 * @image: whose
 * @hooks: by rule, where
 */
struct refusing {
	const struct fng_image *image;
	struct hooks *hooks;
};

static void mark(struct refusing *refusing, u32 rule, struct hooks hooks)
{
	struct hooks *known;

	if (rule >= fng_rules_count(refusing->image))
		return;
	known = &refusing->hooks[rule];
	known->first = known->end ? min(known->first, hooks.first) :
		       hooks.first;
	known->end = max(known->end, hooks.end);
}

/* @part is the policy's own or its base. */
static void mark_paths(struct refusing *refusing, const struct fng_image *part)
{
	u32 i, bit;

	for (i = 0; i < part->nr_accepts; i++) {
		const struct fng_image_accept *accept = &part->accepts[i];

		for (bit = 0; bit < FNG_NR_ACCESS; bit++)
			if (!(accept->granted & BIT(bit)))
				mark(refusing, accept->rule[bit],
				     BIT(bit) & FNG_ACCESS_CODE ? code_hooks :
								  file_hooks);
	}
}

static void mark_ports(struct refusing *refusing, const struct fng_image *part)
{
	u32 i;

	for (i = 0; i < part->nr_ports; i++)
		if (part->ports[i].effect == FNG_EFFECT_DENY)
			mark(refusing, part->ports[i].rule, egress_hooks);
}

/* These are few, whatever they say. */
static void mark_settings(struct refusing *refusing)
{
	const struct fng_image_class *classes = refusing->image->classes;
	const struct fng_image_meta *meta = refusing->image->meta;

	mark(refusing, classes[FNG_CLASS_EXEC].rule, code_hooks);
	mark(refusing, classes[FNG_CLASS_FILES].rule, file_hooks);
	mark(refusing, classes[FNG_CLASS_EGRESS].rule, egress_hooks);
	mark(refusing, meta->fileless_rule, memory_hooks);
	mark(refusing, meta->write_exec_rule, memory_hooks);
	mark(refusing, meta->families_rule, socket_hooks);
	mark(refusing, meta->types_rule, socket_hooks);
}

static void mark_all(struct refusing *refusing)
{
	const struct fng_image *image = refusing->image;

	mark_paths(refusing, image);
	mark_ports(refusing, image);
	if (image->base) {
		mark_paths(refusing, image->base);
		mark_ports(refusing, image->base);
	}
	mark_settings(refusing);
}

static int list_rules(struct fng_policy_counters *counters,
		      const struct refusing *refusing)
{
	u32 nr_rules = fng_rules_count(refusing->image);
	u32 rule, nr = 0;

	for (rule = 0; rule < nr_rules; rule++)
		counters->nr_rows += !!refusing->hooks[rule].end;
	counters->rows = kvcalloc(counters->nr_rows, sizeof(*counters->rows),
				  GFP_KERNEL_ACCOUNT);
	if (!counters->rows)
		return -ENOMEM;
	for (rule = 0; rule < nr_rules; rule++) {
		struct hooks hooks = refusing->hooks[rule];

		if (!hooks.end)
			continue;
		counters->rows[nr++] = (struct fng_counter_row) {
			.rule = rule,
			.start = counters->nr_count,
			.first = hooks.first,
			.end = hooks.end,
		};
		counters->nr_count += hooks.end - hooks.first;
	}
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

	refusing.hooks = kvcalloc(fng_rules_count(image),
				  sizeof(*refusing.hooks), GFP_KERNEL);
	if (!refusing.hooks)
		return -ENOMEM;
	mark_all(&refusing);
	err = list_rules(counters, &refusing);
	kvfree(refusing.hooks);
	if (err)
		return err;
	counters->count = fng_memory_alloc(array_size(counters->nr_count,
						      sizeof(*counters->count)),
					   __GFP_ZERO);
	return counters->count ? 0 : -ENOMEM;
}

/* Frees them. */
void fng_policy_counters_exit(struct fng_policy_counters *counters)
{
	kvfree(counters->count);
	kvfree(counters->rows);
}

/* The claim with a key, or where there is none, FNG_COUNTER_CLAIMS. */
static u32 find_claim(const struct fng_counter_claims *claims, u32 key)
{
	u32 i;

	for (i = 0; i < FNG_COUNTER_CLAIMS; i++)
		if ((u32)atomic_read(&claims->key[i]) == key)
			break;
	return i;
}

/* The same, which takes a free one where there is none. */
static u32 claim(struct fng_counter_claims *claims, u32 key)
{
	u32 i, old;

	for (i = 0; i < FNG_COUNTER_CLAIMS; i++) {
		old = atomic_read(&claims->key[i]);
		if (!old)
			old = atomic_cmpxchg(&claims->key[i], 0, key) ?: key;
		if (old == key)
			break;
	}
	return i;
}

static void add(struct fng_policy_counters *counters, u32 key, u64 count)
{
	u32 i = claim(&counters->claims, key);

	atomic64_add(count, i < FNG_COUNTER_CLAIMS ?
		     &counters->claims.count[i] : &counters->unnamed);
}

static int compare(const void *key, const void *member)
{
	u32 a = *(const u32 *)key;
	u32 b = ((const struct fng_counter_row *)member)->rule;

	return a < b ? -1 : a > b;
}

/**
 * fng_policy_count() - count a refusal
 * @counters: the policy's
 * @rule: rule id
 * @hook: enum fng_hook
 */
void fng_policy_count(struct fng_policy_counters *counters, u32 rule, u8 hook)
{
	const struct fng_counter_row *row;
	u32 index;

	if (rule != FNG_RULE_NONE && rule & FIXED) {
		add(counters, rule | (u32)(hook + 1) << HOOK_SHIFT, 1);
		return;
	}
	row = bsearch(&rule, counters->rows, counters->nr_rows, sizeof(*row),
		      compare);
	if (!row || hook < row->first || hook >= row->end) {
		atomic64_inc(&counters->unnamed);
		return;
	}
	index = row->start + hook - row->first;
	if (!atomic_inc_return(&counters->count[index]))
		add(counters, OVERFLOW | index, 1ull << 32);
}

/* Those of rules, those that can be claimed, and one. */
u32 fng_policy_counters_nr(const struct fng_policy_counters *counters)
{
	return counters->nr_count + FNG_COUNTER_CLAIMS + 1;
}

static const struct fng_counter_row *
row_of(const struct fng_policy_counters *counters, u32 index)
{
	u32 low = 0, high = counters->nr_rows;

	while (high - low > 1) {
		u32 mid = low + (high - low) / 2;

		if (counters->rows[mid].start <= index)
			low = mid;
		else
			high = mid;
	}
	return &counters->rows[low];
}

static u64 read_rule(const struct fng_policy_counters *counters,
		     const struct fng_image *image, u32 index,
		     struct fng_counter_key *key)
{
	const struct fng_counter_row *row = row_of(counters, index);
	u32 more = find_claim(&counters->claims, OVERFLOW | index);
	u64 count = (u32)atomic_read(&counters->count[index]);
	const struct fng_image_rule *rule;
	const char *strings;

	if (more < FNG_COUNTER_CLAIMS)
		count += atomic64_read(&counters->claims.count[more]);
	rule = fng_rule_find(image, row->rule, &strings);
	key->rule = row->rule;
	key->hook = row->first + index - row->start;
	key->class = rule ? rule->class : FNG_CLASS_SUBJECT;
	return count;
}

static u64 read_claim(const struct fng_policy_counters *counters, u32 index,
		      struct fng_counter_key *key)
{
	u32 claimed = atomic_read(&counters->claims.key[index]);

	/* What overflowed is told with what is left of it. */
	if (!(claimed & FIXED))
		return 0;
	key->rule = claimed & (FIXED | (BIT(HOOK_SHIFT) - 1));
	key->hook = (claimed & ~FIXED) >> HOOK_SHIFT;
	key->hook--;
	key->class = claimed & FNG_RULE_FLOOR ? FNG_CLASS_FLOOR :
						FNG_CLASS_SUBJECT;
	return atomic64_read(&counters->claims.count[index]);
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
	if (index < counters->nr_count)
		return read_rule(counters, image, index, key);
	index -= counters->nr_count;
	if (index < FNG_COUNTER_CLAIMS)
		return read_claim(counters, index, key);
	*key = (struct fng_counter_key) {
		.rule = FNG_RULE_NONE,
		.class = FNG_CLASS_SUBJECT,
	};
	return atomic64_read(&counters->unnamed);
}
