/* SPDX-License-Identifier: MIT */
/*
 * Pieces of text.
 */
#ifndef LEARN_TEXT_H
#define LEARN_TEXT_H

#include <stdio.h>

/* A scalar in double quotes; what cannot be seen in it is written in figures. */
void fngl_put_quoted(FILE *out, const char *text);

/* A comment: what is no printable character becomes a question mark. */
void fngl_put_comment(FILE *out, const char *text);

#endif /* LEARN_TEXT_H */
