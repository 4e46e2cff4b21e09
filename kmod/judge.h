/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the decisions of all policies that apply to one verdict, its counters
 * and its event.
 */
#ifndef FNGUARD_KMOD_JUDGE_H
#define FNGUARD_KMOD_JUDGE_H

#include "subject.h"

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
 * @name: bytes of the name, not NUL-terminated
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
 * @refused_mask: bit n: policy n of the subject refuses
 * @audit_mask: bit n: policy n would refuse, but its class only audits
 * @first: decision of the root-most enforcing refusal; valid if @refused_mask
 * @audit: decision of the root-most auditing refusal; valid if @audit_mask
 * @rule: per policy, the rule id that refuses or would refuse
 * @class: per policy, the class of @rule
 */
struct fng_judgement {
	const struct fng_subject *subject;
	u8 hook;
	bool entering;
	u8 refused_mask;
	u8 audit_mask;
	struct fng_decision first;
	struct fng_decision audit;
	u32 rule[FNG_MAX_APPLIED];
	u8 class[FNG_MAX_APPLIED];
};

/**
 * fng_judge_begin() - start judging one access
 * @judgement: on the caller's stack
 * @subject: who
 * @hook: enum fng_hook
 */
static inline void fng_judge_begin(struct fng_judgement *judgement,
				   const struct fng_subject *subject, u8 hook)
{
	judgement->subject = subject;
	judgement->hook = hook;
	judgement->entering = false;
	judgement->refused_mask = 0;
	judgement->audit_mask = 0;
}

void fng_judge_add(struct fng_judgement *judgement, u8 policy,
		   const struct fng_decision *decision);
void fng_judge_guard(struct fng_judgement *judgement,
		     enum fng_guard_rule reason);
int fng_judge_end(struct fng_judgement *judgement,
		  const struct fng_object *object);

#endif /* FNGUARD_KMOD_JUDGE_H */
