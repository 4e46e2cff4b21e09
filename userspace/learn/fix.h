/* SPDX-License-Identifier: MIT */
/*
 * What to write into a policy for it to allow one act more.
 */
#ifndef LEARN_FIX_H
#define LEARN_FIX_H

#include <learn/learn.h>

/**
 * enum fngl_how - how a policy is changed
 * @FNGL_ADD: with one more item of a list
 * @FNGL_SET: with another value of a key
 * @FNGL_REMOVE: without the rule that denies it, or with a narrower one: no other
 *	rule counts against it
 * @FNGL_NOTHING: no rule can allow it
 */
enum fngl_how {
	FNGL_ADD,
	FNGL_SET,
	FNGL_REMOVE,
	FNGL_NOTHING,
};

#define FNGL_HOW_NAMES { "add", "set", "remove", "nothing" }

/**
 * struct fngl_fix - what to do
 * @how: how the policy is changed
 * @where: the list, or the section of the key: "files.rules", "memory"; or NULL
 * @yaml: the line, without indentation; or NULL
 * @after: id of the rule behind which it belongs, or that is to be changed; or
 *	FNG_RULE_NONE
 * @advice: what else is to be known, or to be done instead; or NULL
 */
struct fngl_fix {
	enum fngl_how how;
	const char *where;
	const char *yaml;
	u32 after;
	const char *advice;
};

/**
 * fngl_fix_find() - find the smallest change that allows an act
 * @parts: of the policy that refuses it
 * @image: the one of them that does
 * @act: the act; of what is no question, FNGL_OTHER
 * @rule: id of the rule that refuses it
 * @arena: for the texts
 * @fix: filled
 */
void fngl_fix_find(const struct fngc_parts *parts, const struct fng_image *image,
		   const struct fngl_act *act, u32 rule,
		   struct fngc_arena *arena, struct fngl_fix *fix);

/* What to do about a refusal of the guard's own, by its rule id; NULL of others. */
const char *fngl_fix_advice(u32 rule);

#endif /* LEARN_FIX_H */
