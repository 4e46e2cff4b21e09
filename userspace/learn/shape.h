/* SPDX-License-Identifier: MIT */
/*
 * What names are like that change with each run.
 */
#ifndef LEARN_SHAPE_H
#define LEARN_SHAPE_H

#include <learn/learn.h>

/**
 * struct fngl_shape - a pattern, and why it is one
 * @pattern: as rules have it
 * @reason: in a few words, NULL if it is the name itself
 */
struct fngl_shape {
	const char *pattern;
	const char *reason;
};

/* The name itself as a pattern. */
const char *fngl_literal(struct fngc_arena *arena, const char *name);

/**
 * fngl_shape() - the pattern of a name
 * @arena: for the pattern
 * @name: path of a file, or name of a Unix socket
 * @access: what is done with it; only names of what is merely read change with
 *	versions
 */
struct fngl_shape fngl_shape(struct fngc_arena *arena, const char *name,
			     u32 access);

/**
 * fngl_siblings() - what many names in one directory have in common
 * @arena: for the pattern
 * @pattern: of one of the names
 *
 * Return: pattern of all with its suffix; NULL if it is in no directory, or has no
 * suffix, by which others could be told.
 */
const char *fngl_siblings(struct fngc_arena *arena, const char *pattern);

#endif /* LEARN_SHAPE_H */
