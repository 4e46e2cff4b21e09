/* SPDX-License-Identifier: MIT */
/*
 * Text that knows which line it is at, and pieces of YAML.
 */
#ifndef REFERENCE_PRINTER_H
#define REFERENCE_PRINTER_H

#include <stdio.h>

#include "model.h"

/**
 * struct ref_printer - a policy while it is written
 * @policy: it
 * @out: where to
 * @file: number of the file
 * @line: line at hand, from 1, as a REF_LINE()
 * @flow: within brackets or braces, where fewer scalars need no quotes
 * @style: what is left of the policy's choices about style
 */
struct ref_printer {
	struct ref_policy *policy;
	FILE *out;
	u32 file;
	u32 line;
	bool flow;
	u32 style;
};

/* Text without a newline. */
__attribute__((format(printf, 2, 3)))
void ref_put(struct ref_printer *p, const char *fmt, ...);

/* Ends the line, sometimes by a comment. */
void ref_put_end(struct ref_printer *p);

/* True or false, as the policy's style wants it. */
bool ref_style_coin(struct ref_printer *p);

/* A scalar; the start of a pattern as its parameter where that fits. */
void ref_put_pattern(struct ref_printer *p, const char *pattern);
void ref_put_patterns(struct ref_printer *p, const char *key,
		      const char (*patterns)[REF_PATTERN_SIZE], u32 nr);
void ref_put_text(struct ref_printer *p, const char *text);

void ref_put_network(struct ref_printer *p, const struct ref_network *network);
void ref_put_ports(struct ref_printer *p, const struct ref_ports *ports);

/* A list of words in brackets. */
void ref_put_words(struct ref_printer *p, const struct ref_words *words,
		   const struct ref_word *names);
void ref_put_bits(struct ref_printer *p, u32 bits);

/* print_phase.c */
void ref_put_phase(struct ref_printer *p);

/* print_limits.c */
void ref_put_key(struct ref_printer *p, struct ref_section *section,
		 const char *name);
void ref_put_limits(struct ref_printer *p, struct ref_section *section);

#endif /* REFERENCE_PRINTER_H */
