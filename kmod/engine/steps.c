// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * First steps of the search for an IPv4 address: from its first bits at once to
 * the ranges that begin alike. Of these there are few, however many ranges there
 * are, unless they lie close together.
 */
#include "engine.h"

/* Few ranges are found as fast without. */
#define MIN_RANGES	16
#define MAX_BITS	16

static u32 bits_for(u32 nr)
{
	u32 bits = 0;

	while (bits < MAX_BITS && 1u << bits < nr)
		bits++;
	return bits;
}

/**
 * fng_steps_number() - room for first steps
 * @image: whose
 *
 * Return: number of entries that fng_steps_set() fills; 0 if steps are of no use.
 */
u32 fng_steps_number(const struct fng_image *image)
{
	if (image->nr_v4 < MIN_RANGES)
		return 0;
	return (1u << bits_for(image->nr_v4)) + 1;
}

/**
 * fng_steps_set() - take first steps from now on
 * @image: whose; nobody searches in it yet
 * @steps: room for fng_steps_number() of them, which has to live as long as @image
 */
void fng_steps_set(struct fng_image *image, u32 *steps)
{
	u32 bits = bits_for(image->nr_v4);
	u32 shift = 32 - bits;
	u32 below = 0;
	u32 i;

	for (i = 0; i < 1u << bits; i++) {
		while (below < image->nr_v4 &&
		       image->v4[below].first >> shift < i)
			below++;
		steps[i] = below;
	}
	steps[i] = image->nr_v4;
	image->v4_shift = (u8)shift;
	image->v4_steps = steps;
}
