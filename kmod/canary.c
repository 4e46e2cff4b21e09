// SPDX-License-Identifier: GPL-2.0-only
/*
 * The proof that hooks refuse.
 *
 * While a proof runs, tasks in the canary cgroup are refused by the hook that is
 * being proven and by no other, so that each can be reached. The kernel notes
 * which hooks were; the client compares with what its calls returned.
 */
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>

#include "canary.h"
#include "judge.h"
#include "ruleset.h"

struct task_struct *fng_canary_worker;
u64 fng_canary_cgroup;

/* The hook being proven; -1 for all of them. Written under fng_control_mutex. */
static int selected = -1;

static DECLARE_BITMAP(hits, FNG_NR_HOOKS);

/**
 * fng_canary_judge() - judge a call of a canary task
 * @subject: the canary cgroup
 * @hook: enum fng_hook that was reached
 *
 * Context: as a judge, see hooks.h.
 * Return: -EPERM if @hook is being proven, else 0.
 */
int fng_canary_judge(const struct fng_subject *subject, u8 hook)
{
	static const struct fng_object nothing;
	struct fng_judgement judgement;
	int chosen = READ_ONCE(selected);

	if (chosen >= 0 && chosen != hook)
		return 0;
	set_bit(hook, hits);
	fng_judge_begin(&judgement, subject, hook);
	fng_judge_guard(&judgement, FNG_GUARD_CANARY);
	return fng_judge_end(&judgement, &nothing);
}

/**
 * fng_canary_begin() - start a proof, forgetting the previous one
 * @cgroup_id: cgroup whose tasks are refused
 */
void fng_canary_begin(u64 cgroup_id)
{
	lockdep_assert_held(&fng_control_mutex);
	bitmap_zero(hits, FNG_NR_HOOKS);
	WRITE_ONCE(fng_canary_cgroup, cgroup_id);
}

/**
 * fng_canary_select() - choose which hook refuses canary tasks
 * @hook: enum fng_hook, or -1 for every hook
 */
void fng_canary_select(int hook)
{
	lockdep_assert_held(&fng_control_mutex);
	WRITE_ONCE(selected, hook);
}

/* Ends the proof; what was hit is kept. */
void fng_canary_end(void)
{
	lockdep_assert_held(&fng_control_mutex);
	WRITE_ONCE(fng_canary_cgroup, 0);
}

/* Did that hook refuse a canary task in the last proof? */
bool fng_canary_hit(u8 hook)
{
	return test_bit(hook, hits);
}

/**
 * fng_canary_open_refused() - open a file and expect to be refused
 *
 * Exercises the whole way, from the patched call site to the stub, without any
 * task of user space.
 *
 * Context: a kernel worker, one at a time; sleeps.
 */
bool fng_canary_open_refused(void)
{
	struct file *file;

	WRITE_ONCE(fng_canary_worker, current);
	file = filp_open("/", O_RDONLY | O_DIRECTORY, 0);
	WRITE_ONCE(fng_canary_worker, NULL);
	if (!IS_ERR(file)) {
		fput(file);
		return false;
	}
	return PTR_ERR(file) == -EPERM;
}
