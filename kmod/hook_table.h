/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All hooks of this build.
 */
#ifndef FNGUARD_KMOD_HOOK_TABLE_H
#define FNGUARD_KMOD_HOOK_TABLE_H

#include <linux/types.h>

struct ftrace_ops;
struct fng_subject;
struct pt_regs;

/**
 * typedef fng_hook_judge - how a hook decides
 *
 * Context: inside rcu_read_lock(), atomic.
 * Return: 0 or a negative errno that has a stub.
 */
typedef int fng_hook_judge(struct pt_regs *regs,
			   const struct fng_subject *subject);

/**
 * struct fng_hook_entry - one kernel function that is hooked
 * @function: name of the kernel function
 * @judge: for a function that shares a registration, see dispatch.c; else NULL
 * @ops: its own registration; else NULL
 * @id: enum fng_hook
 */
struct fng_hook_entry {
	const char *function;
	fng_hook_judge *judge;
	struct ftrace_ops *ops;
	u8 id;
};

/**
 * struct fng_hook_group - the hooks of one source file
 * @hooks: array
 * @nr: its length
 */
struct fng_hook_group {
	const struct fng_hook_entry *hooks;
	unsigned int nr;
};

extern const struct fng_hook_group fng_hooks_exec;
extern const struct fng_hook_group fng_hooks_file;
extern const struct fng_hook_group fng_hooks_receive;
extern const struct fng_hook_group fng_hooks_tree;
extern const struct fng_hook_group fng_hooks_socket;
extern const struct fng_hook_group fng_hooks_listen;
extern const struct fng_hook_group fng_hooks_unix;
extern const struct fng_hook_group fng_hooks_floor;
extern const struct fng_hook_group fng_hooks_capable;
extern const struct fng_hook_group fng_hooks_privilege;
extern const struct fng_hook_group fng_hooks_cgroup;
extern const struct fng_hook_group fng_hooks_task;

const struct fng_hook_entry *fng_hook_at(unsigned int index);

#define fng_for_each_hook(hook, i) \
	for ((i) = 0; ((hook) = fng_hook_at(i)); (i)++)

#endif /* FNGUARD_KMOD_HOOK_TABLE_H */
