// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hooks on moves between cgroups: a guarded task cannot leave, and a task that
 * the host puts into a guarded cgroup is entering. A new task is in one as well.
 *
 * cgroup_attach_task() has no prototype in a public header that could be
 * compared at build time; the proof at arming shows that it is reached.
 */
#include <linux/cgroup.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/task.h>

#include "entering.h"
#include "hooks.h"
#include "judge_floor.h"
#include "judge_limit.h"

static int judge_can_fork(const struct fng_subject *subject,
			  const struct kernel_clone_args *args)
{
	int err = 0;

	if (args->flags & CLONE_INTO_CGROUP)
		err = fng_floor_verdict(subject, FNG_HOOK_CGROUP_CAN_FORK,
					FNG_FLOOR_CGROUP,
					"clone3(CLONE_INTO_CGROUP)");
	return err ?: fng_judge_once(subject, FNG_HOOK_CGROUP_CAN_FORK,
				     FNG_LIMIT_FORK, "clone");
}

static bool cgroup_guarded(struct cgroup *cgroup)
{
	struct fng_subject scratch;

	return fng_subject_guarded(fng_subject_find(cgroup, &scratch));
}

/* The host moves a task: out of a guarded cgroup, or into one. */
static int note_move(struct cgroup *destination, struct task_struct *leader,
		     bool threadgroup)
{
	bool from = fng_task_guarded(leader);
	bool to = cgroup_guarded(destination);

	if (from && !to && !fng_entering(leader))
		return fng_entering_bar(leader, threadgroup) ? 0 : -EAGAIN;
	if (!from && to)
		fng_entering_admit(leader, threadgroup);
	return 0;
}

static int judge_attach_task(const struct fng_subject *subject,
			     struct cgroup *destination,
			     struct task_struct *leader, bool threadgroup)
{
	if (destination->root != &cgrp_dfl_root)
		return 0;
	if (fng_subject_guarded(subject))
		return fng_floor_verdict(subject, FNG_HOOK_CGROUP_ATTACH_TASK,
					 FNG_FLOOR_CGROUP, "cgroup.procs");
	return note_move(destination, leader, threadgroup);
}

FNG_HOOK(CGROUP_CAN_FORK, cgroup_can_fork,
	 judge_can_fork(subject, FNG_ARG(struct kernel_clone_args *, 1)),
	 struct task_struct *, struct kernel_clone_args *)
FNG_HOOK_OWN(CGROUP_ATTACH_TASK, true, true,
	     judge_attach_task(subject, FNG_ARG(struct cgroup *, 0),
			       FNG_ARG(struct task_struct *, 1),
			       FNG_ARG(unsigned long, 2) & 0xff));

static const struct fng_hook_entry hooks[] = {
	FNG_HOOK_ENTRY(CGROUP_CAN_FORK, "cgroup_can_fork"),
	FNG_HOOK_ENTRY_OWN(CGROUP_ATTACH_TASK, "cgroup_attach_task"),
};

const struct fng_hook_group fng_hooks_cgroup = { hooks, ARRAY_SIZE(hooks) };
