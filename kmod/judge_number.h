/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judging by settings that are a set of numbers: parts of the floor, privileges,
 * capabilities.
 */
#ifndef FNGUARD_KMOD_JUDGE_NUMBER_H
#define FNGUARD_KMOD_JUDGE_NUMBER_H

#include <linux/string.h>

#include "learn.h"

/* One of the engine's, by constant, so that it is called directly. */
typedef void fng_number_decide(const struct fng_image *image, u32 number,
			       struct fng_decision *decision);

/* What a policy that learns remembers of it. */
static __always_inline enum fng_act_kind
fng_number_kind(fng_number_decide *decide)
{
	if (decide == fng_capability_decide)
		return FNG_ACT_CAPABILITY;
	return decide == fng_floor_decide ? FNG_ACT_FLOOR : FNG_ACT_PRIVILEGE;
}

/**
 * fng_judge_number_of() - judge a number by one of the policies
 * @judgement: being made
 * @policy: index in the subject
 * @decide: what decides
 * @number: what it decides on
 */
static __always_inline void
fng_judge_number_of(struct fng_judgement *judgement, u8 policy,
		    fng_number_decide *decide, u32 number)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;

	decide(&subject->policies[policy]->image, number, &decision);
	fng_judge_add_number(judgement, policy, &decision,
			     fng_number_kind(decide), number);
}

/**
 * fng_judge_number() - judge a number by every policy
 * @judgement: being made
 * @decide: what decides
 * @number: what it decides on
 */
static __always_inline void fng_judge_number(struct fng_judgement *judgement,
					     fng_number_decide *decide,
					     u32 number)
{
	u8 i;

	for (i = 0; i < judgement->subject->nr; i++)
		fng_judge_number_of(judgement, i, decide, number);
}

/* What an act without a path or an address is about, in the event. */
static inline struct fng_object fng_object_named(const char *what)
{
	return (struct fng_object) {
		.kind = FNG_OBJECT_NAME,
		.name = what,
		.name_len = strlen(what),
	};
}

/**
 * fng_number_verdict() - the verdict on an act that is only a number
 * @subject: who
 * @hook: enum fng_hook
 * @decide: what decides
 * @number: what it decides on
 * @what: for the event
 *
 * Return: as fng_judge_end().
 */
static __always_inline int
fng_number_verdict(const struct fng_subject *subject, u8 hook,
		   fng_number_decide *decide, u32 number, const char *what)
{
	const struct fng_object object = fng_object_named(what);
	struct fng_judgement judgement;

	fng_judge_begin(&judgement, subject, hook);
	fng_judge_number(&judgement, decide, number);
	return fng_judge_end(&judgement, &object);
}

#endif /* FNGUARD_KMOD_JUDGE_NUMBER_H */
