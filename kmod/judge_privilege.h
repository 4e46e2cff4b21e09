/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judging by the privileges section of every policy.
 */
#ifndef FNGUARD_KMOD_JUDGE_PRIVILEGE_H
#define FNGUARD_KMOD_JUDGE_PRIVILEGE_H

#include "judge_number.h"

/**
 * fng_judge_privilege() - judge an act that is a privilege
 * @judgement: being made
 * @privilege: enum fng_privilege
 */
static inline void fng_judge_privilege(struct fng_judgement *judgement,
				       u32 privilege)
{
	fng_judge_number(judgement, fng_privilege_decide, privilege);
}

/**
 * fng_judge_capability() - judge the use of a capability, also by the floor
 * @judgement: being made
 * @cap: CAP_*
 */
static inline void fng_judge_capability(struct fng_judgement *judgement,
					u32 cap)
{
	fng_judge_number(judgement, fng_capability_decide, cap);
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
	return fng_number_verdict(subject, hook, fng_privilege_decide, privilege,
				  what);
}

#endif /* FNGUARD_KMOD_JUDGE_PRIVILEGE_H */
