/* SPDX-License-Identifier: MIT */
/*
 * The bytes of a policy, before and after the YAML parser sees them.
 *
 * YAML reserves '@' at the start of a plain scalar, and policies say
 * [@loopback, @partners]. So every '@' is handed to the parser as a character
 * of the private use area, and turned back in what it returns. A file that
 * contains that character is refused, so the exchange is exact everywhere, in
 * quotes and comments too.
 */
#ifndef COMPILER_TEXT_H
#define COMPILER_TEXT_H

#include <compiler/source.h>

/* Without detours: what the kernel asks about. */
bool fngc_is_kernel_path(const char *path);

/* A whole number from 1 to @max in front of *@text, which moves behind it. */
bool fngc_read_number(const char **text, u64 max, u64 *number);
/* Seconds of s, m or h; 0 of any other letter. */
u64 fngc_time_unit(char letter);
/* A time such as 10s, 5m or 1h, of at most @max of its units. */
bool fngc_read_time(const char *text, u64 max, u64 *seconds);

/* All of it is well-formed UTF-8. */
bool fngc_is_utf8(const char *text, size_t size);

/* Is it text that a policy may consist of? Reports an error if not. */
bool fngc_text_check(struct fngc_compile *c, struct fngc_source *source);

/* What to hand to the parser, and its size; to be freed. */
char *fngc_text_hide_at(const struct fngc_source *source, size_t *size);

/* In place: the result is never longer. Returns its size. */
size_t fngc_text_show_at(char *text, size_t size);

#endif /* COMPILER_TEXT_H */
