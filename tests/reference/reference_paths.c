// SPDX-License-Identifier: MIT
/*
 * Uses of a path, and a file's getting another name.
 */
#include "glob.h"
#include "reference.h"

static u32 peer_bits(u8 list, u8 effect)
{
	return list == (effect == REF_DENY ? REF_LIST_DENY : REF_LIST_ALLOW) ?
	       REF_TALK : 0;
}

/* What allow lists may be executed and mapped, what map lists only mapped. */
static u32 list_bits(u8 list, u8 effect)
{
	if (effect == REF_DENY)
		return list == REF_LIST_DENY ? REF_CODE_BITS : 0;
	if (list == REF_LIST_MAP)
		return REF_MAP;
	return list == REF_LIST_ALLOW ? REF_CODE_BITS : 0;
}

u32 ref_rule_bits(const struct ref_path_rule *rule, u8 effect)
{
	if (rule->overridden)
		return 0;
	if (rule->class == REF_EXEC)
		return list_bits(rule->list, effect);
	if (rule->class == REF_UNIX)
		return peer_bits(rule->list, effect);
	return effect == REF_DENY ? rule->deny : rule->allow;
}

u32 ref_class_bits(u8 class)
{
	if (class == REF_UNIX)
		return REF_TALK;
	return class == REF_EXEC ? REF_CODE_BITS : REF_FILE_BITS;
}

static u8 class_of_bit(u32 bit)
{
	if (bit & REF_TALK)
		return REF_UNIX;
	return bit & REF_CODE_BITS ? REF_EXEC : REF_FILES;
}

/* The first rule, by file and line, that hits with this effect on the bit. */
static const struct ref_path_rule *find(const struct ref_policy *policy,
					const bool *hits, u8 effect, u32 bit)
{
	const struct ref_path_rule *found = NULL;

	for (u32 i = 0; i < policy->nr_paths; i++) {
		const struct ref_path_rule *rule = &policy->paths[i];

		if (hits[i] && ref_rule_bits(rule, effect) & bit &&
		    (!found || rule->line < found->line))
			found = rule;
	}
	return found;
}

/* Deny beats allow beats default. */
static bool judge_bit(const struct ref_policy *policy, const bool *hits,
		      u32 bit, u32 *line)
{
	const struct ref_section *section =
		&policy->section[class_of_bit(bit)];
	const struct ref_path_rule *rule;

	rule = find(policy, hits, REF_DENY, bit);
	if (rule) {
		*line = rule->line;
		return false;
	}
	rule = find(policy, hits, REF_ALLOW, bit);
	if (rule) {
		*line = rule->line;
		return true;
	}
	*line = ref_default_line(section);
	return ref_default_effect(section) == REF_ALLOW;
}

struct ref_use ref_use_of(const struct ref_policy *policy, const char *path)
{
	struct ref_use use = { 0 };
	bool hits[REF_MAX_PATHS];

	for (u32 i = 0; i < policy->nr_paths; i++)
		hits[i] = ref_glob_matches(policy->paths[i].pattern, path);
	for (u32 i = 0; i < REF_NR_BITS; i++) {
		if (judge_bit(policy, hits, 1u << i, &use.line[i]))
			use.granted |= 1u << i;
	}
	return use;
}

static u32 lowest(u32 bits)
{
	u32 number = 0;

	while (!(bits >> number & 1))
		number++;
	return number;
}

struct ref_verdict ref_decide_path(const struct ref_policy *policy,
				   const struct ref_request *request)
{
	struct ref_use use = ref_use_of(policy, request->path);
	u32 missing = request->access & ~use.granted;
	u32 bit = lowest(missing ? missing : request->access);
	struct ref_verdict verdict;

	verdict = ref_verdict_of(policy, class_of_bit(request->access),
				 missing, use.line[bit]);
	verdict.access = missing;
	return verdict;
}

static bool concerns(u8 class, u32 bits)
{
	return bits & ref_class_bits(class);
}

/* The first that does more than audit, or else the first. */
u8 ref_answering_class(const struct ref_policy *policy, u32 bits)
{
	static const u8 order[] = { REF_FILES, REF_EXEC, REF_UNIX };
	u8 first = REF_UNIX;

	for (u32 i = 0; i < 3; i++) {
		if (concerns(order[i], bits) &&
		    !ref_verdict_of(policy, order[i], true, 0).audit)
			return order[i];
	}
	if (concerns(REF_EXEC, bits))
		first = REF_EXEC;
	return concerns(REF_FILES, bits) ? REF_FILES : first;
}

struct ref_verdict ref_decide_rename(const struct ref_policy *policy,
				     const struct ref_request *request)
{
	struct ref_use from = ref_use_of(policy, request->path);
	struct ref_use to = ref_use_of(policy, request->to);
	u32 gained = to.granted & ~from.granted & REF_GAIN_BITS;
	struct ref_verdict verdict;
	u8 class;

	if (!gained)
		return (struct ref_verdict){ .certainty = REF_REFUSED };
	class = ref_answering_class(policy, gained);
	gained &= ref_class_bits(class);
	verdict = ref_verdict_of(policy, class, true,
				 from.line[lowest(gained)]);
	verdict.access = gained;
	return verdict;
}

/* Who may talk to a socket may call it anything. */
struct ref_verdict ref_decide_rename_peer(const struct ref_policy *policy,
					  const struct ref_request *request)
{
	struct ref_use use = ref_use_of(policy, request->path);
	bool refused = !(use.granted & REF_TALK);
	struct ref_verdict verdict;

	verdict = ref_verdict_of(policy, REF_UNIX, refused,
				 ref_default_line(&policy->section[REF_UNIX]));
	verdict.access = refused ? REF_TALK : 0;
	return verdict;
}

/* It may have been what a rule denies by name; a link gives it any name. */
struct ref_verdict ref_decide_nameless(const struct ref_policy *policy,
				       const struct ref_request *request)
{
	const struct ref_section *section = &policy->section[REF_FILES];
	bool refused = ref_default_effect(section) == REF_DENY;
	u32 access = request->access;
	struct ref_verdict verdict;

	if (access & REF_LINK)
		access = REF_FILE_BITS | REF_CODE_BITS;
	if (!ref_section_present(section))
		return ref_verdict_of(policy, REF_FILES, false, 0);
	for (u32 i = 0; i < policy->nr_paths; i++)
		refused |= ref_rule_bits(&policy->paths[i], REF_DENY) & access;
	verdict = ref_verdict_of(policy, REF_FILES, refused,
				 ref_default_line(section));
	verdict.access = refused ? request->access : 0;
	return verdict;
}
