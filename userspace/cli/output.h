/* SPDX-License-Identifier: MIT */
/*
 * Printing. A verb builds its answer once, as JSON; tables and records are
 * rendered from that, so that text and JSON cannot tell different things.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <jansson.h>

/* Set by --json. */
extern bool fng_output_json;

/**
 * enum fng_colour - meaning of a colour, not the colour
 * @FNG_PLAIN: nothing special
 * @FNG_GOOD: as it should be
 * @FNG_BAD: needs somebody's attention
 * @FNG_WARN: may need it
 * @FNG_FAINT: less important than what is around it
 * @FNG_BOLD: more important
 */
enum fng_colour {
	FNG_PLAIN,
	FNG_GOOD,
	FNG_BAD,
	FNG_WARN,
	FNG_FAINT,
	FNG_BOLD,
};

/**
 * struct fng_column - how one key of the answer is shown as text
 * @key: key in the JSON object
 * @title: heading of the column or name of the line
 * @text: renders the value into a malloc()ed string, or NULL for the plain
 *	rendering; not called if the key is absent
 * @colour: enum fng_colour of a value, or NULL
 *
 * Numbers are aligned to the right. Keys without a column are only in JSON.
 */
struct fng_column {
	const char *key;
	const char *title;
	char *(*text)(const json_t *value);
	enum fng_colour (*colour)(const json_t *value);
};

/**
 * fng_output_set_colour() - decide whether to use colours
 * @when: "auto", "always" or "never"
 *
 * Return: false if @when is none of these.
 */
bool fng_output_set_colour(const char *when);

/* Are colours wanted on this standard stream (1 or 2)? */
bool fng_output_colour(int fd);

/* Escape sequence of a colour on standard output, "" if colours are off. */
const char *fng_output_escape(enum fng_colour colour);

/**
 * fng_output_table() - print an array of objects, one per line
 * @rows: array of objects; the reference is taken
 * @columns: what to show as text, ends with a NULL key
 */
void fng_output_table(json_t *rows, const struct fng_column *columns);

/**
 * fng_output_record() - print an object, one key per line
 * @object: the object; the reference is taken
 * @columns: what to show as text, in which order, ends with a NULL key
 */
void fng_output_record(json_t *object, const struct fng_column *columns);

/**
 * fng_output_done() - print the answer of a verb that changes something
 * @object: the answer, JSON only; the reference is taken
 * @format: the same in one sentence, text only
 */
void fng_output_done(json_t *object, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints JSON only, in JSON mode; the reference is taken. */
void fng_output_value(json_t *value);

/* Prints what somebody else has named, without what steers terminals. */
void fng_output_text(const char *text, size_t size);

/**
 * fng_output_error() - say why it did not work
 * @format: one sentence without a full stop
 *
 * Goes to standard error as "fnguard: ...", in JSON mode to standard output as
 * {"error": "..."}.
 */
void fng_output_error(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* A remark on standard error, in JSON mode as well: there it is in nobody's way. */
void fng_output_note(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#endif /* CLI_OUTPUT_H */
