/* SPDX-License-Identifier: MIT */
/*
 * Random numbers that can be had again: the seed is printed, and FNG_SEED in
 * the environment sets it.
 */
#ifndef PRNG_H
#define PRNG_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct prng {
	uint64_t state;
};

static inline uint32_t prng_next(struct prng *prng)
{
	prng->state ^= prng->state >> 12;
	prng->state ^= prng->state << 25;
	prng->state ^= prng->state >> 27;
	return (uint32_t)((prng->state * 0x2545f4914f6cdd1dull) >> 32);
}

/* A number below @bound, which is not 0. */
static inline uint32_t prng_below(struct prng *prng, uint32_t bound)
{
	return prng_next(prng) % bound;
}

static inline struct prng prng_begin(const char *what)
{
	const char *given = getenv("FNG_SEED");
	struct prng prng = { given ? strtoull(given, NULL, 0) : 0x5eed };

	printf("# %s: seed 0x%llx\n", what, (unsigned long long)prng.state);
	if (!prng.state)
		prng.state = 1;
	return prng;
}

#endif /* PRNG_H */
