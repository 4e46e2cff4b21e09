// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hooks on what only the privileges section of a policy knows: other users, keys,
 * performance counters, the clock.
 */
#include <linux/binfmts.h>
#include <linux/cred.h>
#include <linux/key.h>
#include <linux/perf_event.h>
#include <linux/security.h>

#include <asm/syscall.h>
#include <asm/unistd.h>
#ifdef CONFIG_IA32_EMULATION
#include <asm/unistd_32_ia32.h>
#endif

#include "hooks.h"
#include "judge_privilege.h"

static bool same_user(const struct cred *new, const struct cred *old)
{
	return uid_eq(new->uid, old->uid) && uid_eq(new->euid, old->euid) &&
	       uid_eq(new->suid, old->suid) && uid_eq(new->fsuid, old->fsuid);
}

static bool same_group(const struct cred *new, const struct cred *old)
{
	return gid_eq(new->gid, old->gid) && gid_eq(new->egid, old->egid) &&
	       gid_eq(new->sgid, old->sgid) && gid_eq(new->fsgid, old->fsgid);
}

/* What changes nothing is asked for by many who only want to be sure. */
static int judge_user(const struct fng_subject *subject, const struct cred *new,
		      const struct cred *old)
{
	if (same_user(new, old))
		return 0;
	return fng_privilege_verdict(subject, FNG_HOOK_TASK_FIX_SETUID,
				     FNG_PRIVILEGE_SETUID, "setuid");
}

static int judge_group(const struct fng_subject *subject,
		       const struct cred *new, const struct cred *old)
{
	if (same_group(new, old))
		return 0;
	return fng_privilege_verdict(subject, FNG_HOOK_TASK_FIX_SETGID,
				     FNG_PRIVILEGE_SETUID, "setgid");
}

/*
 * The users of a program are known by now. Its capabilities are not: those are
 * judged when they are used.
 */
static int judge_program(const struct fng_subject *subject,
			 const struct linux_binprm *bprm)
{
	const struct cred *new = bprm->cred, *old = current_cred();

	if (uid_eq(new->euid, old->euid) && gid_eq(new->egid, old->egid))
		return 0;
	return fng_privilege_verdict(subject, FNG_HOOK_BPRM_CREDS_FROM_FILE,
				     FNG_PRIVILEGE_SETUID, "set-user-ID");
}

/* Both are sorted. */
static bool same_groups(const struct cred *new, const struct cred *old)
{
	const struct group_info *a = new->group_info, *b = old->group_info;
	int i;

	if (a->ngroups != b->ngroups)
		return false;
	for (i = 0; i < a->ngroups; i++)
		if (!gid_eq(a->gid[i], b->gid[i]))
			return false;
	return true;
}

static int judge_groups(const struct fng_subject *subject,
			const struct cred *new, const struct cred *old)
{
	if (same_groups(new, old))
		return 0;
	return fng_privilege_verdict(subject, FNG_HOOK_TASK_FIX_SETGROUPS,
				     FNG_PRIVILEGE_SETUID, "setgroups");
}

FNG_HOOK(TASK_FIX_SETUID, security_task_fix_setuid,
	 judge_user(subject, FNG_ARG(const struct cred *, 0),
		    FNG_ARG(const struct cred *, 1)),
	 struct cred *, const struct cred *, int)
FNG_HOOK(TASK_FIX_SETGID, security_task_fix_setgid,
	 judge_group(subject, FNG_ARG(const struct cred *, 0),
		     FNG_ARG(const struct cred *, 1)),
	 struct cred *, const struct cred *, int)
FNG_HOOK(TASK_FIX_SETGROUPS, security_task_fix_setgroups,
	 judge_groups(subject, FNG_ARG(const struct cred *, 0),
		      FNG_ARG(const struct cred *, 1)),
	 struct cred *, const struct cred *)

/* What is read only became const later. */
static_assert(__builtin_types_compatible_p(typeof(security_bprm_creds_from_file),
					   int (struct linux_binprm *,
						struct file *)) ||
	      __builtin_types_compatible_p(typeof(security_bprm_creds_from_file),
					   int (struct linux_binprm *,
						const struct file *)),
	      "the prototype of security_bprm_creds_from_file has changed");
FNG_HOOK_JUDGE(BPRM_CREDS_FROM_FILE, fng_subject_guarded(subject),
	       judge_program(subject, FNG_ARG(const struct linux_binprm *, 0)))

/* It changed inside a stable series, and none of its arguments is looked at. */
static_assert(__builtin_types_compatible_p(typeof(security_perf_event_open),
					   int (struct perf_event_attr *, int)) ||
	      __builtin_types_compatible_p(typeof(security_perf_event_open),
					   int (int)),
	      "the prototype of security_perf_event_open has changed");
FNG_HOOK_JUDGE(PERF_EVENT_OPEN, fng_subject_guarded(subject),
	       fng_privilege_verdict(subject, FNG_HOOK_PERF_EVENT_OPEN,
				     FNG_PRIVILEGE_PERF, "perf_event_open"))

/*
 * File systems and integrity checks look for keys on their own, in whichever task
 * they happen to serve. What a function asks for has three system calls.
 */
static bool asks_for_keys(void)
{
	int nr = syscall_get_nr(current, task_pt_regs(current));

#ifdef CONFIG_IA32_EMULATION
	if (in_ia32_syscall())
		return nr == __NR_ia32_add_key || nr == __NR_ia32_request_key ||
		       nr == __NR_ia32_keyctl;
#endif
	nr &= ~__X32_SYSCALL_BIT;
	return nr == __NR_add_key || nr == __NR_request_key ||
	       nr == __NR_keyctl;
}

static int judge_key(const struct fng_subject *subject, u8 hook)
{
	if (!asks_for_keys())
		return 0;
	return fng_privilege_verdict(subject, hook, FNG_PRIVILEGE_KEYRING,
				     "key");
}

FNG_HOOK(KEY_ALLOC, security_key_alloc, judge_key(subject, FNG_HOOK_KEY_ALLOC),
	 struct key *, const struct cred *, unsigned long)
FNG_HOOK(KEY_PERMISSION, security_key_permission,
	 judge_key(subject, FNG_HOOK_KEY_PERMISSION),
	 key_ref_t, const struct cred *, enum key_need_perm)
FNG_HOOK(SETTIME64, security_settime64,
	 fng_privilege_verdict(subject, FNG_HOOK_SETTIME64, FNG_PRIVILEGE_TIME,
			       "settimeofday"),
	 const struct timespec64 *, const struct timezone *)

static const struct fng_hook_entry hooks[] = {
	FNG_HOOK_ENTRY(TASK_FIX_SETUID, "security_task_fix_setuid"),
	FNG_HOOK_ENTRY(TASK_FIX_SETGID, "security_task_fix_setgid"),
	FNG_HOOK_ENTRY(TASK_FIX_SETGROUPS, "security_task_fix_setgroups"),
	FNG_HOOK_ENTRY(BPRM_CREDS_FROM_FILE, "security_bprm_creds_from_file"),
	FNG_HOOK_ENTRY(PERF_EVENT_OPEN, "security_perf_event_open"),
	FNG_HOOK_ENTRY(KEY_ALLOC, "security_key_alloc"),
	FNG_HOOK_ENTRY(KEY_PERMISSION, "security_key_permission"),
	FNG_HOOK_ENTRY(SETTIME64, "security_settime64"),
};

const struct fng_hook_group fng_hooks_privilege = { hooks, ARRAY_SIZE(hooks) };
