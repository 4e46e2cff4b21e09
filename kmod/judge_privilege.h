/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judging by the privileges section of every policy.
 */
#ifndef FNGUARD_KMOD_JUDGE_PRIVILEGE_H
#define FNGUARD_KMOD_JUDGE_PRIVILEGE_H

#include "judge_floor.h"

/**
 * fng_judge_privilege() - judge an act that is a privilege
 * @judgement: being made
 * @privilege: enum fng_privilege
 */
static inline void fng_judge_privilege(struct fng_judgement *judgement,
				       u32 privilege)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		fng_privilege_decide(&subject->policies[i]->image, privilege,
				     &decision);
		fng_judge_add(judgement, i, &decision);
	}
}

/**
 * fng_judge_capability() - judge the use of a capability
 * @judgement: being made
 * @cap: CAP_*
 */
static inline void fng_judge_capability(struct fng_judgement *judgement,
					u32 cap)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		fng_capability_decide(&subject->policies[i]->image, cap,
				      &decision);
		fng_judge_add(judgement, i, &decision);
	}
}

/**
 * fng_privilege_verdict() - the verdict on an act that is only a privilege
 * @subject: who
 * @hook: enum fng_hook
 * @privilege: enum fng_privilege
 * @what: for the event
 *
 * Return: as fng_judge_end().
 */
static inline int fng_privilege_verdict(const struct fng_subject *subject,
					u8 hook, u32 privilege,
					const char *what)
{
	const struct fng_object object = fng_floor_object(what);
	struct fng_judgement judgement;

	fng_judge_begin(&judgement, subject, hook);
	fng_judge_privilege(&judgement, privilege);
	return fng_judge_end(&judgement, &object);
}

#endif /* FNGUARD_KMOD_JUDGE_PRIVILEGE_H */
