// SPDX-License-Identifier: MIT
#include "generate.h"

static void choose(struct ref_source *source, struct ref_setting *setting,
		   u32 percent, u32 bound)
{
	setting->said = ref_chance(source, percent);
	if (setting->said)
		setting->value = ref_below(source, bound);
}

static bool has_default(u32 class)
{
	return class == REF_EXEC || class == REF_FILES ||
	       class == REF_EGRESS || class == REF_LISTEN || class == REF_UNIX;
}

static void generate_section(struct ref_source *source,
			     struct ref_policy *policy, u32 class, u32 file)
{
	struct ref_section *section = &policy->section[class];

	choose(source, &section->err[file], 20, ref_nr_words(ref_errnos));
	section->present[file] = ref_chance(source, file ? 50 : 85);
	if (!section->present[file])
		return;
	if (!file)
		choose(source, &section->audit, 30, 2);
	if (has_default(class))
		choose(source, &section->dflt[file], file ? 50 : 70, 2);
}

static void generate_words(struct ref_source *source, struct ref_words *words,
			   const struct ref_word *names)
{
	words->said = ref_chance(source, 75);
	if (!words->said)
		return;
	words->nr = (u8)ref_below(source, REF_MAX_WORDS + 1);
	for (u32 i = 0; i < words->nr; i++)
		words->word[i] = (u8)ref_below(source, ref_nr_words(names));
}

static void generate_settings(struct ref_source *source,
			      struct ref_policy *policy, u32 file)
{
	if (policy->section[REF_EXEC].present[file]) {
		choose(source, &policy->fileless[file], 60, 2);
		choose(source, &policy->modified[file], 60, 2);
	}
	if (policy->section[REF_MEMORY].present[file])
		choose(source, &policy->write_exec[file], 80, 2);
	if (policy->section[REF_EGRESS].present[file])
		choose(source, &policy->dns[file], 40, 2);
	if (policy->section[REF_LIMITS].present[file]) {
		choose(source, &policy->connect[file], 70, REF_NR_RATES);
		choose(source, &policy->label[file], 50, 9);
	}
	if (policy->section[REF_SOCKETS].present[file]) {
		generate_words(source, &policy->families[file], ref_families);
		generate_words(source, &policy->types[file], ref_types);
	}
	if (policy->section[REF_PRIVILEGES].present[file]) {
		generate_words(source, &policy->capabilities[file],
			       ref_capabilities);
		generate_words(source, &policy->grants[file], ref_grants);
	}
}

/* A file for a rule, if the section is in it. */
static u8 choose_file(struct ref_source *source,
		      const struct ref_policy *policy, u32 class)
{
	u8 file = (u8)ref_below(source, policy->nr_templates + 1u);
	u8 own = policy->section[class].present[0] ? 0 : file;

	return policy->section[class].present[file] ? file : own;
}

/* Sections that the policy lacks may be in templates: rules can go there. */
static void deal_out(struct ref_source *source, struct ref_policy *policy)
{
	for (u32 i = 0; i < policy->nr_paths; i++) {
		struct ref_path_rule *rule = &policy->paths[i];

		rule->file = choose_file(source, policy, rule->class);
		rule->overridden = rule->file && ref_chance(source, 10);
		policy->section[rule->class].present[rule->file] = true;
	}
	for (u32 i = 0; i < policy->nr_egress; i++) {
		struct ref_egress_rule *rule = &policy->egress[i];

		rule->file = choose_file(source, policy, REF_EGRESS);
		rule->overridden = rule->file && ref_chance(source, 10);
		policy->section[REF_EGRESS].present[rule->file] = true;
	}
	for (u32 i = 0; i < policy->nr_hosts; i++) {
		struct ref_host_rule *rule = &policy->hosts[i];

		rule->file = choose_file(source, policy, REF_EGRESS);
		rule->overridden = rule->file && ref_chance(source, 10);
		policy->section[REF_EGRESS].present[rule->file] = true;
	}
	for (u32 i = 0; i < policy->nr_resolvers; i++) {
		struct ref_resolver *resolver = &policy->resolvers[i];

		resolver->file = choose_file(source, policy, REF_EGRESS);
		resolver->overridden = resolver->file && ref_chance(source, 20);
		policy->section[REF_EGRESS].present[resolver->file] = true;
	}
	for (u32 i = 0; i < policy->nr_listen; i++) {
		struct ref_listen_rule *rule = &policy->listen[i];

		rule->file = choose_file(source, policy, REF_LISTEN);
		rule->overridden = rule->file && ref_chance(source, 10);
		policy->section[REF_LISTEN].present[rule->file] = true;
	}
}

static void generate_phase(struct ref_source *source, struct ref_policy *policy)
{
	for (u32 class = 0; class < REF_NR_SECTIONS; class++) {
		if (has_default(class) && ref_chance(source, 40))
			policy->closed |= 1u << class;
	}
}

void ref_generate(struct ref_source *source, u32 max_templates,
		  struct ref_policy *policy)
{
	memset(policy, 0, sizeof(*policy));
	policy->style = ref_below(source, 0xffff);
	if (max_templates && ref_chance(source, 40)) {
		policy->nr_templates = (u8)(1 + ref_below(source,
							  max_templates));
		policy->chain = ref_chance(source, 50);
	}
	choose(source, &policy->audit, 40, 2);
	for (u32 file = 0; file <= policy->nr_templates; file++) {
		for (u32 class = 0; class < REF_NR_SECTIONS; class++)
			generate_section(source, policy, class, file);
		generate_settings(source, policy, file);
	}
	ref_generate_paths(source, policy);
	ref_generate_devices(source, policy);
	ref_generate_egress(source, policy);
	ref_generate_hosts(source, policy);
	ref_generate_listen(source, policy);
	deal_out(source, policy);
	if (ref_chance(source, 15))
		generate_phase(source, policy);
}
