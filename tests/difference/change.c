// SPDX-License-Identifier: MIT
/*
 * Policies as their authors change them: a rule more or less, another word.
 */
#include "difference.h"

/* What is taken over goes into the policy's own file. */
static void own(struct ref_policy *policy, u32 class, u8 *file,
		bool *overridden)
{
	*file = 0;
	*overridden = false;
	policy->section[class].present[0] = true;
}

static void change_path(struct ref_source *source, struct ref_policy *policy,
			const struct ref_policy *other)
{
	struct ref_path_rule *rule;

	if (!other->nr_paths)
		return;
	if (policy->nr_paths < REF_MAX_PATHS && ref_chance(source, 60))
		rule = &policy->paths[policy->nr_paths++];
	else if (policy->nr_paths)
		rule = &policy->paths[ref_below(source, policy->nr_paths)];
	else
		return;
	*rule = other->paths[ref_below(source, other->nr_paths)];
	own(policy, rule->class, &rule->file, &rule->overridden);
}

static void turn_path(struct ref_source *source, struct ref_policy *policy,
		      const struct ref_policy *other)
{
	struct ref_path_rule *rule;
	u32 bits;

	(void)other;
	if (!policy->nr_paths)
		return;
	rule = &policy->paths[ref_below(source, policy->nr_paths)];
	if (rule->class != REF_FILES) {
		rule->list = rule->list == REF_LIST_DENY ? REF_LIST_ALLOW :
			     REF_LIST_DENY;
		return;
	}
	bits = rule->allow;
	rule->allow = rule->deny;
	rule->deny = bits;
}

static void drop_path(struct ref_source *source, struct ref_policy *policy,
		      const struct ref_policy *other)
{
	struct ref_path_rule *rule;

	(void)other;
	if (!policy->nr_paths)
		return;
	rule = &policy->paths[ref_below(source, policy->nr_paths)];
	*rule = policy->paths[--policy->nr_paths];
}

static void change_egress(struct ref_source *source, struct ref_policy *policy,
			  const struct ref_policy *other)
{
	struct ref_egress_rule *rule;

	if (!other->nr_egress || policy->nr_egress == REF_MAX_EGRESS)
		return;
	rule = &policy->egress[policy->nr_egress++];
	*rule = other->egress[ref_below(source, other->nr_egress)];
	own(policy, REF_EGRESS, &rule->file, &rule->overridden);
}

static void turn_egress(struct ref_source *source, struct ref_policy *policy,
			const struct ref_policy *other)
{
	struct ref_egress_rule *rule;

	(void)other;
	if (!policy->nr_egress)
		return;
	rule = &policy->egress[ref_below(source, policy->nr_egress)];
	if (ref_chance(source, 50))
		rule->effect = rule->effect == REF_DENY ? REF_ALLOW : REF_DENY;
	else
		*rule = policy->egress[--policy->nr_egress];
}

static void change_host(struct ref_source *source, struct ref_policy *policy,
			const struct ref_policy *other)
{
	struct ref_host_rule *rule;

	if (!other->nr_hosts || policy->nr_hosts == REF_MAX_HOSTS)
		return;
	rule = &policy->hosts[policy->nr_hosts++];
	*rule = other->hosts[ref_below(source, other->nr_hosts)];
	own(policy, REF_EGRESS, &rule->file, &rule->overridden);
}

static void turn_host(struct ref_source *source, struct ref_policy *policy,
		      const struct ref_policy *other)
{
	struct ref_host_rule *rule;

	(void)other;
	if (!policy->nr_hosts)
		return;
	rule = &policy->hosts[ref_below(source, policy->nr_hosts)];
	if (rule->effect == REF_ALLOW && ref_chance(source, 50))
		rule->special = !rule->special;
	else
		*rule = policy->hosts[--policy->nr_hosts];
}

static void change_resolver(struct ref_source *source,
			    struct ref_policy *policy,
			    const struct ref_policy *other)
{
	struct ref_resolver *resolver;

	if (policy->nr_resolvers && ref_chance(source, 40)) {
		policy->nr_resolvers--;
		return;
	}
	if (!other->nr_resolvers || policy->nr_resolvers == REF_MAX_RESOLVERS)
		return;
	resolver = &policy->resolvers[policy->nr_resolvers++];
	*resolver = other->resolvers[0];
	own(policy, REF_EGRESS, &resolver->file, &resolver->overridden);
}

static void change_listen(struct ref_source *source, struct ref_policy *policy,
			  const struct ref_policy *other)
{
	struct ref_listen_rule *rule;

	if (policy->nr_listen && ref_chance(source, 40)) {
		policy->nr_listen--;
		return;
	}
	if (!other->nr_listen || policy->nr_listen == REF_MAX_LISTEN)
		return;
	rule = &policy->listen[policy->nr_listen++];
	*rule = other->listen[ref_below(source, other->nr_listen)];
	own(policy, REF_LISTEN, &rule->file, &rule->overridden);
}

static void change_words(struct ref_source *source, struct ref_policy *policy,
			 const struct ref_policy *other)
{
	bool sockets = ref_chance(source, 50);

	policy->section[sockets ? REF_SOCKETS : REF_PRIVILEGES].present[0] =
		true;
	if (sockets && ref_chance(source, 50))
		policy->families[0] = other->families[0];
	else if (sockets)
		policy->types[0] = other->types[0];
	else if (ref_chance(source, 50))
		policy->capabilities[0] = other->capabilities[0];
	else
		policy->grants[0] = other->grants[0];
}

static void change_setting(struct ref_source *source, struct ref_policy *policy,
			   const struct ref_policy *other)
{
	switch (ref_below(source, 6)) {
	case 0:
		policy->section[REF_EXEC].present[0] = true;
		policy->fileless[0] = other->fileless[0];
		break;
	case 1:
		policy->section[REF_EXEC].present[0] = true;
		policy->modified[0] = other->modified[0];
		break;
	case 2:
		policy->section[REF_MEMORY].present[0] = true;
		policy->write_exec[0] = other->write_exec[0];
		break;
	case 3:
		policy->section[REF_EGRESS].present[0] = true;
		policy->dns[0] = other->dns[0];
		break;
	case 4:
		policy->section[REF_LIMITS].present[0] = true;
		policy->connect[0].said = true;
		policy->connect[0].value = ref_below(source, REF_NR_RATES);
		break;
	default:
		policy->section[REF_LIMITS].present[0] = true;
		policy->label[0] = other->label[0];
	}
}

static void change_section(struct ref_source *source, struct ref_policy *policy,
			   const struct ref_policy *other)
{
	u32 class = ref_below(source, REF_NR_SECTIONS);
	struct ref_section *section = &policy->section[class];

	if (ref_chance(source, 20))
		policy->audit = other->audit;
	section->err[0] = other->section[class].err[0];
	if (!other->section[class].present[0])
		return;
	section->present[0] = true;
	section->dflt[0] = other->section[class].dflt[0];
	section->audit = other->section[class].audit;
}

static void change_attach(struct ref_source *source, struct ref_policy *policy,
			  const struct ref_policy *other)
{
	if (ref_chance(source, 50)) {
		policy->nr_cgroups = other->nr_cgroups;
		memcpy(policy->cgroups, other->cgroups,
		       sizeof(policy->cgroups));
		return;
	}
	policy->nr_devices = other->nr_devices;
	memcpy(policy->devices, other->devices, sizeof(policy->devices));
}

void dif_change(struct ref_source *source, struct ref_policy *policy,
		const struct ref_policy *other)
{
	static void (*const changes[])(struct ref_source *source,
				       struct ref_policy *policy,
				       const struct ref_policy *other) = {
		change_path, change_path, turn_path, drop_path, change_egress,
		turn_egress, change_host, turn_host, change_resolver,
		change_listen, change_words, change_setting, change_section,
		change_attach,
	};
	u32 nr = ref_below(source, 5);

	/* Now and then the text alone is another, and how it is compiled. */
	policy->style = ref_below(source, 0xffff);
	for (u32 i = 0; i < nr; i++)
		REF_PICK(source, changes)(source, policy, other);
}
