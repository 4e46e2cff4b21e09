// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hook on descriptors that come from another process: with a message on a
 * Unix socket, by pidfd_getfd(), from a supervisor of system calls.
 */
#include <linux/kernel.h>
#include <linux/security.h>

#include "hooks.h"
#include "judge_descriptor.h"

FNG_HOOK(FILE_RECEIVE, security_file_receive,
	 fng_judge_received(subject, FNG_ARG(struct file *, 0)),
	 struct file *)

static const struct fng_hook_entry hooks[] = {
	FNG_HOOK_ENTRY(FILE_RECEIVE, "security_file_receive"),
};

const struct fng_hook_group fng_hooks_receive = { hooks, ARRAY_SIZE(hooks) };
