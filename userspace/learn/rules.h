/* SPDX-License-Identifier: MIT */
/*
 * Rules on names, of the names that were used.
 */
#ifndef LEARN_RULES_H
#define LEARN_RULES_H

#include <learn/learn.h>

/* So many names of a directory with the same suffix get one rule. */
#define FNGL_MANY	9

/**
 * struct fngl_rule - one rule
 * @pattern: as the policy has it
 * @access: what it allows, FNG_ACCESS_*
 * @reason: why it is no name, or NULL
 */
struct fngl_rule {
	const char *pattern;
	u32 access;
	const char *reason;
};

/**
 * struct fngl_rules - rules, sorted by pattern; all zero is empty
 * @v: the rules, to be freed; their texts are in an arena
 * @nr: number of @v
 * @room: of @v
 */
struct fngl_rules {
	struct fngl_rule *v;
	size_t nr;
	size_t room;
};

/**
 * fngl_rules_make() - the rules that allow what was done with names
 * @rules: empty; filled
 * @acts: settled
 * @verb: those of them that count
 * @access: of acts without one
 * @literal: each name has a rule of its own, and no pattern
 * @arena: for the texts
 */
void fngl_rules_make(struct fngl_rules *rules, const struct fngl_acts *acts,
		     const char *verb, u32 access, bool literal,
		     struct fngc_arena *arena);

#endif /* LEARN_RULES_H */
