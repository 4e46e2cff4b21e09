// SPDX-License-Identifier: MIT
/*
 * Printing: JSON as it is, or rendered into tables and records.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <libsmartcols.h>

#include <fnguard/glyph.h>
#include "output.h"

bool fng_output_json;

static bool colour_on[3];

bool fng_output_set_colour(const char *when)
{
	const char *none = getenv("NO_COLOR");
	int fd;

	for (fd = 1; fd <= 2; fd++) {
		if (!strcmp(when, "always"))
			colour_on[fd] = true;
		else if (!strcmp(when, "never"))
			colour_on[fd] = false;
		else if (!strcmp(when, "auto"))
			colour_on[fd] = isatty(fd) && !(none && *none);
		else
			return false;
	}
	return true;
}

bool fng_output_colour(int fd)
{
	return colour_on[fd] && !fng_output_json;
}

static const char *sequence(enum fng_colour colour)
{
	static const char *const escapes[] = {
		[FNG_PLAIN] = "\033[0m",
		[FNG_GOOD] = "\033[32m",
		[FNG_BAD] = "\033[31m",
		[FNG_WARN] = "\033[33m",
		[FNG_FAINT] = "\033[2m",
		[FNG_BOLD] = "\033[1m",
	};

	return escapes[colour];
}

const char *fng_output_escape(enum fng_colour colour)
{
	return fng_output_colour(1) ? sequence(colour) : "";
}

void fng_output_value(json_t *value)
{
	if (fng_output_json) {
		json_dumpf(value, stdout,
			   JSON_INDENT(2) | JSON_ENCODE_ANY |
			   JSON_ENSURE_ASCII);
		putchar('\n');
	}
	json_decref(value);
}

static char *join(const json_t *array)
{
	size_t size = 0, i;
	char *text = NULL;
	json_t *item;
	FILE *out;

	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	json_array_foreach(array, i, item)
		fprintf(out, "%s%s", i ? "," : "",
			json_is_string(item) ? json_string_value(item) : "?");
	fclose(out);
	return text;
}

static char *pairs(json_t *object)
{
	const char *key, *separator = "";
	char *text = NULL;
	size_t size = 0;
	json_t *value;
	FILE *out;

	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	json_object_foreach(object, key, value) {
		fprintf(out, "%s%s=%s", separator, key,
			json_is_string(value) ? json_string_value(value) : "?");
		separator = ",";
	}
	fclose(out);
	return text;
}

static char *plain(const json_t *value)
{
	char *text = NULL;

	switch (json_typeof(value)) {
	case JSON_STRING:
		return strdup(json_string_value(value));
	case JSON_INTEGER:
		if (asprintf(&text, "%" JSON_INTEGER_FORMAT,
			     json_integer_value(value)) < 0)
			return NULL;
		return text;
	case JSON_TRUE:
		return strdup("yes");
	case JSON_FALSE:
		return strdup("no");
	case JSON_ARRAY:
		return join(value);
	case JSON_OBJECT:
		return pairs((json_t *)value);
	default:
		return strdup("-");
	}
}

static char *render(const struct fng_column *column, const json_t *value)
{
	char *text;

	if (!value)
		return strdup("-");
	text = column->text ? column->text(value) : plain(value);
	return text ?: strdup("?");
}

static bool is_number(const json_t *rows, const char *key)
{
	const json_t *row, *value;
	size_t i;

	json_array_foreach(rows, i, row) {
		value = json_object_get(row, key);
		if (value)
			return json_is_integer(value);
	}
	return false;
}

static void add_columns(struct libscols_table *table, const json_t *rows,
			const struct fng_column *columns)
{
	int flags;

	for (; columns->key; columns++) {
		flags = is_number(rows, columns->key) ? SCOLS_FL_RIGHT : 0;
		scols_table_new_column(table, columns->title, 0, flags);
	}
}

static void add_line(struct libscols_table *table, const json_t *row,
		     const struct fng_column *columns)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	const json_t *value;
	size_t i;

	for (i = 0; line && columns[i].key; i++) {
		value = json_object_get(row, columns[i].key);
		scols_line_refer_data(line, i, render(&columns[i], value));
		if (value && columns[i].colour && fng_output_colour(1))
			scols_cell_set_color(scols_line_get_cell(line, i),
					     sequence(columns[i].colour(value)));
	}
}

static void print_table(const json_t *rows, const struct fng_column *columns)
{
	struct libscols_table *table;
	const json_t *row;
	size_t i;

	scols_init_debug(0);
	table = scols_new_table();
	if (!table)
		return;
	scols_table_enable_colors(table, fng_output_colour(1));
	if (!isatty(1))
		scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
	add_columns(table, rows, columns);
	json_array_foreach(rows, i, row)
		add_line(table, row, columns);
	scols_print_table(table);
	scols_unref_table(table);
}

void fng_output_table(json_t *rows, const struct fng_column *columns)
{
	if (!fng_output_json && json_array_size(rows))
		print_table(rows, columns);
	fng_output_value(rows);
}

static void print_record(const json_t *object,
			 const struct fng_column *columns)
{
	const struct fng_column *c;
	const json_t *value;
	size_t width = 0;
	char *text;

	for (c = columns; c->key; c++)
		if (strlen(c->title) > width)
			width = strlen(c->title);
	for (c = columns; c->key; c++) {
		value = json_object_get(object, c->key);
		if (!value)
			continue;
		text = render(c, value);
		if (!text || !*text) {
			free(text);
			continue;
		}
		printf("%-*s  %s%s%s\n", (int)width, c->title,
		       c->colour ? fng_output_escape(c->colour(value)) : "",
		       text, c->colour ? fng_output_escape(FNG_PLAIN) : "");
		free(text);
	}
}

void fng_output_record(json_t *object, const struct fng_column *columns)
{
	if (!fng_output_json)
		print_record(object, columns);
	fng_output_value(object);
}

void fng_output_done(json_t *object, const char *format, ...)
{
	va_list args;

	if (!fng_output_json) {
		va_start(args, format);
		vprintf(format, args);
		va_end(args);
		putchar('\n');
	}
	fng_output_value(object);
}

static void put_text(const char *text, size_t size, FILE *out)
{
	u32 glyph;
	size_t length;

	for (; size; size -= length, text += length) {
		length = fng_glyph_decode(text, size, &glyph);
		if (length && !fng_glyph_unseen(glyph)) {
			fwrite(text, 1, length, out);
		} else if (length > 1) {
			fprintf(out, "\\u{%x}", glyph);
		} else {
			fprintf(out, "\\x%02x", (unsigned char)*text);
			length = 1;
		}
	}
}

void fng_output_text(const char *text, size_t size)
{
	put_text(text, size, stdout);
}

void fng_output_error(const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (fng_output_json) {
		fng_output_value(json_pack("{s:s%}", "error", text,
					   strlen(text)));
		return;
	}
	fflush(stdout);
	fprintf(stderr, "%sfnguard: ",
		fng_output_colour(2) ? sequence(FNG_BAD) : "");
	put_text(text, strlen(text), stderr);
	fprintf(stderr, "%s\n",
		fng_output_colour(2) ? sequence(FNG_PLAIN) : "");
}

void fng_output_note(const char *format, ...)
{
	va_list args;

	fputs("fnguard: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}
