// SPDX-License-Identifier: MIT
/*
 * Rules on names, of the names that were used.
 */
#include <stdlib.h>
#include <string.h>

#include <learn/rules.h>
#include <learn/shape.h>

static void add(struct fngl_rules *rules, const struct fngl_rule *rule)
{
	rules->v = fngc_grow(rules->v, &rules->room, rules->nr + 1,
			     sizeof(*rules->v));
	rules->v[rules->nr++] = *rule;
}

static int compare(const void *left, const void *right)
{
	const struct fngl_rule *a = left, *b = right;

	return strcmp(a->pattern, b->pattern);
}

/* Two names may have the same pattern, and it may be a name itself. */
static void settle(struct fngl_rules *rules)
{
	size_t nr = 0;

	if (rules->nr)
		qsort(rules->v, rules->nr, sizeof(*rules->v), compare);
	for (size_t i = 0; i < rules->nr; i++) {
		struct fngl_rule *last = nr ? &rules->v[nr - 1] : NULL;

		if (!last || compare(last, &rules->v[i])) {
			rules->v[nr++] = rules->v[i];
			continue;
		}
		last->access |= rules->v[i].access;
		last->reason = last->reason ?: rules->v[i].reason;
	}
	rules->nr = nr;
}

/* By rule: what it has in common with others; of those that only read. */
static void find_siblings(const struct fngl_rules *rules,
			  struct fngl_rules *siblings, struct fngc_arena *arena)
{
	for (size_t i = 0; i < rules->nr; i++) {
		const struct fngl_rule *rule = &rules->v[i];
		struct fngl_rule one = {
			.pattern = rule->access == FNG_ACCESS_READ ?
				   fngl_siblings(arena, rule->pattern) : NULL,
			.access = rule->access,
			.reason = "many names in one directory",
		};

		one.pattern = one.pattern ?: "";
		add(siblings, &one);
	}
}

static struct fngl_rule *sorted(const struct fngl_rules *rules)
{
	struct fngl_rule *copy = fngc_xcalloc(rules->nr + 1, sizeof(*copy));

	for (size_t i = 0; i < rules->nr; i++)
		copy[i] = rules->v[i];
	if (rules->nr)
		qsort(copy, rules->nr, sizeof(*copy), compare);
	return copy;
}

/* Are there many that are the same? */
static bool is_many(const struct fngl_rule *sorted, size_t nr,
		    const struct fngl_rule *rule)
{
	size_t low = 0, high = nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&sorted[middle], rule) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return nr - low >= FNGL_MANY &&
	       !compare(&sorted[low + FNGL_MANY - 1], rule);
}

static void join_siblings(struct fngl_rules *rules, struct fngc_arena *arena)
{
	struct fngl_rules siblings = { 0 };
	struct fngl_rule *all;

	find_siblings(rules, &siblings, arena);
	all = sorted(&siblings);
	for (size_t i = 0; i < rules->nr; i++)
		if (*siblings.v[i].pattern &&
		    is_many(all, rules->nr, &siblings.v[i]))
			rules->v[i] = siblings.v[i];
	free(all);
	free(siblings.v);
	settle(rules);
}

void fngl_rules_make(struct fngl_rules *rules, const struct fngl_acts *acts,
		     const char *verb, u32 access, bool literal,
		     struct fngc_arena *arena)
{
	for (size_t i = 0; i < acts->nr; i++) {
		const struct fngl_act *act = &acts->v[i];
		struct fngl_rule rule = { .access = act->access ?: access };
		struct fngl_shape shape = { NULL, NULL };

		if (strcmp(act->verb, verb))
			continue;
		if (!literal)
			shape = fngl_shape(arena, act->target, rule.access);
		rule.pattern = shape.pattern ?: fngl_literal(arena,
							      act->target);
		rule.reason = shape.reason;
		add(rules, &rule);
	}
	settle(rules);
	if (!literal)
		join_siblings(rules, arena);
}
