// SPDX-License-Identifier: MIT
/*
 * Directories: what can be reached below them is without end, so it is looked
 * at by the rules that can match there and by samples of names.
 */
#include "glob.h"
#include "reference.h"

/* Bits of the rules with this effect that match something below. */
static u32 bits_below(const struct ref_policy *policy, const char *directory,
		      u8 effect)
{
	u32 bits = 0;

	for (u32 i = 0; i < policy->nr_paths; i++) {
		const struct ref_path_rule *rule = &policy->paths[i];

		if (ref_glob_reaches(rule->pattern, directory))
			bits |= ref_rule_bits(rule, effect);
	}
	return bits;
}

/* Which rule it was is not said: the section is all that is known. */
static struct ref_verdict refuse_below(const struct ref_policy *policy,
				       u32 bits)
{
	struct ref_verdict verdict;
	u8 class;

	if (!bits)
		return (struct ref_verdict){ .certainty = REF_REFUSED };
	class = ref_answering_class(policy, bits);
	verdict = ref_verdict_of(policy, class, true,
				 ref_default_line(&policy->section[class]));
	verdict.access = bits & ref_class_bits(class);
	return verdict;
}

struct ref_verdict ref_decide_remove_tree(const struct ref_policy *policy,
					  const struct ref_request *request)
{
	char directory[REF_PATH_SIZE + 1];

	ref_directory(request->path, directory);
	return refuse_below(policy, bits_below(policy, directory, REF_DENY) &
				    ~REF_TALK);
}

/**
 * struct move - what is known of two directories
 * @won: bits that some name below wins
 * @seen: bits that a name below the new one has, and one below the old has not
 * @differ: the same name below both is not judged the same
 */
struct move {
	u32 won;
	u32 seen;
	bool differ;
};

static void look_at(const struct ref_policy *policy, const char *from,
		    const char *to, const char *below, u32 *any, u32 *every,
		    struct move *move)
{
	char path[REF_PATH_SIZE + 1 + REF_BELOW_SIZE];
	struct ref_use before, after;

	strcpy(stpcpy(path, from), below);
	before = ref_use_of(policy, path);
	strcpy(stpcpy(path, to), below);
	after = ref_use_of(policy, path);
	move->won |= after.granted & ~before.granted;
	move->differ |= before.granted != after.granted ||
			memcmp(before.line, after.line, sizeof(before.line));
	*any |= after.granted;
	*every &= before.granted;
}

static struct move look_below(const struct ref_policy *policy,
			      const struct ref_request *request,
			      const char *from, const char *to)
{
	struct move move = { 0 };
	u32 any = 0, every = ~0u;

	for (u32 i = 0; i < request->nr_below; i++)
		look_at(policy, from, to, request->below[i], &any, &every,
			&move);
	move.won &= REF_TREE_GAIN_BITS;
	move.seen = any & ~every & REF_TREE_GAIN_BITS;
	return move;
}

/* Bits of the sections with this default. */
static u32 default_bits(const struct ref_policy *policy, u32 effect)
{
	u32 bits = 0;

	if (ref_default_effect(&policy->section[REF_EXEC]) == effect)
		bits |= REF_CODE_BITS;
	if (ref_default_effect(&policy->section[REF_FILES]) == effect)
		bits |= REF_FILE_BITS;
	if (ref_default_effect(&policy->section[REF_UNIX]) == effect)
		bits |= REF_TALK;
	return bits;
}

/*
 * Two names are compared by all that is below them, not name by name: a bit
 * that something has below the new one, and something else has not below the
 * old, is won. But directories that are judged alike in all are never refused.
 */
struct ref_verdict ref_decide_move_tree(const struct ref_policy *policy,
					const struct ref_request *request)
{
	char from[REF_PATH_SIZE + 1], to[REF_PATH_SIZE + 1];
	struct ref_verdict verdict;
	struct move move;
	u32 possible;

	ref_directory(request->path, from);
	ref_directory(request->to, to);
	possible = default_bits(policy, REF_ALLOW) |
		   bits_below(policy, to, REF_ALLOW);
	possible &= default_bits(policy, REF_DENY) |
		    bits_below(policy, from, REF_DENY);
	possible &= REF_TREE_GAIN_BITS;
	if (!possible || !strcmp(from, to))
		return (struct ref_verdict){ .certainty = REF_REFUSED };
	move = look_below(policy, request, from, to);
	if (move.differ && move.seen == possible)
		return refuse_below(policy, possible);
	verdict = (struct ref_verdict){ .certainty = REF_NOTHING };
	if (move.won || (move.differ && move.seen)) {
		verdict.certainty = REF_REFUSED;
		verdict.refused = true;
	}
	return verdict;
}
