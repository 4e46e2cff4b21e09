/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judging by the fixed floor of every policy.
 */
#ifndef FNGUARD_KMOD_JUDGE_FLOOR_H
#define FNGUARD_KMOD_JUDGE_FLOOR_H

#include "judge_number.h"

/**
 * fng_judge_floor_of() - judge by the floor of one of the policies
 * @judgement: being made
 * @policy: index in the subject
 * @part: enum fng_floor
 */
static inline void fng_judge_floor_of(struct fng_judgement *judgement,
				      u8 policy, u32 part)
{
	fng_judge_number_of(judgement, policy, fng_floor_decide, part);
}

/**
 * fng_judge_floor() - judge an act that a part of the floor forbids
 * @judgement: being made
 * @part: enum fng_floor
 */
static inline void fng_judge_floor(struct fng_judgement *judgement, u32 part)
{
	fng_judge_number(judgement, fng_floor_decide, part);
}

/**
 * fng_floor_verdict() - the verdict on an act that only the floor knows
 * @subject: who
 * @hook: enum fng_hook
 * @part: enum fng_floor
 * @what: for the event
 *
 * Return: as fng_judge_end().
 */
static inline int fng_floor_verdict(const struct fng_subject *subject, u8 hook,
				    u32 part, const char *what)
{
	return fng_number_verdict(subject, hook, fng_floor_decide, part, what);
}

#endif /* FNGUARD_KMOD_JUDGE_FLOOR_H */
