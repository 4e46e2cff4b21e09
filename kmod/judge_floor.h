/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judging by the fixed floor of every policy.
 */
#ifndef FNGUARD_KMOD_JUDGE_FLOOR_H
#define FNGUARD_KMOD_JUDGE_FLOOR_H

#include "judge.h"

/**
 * fng_judge_floor() - judge an act that a part of the floor forbids
 * @judgement: being made
 * @part: enum fng_floor
 */
static inline void fng_judge_floor(struct fng_judgement *judgement, u32 part)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		fng_floor_decide(&subject->policies[i]->image, part, &decision);
		fng_judge_add(judgement, i, &decision);
	}
}

#endif /* FNGUARD_KMOD_JUDGE_FLOOR_H */
