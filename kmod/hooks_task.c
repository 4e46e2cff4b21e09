// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hooks on what one task does to another.
 */
#include <linux/cgroup.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/security.h>

#include "entering.h"
#include "hooks.h"
#include "judge_floor.h"
#include "judge_privilege.h"

/*
 * A task that is entering, or may be by the time it runs, does what nobody else
 * in its cgroup may: whoever can change it is as free as it is.
 */
static bool is_privileged(struct task_struct *task)
{
	return READ_ONCE(task->__state) & TASK_NEW ||
	       (fng_entering(task) && !fng_entering(current));
}

/* What is outside of one policy's cgroup may be inside of that of another. */
static void judge_outside(struct fng_judgement *judgement,
			  struct task_struct *task)
{
	const struct fng_subject *subject = judgement->subject;
	struct cgroup *own = task_dfl_cgroup(current);
	struct cgroup *cgroup = task_dfl_cgroup(task);
	bool privileged = is_privileged(task);
	u8 i;

	for (i = 0; i < subject->nr; i++)
		if (privileged ||
		    !fng_subject_inside(subject, i, own, cgroup))
			fng_judge_floor_of(judgement, i, FNG_FLOOR_PTRACE_OUTSIDE);
}

/*
 * Everything that reads or changes another task by its id asks here: ptrace(),
 * process_vm_readv(), pidfd_getfd(), kcmp(), and what /proc/<pid> shows of
 * memory and files. Most of who only wants to know whether to show something asks
 * without an audit, and is told without a report.
 */
static int judge_ptrace(const struct fng_subject *subject,
			struct task_struct *task, unsigned int mode)
{
	const struct fng_object object =
		fng_object_named(mode & PTRACE_MODE_ATTACH ? "ptrace" :
							     "ptrace-read");
	struct fng_judgement judgement;

	fng_judge_begin(&judgement, subject, FNG_HOOK_PTRACE_ACCESS_CHECK);
	judgement.silent = mode & PTRACE_MODE_NOAUDIT;
	judge_outside(&judgement, task);
	fng_judge_privilege(&judgement, FNG_PRIVILEGE_PTRACE);
	if (judgement.silent)
		return fng_judge_end_silently(&judgement);
	return fng_judge_end(&judgement, &object);
}

FNG_HOOK(PTRACE_ACCESS_CHECK, security_ptrace_access_check,
	 judge_ptrace(subject, FNG_ARG(struct task_struct *, 0),
		      FNG_ARG(unsigned int, 1)),
	 struct task_struct *, unsigned int)

FNG_HOOK(TRACEME, security_ptrace_traceme,
	 fng_privilege_verdict(subject, FNG_HOOK_TRACEME,
			       FNG_PRIVILEGE_PTRACE, "ptrace"),
	 struct task_struct *)

static const struct fng_hook_entry hooks[] = {
	FNG_HOOK_ENTRY(PTRACE_ACCESS_CHECK, "security_ptrace_access_check"),
	FNG_HOOK_ENTRY(TRACEME, "security_ptrace_traceme"),
};

const struct fng_hook_group fng_hooks_task = { hooks, ARRAY_SIZE(hooks) };
