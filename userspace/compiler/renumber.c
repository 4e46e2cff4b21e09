// SPDX-License-Identifier: MIT
/*
 * Blocks of states become states, and byte classes that no block tells apart
 * become one. What comes out depends on the language only, not on the patterns
 * that it was written by.
 */
#include <stdlib.h>

#include <compiler/mem.h>
#include <compiler/partition.h>

/**
 * struct renumbering - state of it
 * @blocks: what there is
 * @number: per block, its new state, or FNGC_NONE
 * @sample: per new state, an old one
 * @nr: number of new states
 * @count: per new state, room for counting
 * @leader: per old class, the lowest class that is the same
 * @class: per old class, its new one
 * @nr_classes: number of new classes
 */
struct renumbering {
	const struct fngc_blocks *blocks;
	u32 *number;
	u32 *sample;
	u32 nr;
	u32 *count;
	u8 leader[256];
	u8 class[256];
	u32 nr_classes;
};

/* Where a state goes, by class. */
static void dense_row(const struct fngc_blocks *blocks, u32 state, u32 *row)
{
	const struct fngc_rows *rows = blocks->rows;

	for (u32 class = 0; class < rows->nr_classes; class++)
		row[class] = blocks->block[rows->dflt[state]];
	for (u32 i = rows->start[state]; i < rows->start[state + 1]; i++)
		row[rows->class[i]] = blocks->block[rows->target[i]];
}

/* Splits the groups of classes by what one row says. */
static void split_groups(u8 *leader, const u32 *row, u32 nr)
{
	u8 now[256];

	for (u32 class = 0; class < nr; class++) {
		u32 old = leader[class], other = class;

		/* Most often the group stays whole: ask its leader first. */
		if (row[class] == row[old]) {
			now[class] = old;
			continue;
		}
		for (u32 c = old + 1; c < class; c++) {
			if (leader[c] == old && row[c] == row[class] &&
			    now[c] == c) {
				other = c;
				break;
			}
		}
		now[class] = other;
	}
	memcpy(leader, now, nr);
}

static void merge_classes(struct renumbering *r)
{
	const struct fngc_blocks *blocks = r->blocks;
	u32 nr = blocks->rows->nr_classes;
	u32 row[256];

	memset(r->leader, 0, sizeof(r->leader));
	for (u32 block = 0; block < blocks->nr; block++) {
		dense_row(blocks, blocks->sample[block], row);
		split_groups(r->leader, row, nr);
	}
	for (u32 class = 0; class < nr; class++) {
		if (r->leader[class] == class)
			r->class[class] = r->nr_classes++;
		else
			r->class[class] = r->class[r->leader[class]];
	}
}

static u32 number_of(struct renumbering *r, u32 block)
{
	u32 *number = &r->number[block];

	if (*number == FNGC_NONE) {
		r->sample[r->nr] = r->blocks->sample[block];
		*number = r->nr++;
	}
	return *number;
}

/* The most frequent target; of several, the one with the lowest number. */
static u32 most_frequent(const u32 *row, u32 nr, u32 *count)
{
	u32 best = row[0];

	for (u32 i = 0; i < nr; i++)
		count[row[i]] = 0;
	for (u32 i = 0; i < nr; i++)
		count[row[i]]++;
	for (u32 i = 0; i < nr; i++) {
		if (count[row[i]] > count[best] ||
		    (count[row[i]] == count[best] && row[i] < best))
			best = row[i];
	}
	return best;
}

static void write_row(struct renumbering *r, u32 state, struct fngc_rows *out,
		      size_t room[2])
{
	const struct fngc_rows *rows = r->blocks->rows;
	u32 old = r->sample[state], nr = out->start[state];
	u32 dense[256], row[256];

	dense_row(r->blocks, old, dense);
	for (u32 class = 0; class < rows->nr_classes; class++) {
		if (r->leader[class] == class)
			row[r->class[class]] = number_of(r, dense[class]);
	}
	out->accept[state] = rows->accept[old];
	out->dflt[state] = most_frequent(row, r->nr_classes, r->count);
	for (u32 class = 0; class < r->nr_classes; class++) {
		if (row[class] == out->dflt[state])
			continue;
		out->class = fngc_grow(out->class, &room[0], nr + 1, 1);
		out->target = fngc_grow(out->target, &room[1], nr + 1, 4);
		out->class[nr] = class;
		out->target[nr++] = row[class];
	}
	out->start[state + 1] = nr;
}

static void write_map(const struct renumbering *r, struct fngc_rows *out)
{
	out->nr_classes = r->nr_classes;
	for (u32 byte = 0; byte < 256; byte++)
		out->map[byte] = r->class[r->blocks->rows->map[byte]];
}

void fngc_renumber(const struct fngc_blocks *blocks, struct fngc_rows *out)
{
	struct renumbering r = { .blocks = blocks };
	size_t room[2] = { 0 }, nr = (size_t)blocks->nr + 2;

	memset(out, 0, sizeof(*out));
	merge_classes(&r);
	r.number = fngc_xcalloc(nr, sizeof(u32));
	r.sample = fngc_xcalloc(nr, sizeof(u32));
	r.count = fngc_xcalloc(nr, sizeof(u32));
	memset(r.number, 0xff, nr * sizeof(u32));
	number_of(&r, blocks->block[FNG_STATE_DEAD]);
	/* Where no rule can match, the start is the dead state's twin. */
	r.sample[FNG_STATE_START] = FNG_STATE_START;
	if (blocks->block[FNG_STATE_START] != blocks->block[FNG_STATE_DEAD])
		r.number[blocks->block[FNG_STATE_START]] = FNG_STATE_START;
	r.nr = FNG_STATE_START + 1;
	write_map(&r, out);
	out->accept = fngc_xcalloc(nr, sizeof(u32));
	out->dflt = fngc_xcalloc(nr, sizeof(u32));
	out->start = fngc_xcalloc(nr, sizeof(u32));
	for (u32 state = 0; state < r.nr; state++)
		write_row(&r, state, out, room);
	out->nr = r.nr;
	free(r.number);
	free(r.sample);
	free(r.count);
}
