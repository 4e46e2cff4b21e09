// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules that a refusal can name, and at which hooks.
 *
 * Most rules allow, and no refusal names such a rule. There are counters for the
 * others alone, found in the tables that decisions are read from: what a rule
 * says of itself is for people. A rule of a base has counters in each policy as
 * well, which share what they say and not what they did: only the list of those
 * rules is the base's.
 */
#include <linux/bsearch.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "counter_rows.h"
#include "hook_place.h"

/* Those that can refuse by the same rules are between these, by their places. */
struct hook_range {
	u8 first;
	u8 last;
};

/* Renames and removals of directories are refused by rules on code as well. */
static const struct hook_range code_hooks = {
	FNG_HOOK_BPRM_CHECK, FNG_HOOK_PATH_RENAME
};

static const struct hook_range file_hooks = {
	FNG_HOOK_FILE_OPEN, FNG_HOOK_FILE_RECEIVE
};

static const struct hook_range memory_hooks = {
	FNG_HOOK_BPRM_CHECK, FNG_HOOK_FILE_MPROTECT
};

/* A task's memory that is open for writing is refused as well. */
static const struct hook_range write_exec_hooks = {
	FNG_HOOK_BPRM_CHECK, FNG_HOOK_FILE_RECEIVE
};

static const struct hook_range egress_hooks = {
	FNG_HOOK_FILE_RECEIVE, FNG_HOOK_NETDEV_INGRESS
};

static const struct hook_range limit_hooks[FNG_NR_LIMITS] = {
	[FNG_LIMIT_CONNECT ... FNG_LIMIT_DNS_LABEL] = {
		FNG_HOOK_SOCKET_CONNECT, FNG_HOOK_NETDEV_INGRESS
	},
	[FNG_LIMIT_EXEC] = { FNG_HOOK_BPRM_CHECK, FNG_HOOK_BPRM_CHECK },
	[FNG_LIMIT_FORK] = { FNG_HOOK_CGROUP_CAN_FORK, FNG_HOOK_CGROUP_CAN_FORK },
	[FNG_LIMIT_OPEN] = { FNG_HOOK_FILE_OPEN, FNG_HOOK_FILE_OPEN },
	[FNG_LIMIT_MAP] = { FNG_HOOK_MMAP_FILE, FNG_HOOK_MMAP_FILE },
};

static const struct hook_range listen_hooks = {
	FNG_HOOK_FILE_RECEIVE, FNG_HOOK_SOCKET_LISTEN
};

static const struct hook_range peer_hooks = {
	FNG_HOOK_UNIX_STREAM_CONNECT, FNG_HOOK_UNIX_MAY_SEND
};

/* What names of directories and sockets would win is refused by the default. */
static const struct hook_range unix_hooks = {
	FNG_HOOK_PATH_RMDIR, FNG_HOOK_UNIX_MAY_SEND
};

static const struct hook_range socket_hooks = {
	FNG_HOOK_FILE_RECEIVE, FNG_HOOK_SOCKET_CREATE
};

static const struct hook_range capability_hooks = {
	FNG_HOOK_CAPABLE, FNG_HOOK_CAPABLE
};

static const struct hook_range privilege_hooks = {
	FNG_HOOK_FILE_RECEIVE, FNG_HOOK_SETTIME64
};

/**
 * struct refusing - rules that a refusal can name
 * @image: whose
 * @hooks: by rule, where, by their places
 */
struct refusing {
	const struct fng_image *image;
	struct fng_places *hooks;
};

static void mark_places(struct refusing *refusing, u32 rule,
			struct fng_places places)
{
	struct fng_places *known;

	if (rule >= fng_rules_count(refusing->image))
		return;
	known = &refusing->hooks[rule];
	known->first = known->end ? min(known->first, places.first) :
		       places.first;
	known->end = max(known->end, places.end);
}

static void mark(struct refusing *refusing, u32 rule, struct hook_range hooks)
{
	mark_places(refusing, rule, (struct fng_places) {
		.first = fng_hook_place(hooks.first),
		.end = fng_hook_place(hooks.last) + 1,
	});
}

static struct hook_range hooks_of(u32 access)
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
	for (i = 0; i < refusing->image->nr_limits; i++) {
		const struct fng_image_limit *limit =
			&refusing->image->limits[i];

		mark(refusing, limit->rule, limit_hooks[limit->kind]);
	}
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
		struct fng_places *hooks = &refusing->hooks[row->rule];

		if (!hooks->end)
			continue;
		if (hooks->first >= row->first && hooks->end <= row->end)
			hooks->end = 0;
		else
			mark_places(refusing, row->rule,
				    (struct fng_places) { row->first, row->end });
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
		struct fng_places hooks = refusing->hooks[rule];

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

/**
 * fng_counter_rows_init() - list the rules by which one part of a policy can refuse
 * @list: to be filled; for fng_counter_rows_exit() even if this fails
 * @image: verified
 * @base: what its base's list says already, or an empty one; NULL for a base
 *
 * Return: 0 or -ENOMEM.
 */
int fng_counter_rows_init(struct fng_counter_rows *list,
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

/* Frees them. */
void fng_counter_rows_exit(struct fng_counter_rows *list)
{
	kvfree(list->rows);
}

static int compare(const void *key, const void *member)
{
	u32 a = *(const u32 *)key;
	u32 b = ((const struct fng_counter_row *)member)->rule;

	return a < b ? -1 : a > b;
}

/**
 * fng_counter_rows_index() - find the counter of a rule at a hook
 * @list: of the rule's part of the policy
 * @rule: rule id
 * @hook: enum fng_hook
 *
 * Return: its number among those of @list, or ~0.
 */
u32 fng_counter_rows_index(const struct fng_counter_rows *list, u32 rule,
			   u8 hook)
{
	const struct fng_counter_row *row;
	u8 place = fng_hook_place(hook);

	row = __inline_bsearch(&rule, list->rows, list->nr, sizeof(*row),
			       compare);
	if (!row || place < row->first || place >= row->end)
		return ~0u;
	return row->start + place - row->first;
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

/**
 * fng_counter_rows_name() - say what a counter counts
 * @list: that it is of
 * @index: its number, below @nr_count of @list
 * @rule: rule id, filled
 *
 * Return: enum fng_hook.
 */
u8 fng_counter_rows_name(const struct fng_counter_rows *list, u32 index,
			 u32 *rule)
{
	const struct fng_counter_row *row = row_of(list, index);

	*rule = row->rule;
	return fng_place_hook(row->first + index - row->start);
}
