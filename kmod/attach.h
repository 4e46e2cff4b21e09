/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attaching to kernel functions through ftrace.
 */
#ifndef FNGUARD_KMOD_ATTACH_H
#define FNGUARD_KMOD_ATTACH_H

#include <linux/ftrace.h>
#include <linux/jump_label.h>
#include <linux/types.h>

struct netlink_ext_ack;

/**
 * struct fng_attachment - one kernel function that is hooked
 * @ops: the ftrace registration
 * @function: name of the kernel function
 * @id: enum fng_hook
 * @attached: @ops is registered; under fng_control_mutex
 */
struct fng_attachment {
	struct ftrace_ops ops;
	const char *function;
	u8 id;
	bool attached;
};

/**
 * struct fng_hook_group - the hooks of one source file
 * @hooks: array
 * @nr: its length
 */
struct fng_hook_group {
	struct fng_attachment *hooks;
	unsigned int nr;
};

extern const struct fng_hook_group fng_hooks_exec;
extern const struct fng_hook_group fng_hooks_file;
extern const struct fng_hook_group fng_hooks_tree;
extern const struct fng_hook_group fng_hooks_socket;
extern const struct fng_hook_group fng_hooks_floor;
extern const struct fng_hook_group fng_hooks_cgroup;

DECLARE_STATIC_KEY_FALSE(fng_attach_key);

/* Is there anything to judge by? Costs one no-op where there is not. */
static __always_inline bool fng_attach_active(void)
{
	return static_branch_unlikely(&fng_attach_key);
}

void fng_attach_refuse(struct pt_regs *regs, int err);
bool fng_attach_errno_known(int err);

/* Under fng_control_mutex; may sleep. */
int fng_attach_all(struct netlink_ext_ack *extack);
int fng_detach_all(void);
void fng_attach_exit(void);
bool fng_attached(void);
bool fng_attach_has(u8 hook);
void fng_attach_activate(bool active);

#endif /* FNGUARD_KMOD_ATTACH_H */
