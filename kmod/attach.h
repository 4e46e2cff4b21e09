/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attaching to kernel functions through ftrace.
 */
#ifndef FNGUARD_KMOD_ATTACH_H
#define FNGUARD_KMOD_ATTACH_H

#include <linux/ftrace.h>
#include <linux/types.h>

struct netlink_ext_ack;

/*
 * A registration, see attach.c for the flags. Without RECURSION, the callback is
 * called straight from the trampoline where nobody else traces the function.
 */
#define FNG_ATTACH_OPS(ops, callback)					\
struct ftrace_ops ops = {						\
	.func = callback,						\
	.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT,	\
}

void fng_attach_refuse(struct pt_regs *regs, int err);
bool fng_attach_errno_known(int err);

/* Under fng_control_mutex; may sleep. */
int fng_attach_all(struct netlink_ext_ack *extack);
int fng_detach_all(void);
void fng_attach_exit(void);
bool fng_attached(void);
bool fng_attach_has(u8 id);

#endif /* FNGUARD_KMOD_ATTACH_H */
