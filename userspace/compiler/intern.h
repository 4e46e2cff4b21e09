/* SPDX-License-Identifier: MIT */
/*
 * Sequences of numbers, each kept once and known by a small number in the order
 * of first appearance.
 */
#ifndef COMPILER_INTERN_H
#define COMPILER_INTERN_H

#include <fnguard/types.h>

/**
 * struct fngc_intern - a table of sequences
 * @pool: the sequences, one after the other
 * @pool_nr: elements in @pool
 * @pool_room: room in @pool
 * @start: per sequence, its first element in @pool; one more than @nr
 * @hash: per sequence, its hash
 * @start_room: room in @start
 * @hash_room: room in @hash
 * @nr: number of sequences
 * @slots: open-addressed table, number of a sequence plus one
 * @nr_slots: size of @slots, a power of two
 */
struct fngc_intern {
	u32 *pool;
	size_t pool_nr;
	size_t pool_room;
	u32 *start;
	u64 *hash;
	size_t start_room;
	size_t hash_room;
	u32 nr;
	u32 *slots;
	size_t nr_slots;
};

/* The number of a sequence, which is added if it is new. */
u32 fngc_intern(struct fngc_intern *table, const u32 *seq, size_t nr);
void fngc_intern_free(struct fngc_intern *table);

static inline const u32 *fngc_interned(const struct fngc_intern *table, u32 id,
				       size_t *nr)
{
	*nr = table->start[id + 1] - table->start[id];
	return table->pool + table->start[id];
}

/* A mixing function for hashes. */
static inline u64 fngc_mix(u64 x)
{
	x += 0x9e3779b97f4a7c15ull;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

/* For qsort() of u32. */
int fngc_compare_u32(const void *left, const void *right);

#endif /* COMPILER_INTERN_H */
