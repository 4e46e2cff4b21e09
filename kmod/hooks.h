/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a hook is written: a judge function, and one FNG_HOOK() line that ties it
 * to the kernel function, states that function's prototype and picks the
 * arguments.
 *
 * A judge runs atomically, whatever the kernel function's own context: no sleep,
 * no mutex, no last reference dropped. It returns 0 or a negative errno that has
 * a stub.
 */
#ifndef FNGUARD_KMOD_HOOKS_H
#define FNGUARD_KMOD_HOOKS_H

#include <linux/ftrace.h>
#include <linux/preempt.h>

#include <fnguard/hooks.h>
#include "attach.h"
#include "canary.h"
#include "compat.h"
#include "hook_table.h"
#include "judge.h"

/**
 * fng_hook_subject() - the subject that a hooked call is judged for
 * @scratch: room for a subject that could not be cached
 *
 * Context: inside rcu_read_lock().
 */
static __always_inline const struct fng_subject *
fng_hook_subject(struct fng_subject *scratch)
{
	return fng_subject_find(task_dfl_cgroup(current), scratch);
}

/**
 * fng_hook_cached() - the same if this CPU has just met it
 * @subject: set to it
 *
 * Context: preemption disabled, which keeps the result valid as well.
 * Return: false if it has not, and @subject means nothing.
 */
static __always_inline __must_check bool
fng_hook_cached(const struct fng_subject **subject)
{
	return fng_subject_cached(task_dfl_cgroup(current), subject);
}

int fng_hook_meet(struct pt_regs *regs, fng_hook_judge *judge);

/*
 * Most calls are made by tasks that no policy applies to and that were met just
 * before. They get no further than the callback, which is kept free of what only
 * others need: a frame for their locals costs as much as all the rest, and so
 * does rcu_read_lock(), a function, beside a counter.
 *
 * In softirq context current is whoever was interrupted, so it is not judged;
 * packets that leave from there are judged by their socket, in egress.c.
 */
#define FNG_HOOK_CALLBACK(callback, concerned, wanted, judged_by)	\
static void notrace callback(unsigned long ip, unsigned long parent_ip,	\
			     struct ftrace_ops *ops,			\
			     struct ftrace_regs *fregs)			\
{									\
	struct pt_regs *regs = fng_regs(fregs);				\
	const struct fng_subject *subject;				\
	bool known;							\
	int err = 0;							\
									\
	if (!(concerned) || !in_task())					\
		return;							\
	rcu_read_lock_sched_notrace();					\
	known = fng_hook_cached(&subject);				\
	if (unlikely(!known || (wanted))) {				\
		fng_hook_judge *judge = judged_by;			\
									\
		rcu_read_lock();					\
		err = known ? judge(regs, subject) :			\
			      fng_hook_meet(regs, judge);		\
		rcu_read_unlock();					\
	}								\
	rcu_read_unlock_sched_notrace();				\
	if (unlikely(err))						\
		fng_attach_refuse(regs, err);				\
}

#define FNG_HOOK_JUDGE(ID, wanted, call)				\
static noinline int notrace						\
judge_##ID(struct pt_regs *regs, const struct fng_subject *subject)	\
{									\
	if (unlikely(fng_subject_canary(subject)))			\
		return fng_canary_judge(subject, FNG_HOOK_##ID);	\
	if (!(wanted))							\
		return 0;						\
	return fng_hook_ready(subject, FNG_HOOK_##ID) ?: (call);	\
}

/* Argument @n of the hooked function, from 0. */
#define FNG_ARG(type, n) ((type)regs_get_kernel_argument(regs, n))

/* The build fails where the kernel's prototype is not the one expected. */
#define FNG_HOOK_PROTOTYPE(function, ...)				\
	static_assert(__builtin_types_compatible_p(typeof(function),	\
						   int (__VA_ARGS__)),	\
		      "the prototype of " #function " has changed")

/* A hook that shares the registration of dispatch.c. */
#define FNG_HOOK(ID, function, call, ...)				\
	FNG_HOOK_PROTOTYPE(function, __VA_ARGS__);			\
	FNG_HOOK_JUDGE(ID, fng_subject_guarded(subject), call)

#define FNG_HOOK_ENTRY(ID, name) \
	{ .function = name, .judge = judge_##ID, .id = FNG_HOOK_##ID }

/*
 * A hook with a registration of its own: see dispatch.c for when. @concerned:
 * does the call concern the guard at all, whoever makes it?
 */
#define FNG_HOOK_OWN(ID, concerned, wanted, call)			\
	FNG_HOOK_JUDGE(ID, wanted, call)				\
	FNG_HOOK_CALLBACK(callback_##ID, concerned, wanted, judge_##ID)	\
	static FNG_ATTACH_OPS(ops_##ID, callback_##ID)

#define FNG_HOOK_ENTRY_OWN(ID, name) \
	{ .function = name, .ops = &ops_##ID, .id = FNG_HOOK_##ID }

int fng_hook_excess(const struct fng_subject *subject, u8 hook);

/* Refuses everything where the guard cannot decide for the whole cgroup. */
static __always_inline int fng_hook_ready(const struct fng_subject *subject,
					  u8 hook)
{
	if (likely(fng_subject_ready(subject)))
		return 0;
	return fng_hook_excess(subject, hook);
}

int fng_hook_control(void);

#endif /* FNGUARD_KMOD_HOOKS_H */
