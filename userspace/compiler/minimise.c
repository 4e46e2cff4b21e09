// SPDX-License-Identifier: MIT
/*
 * Partition refinement on sparse rows. States start in one block per accept
 * value; a block is split by where its states go, and the states that lead to
 * what moved are looked at again. The largest part keeps the block's number, so
 * that a state moves at most log n times.
 */
#include <stdlib.h>

#include <compiler/mem.h>
#include <compiler/partition.h>

/* A state to be looked at, with the hash of where it goes. */
struct key {
	u64 hash;
	u32 state;
};

/**
 * struct partition - states in blocks
 * @rows: the automaton
 * @pred: predecessors of each state
 * @pred_start: see fngc_rows_reverse()
 * @elem: states, block by block, in each the dirty ones first
 * @pos: per state, where it is in @elem
 * @block: per state, its block
 * @first: per block, its first place in @elem
 * @size: per block, its states
 * @dirty: per block, its states that have to be looked at
 * @queue: blocks with dirty states
 * @queued: per block, it is in @queue
 * @queue_nr: blocks in @queue
 * @nr: number of blocks
 * @keys: room for the dirty states of a block
 * @ends: room for the ends of a block's parts
 * @moved: states that got another block
 * @nr_moved: number of @moved
 * @weight: per class, a random odd number
 * @weights: sum of them
 */
struct partition {
	const struct fngc_rows *rows;
	u32 *pred;
	u32 *pred_start;
	u32 *elem;
	u32 *pos;
	u32 *block;
	u32 *first;
	u32 *size;
	u32 *dirty;
	u32 *queue;
	u8 *queued;
	u32 queue_nr;
	u32 nr;
	struct key *keys;
	u32 *ends;
	u32 *moved;
	u32 nr_moved;
	u64 weight[256];
	u64 weights;
};

u32 *fngc_rows_reverse(const struct fngc_rows *rows, u32 **start)
{
	size_t nr_edges = rows->nr + rows->start[rows->nr];
	u32 *at = fngc_xcalloc((size_t)rows->nr + 2, sizeof(*at));
	u32 *pred = fngc_xcalloc(nr_edges, sizeof(*pred));

	for (u32 s = 0; s < rows->nr; s++) {
		at[rows->dflt[s] + 2]++;
		for (u32 i = rows->start[s]; i < rows->start[s + 1]; i++)
			at[rows->target[i] + 2]++;
	}
	for (u32 s = 2; s < rows->nr + 2; s++)
		at[s] += at[s - 1];
	for (u32 s = 0; s < rows->nr; s++) {
		pred[at[rows->dflt[s] + 1]++] = s;
		for (u32 i = rows->start[s]; i < rows->start[s + 1]; i++)
			pred[at[rows->target[i] + 1]++] = s;
	}
	*start = at;
	return pred;
}

/* Sum over all classes of weight times hash of the block gone to. */
static u64 row_hash(const struct partition *p, u32 s)
{
	const struct fngc_rows *rows = p->rows;
	u64 rest = p->weights, hash = 0;

	for (u32 i = rows->start[s]; i < rows->start[s + 1]; i++) {
		u64 weight = p->weight[rows->class[i]];

		rest -= weight;
		hash += weight * fngc_mix(p->block[rows->target[i]]);
	}
	return hash + rest * fngc_mix(p->block[rows->dflt[s]]);
}

/* Both go to the same block on every class. */
static bool same_row(const struct partition *p, u32 a, u32 b)
{
	const struct fngc_rows *rows = p->rows;
	u32 i = rows->start[a], j = rows->start[b];
	u32 da = p->block[rows->dflt[a]], db = p->block[rows->dflt[b]];
	u32 seen = 0;

	while (i < rows->start[a + 1] || j < rows->start[b + 1]) {
		u32 ca = i < rows->start[a + 1] ? rows->class[i] : 256;
		u32 cb = j < rows->start[b + 1] ? rows->class[j] : 256;
		u32 ta = ca <= cb ? p->block[rows->target[i++]] : da;
		u32 tb = cb <= ca ? p->block[rows->target[j++]] : db;

		if (ta != tb)
			return false;
		seen++;
	}
	return seen == rows->nr_classes || da == db;
}

static void place(struct partition *p, u32 at, u32 state)
{
	p->elem[at] = state;
	p->pos[state] = at;
}

static void enqueue(struct partition *p, u32 block)
{
	if (p->queued[block])
		return;
	p->queued[block] = 1;
	p->queue[p->queue_nr++] = block;
}

static void make_dirty(struct partition *p, u32 state)
{
	u32 block = p->block[state];
	u32 to = p->first[block] + p->dirty[block];
	u32 from = p->pos[state];

	if (from < to || p->size[block] < 2)
		return;
	place(p, from, p->elem[to]);
	place(p, to, state);
	p->dirty[block]++;
	enqueue(p, block);
}

static int compare_keys(const void *left, const void *right)
{
	const struct key *a = left, *b = right;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->state < b->state ? -1 : a->state > b->state;
}

/* Brings equal rows of a run of equal hashes together; returns how many. */
static u32 gather(const struct partition *p, struct key *keys, u32 nr)
{
	u32 same = 1;

	for (u32 i = 1; i < nr && keys[i].hash == keys[0].hash; i++) {
		struct key key = keys[i];

		if (!same_row(p, keys[0].state, key.state))
			continue;
		keys[i] = keys[same];
		keys[same++] = key;
	}
	return same;
}

/* Gives [@first, @first + @size) of the places a block of its own. */
static void new_block(struct partition *p, u32 first, u32 size)
{
	u32 block = p->nr++;

	p->first[block] = first;
	p->size[block] = size;
	p->dirty[block] = 0;
	for (u32 i = first; i < first + size; i++)
		p->block[p->elem[i]] = block;
}

/* Sorts the dirty states into groups; returns where the largest part is. */
static u32 sort_dirty(struct partition *p, u32 block, u32 nr, u32 *largest,
		      u32 *ends)
{
	u32 first = p->first[block], groups = 0;

	for (u32 i = 0; i < nr; i++) {
		u32 state = p->elem[first + i];

		p->keys[i] = (struct key){ row_hash(p, state), state };
	}
	qsort(p->keys, nr, sizeof(*p->keys), compare_keys);
	for (u32 i = 0; i < nr;) {
		i += gather(p, p->keys + i, nr - i);
		ends[groups++] = i;
	}
	for (u32 i = 0; i < nr; i++)
		place(p, first + i, p->keys[i].state);
	if (nr < p->size[block])
		ends[groups++] = p->size[block];
	*largest = 0;
	for (u32 g = 1; g < groups; g++) {
		u32 big = ends[*largest] - (*largest ? ends[*largest - 1] : 0);

		if (ends[g] - ends[g - 1] > big)
			*largest = g;
	}
	return groups;
}

/* Those who lead to a state that moved go somewhere else now. */
static void follow_moved(struct partition *p)
{
	for (u32 i = 0; i < p->nr_moved; i++) {
		u32 state = p->moved[i];

		for (u32 j = p->pred_start[state]; j < p->pred_start[state + 1];
		     j++)
			make_dirty(p, p->pred[j]);
	}
	p->nr_moved = 0;
}

static void split(struct partition *p, u32 block)
{
	u32 nr = p->dirty[block], first = p->first[block];
	u32 *ends = p->ends;
	u32 largest, groups;

	p->dirty[block] = 0;
	groups = sort_dirty(p, block, nr, &largest, ends);
	for (u32 g = 0; groups > 1 && g < groups; g++) {
		u32 start = g ? ends[g - 1] : 0;

		if (g == largest) {
			p->first[block] = first + start;
			p->size[block] = ends[g] - start;
			continue;
		}
		new_block(p, first + start, ends[g] - start);
		for (u32 i = first + start; i < first + ends[g]; i++)
			p->moved[p->nr_moved++] = p->elem[i];
	}
	follow_moved(p);
}

static void initial_blocks(struct partition *p)
{
	const struct fngc_rows *rows = p->rows;

	for (u32 s = 0; s < rows->nr; s++)
		p->keys[s] = (struct key){ rows->accept[s], s };
	qsort(p->keys, rows->nr, sizeof(*p->keys), compare_keys);
	for (u32 i = 0; i < rows->nr; i++)
		place(p, i, p->keys[i].state);
	for (u32 i = 0, start = 0; i < rows->nr; i++) {
		if (i + 1 < rows->nr && p->keys[i + 1].hash == p->keys[i].hash)
			continue;
		new_block(p, start, i + 1 - start);
		p->dirty[p->nr - 1] = i + 1 - start;
		enqueue(p, p->nr - 1);
		start = i + 1;
	}
}

static void partition_init(struct partition *p, const struct fngc_rows *rows)
{
	size_t nr = rows->nr;

	p->rows = rows;
	p->pred = fngc_rows_reverse(rows, &p->pred_start);
	p->elem = fngc_xcalloc(nr, sizeof(u32));
	p->pos = fngc_xcalloc(nr, sizeof(u32));
	p->block = fngc_xcalloc(nr, sizeof(u32));
	p->first = fngc_xcalloc(nr, sizeof(u32));
	p->size = fngc_xcalloc(nr, sizeof(u32));
	p->dirty = fngc_xcalloc(nr, sizeof(u32));
	p->queue = fngc_xcalloc(nr, sizeof(u32));
	p->queued = fngc_xcalloc(nr, 1);
	p->keys = fngc_xcalloc(nr, sizeof(*p->keys));
	p->ends = fngc_xcalloc(nr + 1, sizeof(u32));
	p->moved = fngc_xcalloc(nr, sizeof(u32));
	for (u32 class = 0; class < rows->nr_classes; class++) {
		p->weight[class] = fngc_mix(class + 1) | 1;
		p->weights += p->weight[class];
	}
}

static void partition_free(struct partition *p)
{
	free(p->pred);
	free(p->pred_start);
	free(p->elem);
	free(p->pos);
	free(p->first);
	free(p->size);
	free(p->queue);
	free(p->queued);
	free(p->keys);
	free(p->ends);
	free(p->moved);
}

void fngc_partition(const struct fngc_rows *rows, struct fngc_blocks *blocks)
{
	struct partition p = { 0 };

	partition_init(&p, rows);
	initial_blocks(&p);
	/* Last in, first out: any order ends in the same partition. */
	while (p.queue_nr) {
		u32 block = p.queue[--p.queue_nr];

		p.queued[block] = 0;
		split(&p, block);
	}
	/* Nothing is dirty any more: that room takes the samples. */
	for (u32 block = 0; block < p.nr; block++)
		p.dirty[block] = p.elem[p.first[block]];
	blocks->rows = rows;
	blocks->block = p.block;
	blocks->sample = p.dirty;
	blocks->nr = p.nr;
	partition_free(&p);
}

void fngc_minimise(const struct fngc_rows *rows, struct fngc_rows *out)
{
	struct fngc_blocks blocks;

	fngc_partition(rows, &blocks);
	fngc_renumber(&blocks, out);
	free(blocks.block);
	free(blocks.sample);
}

const char *fngc_automaton(const struct fngc_nfa *nfa, fngc_accept_fn accept,
			   void *arg, struct fngc_rows *minimal, u32 *subsets)
{
	struct fngc_rows rows;
	const char *bad = fngc_subsets(nfa, accept, arg, &rows);

	if (subsets)
		*subsets = rows.nr;
	if (!bad)
		fngc_minimise(&rows, minimal);
	fngc_rows_free(&rows);
	return bad;
}
