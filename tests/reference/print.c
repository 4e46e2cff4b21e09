// SPDX-License-Identifier: MIT
/*
 * A policy as somebody would write it. Every rule and setting is on a line of
 * its own, so that a line tells which one it was that decided.
 */
#include "print.h"
#include "printer.h"

static const char *const effects[] = { "deny", "allow" };
static const char *const modes[] = { "enforce", "audit" };
static const char *const lists[] = { "allow", "map", "deny" };
static const char *const dns[] = { "strict", "any" };

static void put_setting(struct ref_printer *p, struct ref_section *section,
			const char *name, struct ref_setting *setting,
			const char *const *words)
{
	if (!setting->said)
		return;
	ref_put_key(p, section, name);
	setting->line = p->line;
	ref_put(p, " %s", words[setting->value]);
	ref_put_end(p);
}

static bool is_here(const struct ref_printer *p,
		    const struct ref_path_rule *rule, u8 class)
{
	return rule->file == p->file && rule->class == class;
}

static bool has_list(const struct ref_printer *p, u8 class, u8 list)
{
	for (u32 i = 0; i < p->policy->nr_paths; i++) {
		const struct ref_path_rule *rule = &p->policy->paths[i];

		if (is_here(p, rule, class) && rule->list == list)
			return true;
	}
	return false;
}

static void put_list(struct ref_printer *p, u8 class, u8 list)
{
	for (u32 i = 0; i < p->policy->nr_paths; i++) {
		struct ref_path_rule *rule = &p->policy->paths[i];

		if (!is_here(p, rule, class) || rule->list != list)
			continue;
		rule->line = p->line;
		ref_put(p, "    - ");
		ref_put_pattern(p, rule->pattern);
		ref_put_end(p);
	}
}

static void put_lists(struct ref_printer *p, struct ref_section *section,
		      u8 class)
{
	u32 first = p->policy->style / REF_NR_SECTIONS;

	for (u32 i = 0; i < REF_NR_LISTS; i++) {
		u8 list = (first + i) % REF_NR_LISTS;

		if (!has_list(p, class, list))
			continue;
		ref_put_key(p, section, lists[list]);
		ref_put_end(p);
		put_list(p, class, list);
	}
}

static void put_exec(struct ref_printer *p, struct ref_section *section)
{
	put_setting(p, section, "fileless", &p->policy->fileless[p->file],
		    effects);
	put_setting(p, section, "modified", &p->policy->modified[p->file],
		    effects);
	put_lists(p, section, REF_EXEC);
}

static void put_unix(struct ref_printer *p, struct ref_section *section)
{
	put_lists(p, section, REF_UNIX);
}

static void put_listen_list(struct ref_printer *p, struct ref_section *section,
			    u8 effect)
{
	bool begun = false;

	for (u32 i = 0; i < p->policy->nr_listen; i++) {
		struct ref_listen_rule *rule = &p->policy->listen[i];

		if (rule->file != p->file || rule->effect != effect)
			continue;
		if (!begun) {
			ref_put_key(p, section, effects[effect]);
			ref_put_end(p);
		}
		begun = true;
		rule->line = p->line;
		ref_put(p, "    - ");
		ref_put_ports(p, &rule->ports);
		ref_put_end(p);
	}
}

static void put_listen(struct ref_printer *p, struct ref_section *section)
{
	put_listen_list(p, section, REF_ALLOW);
	put_listen_list(p, section, REF_DENY);
}

static void put_memory(struct ref_printer *p, struct ref_section *section)
{
	put_setting(p, section, "write-exec", &p->policy->write_exec[p->file],
		    effects);
}

static void put_effect(struct ref_printer *p, const char *name, u32 bits,
		       bool block)
{
	if (!bits)
		return;
	if (block)
		ref_put_end(p);
	ref_put(p, block ? "      %s: " : ", %s: ", name);
	ref_put_bits(p, bits);
}

static void put_files_rule(struct ref_printer *p, struct ref_path_rule *rule)
{
	bool block = ref_style_coin(p);

	rule->line = p->line;
	ref_put(p, block ? "    - path: " : "    - { path: ");
	p->flow = !block;
	ref_put_pattern(p, rule->pattern);
	p->flow = false;
	put_effect(p, "allow", rule->allow, block);
	put_effect(p, "deny", rule->deny, block);
	ref_put(p, block ? "" : " }");
	ref_put_end(p);
}

static void put_files(struct ref_printer *p, struct ref_section *section)
{
	bool begun = false;

	for (u32 i = 0; i < p->policy->nr_paths; i++) {
		struct ref_path_rule *rule = &p->policy->paths[i];

		if (!is_here(p, rule, REF_FILES))
			continue;
		if (!begun) {
			ref_put_key(p, section, "rules");
			ref_put_end(p);
		}
		begun = true;
		put_files_rule(p, rule);
	}
}

static void put_port_list(struct ref_printer *p, const struct ref_ports *ports,
			  u32 nr)
{
	ref_put(p, nr ? ", ports: [" : "");
	for (u32 i = 0; i < nr; i++) {
		ref_put(p, "%s", i ? ", " : "");
		ref_put_ports(p, &ports[i]);
	}
	ref_put(p, nr ? "]" : "");
}

static void put_egress_rule(struct ref_printer *p, struct ref_egress_rule *rule)
{
	rule->line = p->line;
	ref_put(p, "    - { %s: { to: [", effects[rule->effect]);
	for (u32 i = 0; i < rule->nr_targets; i++) {
		const struct ref_target *target = &rule->targets[i];

		ref_put(p, "%s", i ? ", " : "");
		if (target->set)
			ref_put(p, "%s", ref_sets[target->set - 1].name);
		else
			ref_put_network(p, &target->network);
	}
	ref_put(p, "]");
	put_port_list(p, rule->ports, rule->nr_ports);
	ref_put(p, " } }");
	ref_put_end(p);
}

static void put_host_rule(struct ref_printer *p, struct ref_host_rule *rule)
{
	rule->line = p->line;
	ref_put(p, "    - { %s: { host: \"%s\"", effects[rule->effect],
		rule->name);
	put_port_list(p, rule->ports, rule->nr_ports);
	if (rule->special)
		ref_put(p, ", answers: any");
	else if (rule->effect == REF_ALLOW && ref_style_coin(p))
		ref_put(p, ", answers: public");
	ref_put(p, " } }");
	ref_put_end(p);
}

static void put_resolvers(struct ref_printer *p, struct ref_section *section)
{
	bool begun = false;

	for (u32 i = 0; i < p->policy->nr_resolvers; i++) {
		struct ref_resolver *resolver = &p->policy->resolvers[i];

		if (resolver->file != p->file)
			continue;
		if (!begun) {
			ref_put_key(p, section, "resolvers");
			ref_put_end(p);
		}
		begun = true;
		resolver->line = p->line;
		ref_put(p, "    - ");
		ref_put_network(p, &resolver->network);
		ref_put_end(p);
	}
}

/* Rules on names and on addresses are one list. */
static void put_egress_rules(struct ref_printer *p, struct ref_section *section)
{
	struct ref_policy *policy = p->policy;
	u32 nr = policy->nr_egress + policy->nr_hosts;
	bool names_first = ref_style_coin(p), begun = false;

	for (u32 i = 0; i < nr; i++) {
		u32 at = names_first ? nr - 1 - i : i;
		bool host = at >= policy->nr_egress;

		if ((host ? policy->hosts[at - policy->nr_egress].file :
			    policy->egress[at].file) != p->file)
			continue;
		if (!begun) {
			ref_put_key(p, section, "rules");
			ref_put_end(p);
		}
		begun = true;
		if (host)
			put_host_rule(p, &policy->hosts[at - policy->nr_egress]);
		else
			put_egress_rule(p, &policy->egress[at]);
	}
}

static void put_egress(struct ref_printer *p, struct ref_section *section)
{
	bool resolvers_first = ref_style_coin(p);

	if (resolvers_first)
		put_resolvers(p, section);
	put_setting(p, section, "dns", &p->policy->dns[p->file], dns);
	put_egress_rules(p, section);
	if (!resolvers_first)
		put_resolvers(p, section);
}

static void put_word_list(struct ref_printer *p, struct ref_section *section,
			  const char *name, struct ref_words *words,
			  const struct ref_word *names)
{
	if (!words->said)
		return;
	ref_put_key(p, section, name);
	words->line = p->line;
	ref_put(p, " ");
	ref_put_words(p, words, names);
	ref_put_end(p);
}

static void put_sockets(struct ref_printer *p, struct ref_section *section)
{
	put_word_list(p, section, "families", &p->policy->families[p->file],
		      ref_families);
	put_word_list(p, section, "types", &p->policy->types[p->file],
		      ref_types);
}

static void put_privileges(struct ref_printer *p, struct ref_section *section)
{
	put_word_list(p, section, "capabilities",
		      &p->policy->capabilities[p->file], ref_capabilities);
	put_word_list(p, section, "allow", &p->policy->grants[p->file],
		      ref_grants);
}

static void put_section(struct ref_printer *p, u32 class)
{
	static void (*const put[])(struct ref_printer *p,
				   struct ref_section *section) = {
		put_exec, put_memory, put_files, put_egress, put_sockets,
		put_privileges, put_listen, put_unix, ref_put_limits,
	};
	struct ref_section *section = &p->policy->section[class];
	bool mode_first = ref_style_coin(p) && !p->file;

	if (!section->present[p->file])
		return;
	section->line[p->file] = 0;
	ref_put(p, "%s:", ref_class_names[class]);
	if (mode_first)
		put_setting(p, section, "mode", &section->audit, modes);
	put_setting(p, section, "default", &section->dflt[p->file],
		    effects);
	put[class](p, section);
	if (!mode_first && !p->file)
		put_setting(p, section, "mode", &section->audit, modes);
	if (!section->line[p->file]) {
		section->line[p->file] = p->line;
		ref_put(p, " {}");
		ref_put_end(p);
	}
}

static void put_response(struct ref_printer *p)
{
	const char *comma = "response: { errno: { ";

	for (u32 i = 0; i < REF_NR_SECTIONS; i++) {
		const struct ref_setting *err =
			&p->policy->section[i].err[p->file];

		if (!err->said)
			continue;
		ref_put(p, "%s%s: %s", comma, ref_class_names[i],
			ref_errnos[err->value].name);
		comma = ", ";
	}
	if (*comma != ',')
		return;
	ref_put(p, " } }");
	ref_put_end(p);
}

static void put_attach(struct ref_printer *p)
{
	const struct ref_policy *policy = p->policy;

	if (!policy->nr_cgroups && !policy->nr_devices)
		return;
	ref_put(p, "attach: { ");
	p->flow = true;
	ref_put_patterns(p, "cgroup", policy->cgroups, policy->nr_cgroups);
	ref_put(p, ", ");
	ref_put_patterns(p, "interface", policy->devices, policy->nr_devices);
	p->flow = false;
	ref_put(p, " }");
	ref_put_end(p);
}

/* Whom the file extends: all templates, or the one before in the chain. */
static void put_extends(struct ref_printer *p)
{
	const struct ref_policy *policy = p->policy;
	u32 last = p->file ? p->file - 1 : policy->nr_templates;
	u32 first = policy->chain ? last : 1;

	if (!last || (p->file && !policy->chain))
		return;
	ref_put(p, "extends: [t%u", first);
	while (first++ < last)
		ref_put(p, ", t%u", first);
	ref_put(p, "]");
	ref_put_end(p);
}

static void put_override(struct ref_printer *p, u32 file, u32 line)
{
	ref_put(p, "  - { rule: \"t%u:%u\", reason: why not }", file,
		line & (REF_LINE(1u, 0) - 1));
	ref_put_end(p);
}

static void put_overrides(struct ref_printer *p)
{
	const struct ref_policy *policy = p->policy;
	u32 nr = 0;

	for (u32 i = 0; i < policy->nr_paths; i++)
		nr += policy->paths[i].overridden;
	for (u32 i = 0; i < policy->nr_egress; i++)
		nr += policy->egress[i].overridden;
	for (u32 i = 0; i < policy->nr_hosts; i++)
		nr += policy->hosts[i].overridden;
	for (u32 i = 0; i < policy->nr_resolvers; i++)
		nr += policy->resolvers[i].overridden;
	for (u32 i = 0; i < policy->nr_listen; i++)
		nr += policy->listen[i].overridden;
	if (!nr)
		return;
	ref_put(p, "override:");
	ref_put_end(p);
	for (u32 i = 0; i < policy->nr_paths; i++) {
		if (policy->paths[i].overridden)
			put_override(p, policy->paths[i].file,
				     policy->paths[i].line);
	}
	for (u32 i = 0; i < policy->nr_egress; i++) {
		if (policy->egress[i].overridden)
			put_override(p, policy->egress[i].file,
				     policy->egress[i].line);
	}
	for (u32 i = 0; i < policy->nr_hosts; i++) {
		if (policy->hosts[i].overridden)
			put_override(p, policy->hosts[i].file,
				     policy->hosts[i].line);
	}
	for (u32 i = 0; i < policy->nr_resolvers; i++) {
		if (policy->resolvers[i].overridden)
			put_override(p, policy->resolvers[i].file,
				     policy->resolvers[i].line);
	}
	for (u32 i = 0; i < policy->nr_listen; i++) {
		if (policy->listen[i].overridden)
			put_override(p, policy->listen[i].file,
				     policy->listen[i].line);
	}
}

/* What a template does not have. */
static void put_own(struct ref_printer *p)
{
	if (p->policy->audit.said) {
		ref_put(p, "mode: %s", modes[p->policy->audit.value]);
		ref_put_end(p);
	}
	if (*p->policy->root) {
		ref_put(p, "params: { root: ");
		p->flow = true;
		ref_put_text(p, p->policy->root);
		p->flow = false;
		ref_put(p, " }");
		ref_put_end(p);
	}
	put_attach(p);
	put_overrides(p);
}

static char *print_file(struct ref_policy *policy, u32 file)
{
	struct ref_printer p = {
		.policy = policy,
		.file = file,
		.line = REF_LINE(ref_file_rank(policy, file), 1),
		.style = policy->style + file,
	};
	char *text = NULL;
	size_t size;

	p.out = open_memstream(&text, &size);
	ref_put(&p, file ? "template: t%u" : "policy: reference", file);
	ref_put_end(&p);
	put_extends(&p);
	if (!file)
		put_own(&p);
	for (u32 i = 0; i < REF_NR_SECTIONS; i++)
		put_section(&p, (policy->style + i) % REF_NR_SECTIONS);
	put_response(&p);
	if (!file)
		ref_put_phase(&p);
	fclose(p.out);
	return text;
}

u32 ref_file_rank(const struct ref_policy *policy, u32 file)
{
	if (!file || !policy->chain)
		return file;
	return policy->nr_templates + 1 - file;
}

/* Templates first: overrides name their lines. */
void ref_print(struct ref_policy *policy, char *texts[REF_MAX_FILES])
{
	for (u32 file = REF_MAX_FILES; file--;)
		texts[file] = file > policy->nr_templates ? NULL :
			      print_file(policy, file);
}
