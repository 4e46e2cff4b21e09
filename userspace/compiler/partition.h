/* SPDX-License-Identifier: MIT */
/*
 * States of an automaton in blocks of those that nothing tells apart: what
 * minimise.c finds, and renumber.c makes an automaton of.
 */
#ifndef COMPILER_PARTITION_H
#define COMPILER_PARTITION_H

#include <compiler/dfa.h>

/**
 * struct fngc_blocks - the blocks
 * @rows: the automaton
 * @block: per state, its block; for free()
 * @sample: per block, some state of it; for free()
 * @nr: number of blocks
 */
struct fngc_blocks {
	const struct fngc_rows *rows;
	u32 *block;
	u32 *sample;
	u32 nr;
};

/* Finds the blocks of an automaton, as few as there can be. */
void fngc_partition(const struct fngc_rows *rows, struct fngc_blocks *blocks);

/* An automaton with a state per block, numbered breadth first. */
void fngc_renumber(const struct fngc_blocks *blocks, struct fngc_rows *out);

#endif /* COMPILER_PARTITION_H */
