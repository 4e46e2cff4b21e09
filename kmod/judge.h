/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the decisions of all policies that apply to one verdict, its counters
 * and its event.
 */
#ifndef FNGUARD_KMOD_JUDGE_H
#define FNGUARD_KMOD_JUDGE_H

#include <linux/bitops.h>

#include "subject.h"

struct fng_name;
struct sock;

/**
 * enum fng_object_kind - what an access was to
 * @FNG_OBJECT_NONE: nothing that has a name
 * @FNG_OBJECT_NAME: a path, or the name of a capability, family or syscall
 * @FNG_OBJECT_ENDPOINT: an address and port
 */
enum fng_object_kind {
	FNG_OBJECT_NONE,
	FNG_OBJECT_NAME,
	FNG_OBJECT_ENDPOINT
};

/**
 * struct fng_object - what an access was to, for the event
 * @kind: which of the fields below are valid
 * @name: bytes of the name, not NUL-terminated; of an endpoint, a name that it
 *	has, or that it is asked for
 * @name_len: number of them
 * @endpoint: destination
 * @cookie: socket cookie, 0 if none
 * @no_task: current is not who acts (a packet): no pid in the event
 */
struct fng_object {
	u8 kind;
	const char *name;
	u32 name_len;
	struct fng_endpoint endpoint;
	u64 cookie;
	bool no_task;
};

/**
 * struct fng_judgement - verdicts of all policies on one access
 * @subject: who
 * @hook: enum fng_hook
 * @entering: the task had not entered yet
 * @enters: it does with this, so nothing is left to a launcher
 * @silent: nobody learns from it, as where it is only asked whether it would be
 *	allowed, see fng_judge_end_silently()
 * @killed: the task is killed for it
 * @capital_mask: bit n: policy n refuses something for which one is killed, be it
 *	the first or not
 * @refused_mask: bit n: policy n of the subject refuses
 * @audit_mask: bit n: policy n would refuse, but its class only audits, or the
 *	cgroup is exempt; never set together with the same bit of @refused_mask
 * @decisions: per policy, what it refuses or would refuse; valid where a bit is
 *	set in either mask
 * @names: per policy, which of an access's two names that is about; only hooks on
 *	moves have two, see fng_judge_name_of()
 */
struct fng_judgement {
	const struct fng_subject *subject;
	u8 hook;
	bool entering;
	bool enters;
	bool silent;
	bool killed;
	u8 capital_mask;
	u8 refused_mask;
	u8 audit_mask;
	struct fng_decision decisions[FNG_MAX_APPLIED];
	const struct fng_name *names[FNG_MAX_APPLIED];
};

/**
 * fng_judge_begin() - start judging one access
 * @judgement: on the caller's stack, and may be __uninitialized there: only what
 *	is set here, or by a refusal, is read
 * @subject: who
 * @hook: enum fng_hook
 */
static inline void fng_judge_begin(struct fng_judgement *judgement,
				   const struct fng_subject *subject, u8 hook)
{
	judgement->subject = subject;
	judgement->hook = hook;
	judgement->entering = false;
	judgement->enters = false;
	judgement->silent = false;
	judgement->killed = false;
	judgement->capital_mask = 0;
	judgement->refused_mask = 0;
	judgement->audit_mask = 0;
}

/**
 * fng_judge_lift() - take a policy's refusal, or would-be one, back
 * @judgement: being made
 * @policy: index into the subject's policies
 */
static inline void fng_judge_lift(struct fng_judgement *judgement, u8 policy)
{
	judgement->refused_mask &= ~BIT(policy);
	judgement->audit_mask &= ~BIT(policy);
}

/* Is there a refusal, or a would-be one, to conclude from? */
static inline bool fng_judge_refuses(const struct fng_judgement *judgement)
{
	return judgement->refused_mask | judgement->audit_mask;
}

/* Which policies in force would refuse, but only audit. */
static inline u8 fng_judge_audits(const struct fng_judgement *judgement)
{
	return judgement->audit_mask & ~judgement->subject->candidates;
}

/**
 * fng_judge_first() - the root-most policy that refuses, or would
 * @judgement: with one of its masks set
 * @audit: look at those that would
 */
static inline u8 fng_judge_first(const struct fng_judgement *judgement,
				 bool audit)
{
	return __ffs(audit ? judgement->audit_mask : judgement->refused_mask);
}

bool fng_judge_add(struct fng_judgement *judgement, u8 policy,
		   const struct fng_decision *decision);
bool fng_judge_lifts(const struct fng_judgement *judgement, u8 policy);
void fng_judge_guard(struct fng_judgement *judgement,
		     enum fng_guard_rule reason);
void fng_judge_quarantine(struct fng_judgement *judgement, u8 class);
int fng_judge_end(struct fng_judgement *judgement,
		  const struct fng_object *object);
int fng_judge_end_silently(struct fng_judgement *judgement);

#endif /* FNGUARD_KMOD_JUDGE_H */
