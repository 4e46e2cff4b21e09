/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judging by the fixed floor of every policy.
 */
#ifndef FNGUARD_KMOD_JUDGE_FLOOR_H
#define FNGUARD_KMOD_JUDGE_FLOOR_H

#include <linux/string.h>

#include "judge.h"

/**
 * fng_judge_floor_of() - judge by the floor of one of the policies
 * @judgement: being made
 * @policy: index in the subject
 * @part: enum fng_floor
 */
static inline void fng_judge_floor_of(struct fng_judgement *judgement,
				      u8 policy, u32 part)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;

	fng_floor_decide(&subject->policies[policy]->image, part, &decision);
	fng_judge_add(judgement, policy, &decision);
}

/**
 * fng_judge_floor() - judge an act that a part of the floor forbids
 * @judgement: being made
 * @part: enum fng_floor
 */
static inline void fng_judge_floor(struct fng_judgement *judgement, u32 part)
{
	u8 i;

	for (i = 0; i < judgement->subject->nr; i++)
		fng_judge_floor_of(judgement, i, part);
}

/* What an act that only the floor knows is about, in the event. */
static inline struct fng_object fng_floor_object(const char *what)
{
	return (struct fng_object) {
		.kind = FNG_OBJECT_NAME,
		.name = what,
		.name_len = strlen(what),
	};
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
	const struct fng_object object = fng_floor_object(what);
	struct fng_judgement judgement;

	fng_judge_begin(&judgement, subject, hook);
	fng_judge_floor(&judgement, part);
	return fng_judge_end(&judgement, &object);
}

#endif /* FNGUARD_KMOD_JUDGE_FLOOR_H */
