// SPDX-License-Identifier: MIT
/*
 * The compiler, from the bytes of a policy to its image and all that is printed
 * about it. No other file is opened: every template and set is unknown.
 */
#include <jansson.h>
#include <stdlib.h>

#include <compiler/compiler.h>

#include "../unit/engine_drive.h"

#define POLICY	"fuzz.yaml"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct fngc_options options = { .isolated = true };

static void hold(bool condition)
{
	if (!condition)
		abort();
}

static void print_diags(const struct fngc_result *result)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	fngc_diags_print(result, out, true);
	fclose(out);
	free(text);
	json_decref(fngc_diags_json(result));
}

static void check_diags(const struct fngc_result *result)
{
	for (size_t i = 0; i < result->nr_diags; i++) {
		const struct fngc_diag *diag = &result->diags[i];

		hold(!strcmp(diag->file, POLICY));
		hold(*diag->message);
		hold(!diag->line || (diag->column && diag->width));
	}
	print_diags(result);
}

static void check_rules(const struct fngc_result *result)
{
	struct fngc_origin origin;

	hold(result->nr_rules == result->view.nr_rules);
	for (size_t i = 0; i < result->nr_rules; i++) {
		fngc_origin(&result->view, (u32)i, &origin);
		hold(!strcmp(origin.text, result->rules[i].text));
		hold(origin.line == result->rules[i].line);
	}
}

/* The same text gives the same bytes. */
static void check_again(const struct fngc_result *first, const char *text,
			size_t size)
{
	struct fngc_result *second;

	hold(!fngc_compile_text(&options, POLICY, text, size, &second));
	hold(first->image_size == second->image_size);
	hold(!memcmp(first->image, second->image, first->image_size));
	fngc_result_free(second);
}

static void check_image(struct fngc_result *result, const char *text,
			size_t size)
{
	const struct fngc_test *tests;

	check_rules(result);
	check_again(result, text, size);
	fngc_tests(result, &tests);
	engine_drive(&result->view, (const u8 *)text, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct fngc_result *result;
	int err = fngc_compile_text(&options, POLICY, text, size, &result);

	hold(!err == !result->nr_errors);
	hold(!err == !!result->image);
	check_diags(result);
	if (!err)
		check_image(result, text, size);
	fngc_result_free(result);
	return 0;
}
