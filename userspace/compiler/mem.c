// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <compiler/mem.h>

/* Fuzzers make it 1, so that sanitizers see each allocation by itself. */
#ifndef CHUNK_SIZE
#define CHUNK_SIZE	(64u << 10)
#endif

/* The flexible part is aligned for any type. */
struct fngc_chunk {
	struct fngc_chunk *next;
	size_t used;
	size_t size;
	max_align_t data[];
};

static _Noreturn void out_of_memory(void)
{
	fputs("fnguard: out of memory\n", stderr);
	exit(1);
}

void *fngc_xcalloc(size_t nr, size_t size)
{
	void *mem = calloc(nr ? nr : 1, size ? size : 1);

	if (!mem)
		out_of_memory();
	return mem;
}

void *fngc_xrealloc(void *old, size_t nr, size_t size)
{
	void *mem = reallocarray(old, nr ? nr : 1, size ? size : 1);

	if (!mem)
		out_of_memory();
	return mem;
}

void *fngc_grow(void *array, size_t *room, size_t nr, size_t size)
{
	size_t more = *room ? *room : 16;

	if (array && nr <= *room)
		return array;
	while (more < nr)
		more *= 2;
	*room = more;
	return fngc_xrealloc(array, more, size);
}

static struct fngc_chunk *new_chunk(struct fngc_arena *arena, size_t size)
{
	struct fngc_chunk *chunk;

	if (size < CHUNK_SIZE)
		size = CHUNK_SIZE;
	if (size > SIZE_MAX - sizeof(*chunk))
		out_of_memory();
	chunk = fngc_xcalloc(1, sizeof(*chunk) + size);
	chunk->size = size;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	return chunk;
}

void *fngc_alloc(struct fngc_arena *arena, size_t size)
{
	const size_t align = sizeof(max_align_t) - 1;
	struct fngc_chunk *chunk = arena->chunks;
	void *mem;

	if (size > SIZE_MAX - align)
		out_of_memory();
	size = (size + align) & ~align;
	if (!chunk || size > chunk->size - chunk->used)
		chunk = new_chunk(arena, size);
	mem = (char *)chunk->data + chunk->used;
	chunk->used += size;
	return mem;
}

char *fngc_strndup(struct fngc_arena *arena, const char *text, size_t size)
{
	char *copy = fngc_alloc(arena, size + 1);

	memcpy(copy, text, size);
	return copy;
}

char *fngc_strdup(struct fngc_arena *arena, const char *text)
{
	return fngc_strndup(arena, text, strlen(text));
}

char *fngc_sprintf(struct fngc_arena *arena, const char *fmt, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		out_of_memory();
	text = fngc_alloc(arena, (size_t)len + 1);
	va_start(args, fmt);
	vsnprintf(text, (size_t)len + 1, fmt, args);
	va_end(args);
	return text;
}

void fngc_arena_free(struct fngc_arena *arena)
{
	struct fngc_chunk *chunk = arena->chunks;

	while (chunk) {
		struct fngc_chunk *next = chunk->next;

		free(chunk);
		chunk = next;
	}
	arena->chunks = NULL;
}
