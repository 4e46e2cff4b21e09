// SPDX-License-Identifier: MIT
#include "glob.h"
#include "reference.h"

const struct ref_floor_part ref_floor_parts[REF_NR_FLOOR_PARTS] = {
	{ "module", REF_ALWAYS }, { "kexec", REF_ALWAYS },
	{ "bpf", REF_ALWAYS }, { "kmem", REF_ALWAYS },
	{ "tracing", REF_ALWAYS }, { "io_uring", REF_ALWAYS },
	{ "cgroup", REF_ALWAYS }, { "control", REF_ALWAYS },
	{ "helper", REF_ALWAYS }, { "mount", REF_WITH_PATHS },
	{ "chroot", REF_WITH_PATHS }, { "namespace", REF_WITH_PATHS },
	{ "socket", REF_WITH_EGRESS }, { "ptrace", REF_ALWAYS },
};

/* A section that says nothing about its mode has that of the policy. */
static bool audits(const struct ref_policy *policy, u8 class)
{
	if (class < REF_NR_SECTIONS && policy->section[class].audit.said)
		return policy->section[class].audit.value;
	return policy->audit.value;
}

const struct ref_setting *
ref_effective(const struct ref_setting by_file[REF_MAX_FILES])
{
	if (by_file[0].said)
		return &by_file[0];
	for (u32 file = REF_MAX_FILES; file--;) {
		if (by_file[file].said)
			return &by_file[file];
	}
	return &by_file[0];
}

static int errno_of(const struct ref_policy *policy, u8 class)
{
	const struct ref_setting *err;

	if (class < REF_NR_SECTIONS) {
		err = ref_effective(policy->section[class].err);
		if (err->said)
			return (int)ref_errnos[err->value].value;
	}
	switch (class) {
	case REF_EXEC:
	case REF_FILES:
		return EACCES;
	case REF_EGRESS:
		return ECONNREFUSED;
	default:
		return EPERM;
	}
}

struct ref_verdict ref_verdict_of(const struct ref_policy *policy, u8 class,
				  bool refused, u32 line)
{
	return (struct ref_verdict){
		.refused = refused,
		.audit = audits(policy, class),
		.class = class,
		.err = errno_of(policy, class),
		.line = line,
	};
}

u32 ref_default_effect(const struct ref_section *section)
{
	const struct ref_setting *dflt = ref_effective(section->dflt);

	if (!ref_section_present(section))
		return REF_ALLOW;
	return dflt->said ? dflt->value : REF_DENY;
}

/* Where the section is written, by the file whose word holds; 0 if nowhere. */
static u32 section_line(const struct ref_section *section)
{
	if (section->present[0])
		return section->line[0];
	for (u32 file = REF_MAX_FILES; file--;) {
		if (section->present[file])
			return section->line[file];
	}
	return 0;
}

/* What is not written is put down to the section. */
static u32 setting_line(const struct ref_section *section,
			const struct ref_setting *setting)
{
	return setting->said ? setting->line : section_line(section);
}

u32 ref_default_line(const struct ref_section *section)
{
	return setting_line(section, ref_effective(section->dflt));
}

static struct ref_verdict decide_default(const struct ref_policy *policy,
					 u8 class)
{
	const struct ref_section *section = &policy->section[class];

	return ref_verdict_of(policy, class,
			      ref_default_effect(section) == REF_DENY,
			      ref_default_line(section));
}

/* fileless and write-exec: refused unless allowed by name. */
static struct ref_verdict decide_setting(const struct ref_policy *policy,
					 u8 class,
					 const struct ref_setting *setting)
{
	const struct ref_section *section = &policy->section[class];
	bool allowed = setting->said && setting->value == REF_ALLOW;

	return ref_verdict_of(policy, class,
			      ref_section_present(section) && !allowed,
			      setting_line(section, setting));
}

/* The lists of all files are one; without any, every word is in it. */
static bool has_word(const struct ref_words by_file[REF_MAX_FILES],
		     const struct ref_word *names, u32 value)
{
	bool said = false;

	for (u32 file = 0; file < REF_MAX_FILES; file++) {
		said |= by_file[file].said;
		for (u32 i = 0; i < by_file[file].nr; i++) {
			if (names[by_file[file].word[i]].value == value)
				return true;
		}
	}
	return !said;
}

/*
 * Where the list is: the last file that adds to it, the policy's being the last
 * of all; if all of them are empty, the first.
 */
static u32 words_line(const struct ref_section *section,
		      const struct ref_words by_file[REF_MAX_FILES])
{
	u32 line = 0;

	for (u32 i = 1; i <= REF_MAX_FILES; i++) {
		const struct ref_words *words = &by_file[i % REF_MAX_FILES];

		if (words->said && (words->nr || !line))
			line = words->line;
	}
	return line ? line : section_line(section);
}

/* A number too large to be a family or a type is neither. */
static struct ref_verdict decide_socket(const struct ref_policy *policy,
					const struct ref_request *request)
{
	const struct ref_section *section = &policy->section[REF_SOCKETS];
	const struct ref_words *words = policy->families;
	bool refused = request->domain >= 64 ||
		       !has_word(words, ref_families, request->domain);

	if (!ref_section_present(section))
		return ref_verdict_of(policy, REF_SOCKETS, false, 0);
	if (!refused) {
		words = policy->types;
		refused = request->type >= 32 ||
			  !has_word(words, ref_types, request->type);
	}
	return ref_verdict_of(policy, REF_SOCKETS, refused,
			      words_line(section, words));
}

static struct ref_verdict decide_floor(const struct ref_policy *policy,
				       u8 part)
{
	u8 when = ref_floor_parts[part].when;
	bool paths = ref_section_present(&policy->section[REF_EXEC]) ||
		     ref_section_present(&policy->section[REF_FILES]);
	bool egress = ref_section_present(&policy->section[REF_EGRESS]);

	return ref_verdict_of(policy, REF_FLOOR,
			      when == REF_ALWAYS ||
			      (when == REF_WITH_PATHS && paths) ||
			      (when == REF_WITH_EGRESS && egress), 0);
}

static struct ref_verdict decide_cgroup(const struct ref_policy *policy,
					const char *path)
{
	struct ref_verdict verdict = { .refused = true };

	for (u32 i = 0; i < policy->nr_cgroups; i++) {
		if (ref_glob_matches(policy->cgroups[i], path))
			verdict.refused = false;
	}
	return verdict;
}

struct ref_verdict ref_decide(const struct ref_policy *policy,
			      const struct ref_request *request)
{
	switch (request->kind) {
	case REF_ASK_PATH:
		return ref_decide_path(policy, request);
	case REF_ASK_RENAME:
		return ref_decide_rename(policy, request);
	case REF_ASK_REMOVE_TREE:
		return ref_decide_remove_tree(policy, request);
	case REF_ASK_MOVE_TREE:
		return ref_decide_move_tree(policy, request);
	case REF_ASK_NAMELESS:
		return ref_decide_nameless(policy, request);
	case REF_ASK_CONNECT:
		return ref_decide_connect(policy, request);
	case REF_ASK_SOCKET:
		return decide_socket(policy, request);
	case REF_ASK_DEFAULT:
		return decide_default(policy, request->class);
	case REF_ASK_FILELESS:
		return decide_setting(policy, REF_EXEC,
				      ref_effective(policy->fileless));
	case REF_ASK_WRITE_EXEC:
		return decide_setting(policy, REF_MEMORY,
				      ref_effective(policy->write_exec));
	case REF_ASK_FLOOR:
		return decide_floor(policy, request->part);
	default:
		return decide_cgroup(policy, request->path);
	}
}
