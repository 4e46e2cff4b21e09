/* SPDX-License-Identifier: MIT */
/*
 * Memory of one compilation: an arena for what lives as long as the result, and
 * growing arrays for the rest. Exhaustion ends the process with a message.
 */
#ifndef COMPILER_MEM_H
#define COMPILER_MEM_H

#include <stddef.h>

struct fngc_chunk;

/**
 * struct fngc_arena - memory that is freed all at once
 * @chunks: blocks taken from malloc, newest first
 */
struct fngc_arena {
	struct fngc_chunk *chunks;
};

/* Zeroed and aligned for any type. */
void *fngc_alloc(struct fngc_arena *arena, size_t size);
char *fngc_strndup(struct fngc_arena *arena, const char *text, size_t size);
char *fngc_strdup(struct fngc_arena *arena, const char *text);
__attribute__((format(printf, 2, 3)))
char *fngc_sprintf(struct fngc_arena *arena, const char *fmt, ...);
void fngc_arena_free(struct fngc_arena *arena);

/* malloc() and friends that do not fail; what they return is free()d. */
void *fngc_xcalloc(size_t nr, size_t size);
void *fngc_xrealloc(void *old, size_t nr, size_t size);

/* Room for @nr elements of @size bytes at least, doubling; new @room. */
void *fngc_grow(void *array, size_t *room, size_t nr, size_t size);

#endif /* COMPILER_MEM_H */
