// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include <compiler/intern.h>
#include <compiler/mem.h>

static u64 hash_seq(const u32 *seq, size_t nr)
{
	u64 hash = nr;

	for (size_t i = 0; i < nr; i++)
		hash = fngc_mix(hash ^ seq[i]);
	return hash;
}

static void rehash(struct fngc_intern *table)
{
	size_t nr = table->nr_slots ? table->nr_slots * 2 : 64;

	free(table->slots);
	table->slots = fngc_xcalloc(nr, sizeof(*table->slots));
	table->nr_slots = nr;
	for (u32 id = 0; id < table->nr; id++) {
		size_t slot = table->hash[id] & (nr - 1);

		while (table->slots[slot])
			slot = (slot + 1) & (nr - 1);
		table->slots[slot] = id + 1;
	}
}

static u32 append(struct fngc_intern *table, const u32 *seq, size_t nr,
		  u64 hash)
{
	u32 id = table->nr++;

	table->pool = fngc_grow(table->pool, &table->pool_room,
				table->pool_nr + nr, sizeof(*table->pool));
	table->start = fngc_grow(table->start, &table->start_room,
				 (size_t)id + 2, sizeof(*table->start));
	table->hash = fngc_grow(table->hash, &table->hash_room, (size_t)id + 1,
				sizeof(*table->hash));
	if (nr)
		memcpy(table->pool + table->pool_nr, seq, nr * sizeof(*seq));
	table->start[id] = table->pool_nr;
	table->pool_nr += nr;
	table->start[id + 1] = table->pool_nr;
	table->hash[id] = hash;
	return id;
}

static bool is_seq(const struct fngc_intern *table, u32 id, const u32 *seq,
		   size_t nr)
{
	size_t have;
	const u32 *other = fngc_interned(table, id, &have);

	return have == nr && (!nr || !memcmp(other, seq, nr * sizeof(*seq)));
}

u32 fngc_intern(struct fngc_intern *table, const u32 *seq, size_t nr)
{
	u64 hash = hash_seq(seq, nr);
	size_t slot;

	if ((size_t)table->nr * 2 >= table->nr_slots)
		rehash(table);
	slot = hash & (table->nr_slots - 1);
	while (table->slots[slot]) {
		u32 id = table->slots[slot] - 1;

		if (table->hash[id] == hash && is_seq(table, id, seq, nr))
			return id;
		slot = (slot + 1) & (table->nr_slots - 1);
	}
	table->slots[slot] = table->nr + 1;
	return append(table, seq, nr, hash);
}

void fngc_intern_free(struct fngc_intern *table)
{
	free(table->pool);
	free(table->start);
	free(table->hash);
	free(table->slots);
	memset(table, 0, sizeof(*table));
}

int fngc_compare_u32(const void *left, const void *right)
{
	u32 a = *(const u32 *)left, b = *(const u32 *)right;

	return a < b ? -1 : a > b;
}
