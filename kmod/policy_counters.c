// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a policy refused, by rule and hook.
 *
 * Most rules allow, and no refusal names such a rule. There are counters for the
 * others alone, found in the tables that decisions are read from: what a rule
 * says of itself is for people. A rule of a base has counters in each policy as
 * well, which share what they say and not what they did: only the list of those
 * rules is the base's.
 *
 * Hooks cannot allocate, so each of these counters has memory from the start.
 * There are many and few are ever used, so that is the lower half of the number
 * alone. What it overflows to is claimed, as is a counter for a part of the floor
 * or a reason of the guard at a hook, of which few can ever meet.
 */
#include <linux/bsearch.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "hook_place.h"
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

/* Renames and removals of directories are refused by rules on code as well. */
static const struct fng_hooks code_hooks = {
	FNG_HOOK_BPRM_CHECK, FNG_HOOK_PATH_RENAME + 1
};

static const struct fng_hooks file_hooks = {
	FNG_HOOK_FILE_OPEN, FNG_HOOK_FILE_RECEIVE + 1
};

static const struct fng_hooks memory_hooks = {
	FNG_HOOK_BPRM_CHECK, FNG_HOOK_FILE_MPROTECT + 1
};

/* A task's memory that is open for writing is refused as well. */
static const struct fng_hooks write_exec_hooks = {
	FNG_HOOK_BPRM_CHECK, FNG_HOOK_FILE_RECEIVE + 1
};

static const struct fng_hooks egress_hooks = {
	FNG_HOOK_FILE_RECEIVE, FNG_HOOK_NETDEV_EGRESS + 1
};

static const struct fng_hooks listen_hooks = {
	FNG_HOOK_FILE_RECEIVE, FNG_HOOK_SOCKET_LISTEN + 1
};

static const struct fng_hooks peer_hooks = {
	FNG_HOOK_UNIX_STREAM_CONNECT, FNG_HOOK_UNIX_MAY_SEND + 1
};

/* What names of directories and sockets would win is refused by the default. */
static const struct fng_hooks unix_hooks = {
	FNG_HOOK_PATH_RMDIR, FNG_HOOK_UNIX_MAY_SEND + 1
};

static const struct fng_hooks socket_hooks = {
	FNG_HOOK_FILE_RECEIVE, FNG_HOOK_SOCKET_CREATE + 1
};

static const struct fng_hooks capability_hooks = {
	FNG_HOOK_CAPABLE, FNG_HOOK_CAPABLE + 1
};

static const struct fng_hooks privilege_hooks = {
	FNG_HOOK_FILE_RECEIVE, FNG_HOOK_SETTIME64 + 1
};

/**
 * struct refusing - rules that a refusal can name
 * @image: whose
 * @hooks: by rule, where, by their places
 */
struct refusing {
	const struct fng_image *image;
	struct fng_hooks *hooks;
};

static void mark_places(struct refusing *refusing, u32 rule,
			struct fng_hooks places)
{
	struct fng_hooks *known;

	if (rule >= fng_rules_count(refusing->image))
		return;
	known = &refusing->hooks[rule];
	known->first = known->end ? min(known->first, places.first) :
		       places.first;
	known->end = max(known->end, places.end);
}

static void mark(struct refusing *refusing, u32 rule, struct fng_hooks hooks)
{
	mark_places(refusing, rule, fng_hook_places(hooks));
}

static struct fng_hooks hooks_of(u32 access)
{
	switch (fng_access_class(access)) {
	case FNG_CLASS_EXEC:
		return code_hooks;
	case FNG_CLASS_UNIX:
		return peer_hooks;
	default:
		return file_hooks;
	}
}

static void mark_paths(struct refusing *refusing)
{
	const struct fng_image *image = refusing->image;
	u32 i, bit;

	for (i = 0; i < image->nr_accepts; i++) {
		const struct fng_image_accept *accept = &image->accepts[i];

		for (bit = 0; bit < FNG_NR_ACCESS; bit++)
			if (!(accept->granted & BIT(bit)))
				mark(refusing, accept->rule[bit],
				     hooks_of(BIT(bit)));
	}
}

static void mark_ports(struct refusing *refusing)
{
	const struct fng_image_portset *listen = NULL;
	const struct fng_image *image = refusing->image;
	u32 i;

	if (image->classes[FNG_CLASS_LISTEN].present)
		listen = &image->portsets[image->meta->listen];
	for (i = 0; i < image->nr_ports; i++)
		if (image->ports[i].effect == FNG_EFFECT_DENY)
			mark(refusing, image->ports[i].rule,
			     listen && i >= listen->start[0] &&
			     i < listen->start[FNG_PROTO_OTHER] ?
			     listen_hooks : egress_hooks);
}

/* These are few, whatever they say. */
static void mark_settings(struct refusing *refusing)
{
	const struct fng_image_class *classes = refusing->image->classes;
	const struct fng_image_meta *meta = refusing->image->meta;
	u32 i;

	for (i = 0; i < refusing->image->nr_digests; i++)
		mark(refusing, refusing->image->digests[i].rule, memory_hooks);
	mark(refusing, classes[FNG_CLASS_EXEC].rule, code_hooks);
	mark(refusing, classes[FNG_CLASS_FILES].rule, file_hooks);
	mark(refusing, classes[FNG_CLASS_EGRESS].rule, egress_hooks);
	mark(refusing, classes[FNG_CLASS_LISTEN].rule, listen_hooks);
	mark(refusing, classes[FNG_CLASS_UNIX].rule, unix_hooks);
	mark(refusing, meta->dns_rule, egress_hooks);
	mark(refusing, meta->fileless_rule, memory_hooks);
	mark(refusing, meta->modified_rule, memory_hooks);
	mark(refusing, meta->write_exec_rule, write_exec_hooks);
	mark(refusing, meta->families_rule, socket_hooks);
	mark(refusing, meta->types_rule, socket_hooks);
	mark(refusing, meta->capabilities_rule, capability_hooks);
	mark(refusing, meta->privileges_rule, privilege_hooks);
}

/* What the base's list says already is left out, unless more hooks can tell. */
static void leave_out(struct refusing *refusing,
		      const struct fng_counter_rows *base)
{
	u32 i;

	for (i = 0; i < base->nr; i++) {
		const struct fng_counter_row *row = &base->rows[i];
		struct fng_hooks *hooks = &refusing->hooks[row->rule];

		if (!hooks->end)
			continue;
		if (hooks->first >= row->first && hooks->end <= row->end)
			hooks->end = 0;
		else
			mark_places(refusing, row->rule,
				    (struct fng_hooks) { row->first, row->end });
	}
}

static int list_rules(struct fng_counter_rows *list,
		      const struct refusing *refusing)
{
	u32 nr_rules = fng_rules_count(refusing->image);
	u32 rule;

	for (rule = 0; rule < nr_rules; rule++)
		list->nr += !!refusing->hooks[rule].end;
	list->rows = kvcalloc(list->nr, sizeof(*list->rows),
			      GFP_KERNEL_ACCOUNT);
	if (!list->rows)
		return -ENOMEM;
	for (list->nr = 0, rule = 0; rule < nr_rules; rule++) {
		struct fng_hooks hooks = refusing->hooks[rule];

		if (!hooks.end)
			continue;
		list->rows[list->nr++] = (struct fng_counter_row) {
			.rule = rule,
			.start = list->nr_count,
			.first = hooks.first,
			.end = hooks.end,
		};
		list->nr_count += hooks.end - hooks.first;
	}
	return 0;
}

/* @base is NULL for a base itself. */
static int make_rows(struct fng_counter_rows *list,
		     const struct fng_image *image,
		     const struct fng_counter_rows *base)
{
	struct refusing refusing = { .image = image };
	int err;

	refusing.hooks = kvcalloc(fng_rules_count(image),
				  sizeof(*refusing.hooks), GFP_KERNEL);
	if (!refusing.hooks)
		return -ENOMEM;
	mark_paths(&refusing);
	mark_ports(&refusing);
	if (base) {
		mark_settings(&refusing);
		leave_out(&refusing, base);
	}
	err = list_rules(list, &refusing);
	kvfree(refusing.hooks);
	return err;
}

/**
 * fng_counter_rows_init() - list the rules by which a base can refuse
 * @rows: to be filled; for fng_counter_rows_exit() even if this fails
 * @base: verified
 *
 * Return: 0 or -ENOMEM.
 */
int fng_counter_rows_init(struct fng_counter_rows *rows,
			  const struct fng_image *base)
{
	return make_rows(rows, base, NULL);
}

/* Frees them. */
void fng_counter_rows_exit(struct fng_counter_rows *rows)
{
	kvfree(rows->rows);
}

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
	err = make_rows(&counters->own, image, &counters->base);
	if (err)
		return err;
	nr_count = counters->own.nr_count + counters->base.nr_count;
	counters->count = fng_memory_alloc(array_size(nr_count,
						      sizeof(*counters->count)),
					   __GFP_ZERO);
	return counters->count ? 0 : -ENOMEM;
}

/* Frees them. */
void fng_policy_counters_exit(struct fng_policy_counters *counters)
{
	kvfree(counters->count);
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
	u32 i = claim(&counters->claims, key, nr);

	atomic64_add(count, i < FNG_COUNTER_CLAIMS ?
		     &counters->claims.count[i] : &counters->unnamed);
}

static int compare(const void *key, const void *member)
{
	u32 a = *(const u32 *)key;
	u32 b = ((const struct fng_counter_row *)member)->rule;

	return a < b ? -1 : a > b;
}

/* The number of the counter of a rule that was written, or ~0. */
static u32 find_counter(const struct fng_counter_rows *list, u32 rule, u8 hook)
{
	const struct fng_counter_row *row;

	u8 place = fng_hook_place(hook);

	row = __inline_bsearch(&rule, list->rows, list->nr, sizeof(*row),
			       compare);
	if (!row || place < row->first || place >= row->end)
		return ~0u;
	return row->start + place - row->first;
}

static void count_rule(struct fng_policy_counters *counters, u32 rule, u8 hook)
{
	u32 index = find_counter(&counters->own, rule, hook);

	if (index == ~0u) {
		index = find_counter(&counters->base, rule, hook);
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

static const struct fng_counter_row *
row_of(const struct fng_counter_rows *list, u32 index)
{
	u32 low = 0, high = list->nr;

	while (high - low > 1) {
		u32 mid = low + (high - low) / 2;

		if (list->rows[mid].start <= index)
			low = mid;
		else
			high = mid;
	}
	return &list->rows[low];
}

static void name_rule(const struct fng_policy_counters *counters,
		      const struct fng_image *image, u32 index,
		      struct fng_counter_key *key)
{
	const struct fng_counter_rows *list = &counters->own;
	const struct fng_image_rule *rule;
	const struct fng_counter_row *row;
	const char *strings;

	if (index >= list->nr_count) {
		index -= list->nr_count;
		list = &counters->base;
	}
	row = row_of(list, index);
	rule = fng_rule_find(image, row->rule, &strings);
	key->rule = row->rule;
	key->hook = fng_hook_at(row->first + index - row->start);
	key->class = rule ? rule->class : FNG_CLASS_SUBJECT;
}

static u64 read_rule(const struct fng_policy_counters *counters,
		     const struct fng_image *image, u32 index,
		     struct fng_counter_key *key)
{
	u32 more = find_claim(&counters->claims, OVERFLOW | index);
	u64 count = (u32)atomic_read(&counters->count[index]);

	if (more < FNG_COUNTER_CLAIMS)
		count += atomic64_read(&counters->claims.count[more]);
	if (count)
		name_rule(counters, image, index, key);
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
