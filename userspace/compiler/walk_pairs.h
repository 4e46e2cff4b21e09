/* SPDX-License-Identifier: MIT */
/*
 * Two automata walked side by side, over all names that there can be.
 */
#ifndef COMPILER_WALK_PAIRS_H
#define COMPILER_WALK_PAIRS_H

#include <compiler/differ.h>

/* No name goes on like this. */
#define FNGC_NOWHERE	0xffu

/**
 * struct fngc_names - what a name may look like
 * @next: the shape of a name by that it had before its last byte, or
 *	FNGC_NOWHERE; it begins as 0
 * @apart: bytes that @next tells from all others
 * @most: bytes that a name may have
 */
struct fngc_names {
	u8 (*next)(u8 shape, u8 byte);
	const char *apart;
	u32 most;
};

/**
 * struct fngc_automata - what two policies have of a kind
 * @image: the policies
 * @step: a step of the automaton of one
 * @maps: maps from byte to equivalence class, all that @step uses
 * @nr_maps: number of @maps
 */
struct fngc_automata {
	const struct fng_image *image[2];
	u32 (*step)(const struct fng_image *image, u32 state, u8 byte);
	const u8 *maps[4];
	u32 nr_maps;
};

/**
 * struct fngc_pair - where names of one kind end
 * @state: before and after
 * @from: pair of the name without its last byte
 * @len: bytes of the shortest name
 * @shape: its shape
 * @byte: its last byte
 */
struct fngc_pair {
	u32 state[2];
	u32 from;
	u16 len;
	u8 shape;
	u8 byte;
};

/**
 * struct fngc_pairs - all pairs of states that names lead to, shortest names first
 * @v: the pairs; the first is that of the empty name
 * @nr: number of them
 * @room: room in @v
 * @slots: open-addressed table, number of a pair plus one
 * @nr_slots: size of @slots, a power of two
 */
struct fngc_pairs {
	struct fngc_pair *v;
	size_t nr;
	size_t room;
	u32 *slots;
	size_t nr_slots;
};

/**
 * fngc_pairs_walk() - find all pairs of states
 * @automata: of both policies
 * @names: over which names
 * @pairs: set, to be freed in every case
 *
 * Return: false if there are more than FNGC_MAX_PAIRS.
 */
bool fngc_pairs_walk(const struct fngc_automata *automata,
		     const struct fngc_names *names, struct fngc_pairs *pairs);
void fngc_pairs_free(struct fngc_pairs *pairs);

/* The shortest name that leads to a pair. */
char *fngc_pairs_name(const struct fngc_pairs *pairs, u32 pair,
		      struct fngc_arena *arena);

/* The same of a directory, without the '/' at its end that the pair is behind. */
static inline char *fngc_directory_name(const struct fngc_pairs *pairs,
					u32 pair, struct fngc_arena *arena)
{
	return fngc_pairs_name(pairs, pairs->v[pair].from, arena);
}

/*
 * diff_moves.c: what moves from one of some directories to another differ by;
 * false if there is too much to compare.
 */
bool fngc_diff_moves(struct fngc_differ *differ, const struct fngc_pairs *pairs,
		     const u32 *directories, size_t nr);

#endif /* COMPILER_WALK_PAIRS_H */
