/* SPDX-License-Identifier: MIT */
/*
 * Writing HTML.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <stdio.h>

#include <fnguard/types.h>

/* Room for a time as text. */
#define FNG_HTML_TIME_SIZE	32

/**
 * fng_html_text() - write somebody else's text, so that it stays text
 * @out: where to
 * @text: bytes, ending in NUL; NULL is nothing
 *
 * Right between tags, and in values of attributes in double quotes. What cannot be
 * seen, what turns the direction of writing round, and what is no UTF-8 is written
 * in figures.
 */
void fng_html_text(FILE *out, const char *text);

/* "2026-11-27 23:49:39", in UTC. */
const char *fng_html_time(u64 ns, char *text);

/* A number with its digits in groups of three. */
void fng_html_number(FILE *out, u64 number);

#endif /* REPORT_HTML_H */
