/* SPDX-License-Identifier: MIT */
/*
 * Where the choices of generators come from: random numbers, or the bytes of a
 * fuzzer while there are any.
 */
#ifndef REFERENCE_SOURCE_H
#define REFERENCE_SOURCE_H

#include <fnguard/types.h>

/**
 * struct ref_source - a stream of choices
 * @state: of the random numbers
 * @bytes: of a fuzzer, NULL for random numbers
 * @left: number of @bytes that are not used up; without any, each choice is the
 *	first, so the first is to be the one that leads to an end
 */
struct ref_source {
	u64 state;
	const u8 *bytes;
	size_t left;
};

static inline struct ref_source ref_source_random(u64 seed)
{
	return (struct ref_source){ .state = seed };
}

static inline struct ref_source ref_source_bytes(const u8 *bytes, size_t nr)
{
	return (struct ref_source){ .bytes = bytes, .left = nr };
}

/* splitmix64: neighbouring seeds have nothing in common. */
static inline u64 ref_source_next(struct ref_source *source)
{
	u64 z = source->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/* A number below @bound, which is not 0. */
static inline u32 ref_below(struct ref_source *source, u32 bound)
{
	u32 value = 0;

	if (!source->bytes)
		return (u32)(ref_source_next(source) >> 32) % bound;
	for (u32 rest = bound - 1; rest && source->left; rest >>= 8) {
		value = value << 8 | *source->bytes++;
		source->left--;
	}
	return value % bound;
}

/* True this often in a hundred. */
static inline bool ref_chance(struct ref_source *source, u32 percent)
{
	return ref_below(source, 100) >= 100 - percent;
}

#define REF_PICK(source, array) \
	((array)[ref_below(source, sizeof(array) / sizeof(*(array)))])

#endif /* REFERENCE_SOURCE_H */
