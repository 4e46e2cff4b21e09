/* SPDX-License-Identifier: MIT */
/*
 * What a pattern matches, found by trying: the globs of DESIGN 5, as
 * fnguard-policy(5) and the head of the compiler's glob.h spell them out.
 */
#ifndef REFERENCE_GLOB_H
#define REFERENCE_GLOB_H

#include "model.h"

#define REF_MAX_ALTERNATIVES	24

/**
 * struct ref_texts - short texts
 * @nr: number of them
 * @text: the texts
 */
struct ref_texts {
	u32 nr;
	char text[REF_MAX_ALTERNATIVES][REF_PATTERN_SIZE];
};

/* All that a pattern's braces stand for; false if that is too much. */
bool ref_glob_expand(const char *pattern, struct ref_texts *texts);

/* The pattern, with braces, matches the text. */
bool ref_glob_matches(const char *pattern, const char *text);

/* It matches some text that begins like this. */
bool ref_glob_reaches(const char *pattern, const char *beginning);

/* Adds what is left of it, braces written out, behind this beginning. */
void ref_glob_rests(const char *pattern, const char *beginning,
		    struct ref_texts *rests);

/* The end of the character, escape, class or run of stars at @p. */
const char *ref_glob_piece_end(const char *p);

/* Bytes of the character at @text: 1 for all that is not well-formed UTF-8. */
size_t ref_char_size(const char *text);

#endif /* REFERENCE_GLOB_H */
