/* SPDX-License-Identifier: MIT */
/*
 * Source files: reading them, finding templates and sets, places in them.
 */
#ifndef COMPILER_SOURCE_H
#define COMPILER_SOURCE_H

#include <fnguard/types.h>

struct fngc_compile;

/**
 * struct fngc_source - one file's text
 * @path: name as given or found, for diagnostics
 * @base: last component of @path, for the image
 * @name: @base without ".yaml", as extends and override write it
 * @order: 0 for the policy itself, then counting up as files are loaded
 * @text: the text, followed by a NUL that does not count
 * @size: bytes of @text
 * @lines: offset of the start of each line
 * @nr_lines: number of @lines
 */
struct fngc_source {
	const char *path;
	const char *base;
	const char *name;
	u32 order;
	const char *text;
	size_t size;
	const u32 *lines;
	u32 nr_lines;
};

/**
 * struct fngc_place - where something was written
 * @source: file
 * @line: line from 1, 0 for the file as a whole
 * @column: column from 1, in characters
 * @width: characters
 */
struct fngc_place {
	const struct fngc_source *source;
	u32 line;
	u32 column;
	u32 width;
};

/* A source of given text; the text is copied. */
struct fngc_source *fngc_source_new(struct fngc_compile *c, const char *path,
				    const char *text, size_t size);

/* Reads @path ("-": standard input). NULL and a negative errno on failure. */
struct fngc_source *fngc_source_read(struct fngc_compile *c, const char *path,
				     int *err);

/* Looks for NAME.yaml of a kind ("templates" or "sets"); its path or NULL. */
const char *fngc_source_find(struct fngc_compile *c, const char *kind,
			     const char *name);

/* One line of the text, without its end; NULL if there is no such line. */
const char *fngc_source_line(struct fngc_compile *c,
			     const struct fngc_source *source, u32 line);

/* Line and column of a byte offset. */
struct fngc_place fngc_source_place(const struct fngc_source *source,
				    size_t offset);

#endif /* COMPILER_SOURCE_H */
