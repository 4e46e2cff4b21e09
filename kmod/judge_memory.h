/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judging what makes memory that was written executable.
 */
#ifndef FNGUARD_KMOD_JUDGE_MEMORY_H
#define FNGUARD_KMOD_JUDGE_MEMORY_H

#include "learn.h"

/**
 * fng_judge_write_exec() - judge memory that is, or was, writable and code
 * @judgement: being made
 */
static inline void fng_judge_write_exec(struct fng_judgement *judgement)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		fng_write_exec_decide(&subject->policies[i]->image, &decision);
		fng_judge_add_number(judgement, i, &decision,
				     FNG_ACT_WRITE_EXEC, 0);
	}
}

#endif /* FNGUARD_KMOD_JUDGE_MEMORY_H */
