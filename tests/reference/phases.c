// SPDX-License-Identifier: MIT
/*
 * A phase is as if the keys that it names were written like that in the policy,
 * and nowhere else.
 */
#include "model.h"

static bool is_closed(const struct ref_policy *policy, u8 class)
{
	return policy->closed >> class & 1;
}

static void close_section(struct ref_policy *policy, u8 class)
{
	struct ref_section *section = &policy->section[class];

	if (!section->present[0])
		section->line[0] = policy->closed_line[class];
	section->present[0] = true;
	memset(section->dflt, 0, sizeof(section->dflt));
	section->dflt[0] = (struct ref_setting){
		.said = true,
		.value = REF_DENY,
		.line = policy->closed_line[class],
	};
}

/* A list of what is denied is left: that it is there may matter elsewhere. */
static void remove_paths(struct ref_policy *policy)
{
	u32 nr = 0;

	for (u32 i = 0; i < policy->nr_paths; i++) {
		const struct ref_path_rule *rule = &policy->paths[i];

		if (!is_closed(policy, rule->class) ||
		    (rule->class != REF_FILES && rule->list == REF_LIST_DENY))
			policy->paths[nr++] = *rule;
	}
	policy->nr_paths = nr;
}

static void remove_ports(struct ref_policy *policy)
{
	u32 nr = 0;

	for (u32 i = 0; i < policy->nr_listen; i++) {
		if (policy->listen[i].effect == REF_DENY)
			policy->listen[nr++] = policy->listen[i];
	}
	policy->nr_listen = nr;
}

void ref_phase_enter(const struct ref_policy *policy, struct ref_policy *after)
{
	*after = *policy;
	for (u8 class = 0; class < REF_NR_SECTIONS; class++) {
		if (is_closed(policy, class))
			close_section(after, class);
	}
	remove_paths(after);
	if (is_closed(policy, REF_EGRESS)) {
		after->nr_egress = 0;
		after->nr_hosts = 0;
		after->nr_resolvers = 0;
	}
	if (is_closed(policy, REF_LISTEN))
		remove_ports(after);
}
