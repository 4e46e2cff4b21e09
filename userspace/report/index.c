// SPDX-License-Identifier: MIT
/*
 * Finds what has a key. Nothing is ever taken out.
 */
#include <stdlib.h>
#include <string.h>

#include <report/report.h>

bool fng_report_index_init(struct fng_report_index *index, u32 room)
{
	index->room = room;
	index->slot = malloc(room * sizeof(*index->slot));
	index->key = malloc(room * sizeof(*index->key));
	if (index->slot)
		memset(index->slot, 0xff, room * sizeof(*index->slot));
	return index->slot && index->key;
}

void fng_report_index_free(struct fng_report_index *index)
{
	free(index->slot);
	free(index->key);
}

/* Slot of a key, or the empty one where it belongs. */
static u32 slot_of(const struct fng_report_index *index, u64 key)
{
	u32 slot = (key ^ key >> 32) & (index->room - 1);

	while (index->slot[slot] != FNG_REPORT_NONE && index->key[slot] != key)
		slot = (slot + 1) & (index->room - 1);
	return slot;
}

u32 fng_report_index_find(const struct fng_report_index *index, u64 key)
{
	return index->slot[slot_of(index, key)];
}

/* There is twice as much room as anybody adds. */
void fng_report_index_add(struct fng_report_index *index, u64 key, u32 number)
{
	u32 slot = slot_of(index, key);

	index->slot[slot] = number;
	index->key[slot] = key;
}
