// SPDX-License-Identifier: MIT
/*
 * Diagnostics for people, as other compilers print them, and as JSON.
 */
#include <jansson.h>

#include <compiler/compiler.h>

#define BOLD	"\033[1m"
#define RESET	"\033[0m"

const char *fngc_severity_name(enum fngc_severity severity)
{
	static const char *const names[] = {
		[FNGC_ERROR] = "error",
		[FNGC_WARNING] = "warning",
		[FNGC_LOOSENING] = "loosening",
		[FNGC_NOTE] = "note",
	};

	return names[severity];
}

static const char *severity_colour(enum fngc_severity severity)
{
	static const char *const colours[] = {
		[FNGC_ERROR] = "\033[1;31m",
		[FNGC_WARNING] = "\033[1;35m",
		[FNGC_LOOSENING] = "\033[1;33m",
		[FNGC_NOTE] = "\033[1;36m",
	};

	return colours[severity];
}

static void print_head(const struct fngc_diag *diag, FILE *out, bool colour)
{
	fprintf(out, "%s%s:", colour ? BOLD : "", diag->file);
	if (diag->line)
		fprintf(out, "%u:%u:", diag->line, diag->column);
	fprintf(out, " %s%s:%s %s%s\n",
		colour ? severity_colour(diag->severity) : "",
		fngc_severity_name(diag->severity),
		colour ? RESET BOLD : "", diag->message, colour ? RESET : "");
}

/* The line with tabs kept, so that the caret line can repeat them. */
static void print_source(const struct fngc_diag *diag, FILE *out)
{
	const char *p = diag->source;
	u32 column = 1;

	fprintf(out, "%5u | ", diag->line);
	for (; *p; p++) {
		unsigned char byte = *p;

		fputc((byte < 0x20 && byte != '\t') || byte == 0x7f ? '?' :
		      byte, out);
	}
	fputs("\n      | ", out);
	for (p = diag->source; column < diag->column; p += !!*p) {
		if ((*p & 0xc0) == 0x80)
			continue;
		fputc(*p == '\t' ? '\t' : ' ', out);
		column++;
	}
	fputc('^', out);
	for (u32 i = 1; i < diag->width && *p; p++) {
		if ((p[1] & 0xc0) == 0x80)
			continue;
		if (!p[1])
			break;
		fputc('~', out);
		i++;
	}
	fputc('\n', out);
}

/* A line that long is generated: showing it helps nobody. */
static bool showable(const struct fngc_diag *diag)
{
	return diag->source && strlen(diag->source) < 240 &&
	       diag->column <= strlen(diag->source) + 1;
}

static void print_diag(const struct fngc_diag *diag, FILE *out, bool colour)
{
	print_head(diag, out, colour);
	if (showable(diag))
		print_source(diag, out);
	if (diag->help)
		fprintf(out, "%shelp:%s %s\n", colour ? BOLD : "",
			colour ? RESET : "", diag->help);
}

void fngc_diags_print(const struct fngc_result *result, FILE *out, bool colour)
{
	size_t shown = 0;

	for (size_t i = 0; i < result->nr_diags; i++) {
		print_diag(&result->diags[i], out, colour);
		shown += result->diags[i].severity == FNGC_ERROR;
	}
	if (result->nr_errors > shown)
		fprintf(out, "%zu more errors not shown\n",
			result->nr_errors - shown);
}

static json_t *diag_json(const struct fngc_diag *diag)
{
	json_t *json = json_object();

	json_object_set_new(json, "severity",
		json_string(fngc_severity_name(diag->severity)));
	json_object_set_new(json, "file", json_string(diag->file));
	if (diag->line) {
		json_object_set_new(json, "line", json_integer(diag->line));
		json_object_set_new(json, "column",
				    json_integer(diag->column));
	}
	json_object_set_new(json, "message", json_string(diag->message));
	if (diag->help)
		json_object_set_new(json, "help", json_string(diag->help));
	return json;
}

struct json_t *fngc_diags_json(const struct fngc_result *result)
{
	json_t *list = json_array();

	for (size_t i = 0; i < result->nr_diags; i++)
		json_array_append_new(list, diag_json(&result->diags[i]));
	return list;
}
