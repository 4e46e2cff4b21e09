// SPDX-License-Identifier: MIT
/*
 * What goes wrong, with less around it: whatever can be left out without a
 * change of the outcome is left out.
 */
#include "compare.h"
#include "generate.h"

/**
 * struct attempt - a policy and a question that may be the smaller ones
 * @policy: policy
 * @request: question
 * @directory: for templates
 */
struct attempt {
	struct ref_policy policy;
	struct ref_request request;
	const char *directory;
};

/**
 * struct goal - what is to stay as it is
 * @outcome: how the comparison ends
 * @error: what the compiler says first, if it rejects the policy
 */
struct goal {
	enum ref_outcome outcome;
	char error[256];
};

static struct goal reach(const struct attempt *attempt)
{
	struct ref_subject subject = {
		.policy = attempt->policy,
		.directory = attempt->directory,
	};
	struct goal goal = { .outcome = ref_subject_build(&subject) };
	const struct fngc_result *result = subject.result;
	struct ref_verdict engine;

	if (goal.outcome == REF_SAME)
		goal.outcome = ref_compare(&subject, &attempt->request,
					   &engine);
	for (size_t i = 0; i < result->nr_diags && !*goal.error; i++) {
		if (result->diags[i].severity == FNGC_ERROR)
			snprintf(goal.error, sizeof(goal.error), "%s",
				 result->diags[i].message);
	}
	ref_subject_free(&subject);
	return goal;
}

static bool still(const struct attempt *attempt, const struct goal *goal)
{
	struct goal now = reach(attempt);

	return now.outcome == goal->outcome && !strcmp(now.error, goal->error);
}

static bool cut_rule(struct attempt *attempt, u32 at)
{
	struct ref_policy *policy = &attempt->policy;

	if (at >= policy->nr_paths)
		return false;
	policy->paths[at] = policy->paths[--policy->nr_paths];
	return true;
}

static bool cut_egress(struct attempt *attempt, u32 at)
{
	struct ref_policy *policy = &attempt->policy;

	if (at >= policy->nr_egress)
		return false;
	policy->egress[at] = policy->egress[--policy->nr_egress];
	return true;
}

static bool cut_host(struct attempt *attempt, u32 at)
{
	struct ref_policy *policy = &attempt->policy;

	if (at >= policy->nr_hosts)
		return false;
	policy->hosts[at] = policy->hosts[--policy->nr_hosts];
	return true;
}

static bool cut_resolver(struct attempt *attempt, u32 at)
{
	struct ref_policy *policy = &attempt->policy;

	if (at >= policy->nr_resolvers)
		return false;
	policy->resolvers[at] = policy->resolvers[--policy->nr_resolvers];
	return true;
}

static bool cut_listen(struct attempt *attempt, u32 at)
{
	struct ref_policy *policy = &attempt->policy;

	if (at >= policy->nr_listen)
		return false;
	policy->listen[at] = policy->listen[--policy->nr_listen];
	return true;
}

static bool cut_cgroup(struct attempt *attempt, u32 at)
{
	struct ref_policy *policy = &attempt->policy;

	if (at >= policy->nr_cgroups)
		return false;
	memmove(policy->cgroups[at], policy->cgroups[--policy->nr_cgroups],
		REF_PATTERN_SIZE);
	return true;
}

static bool cut_device(struct attempt *attempt, u32 at)
{
	struct ref_policy *policy = &attempt->policy;

	if (at >= policy->nr_devices)
		return false;
	memmove(policy->devices[at], policy->devices[--policy->nr_devices],
		REF_PATTERN_SIZE);
	return true;
}

static bool cut_target(struct attempt *attempt, u32 at)
{
	struct ref_egress_rule *rule =
		&attempt->policy.egress[at / REF_MAX_TARGETS];

	if (at / REF_MAX_TARGETS >= attempt->policy.nr_egress)
		return false;
	at %= REF_MAX_TARGETS;
	if (rule->nr_targets > 1 && at < rule->nr_targets)
		rule->targets[at] = rule->targets[--rule->nr_targets];
	return true;
}

static bool cut_port(struct attempt *attempt, u32 at)
{
	struct ref_egress_rule *rule =
		&attempt->policy.egress[at / REF_MAX_PORTS];

	if (at / REF_MAX_PORTS >= attempt->policy.nr_egress)
		return false;
	at %= REF_MAX_PORTS;
	if (at < rule->nr_ports)
		rule->ports[at] = rule->ports[--rule->nr_ports];
	return true;
}

static bool cut_host_port(struct attempt *attempt, u32 at)
{
	struct ref_host_rule *rule = &attempt->policy.hosts[at / REF_MAX_PORTS];

	if (at / REF_MAX_PORTS >= attempt->policy.nr_hosts)
		return false;
	at %= REF_MAX_PORTS;
	if (at < rule->nr_ports)
		rule->ports[at] = rule->ports[--rule->nr_ports];
	return true;
}

/* With all that is in it: rules without a section are no policy. */
static bool cut_section(struct attempt *attempt, u32 at)
{
	struct ref_policy *policy = &attempt->policy;
	u32 kept = 0;

	if (at >= REF_NR_SECTIONS)
		return false;
	for (u32 i = 0; i < policy->nr_paths; i++) {
		if (policy->paths[i].class != at)
			policy->paths[kept++] = policy->paths[i];
	}
	policy->nr_paths = kept;
	if (at == REF_EGRESS) {
		policy->nr_egress = 0;
		policy->nr_hosts = 0;
		policy->nr_resolvers = 0;
		memset(policy->dns, 0, sizeof(policy->dns));
	}
	if (at == REF_LISTEN)
		policy->nr_listen = 0;
	if (at == REF_LIMITS)
		memset(policy->connect, 0, sizeof(policy->connect));
	if (at == REF_LIMITS)
		memset(policy->label, 0, sizeof(policy->label));
	if (at == REF_EXEC)
		memset(policy->fileless, 0, sizeof(policy->fileless));
	if (at == REF_EXEC)
		memset(policy->modified, 0, sizeof(policy->modified));
	if (at == REF_MEMORY)
		memset(policy->write_exec, 0, sizeof(policy->write_exec));
	if (at == REF_SOCKETS)
		memset(policy->families, 0, sizeof(policy->families));
	if (at == REF_SOCKETS)
		memset(policy->types, 0, sizeof(policy->types));
	if (at == REF_PRIVILEGES)
		memset(policy->capabilities, 0, sizeof(policy->capabilities));
	if (at == REF_PRIVILEGES)
		memset(policy->grants, 0, sizeof(policy->grants));
	memset(&policy->section[at], 0, sizeof(policy->section[at]));
	return true;
}

static void move_rule(struct ref_policy *policy, u32 class, u8 from, u8 *file,
		      bool *overridden)
{
	if (*file != from)
		return;
	*file = 0;
	*overridden = false;
	policy->section[class].present[0] = true;
}

static void forget_file(struct ref_policy *policy, u32 class, u8 file)
{
	struct ref_section *section = &policy->section[class];

	section->present[file] = false;
	section->dflt[file].said = false;
	section->err[file].said = false;
	policy->fileless[file].said = false;
	policy->modified[file].said = false;
	policy->write_exec[file].said = false;
	policy->dns[file].said = false;
	policy->connect[file].said = false;
	policy->label[file].said = false;
	memset(&policy->families[file], 0, sizeof(struct ref_words));
	memset(&policy->types[file], 0, sizeof(struct ref_words));
	memset(&policy->capabilities[file], 0, sizeof(struct ref_words));
	memset(&policy->grants[file], 0, sizeof(struct ref_words));
}

/* Rules of the last template go to the policy itself. */
static bool cut_template(struct attempt *attempt, u32 at)
{
	struct ref_policy *policy = &attempt->policy;
	u8 last = policy->nr_templates;

	if (at || !last)
		return false;
	policy->nr_templates--;
	for (u32 i = 0; i < policy->nr_paths; i++)
		move_rule(policy, policy->paths[i].class, last,
			  &policy->paths[i].file, &policy->paths[i].overridden);
	for (u32 i = 0; i < policy->nr_egress; i++)
		move_rule(policy, REF_EGRESS, last, &policy->egress[i].file,
			  &policy->egress[i].overridden);
	for (u32 i = 0; i < policy->nr_hosts; i++)
		move_rule(policy, REF_EGRESS, last, &policy->hosts[i].file,
			  &policy->hosts[i].overridden);
	for (u32 i = 0; i < policy->nr_resolvers; i++)
		move_rule(policy, REF_EGRESS, last, &policy->resolvers[i].file,
			  &policy->resolvers[i].overridden);
	for (u32 i = 0; i < policy->nr_listen; i++)
		move_rule(policy, REF_LISTEN, last, &policy->listen[i].file,
			  &policy->listen[i].overridden);
	for (u32 class = 0; class < REF_NR_SECTIONS; class++)
		forget_file(policy, class, last);
	return true;
}

static bool cut_setting(struct attempt *attempt, u32 at)
{
	struct ref_policy *policy = &attempt->policy;
	struct ref_section *section = &policy->section[at / 3];

	if (at >= 3 * REF_NR_SECTIONS)
		return false;
	if (at % 3 == 0)
		memset(&section->audit, 0, sizeof(section->audit));
	else if (at % 3 == 1)
		memset(section->dflt, 0, sizeof(section->dflt));
	else
		memset(section->err, 0, sizeof(section->err));
	return true;
}

static bool cut_other(struct attempt *attempt, u32 at)
{
	struct ref_policy *policy = &attempt->policy;

	switch (at) {
	case 0:
		*policy->root = '\0';
		return true;
	case 1:
		memset(&policy->audit, 0, sizeof(policy->audit));
		return true;
	case 2:
		memset(policy->families, 0, sizeof(policy->families));
		return true;
	case 3:
		memset(policy->types, 0, sizeof(policy->types));
		return true;
	case 4:
		memset(policy->capabilities, 0, sizeof(policy->capabilities));
		return true;
	case 5:
		memset(policy->grants, 0, sizeof(policy->grants));
		return true;
	case 6:
		memset(policy->dns, 0, sizeof(policy->dns));
		return true;
	case 7:
		memset(policy->connect, 0, sizeof(policy->connect));
		return true;
	case 8:
		memset(policy->label, 0, sizeof(policy->label));
		return true;
	case 9:
		policy->style = 0;
		return true;
	case 10:
		policy->closed = attempt->request.served ? policy->closed : 0;
		return true;
	default:
		return false;
	}
}

static void cut_letter(char *text, u32 at)
{
	memmove(text + at, text + at + 1, strlen(text + at));
}

/* Letter by letter, from the last pattern to the first. */
static bool cut_pattern(struct attempt *attempt, u32 at)
{
	struct ref_policy *policy = &attempt->policy;
	char *text;

	if (at / REF_PATTERN_SIZE >= policy->nr_paths)
		return false;
	text = policy->paths[at / REF_PATTERN_SIZE].pattern;
	if (at % REF_PATTERN_SIZE < strlen(text))
		cut_letter(text, at % REF_PATTERN_SIZE);
	return true;
}

static bool cut_path(struct attempt *attempt, u32 at)
{
	char *text = at & 1 ? attempt->request.to : attempt->request.path;

	if (at >= 2 * REF_PATH_SIZE)
		return false;
	if (at / 2 < strlen(text) && strlen(text) > 1)
		cut_letter(text, at / 2);
	return true;
}

/* Tries one kind of cut at every place; true if something went. */
static bool cut_all(struct attempt *attempt, const struct goal *goal,
		    bool (*cut)(struct attempt *attempt, u32 at))
{
	struct attempt smaller = *attempt;
	bool gone = false;

	for (u32 at = 0; cut(&smaller, at); smaller = *attempt) {
		if (!memcmp(&smaller, attempt, sizeof(smaller)) ||
		    !still(&smaller, goal)) {
			at++;
			continue;
		}
		*attempt = smaller;
		gone = true;
	}
	return gone;
}

void ref_shrink(struct ref_subject *subject, struct ref_request *request)
{
	static bool (*const cuts[])(struct attempt *attempt, u32 at) = {
		cut_template, cut_section, cut_rule, cut_egress, cut_host,
		cut_resolver, cut_listen, cut_cgroup, cut_device, cut_target,
		cut_port, cut_host_port, cut_setting, cut_other,
		cut_pattern, cut_path,
	};
	u32 nr = sizeof(cuts) / sizeof(*cuts);
	struct attempt attempt = { subject->policy, *request,
				   subject->directory };
	struct goal goal = reach(&attempt);
	bool gone = true;

	/* With a letter less, a valid pattern may be rejected for good. */
	if (goal.outcome == REF_REJECTED)
		nr -= 2;
	while (gone) {
		gone = false;
		for (u32 i = 0; i < nr; i++)
			gone |= cut_all(&attempt, &goal, cuts[i]);
	}
	subject->policy = attempt.policy;
	*request = attempt.request;
}
