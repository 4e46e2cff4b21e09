// SPDX-License-Identifier: MIT
#include "generate.h"

/* Few, so that names meet. */
static const char *const labels[] = { "a", "b", "ab", "x-1", "_s" };
static const char *const tops[] = { "example", "com", "c0" };

static const char *const resolvers[] = {
	"10.0.0.2", "10.0.0.3", "127.0.0.53", "8.8.8.8", "fd00::2", "::1",
	"169.254.169.254",
};

static void choose_name(struct ref_source *source, char *name)
{
	static const char *const stars[] = { "", "", "*.", "**." };

	strcpy(name, REF_PICK(source, stars));
	for (u32 nr = ref_below(source, 4); nr; nr--) {
		strcat(name, REF_PICK(source, labels));
		strcat(name, ".");
	}
	strcat(name, REF_PICK(source, tops));
	if (ref_chance(source, 10))
		strcat(name, ".");
	for (; *name && ref_chance(source, 80); name++) {
		if (*name >= 'a' && *name <= 'z' && ref_chance(source, 20))
			*name -= 'a' - 'A';
	}
}

/* Another rule for the same name, or for one more label before it. */
static void choose_near(struct ref_source *source,
			const struct ref_policy *policy, char *name)
{
	const char *other, *dot;

	if (!policy->nr_hosts || ref_chance(source, 40)) {
		choose_name(source, name);
		return;
	}
	other = policy->hosts[ref_below(source, policy->nr_hosts)].name;
	dot = strchr(other, '.');
	if (*other == '*' || (ref_chance(source, 40) && dot && dot[1]))
		other = dot + 1;
	*name = '\0';
	if (ref_chance(source, 60) && strlen(other) < REF_HOST_SIZE - 8)
		strcpy(name, ref_chance(source, 50) ? "*." : "**.");
	strcat(name, other);
}

/* The same as another rule, or the same but for a thing or two. */
static void choose_twin(struct ref_source *source,
			const struct ref_policy *policy,
			struct ref_host_rule *rule)
{
	*rule = policy->hosts[ref_below(source, policy->nr_hosts)];
	if (ref_chance(source, 25))
		rule->effect = rule->effect == REF_DENY ? REF_ALLOW : REF_DENY;
	else if (ref_chance(source, 50))
		rule->special = !rule->special;
	rule->special &= rule->effect == REF_ALLOW;
	if (ref_chance(source, 50))
		choose_near(source, policy, rule->name);
}

static void choose_rule(struct ref_source *source,
			const struct ref_policy *policy,
			struct ref_host_rule *rule)
{
	if (policy->nr_hosts && ref_chance(source, 25)) {
		choose_twin(source, policy, rule);
		return;
	}
	rule->effect = ref_chance(source, 65) ? REF_ALLOW : REF_DENY;
	rule->special = rule->effect == REF_ALLOW && ref_chance(source, 40);
	choose_near(source, policy, rule->name);
	rule->nr_ports = (u8)ref_below(source, REF_MAX_PORTS + 1);
	for (u32 i = 0; i < rule->nr_ports; i++)
		ref_choose_ports(source, policy, &rule->ports[i]);
}

void ref_generate_hosts(struct ref_source *source, struct ref_policy *policy)
{
	u32 nr = ref_below(source, REF_MAX_HOSTS + 1);

	if (!ref_section_present(&policy->section[REF_EGRESS]) ||
	    ref_chance(source, 30))
		return;
	while (policy->nr_hosts < nr) {
		choose_rule(source, policy, &policy->hosts[policy->nr_hosts]);
		policy->nr_hosts++;
	}
	nr = ref_below(source, REF_MAX_RESOLVERS + 1);
	while (policy->nr_resolvers < nr) {
		struct ref_network *network =
			&policy->resolvers[policy->nr_resolvers++].network;

		*network = ref_network_read(REF_PICK(source, resolvers));
		network->style = (u8)ref_below(source, REF_NR_STYLES);
	}
}
