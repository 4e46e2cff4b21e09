// SPDX-License-Identifier: MIT
#include <linux/capability.h>

#include "glob.h"
#include "reference.h"

const struct ref_floor_part ref_floor_parts[REF_NR_FLOOR_PARTS] = {
	{ "module", REF_ALWAYS }, { "reboot", REF_ALWAYS },
	{ "bpf", REF_ALWAYS }, { "kmem", REF_ALWAYS },
	{ "tracing", REF_ALWAYS }, { "io_uring", REF_ALWAYS },
	{ "cgroup", REF_ALWAYS }, { "control", REF_ALWAYS },
	{ "helper", REF_ALWAYS }, { "mount", REF_WITH_PATHS },
	{ "chroot", REF_WITH_PATHS }, { "userns", REF_WITH_PATHS },
	{ "socket", REF_WITH_NETWORK }, { "ptrace-outside", REF_ALWAYS },
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
	case REF_LIMITS:
		return EAGAIN;
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
u32 ref_setting_line(const struct ref_section *section,
		     const struct ref_setting *setting)
{
	return setting->said ? setting->line : section_line(section);
}

u32 ref_default_line(const struct ref_section *section)
{
	return ref_setting_line(section, ref_effective(section->dflt));
}

struct ref_verdict ref_decide_default(const struct ref_policy *policy,
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
			      ref_setting_line(section, setting));
}

/* Allowed unless refused by name. */
static struct ref_verdict decide_modified(const struct ref_policy *policy)
{
	const struct ref_setting *setting = ref_effective(policy->modified);

	return ref_verdict_of(policy, REF_EXEC,
			      setting->said && setting->value == REF_DENY,
			      setting->said ? setting->line : 0);
}

static bool list_has(const struct ref_words *words,
		     const struct ref_word *names, u32 value)
{
	for (u32 i = 0; i < words->nr; i++) {
		if (names[words->word[i]].value == value)
			return true;
	}
	return false;
}

/* The lists of all files are one; without any, every word is in it. */
static bool has_word(const struct ref_words by_file[REF_MAX_FILES],
		     const struct ref_word *names, u32 value)
{
	bool said = false;

	for (u32 file = 0; file < REF_MAX_FILES; file++) {
		said |= by_file[file].said;
		if (list_has(&by_file[file], names, value))
			return true;
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

/* A list takes the place of those before it: the last one is all that holds. */
static const struct ref_words *
last_list(const struct ref_words by_file[REF_MAX_FILES])
{
	if (by_file[0].said)
		return &by_file[0];
	for (u32 file = REF_MAX_FILES; file--;) {
		if (by_file[file].said)
			return &by_file[file];
	}
	return &by_file[0];
}

/*
 * Without a list, all may be used, also those that have no word yet; a number
 * too large for the kernel's sets is no capability.
 */
static struct ref_verdict decide_listed(const struct ref_policy *policy,
					u32 capability)
{
	const struct ref_section *section = &policy->section[REF_PRIVILEGES];
	const struct ref_words *list = last_list(policy->capabilities);
	bool usable = list->said ?
		      list_has(list, ref_capabilities, capability) :
		      capability < 64;

	return ref_verdict_of(policy, REF_PRIVILEGES,
			      ref_section_present(section) && !usable,
			      list->said ? list->line : section_line(section));
}

/* Some file allows what has this name in the class. */
static bool is_granted(const struct ref_policy *policy, u8 class,
		       const char *name)
{
	for (u32 file = 0; file < REF_MAX_FILES; file++) {
		const struct ref_words *list = &policy->grants[file];

		for (u32 i = 0; i < list->nr; i++) {
			const struct ref_word *grant =
				&ref_grants[list->word[i]];

			if (grant->value == class && !strcmp(grant->name, name))
				return true;
		}
	}
	return false;
}

static struct ref_verdict decide_privilege(const struct ref_policy *policy,
					   u8 privilege)
{
	const struct ref_section *section = &policy->section[REF_PRIVILEGES];
	const char *name = ref_grants[privilege].name;

	return ref_verdict_of(policy, REF_PRIVILEGES,
			      ref_section_present(section) &&
			      !is_granted(policy, REF_PRIVILEGES, name),
			      words_line(section, policy->grants));
}

static struct ref_verdict decide_floor(const struct ref_policy *policy,
				       u8 part)
{
	const struct ref_floor_part *asked = &ref_floor_parts[part];
	bool paths = ref_section_present(&policy->section[REF_EXEC]) ||
		     ref_section_present(&policy->section[REF_FILES]) ||
		     ref_section_present(&policy->section[REF_UNIX]) ||
		     ref_section_present(&policy->section[REF_PRIVILEGES]);
	bool network = ref_section_present(&policy->section[REF_EGRESS]) ||
		       ref_section_present(&policy->section[REF_LISTEN]) ||
		       ref_limits_traffic(policy);
	bool laid = asked->when == REF_ALWAYS ||
		    (asked->when == REF_WITH_PATHS && paths) ||
		    (asked->when == REF_WITH_NETWORK && network);

	return ref_verdict_of(policy, REF_FLOOR,
			      laid &&
			      !is_granted(policy, REF_FLOOR, asked->name), 0);
}

/* The part of the floor that a capability belongs to. */
static const struct { u32 capability; const char *part; } withheld[] = {
	{ CAP_SYS_ADMIN, "mount" }, { CAP_SYS_MODULE, "module" },
	{ CAP_SYS_BOOT, "reboot" }, { CAP_SYS_RAWIO, "kmem" },
	{ CAP_SYS_CHROOT, "chroot" }, { CAP_BPF, "bpf" },
	{ CAP_NET_ADMIN, "socket" },
};

/* An enforced refusal counts more than one that is only audited. */
static struct ref_verdict worse(struct ref_verdict first,
				struct ref_verdict second)
{
	if (!first.refused)
		return second;
	if (first.audit && second.refused && !second.audit)
		return second;
	return first;
}

static struct ref_verdict decide_withheld(const struct ref_policy *policy,
					  u32 capability)
{
	const struct ref_verdict no_part = { .refused = false };

	for (u32 i = 0; i < sizeof(withheld) / sizeof(*withheld); i++) {
		for (u8 part = 0; part < REF_NR_FLOOR_PARTS; part++) {
			if (withheld[i].capability == capability &&
			    !strcmp(withheld[i].part,
				    ref_floor_parts[part].name))
				return decide_floor(policy, part);
		}
	}
	return no_part;
}

static struct ref_verdict decide_clock(const struct ref_policy *policy)
{
	for (u8 i = 0;; i++) {
		if (!strcmp(ref_grants[i].name, "time"))
			return decide_privilege(policy, i);
	}
}

/* What withholds it first tells; what withholds nothing leaves it to the list. */
static struct ref_verdict decide_capability(const struct ref_policy *policy,
					    u32 capability)
{
	struct ref_verdict verdict = worse(decide_withheld(policy, capability),
					   decide_listed(policy, capability));
	struct ref_verdict clock;

	if (capability != CAP_SYS_TIME)
		return verdict;
	clock = decide_clock(policy);
	return clock.refused ? worse(verdict, clock) : verdict;
}

/* Whether it may be asked, then whether it may be asked like that. */
static struct ref_verdict decide_question(const struct ref_policy *policy,
					  const struct ref_request *request)
{
	struct ref_verdict verdict = ref_decide_resolve(policy, request);
	struct ref_verdict label = ref_decide_label(policy, request->name);

	return label.refused ? worse(verdict, label) : verdict;
}

/* Where no connection may be made, it does not matter to whom. */
static struct ref_verdict decide_errand(const struct ref_policy *policy,
					const struct ref_request *request)
{
	const struct ref_request one = { .port = 1 };
	struct ref_verdict verdict = ref_decide_name(policy, request);
	struct ref_verdict none = ref_decide_use(policy, &one);

	return none.refused ? worse(verdict, none) : verdict;
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

static struct ref_verdict decide_device(const struct ref_policy *policy,
					const char *name)
{
	struct ref_verdict verdict = { .refused = true };

	for (u32 i = 0; i < policy->nr_devices; i++) {
		const char *pattern = policy->devices[i];

		if (!ref_glob_matches(pattern, name))
			continue;
		verdict.refused = false;
		if (!strpbrk(pattern, "*?["))
			verdict.audit = true;
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
	case REF_ASK_RENAME_PEER:
		return ref_decide_rename_peer(policy, request);
	case REF_ASK_REMOVE_TREE:
		return ref_decide_remove_tree(policy, request);
	case REF_ASK_MOVE_TREE:
		return ref_decide_move_tree(policy, request);
	case REF_ASK_NAMELESS:
		return ref_decide_nameless(policy, request);
	case REF_ASK_CONNECT:
		return ref_decide_connect(policy, request);
	case REF_ASK_HOST:
		return ref_decide_host(policy, request);
	case REF_ASK_NAME:
		return decide_errand(policy, request);
	case REF_ASK_RESOLVE:
		return decide_question(policy, request);
	case REF_ASK_USE:
		return ref_decide_use(policy, request);
	case REF_ASK_RESOLVER:
		return ref_decide_resolver(policy, request);
	case REF_ASK_LISTEN:
		return ref_decide_listen(policy, request);
	case REF_ASK_SOCKET:
		return decide_socket(policy, request);
	case REF_ASK_CAPABILITY:
		return decide_capability(policy, request->capability);
	case REF_ASK_PRIVILEGE:
		return decide_privilege(policy, request->privilege);
	case REF_ASK_DEFAULT:
		return ref_decide_default(policy, request->class);
	case REF_ASK_FILELESS:
		return decide_setting(policy, REF_EXEC,
				      ref_effective(policy->fileless));
	case REF_ASK_MODIFIED:
		return decide_modified(policy);
	case REF_ASK_WRITE_EXEC:
		return decide_setting(policy, REF_MEMORY,
				      ref_effective(policy->write_exec));
	case REF_ASK_FLOOR:
		return decide_floor(policy, request->part);
	case REF_ASK_DEVICE:
		return decide_device(policy, request->path);
	default:
		return decide_cgroup(policy, request->path);
	}
}
