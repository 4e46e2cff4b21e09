// SPDX-License-Identifier: MIT
/*
 * The canary's steps that reach the hooks of the privileges section.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <unistd.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include "canary.h"

static int be_traced(struct fng_canary *canary)
{
	(void)canary;
	return fng_canary_call(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

/* A keyring of the process, which ends with it. */
static int make_keyring(struct fng_canary *canary)
{
	(void)canary;
	return fng_canary_call(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID,
				       KEY_SPEC_PROCESS_KEYRING, 1));
}

static int leave_groups(struct fng_canary *canary)
{
	(void)canary;
	return fng_canary_call(setgroups(0, NULL));
}

/* It counts nothing. */
static int open_dummy(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_DUMMY,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};

	return fng_canary_fd(syscall(SYS_perf_event_open, &attr, 0, -1, -1,
				     PERF_FLAG_FD_CLOEXEC));
}

int fng_canary_user(struct fng_canary *canary, int hook)
{
	switch (hook) {
	case FNG_HOOK_TRACEME:
		return fng_canary_apart(canary, be_traced);
	case FNG_HOOK_TASK_FIX_SETUID:
		return fng_canary_call(setuid(geteuid()));
	case FNG_HOOK_TASK_FIX_SETGID:
		return fng_canary_call(setgid(getegid()));
	case FNG_HOOK_TASK_FIX_SETGROUPS:
		return fng_canary_apart(canary, leave_groups);
	case FNG_HOOK_PERF_EVENT_OPEN:
		return open_dummy();
	case FNG_HOOK_KEY_ALLOC:
	case FNG_HOOK_KEY_PERMISSION:
		return fng_canary_apart(canary, make_keyring);
	default: /* SETTIME64: neither a time nor a zone is set */
		return fng_canary_call(syscall(SYS_settimeofday, NULL, NULL));
	}
}
