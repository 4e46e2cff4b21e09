// SPDX-License-Identifier: MIT
/*
 * The canary's steps that reach the hooks of the privileges section.
 */
#include <unistd.h>
#include <sys/syscall.h>

#include "canary.h"

int fng_canary_user(int hook)
{
	switch (hook) {
	case FNG_HOOK_TRACEME:
		return fng_canary_apart(fng_act_be_traced, NULL);
	case FNG_HOOK_TASK_FIX_SETUID:
		return fng_act_call(setuid(geteuid()));
	case FNG_HOOK_TASK_FIX_SETGID:
		return fng_act_call(setgid(getegid()));
	case FNG_HOOK_TASK_FIX_SETGROUPS:
		return fng_canary_apart(fng_act_leave_groups, NULL);
	case FNG_HOOK_PERF_EVENT_OPEN:
		return fng_act_perf();
	case FNG_HOOK_KEY_ALLOC:
	case FNG_HOOK_KEY_PERMISSION:
		return fng_canary_apart(fng_act_make_keyring, NULL);
	default: /* SETTIME64: neither a time nor a zone is set */
		return fng_act_call(syscall(SYS_settimeofday, NULL, NULL));
	}
}
