/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The proof that hooks refuse: canary tasks of the client, and a canary open of
 * our own each second.
 */
#ifndef FNGUARD_KMOD_CANARY_H
#define FNGUARD_KMOD_CANARY_H

#include <linux/compiler.h>
#include <linux/sched.h>
#include <linux/types.h>

#include <fnguard/hooks.h>
#include "subject.h"

/* The kernel worker that is opening a canary file right now, or NULL. */
extern struct task_struct *fng_canary_worker;

/* Id of the cgroup whose tasks prove the hooks; 0 while no proof runs. */
extern u64 fng_canary_cgroup;

/* Is current the worker that expects its open to be refused? */
static __always_inline bool fng_canary_is_worker(void)
{
	return unlikely(READ_ONCE(fng_canary_worker) == current);
}

/* Do the tasks of this cgroup prove the hooks? */
static inline bool fng_canary_is_cgroup(u64 cgroup_id)
{
	return cgroup_id == READ_ONCE(fng_canary_cgroup);
}

/*
 * Is the cgroup proving the hooks right now? The mark may outlive the proof; and a
 * proof that was begun for a cgroup which is bound since is none.
 */
static __always_inline bool
fng_subject_canary(const struct fng_subject *subject)
{
	return unlikely(subject->canary) && !fng_subject_guarded(subject) &&
	       fng_canary_is_cgroup(subject->cgroup_id);
}

int fng_canary_judge(const struct fng_subject *subject, u8 hook);

/* Under fng_control_mutex. */
void fng_canary_begin(u64 cgroup_id);
void fng_canary_select(int hook);
void fng_canary_end(void);
bool fng_canary_hit(u8 hook);

bool fng_canary_open_refused(void);

#endif /* FNGUARD_KMOD_CANARY_H */
