/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Between the parts that decide.
 */
#ifndef FNGUARD_DECIDE_H
#define FNGUARD_DECIDE_H

#include "engine.h"

/**
 * fng_decision_set() - fill a decision in
 * @decision: what to fill
 * @image: whose decision it is
 * @class: class that decides
 * @refused: the verdict
 * @rule: rule id that decides
 */
static inline void fng_decision_set(struct fng_decision *decision,
				    const struct fng_image *image, u8 class,
				    bool refused, u32 rule)
{
	const struct fng_image_class *settings = &image->classes[class];

	decision->refused = refused;
	decision->audit = settings->mode == FNG_MODE_AUDIT;
	decision->class = class;
	decision->err = (u16)settings->err;
	decision->rule = rule;
	decision->access = 0;
}

#endif /* FNGUARD_DECIDE_H */
