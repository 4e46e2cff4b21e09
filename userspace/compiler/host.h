/* SPDX-License-Identifier: MIT */
/*
 * Names of hosts.
 */
#ifndef COMPILER_HOST_H
#define COMPILER_HOST_H

#include <compiler/model.h>

/**
 * fngc_host_normalise() - a name as the engine takes it
 * @text: as somebody wrote it
 * @name: set to it in lower case, without a dot at the end; FNG_MAX_HOST_NAME + 1
 *	bytes
 *
 * Return: what is wrong with it, or NULL.
 */
const char *fngc_host_normalise(const char *text, char *name);

/*
 * Turns "*.example.com" into the path that it is matched as, "/com/example/" and
 * "*". Returns NULL after reporting what is wrong.
 */
const char *fngc_host_pattern(struct fngc_compile *c,
			      const struct fngc_place *place, const char *text);

/*
 * Writes the labels of @name, the last one first, each behind a slash: what such
 * a pattern is matched with. Returns the end, where no NUL is.
 */
char *fngc_host_reverse(char *to, const char *name);

#endif /* COMPILER_HOST_H */
