// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include <compiler/walk_pairs.h>

/**
 * struct walker - a walk under way
 * @automata: of both policies
 * @names: over which names
 * @pairs: what was found
 * @bytes: one for each way in which bytes are told apart
 * @nr_bytes: number of @bytes
 */
struct walker {
	const struct fngc_automata *automata;
	const struct fngc_names *names;
	struct fngc_pairs *pairs;
	u8 bytes[256];
	u32 nr_bytes;
};

/* What reads well in an example goes first and stands for all that are alike. */
static u32 liking(u8 byte)
{
	if (byte >= 'a' && byte <= 'z')
		return byte == 'x' ? 0 : 1;
	if (byte >= '0' && byte <= '9')
		return 2;
	if (byte > ' ' && byte < 0x7f)
		return strchr("._-", byte) ? 3 : 4;
	return 5;
}

static void add_byte(struct walker *walker, struct fngc_intern *alike, u8 byte)
{
	const struct fngc_automata *automata = walker->automata;
	u32 words[5] = { 0 };

	if (strchr(walker->names->apart, byte))
		words[0] = byte;
	for (u32 i = 0; i < automata->nr_maps; i++)
		words[1 + i] = automata->maps[i][byte];
	if (fngc_intern(alike, words, 5) == walker->nr_bytes)
		walker->bytes[walker->nr_bytes++] = byte;
}

/* Not NUL: no name but an abstract one has it, and no rule can name it. */
static void choose_bytes(struct walker *walker)
{
	struct fngc_intern alike = { 0 };

	for (u32 rank = 0; rank <= 5; rank++) {
		for (u32 byte = 1; byte < 256; byte++) {
			if (liking(byte) == rank)
				add_byte(walker, &alike, byte);
		}
	}
	fngc_intern_free(&alike);
}

static u64 hash_pair(const struct fngc_pair *pair)
{
	return fngc_mix(fngc_mix(pair->state[0] | (u64)pair->state[1] << 32) +
			pair->shape);
}

static bool same_pair(const struct fngc_pair *a, const struct fngc_pair *b)
{
	return a->state[0] == b->state[0] && a->state[1] == b->state[1] &&
	       a->shape == b->shape;
}

static u32 *find_slot(const struct fngc_pairs *pairs,
		      const struct fngc_pair *pair)
{
	size_t slot = hash_pair(pair) & (pairs->nr_slots - 1);

	while (pairs->slots[slot] &&
	       !same_pair(&pairs->v[pairs->slots[slot] - 1], pair))
		slot = (slot + 1) & (pairs->nr_slots - 1);
	return &pairs->slots[slot];
}

static void rehash(struct fngc_pairs *pairs)
{
	free(pairs->slots);
	pairs->nr_slots = pairs->nr_slots ? pairs->nr_slots * 2 : 1024;
	pairs->slots = fngc_xcalloc(pairs->nr_slots, sizeof(*pairs->slots));
	for (size_t i = 0; i < pairs->nr; i++)
		*find_slot(pairs, &pairs->v[i]) = i + 1;
}

static void add_pair(struct fngc_pairs *pairs, const struct fngc_pair *pair)
{
	u32 *slot;

	if (pairs->nr * 2 >= pairs->nr_slots)
		rehash(pairs);
	slot = find_slot(pairs, pair);
	if (*slot)
		return;
	pairs->v = fngc_grow(pairs->v, &pairs->room, pairs->nr + 1,
			     sizeof(*pairs->v));
	pairs->v[pairs->nr++] = *pair;
	*slot = pairs->nr;
}

static void go_on(struct walker *walker, u32 from)
{
	const struct fngc_automata *automata = walker->automata;
	const struct fngc_pair pair = walker->pairs->v[from];
	struct fngc_pair next = { .from = from, .len = pair.len + 1 };

	for (u32 i = 0; i < walker->nr_bytes; i++) {
		next.byte = walker->bytes[i];
		next.shape = walker->names->next(pair.shape, next.byte);
		if (next.shape == FNGC_NOWHERE)
			continue;
		for (u32 side = 0; side < 2; side++)
			next.state[side] =
				automata->step(automata->image[side],
					       pair.state[side], next.byte);
		add_pair(walker->pairs, &next);
	}
}

bool fngc_pairs_walk(const struct fngc_automata *automata,
		     const struct fngc_names *names, struct fngc_pairs *pairs)
{
	struct walker walker = { automata, names, pairs, { 0 }, 0 };
	const struct fngc_pair start = {
		.state = { FNG_STATE_START, FNG_STATE_START }
	};

	memset(pairs, 0, sizeof(*pairs));
	choose_bytes(&walker);
	add_pair(pairs, &start);
	for (size_t i = 0; i < pairs->nr; i++) {
		if (pairs->v[i].len < names->most)
			go_on(&walker, i);
		if (pairs->nr > FNGC_MAX_PAIRS)
			return false;
	}
	return true;
}

void fngc_pairs_free(struct fngc_pairs *pairs)
{
	free(pairs->v);
	free(pairs->slots);
}

char *fngc_pairs_name(const struct fngc_pairs *pairs, u32 pair,
		      struct fngc_arena *arena)
{
	char *name = fngc_alloc(arena, pairs->v[pair].len + 1u);

	for (; pair; pair = pairs->v[pair].from)
		name[pairs->v[pair].len - 1] = pairs->v[pair].byte;
	return name;
}
