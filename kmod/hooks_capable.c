// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hook on the use of capabilities: some belong to the fixed floor, all of them
 * to the privileges section.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/security.h>
#include <linux/user_namespace.h>

#include <fnguard/capabilities.h>
#include "hooks.h"
#include "judge_privilege.h"

static const char *const names[] = {
#define FNG_CAPABILITY_NAME(id, word) [CAP_##id] = "CAP_" #id,
	FNG_CAPABILITIES(FNG_CAPABILITY_NAME)
#undef FNG_CAPABILITY_NAME
};

static struct fng_object capability_object(u32 cap)
{
	return fng_object_named(cap < ARRAY_SIZE(names) && names[cap] ?
				names[cap] : "unknown capability");
}

#define FNG_CAPABILITY_NUMBER(id, word) \
	static_assert((int)FNG_CAP_##id == CAP_##id, word);
FNG_CAPABILITIES(FNG_CAPABILITY_NUMBER)
#undef FNG_CAPABILITY_NUMBER

/*
 * Does the kernel grant it by these credentials? Who made a user namespace has
 * every capability there, and in those below.
 */
static bool is_held(const struct cred *cred, const struct user_namespace *ns,
		    int cap)
{
	for (; ns != cred->user_ns; ns = ns->parent) {
		if (ns->level <= cred->user_ns->level)
			return false;
		if (ns->parent == cred->user_ns &&
		    uid_eq(ns->owner, cred->euid))
			return true;
	}
	return cap_raised(cred->cap_effective, cap);
}

/*
 * File systems act with their mounter's credentials, which are none of the
 * function's. Those of whoever opened a file are used by who reads it; that of
 * other tasks is asked about without an audit.
 */
static bool is_used(const struct cred *cred, const struct user_namespace *ns,
		    int cap, unsigned int opts)
{
	if (current_cred() != current_real_cred())
		return false;
	if (cred != current_cred() && opts & CAP_OPT_NOAUDIT)
		return false;
	return is_held(cred, ns, cap);
}

/*
 * What is not held is refused by the kernel anyway. A speculative check is refused
 * without a report.
 */
static int judge_capable(const struct fng_subject *subject,
			 const struct cred *cred,
			 const struct user_namespace *ns, int cap,
			 unsigned int opts)
{
	struct fng_judgement judgement __uninitialized;
	struct fng_object object;

	if (!is_used(cred, ns, cap, opts))
		return 0;
	fng_judge_begin(&judgement, subject, FNG_HOOK_CAPABLE);
	judgement.silent = opts & CAP_OPT_NOAUDIT;
	fng_judge_capability(&judgement, cap);
	if (likely(!fng_judge_refuses(&judgement)))
		return 0;
	if (judgement.silent)
		return fng_judge_end_silently(&judgement);
	object = capability_object(cap);
	return fng_judge_end(&judgement, &object);
}

FNG_HOOK(CAPABLE, security_capable,
	 judge_capable(subject, FNG_ARG(const struct cred *, 0),
		       FNG_ARG(const struct user_namespace *, 1),
		       FNG_ARG(int, 2), FNG_ARG(unsigned int, 3)),
	 const struct cred *, struct user_namespace *, int, unsigned int)

static const struct fng_hook_entry hooks[] = {
	FNG_HOOK_ENTRY(CAPABLE, "security_capable"),
};

const struct fng_hook_group fng_hooks_capable = { hooks, ARRAY_SIZE(hooks) };
