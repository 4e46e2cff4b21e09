// SPDX-License-Identifier: MIT
/*
 * Rows become the tables of an image: each state's exceptions are put into one
 * shared table where they fit between those of others.
 */
#include <stdlib.h>

#include <compiler/dfa.h>
#include <compiler/mem.h>

/* Places that are tried for a row of several exceptions before the end. */
#define MAX_TRIES	256

/**
 * struct packer - the transition table while it fills
 * @rows: what is packed
 * @table: where to
 * @used: bit per slot: it is taken
 * @room: slots that there is memory for, a multiple of 64
 * @top: all slots from here on are free
 * @low: all slots below are taken
 * @hint: per number of exceptions, where a search starts
 */
struct packer {
	const struct fngc_rows *rows;
	struct fngc_table *table;
	u64 *used;
	size_t room;
	size_t top;
	size_t low;
	size_t hint[257];
};

static void make_room(struct packer *p, size_t slots)
{
	size_t old = p->room;
	size_t more = old ? old : 1024;

	while (more < slots)
		more *= 2;
	if (more == old)
		return;
	p->used = fngc_xrealloc(p->used, more / 64, sizeof(u64));
	memset(p->used + old / 64, 0, (more - old) / 8);
	p->table->trans = fngc_xrealloc(p->table->trans, more,
					sizeof(*p->table->trans));
	for (size_t i = old; i < more; i++)
		p->table->trans[i] = (struct fng_image_trans){
			0, FNG_STATE_UNOWNED };
	p->room = more;
}

static bool is_used(const struct packer *p, size_t slot)
{
	return slot < p->top && p->used[slot / 64] >> (slot % 64) & 1;
}

/* The first free slot from @slot on. */
static size_t next_free(const struct packer *p, size_t slot)
{
	while (slot < p->top) {
		u64 free_bits = ~p->used[slot / 64] >> (slot % 64);

		if (free_bits)
			return slot + __builtin_ctzll(free_bits);
		slot = (slot / 64 + 1) * 64;
	}
	return slot;
}

static bool fits(const struct packer *p, u32 state, size_t base)
{
	const struct fngc_rows *rows = p->rows;

	for (u32 i = rows->start[state]; i < rows->start[state + 1]; i++) {
		if (is_used(p, base + rows->class[i]))
			return false;
	}
	return true;
}

static void occupy(struct packer *p, u32 state, size_t base)
{
	const struct fngc_rows *rows = p->rows;

	make_room(p, base + 256);
	p->table->states[state].base = base;
	for (u32 i = rows->start[state]; i < rows->start[state + 1]; i++) {
		size_t slot = base + rows->class[i];

		p->used[slot / 64] |= 1ull << (slot % 64);
		p->table->trans[slot].next = rows->target[i];
		p->table->trans[slot].check = state;
		if (slot >= p->top)
			p->top = slot + 1;
	}
}

static size_t find_base(struct packer *p, u32 state)
{
	const struct fngc_rows *rows = p->rows;
	u32 first = rows->class[rows->start[state]];
	u32 nr = rows->start[state + 1] - rows->start[state];
	u32 tries = nr > 1 ? MAX_TRIES : UINT32_MAX;
	size_t slot = p->hint[nr] > first ? p->hint[nr] : first;

	while (tries--) {
		slot = next_free(p, slot);
		if (slot >= p->top || fits(p, state, slot - first))
			break;
		slot++;
	}
	/* What did not fit once will not fit better later. */
	p->hint[nr] = slot > 256 ? slot - 256 : 0;
	if (slot < p->top && !fits(p, state, slot - first))
		slot = p->top > first ? p->top : first;
	return slot - first;
}

/* Big rows first, small ones into the gaps; by number among equals. */
static u32 *packing_order(const struct fngc_rows *rows)
{
	u32 *order = fngc_xcalloc(rows->nr, sizeof(*order));
	u32 count[258] = { 0 };

	for (u32 s = 0; s < rows->nr; s++)
		count[257 - (rows->start[s + 1] - rows->start[s])]++;
	for (u32 i = 1; i < 258; i++)
		count[i] += count[i - 1];
	for (u32 s = 0; s < rows->nr; s++) {
		u32 nr = rows->start[s + 1] - rows->start[s];

		order[count[256 - nr]++] = s;
	}
	return order;
}

static void pack_rows(struct packer *p)
{
	const struct fngc_rows *rows = p->rows;
	u32 *order = packing_order(rows);
	size_t end = 0;

	for (u32 i = 0; i < rows->nr; i++) {
		u32 state = order[i];

		if (rows->start[state] == rows->start[state + 1])
			continue;
		occupy(p, state, find_base(p, state));
	}
	for (u32 s = 0; s < rows->nr; s++) {
		if (p->table->states[s].base > end)
			end = p->table->states[s].base;
	}
	make_room(p, end + 256);
	p->table->nr_trans = end + rows->nr_classes;
	free(order);
}

/* Folds the masks of a successor into those of a state; true if they change. */
static bool fold(struct fng_image_state *state,
		 const struct fng_image_state *next)
{
	u16 any = state->any | next->any;
	u16 every = state->every & next->every;
	u16 deny = state->deny | next->deny;
	bool change = any != state->any || every != state->every ||
		      deny != state->deny;

	state->any = any;
	state->every = every;
	state->deny = deny;
	return change;
}

/* The masks of all that can be reached: each changes 24 times at most. */
static void spread_masks(const struct fngc_rows *rows,
			 struct fng_image_state *states)
{
	u32 *start, *pred = fngc_rows_reverse(rows, &start);
	u32 *queue = fngc_xcalloc(rows->nr, sizeof(*queue));
	u8 *queued = fngc_xcalloc(rows->nr, 1);
	u32 nr = 0;

	for (u32 s = 0; s < rows->nr; s++) {
		queue[nr++] = s;
		queued[s] = 1;
	}
	while (nr) {
		u32 s = queue[--nr];

		queued[s] = 0;
		for (u32 i = start[s]; i < start[s + 1]; i++) {
			u32 from = pred[i];

			if (!fold(&states[from], &states[s]) || queued[from])
				continue;
			queued[from] = 1;
			queue[nr++] = from;
		}
	}
	free(queue);
	free(queued);
	free(pred);
	free(start);
}

void fngc_table_pack(const struct fngc_rows *rows,
		     const struct fng_image_accept *accepts,
		     struct fngc_table *table)
{
	struct packer p = { .rows = rows, .table = table };

	memset(table, 0, sizeof(*table));
	memcpy(table->map, rows->map, sizeof(table->map));
	table->nr_states = rows->nr;
	table->states = fngc_xcalloc(rows->nr, sizeof(*table->states));
	for (u32 s = 0; s < rows->nr; s++) {
		struct fng_image_state *state = &table->states[s];

		state->dflt = rows->dflt[s];
		state->accept = rows->accept[s];
		if (!accepts)
			continue;
		state->any = accepts[state->accept].granted;
		state->every = accepts[state->accept].granted;
		state->deny = accepts[state->accept].denied;
	}
	pack_rows(&p);
	if (accepts)
		spread_masks(rows, table->states);
	free(p.used);
}

void fngc_table_hand_over(const struct fngc_rows *rows, const u32 *to,
			  const struct fngc_table *base,
			  struct fngc_table *table)
{
	for (u32 s = 0; s < rows->nr; s++) {
		if (to[s] != FNGC_NONE)
			fold(&table->states[s], &base->states[to[s]]);
	}
	spread_masks(rows, table->states);
	for (u32 s = 0; s < rows->nr; s++) {
		if (to[s] != FNGC_NONE)
			table->states[s].dflt = FNG_STATE_BASE | to[s];
	}
}

void fngc_table_free(struct fngc_table *table)
{
	free(table->states);
	free(table->trans);
	memset(table, 0, sizeof(*table));
}
