/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory for the first steps of searches in an image.
 */
#ifndef FNGUARD_KMOD_STEPS_H
#define FNGUARD_KMOD_STEPS_H

#include <linux/mm.h>

#include "engine/engine.h"
#include "memory.h"

/**
 * fng_steps_make() - have an image searched with first steps
 * @image: verified, and known to nobody else
 *
 * Without memory for them, searches only take longer.
 *
 * Context: process; may sleep.
 */
static inline void fng_steps_make(struct fng_image *image)
{
	u32 number = fng_steps_number(image);
	u32 *steps;

	if (!number)
		return;
	steps = fng_memory_alloc(number * sizeof(*steps), 0);
	if (steps)
		fng_steps_set(image, steps);
}

/* Nobody searches any more, or ever did. */
static inline void fng_steps_free(const struct fng_image *image)
{
	kvfree(image->v4_steps);
}

#endif /* FNGUARD_KMOD_STEPS_H */
