/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks that are entering a guarded cgroup, and tasks that may not enter again.
 */
#ifndef FNGUARD_KMOD_ENTERING_H
#define FNGUARD_KMOD_ENTERING_H

#include <linux/types.h>

struct file;
struct task_struct;

/* Process context, under fng_control_mutex. */
int fng_entering_start(void);
void fng_entering_stop(void);
void fng_launchers_resolve(void);

/* Any context. */
bool fng_entering(struct task_struct *task);
bool fng_entering_known(struct task_struct *task);
void fng_entering_leave(struct task_struct *task);
u32 fng_entering_count(void);
bool fng_launcher(const struct file *file);

/* From the hook on cgroup_attach_task(), see hooks_cgroup.c. */
void fng_entering_admit(struct task_struct *leader, bool threadgroup);
bool fng_entering_bar(struct task_struct *leader, bool threadgroup);

#endif /* FNGUARD_KMOD_ENTERING_H */
