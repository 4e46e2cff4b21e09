// SPDX-License-Identifier: MIT
/*
 * fnguard policy check: what is wrong with policies, what they take back from
 * their templates, and what they leave open.
 */
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "policy_offline.h"

#define SHOWN	(1u << FNGC_WARNING | 1u << FNGC_LOOSENING | 1u << FNGC_NOTE)

enum { OPT_ROOT = FNG_OFFLINE_OWN, OPT_STRICT };

static const struct option options[] = {
	FNG_OFFLINE_OPTIONS,
	{ "root", required_argument, NULL, OPT_ROOT },
	{ "strict", no_argument, NULL, OPT_STRICT },
	{ NULL, 0, NULL, 0 },
};

static enum fng_colour coverage_colour(const json_t *value)
{
	const char *text = json_string_value(value);

	return text && !strcmp(text, "unrestricted") ? FNG_WARN : FNG_PLAIN;
}

static const struct fng_column coverage_columns[] = {
	{ "section", "SECTION", NULL, NULL },
	{ "coverage", "COVERAGE", NULL, coverage_colour },
	{ "default", "DEFAULT", NULL, NULL },
	{ "mode", "MODE", NULL, NULL },
	{ "errno", "ERRNO", NULL, NULL },
	{ "rules", "RULES", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

static size_t count_rules(const struct fngc_result *result, u32 class)
{
	size_t nr = 0;

	for (size_t i = 0; i < result->nr_rules; i++)
		nr += result->rules[i].class == class;
	return nr;
}

static json_t *coverage_row(const struct fngc_result *result, u32 class)
{
	const struct fng_image_class *settings = &result->view.classes[class];
	json_t *row = json_object();

	json_object_set_new(row, "section",
			    json_string(fngc_class_name(class)));
	json_object_set_new(row, "coverage",
			    json_string(settings->present ? "restricted" :
					"unrestricted"));
	if (!settings->present)
		return row;
	if (class != FNG_CLASS_FLOOR && class != FNG_CLASS_LIMITS)
		json_object_set_new(row, "default",
			json_string(fngc_effect_name(settings->dflt)));
	json_object_set_new(row, "mode",
			    json_string(fngc_mode_name(settings->mode)));
	json_object_set_new(row, "errno",
			    json_string(fngc_errno_name(settings->err)));
	if (class != FNG_CLASS_FLOOR)
		json_object_set_new(row, "rules",
			json_integer(count_rules(result, class)));
	return row;
}

static json_t *coverage(const struct fngc_result *result)
{
	json_t *rows = json_array();

	for (u32 class = 0; class <= FNG_CLASS_FLOOR; class++)
		json_array_append_new(rows, coverage_row(result, class));
	return rows;
}

static json_t *sizes(const struct fngc_result *result)
{
	const struct fngc_stats *s = &result->stats;
	const struct fng_image *base = result->view.base;

	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
			 "image", (json_int_t)result->image_size,
			 "shared", (json_int_t)(base ? base->size : 0),
			 "path_states", (json_int_t)s->path_states,
			 "path_transitions", (json_int_t)s->path_trans,
			 "verdicts", (json_int_t)s->accepts,
			 "cgroup_states", (json_int_t)s->cgroup_states,
			 "device_states", (json_int_t)s->device_states,
			 "v4_ranges", (json_int_t)s->v4,
			 "v6_ranges", (json_int_t)s->v6,
			 "port_sets", (json_int_t)s->portsets,
			 "port_ranges", (json_int_t)s->ports);
}

static char *enter_text(const json_t *value)
{
	return strdup(json_is_string(value) ? json_string_value(value) :
					      "the host");
}

static const struct fng_column phase_columns[] = {
	{ "phase", "PHASE", NULL, NULL },
	{ "enter", "ENTERED BY", enter_text, NULL },
	{ "after", "AFTER SECONDS", NULL, NULL },
	{ "mode", "MODE", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

static json_t *phases(const struct fngc_result *result)
{
	static const char *const enters[FNG_NR_ENTERS] = FNG_ENTER_NAMES;
	json_t *rows = json_array(), *row;

	for (size_t i = 0; i < result->nr_phases; i++) {
		const struct fngc_phase *phase = &result->phases[i];

		row = json_pack("{s:s, s:s}", "phase", phase->name, "mode",
				phase->tells ? "audit" : "as the policy");
		json_object_set_new(row, "enter",
				    phase->enter == FNG_ENTER_COMMAND ?
				    json_null() :
				    json_string(enters[phase->enter]));
		if (phase->enter == FNG_ENTER_TIME)
			json_object_set_new(row, "after",
					    json_integer(phase->enter_after));
		json_array_append_new(rows, row);
	}
	return rows;
}

static json_t *describe(const struct fngc_result *result, const char *path)
{
	json_t *object = json_object();

	json_object_set_new(object, "file", json_string(path));
	json_object_set_new(object, "valid", json_boolean(result->image));
	json_object_set_new(object, "diagnostics", fngc_diags_json(result));
	if (!result->image)
		return object;
	json_object_set_new(object, "policy",
			    json_string(result->view.meta->name));
	json_object_set_new(object, "version",
			    json_integer(result->view.meta->version));
	json_object_set_new(object, "rules", json_integer(result->nr_rules));
	json_object_set_new(object, "coverage", coverage(result));
	json_object_set_new(object, "phases", phases(result));
	json_object_set_new(object, "sizes", sizes(result));
	return object;
}

static void print_text(const struct fngc_result *result, const char *path)
{
	const struct fng_image *image = &result->view;

	if (!result->image) {
		fngc_diags_print(result, stderr, fng_output_colour(2));
		return;
	}
	fng_offline_print(result, SHOWN, 1);
	printf("%s: policy %s, version %u, mode %s: %zu rules, %zu bytes\n",
	       path, image->meta->name, image->meta->version,
	       fngc_mode_name(image->classes[FNG_CLASS_FLOOR].mode),
	       result->nr_rules, result->image_size);
	fng_output_table(coverage(result), coverage_columns);
	if (result->nr_phases)
		fng_output_table(phases(result), phase_columns);
}

static int check_one(struct fng_offline *offline, const char *path, bool strict,
		     json_t *all)
{
	int status = fng_offline_compile(offline, path);

	if (!status && strict && offline->result->nr_warnings)
		status = FNG_EXIT_POLICY;
	if (fng_output_json)
		json_array_append_new(all, describe(offline->result, path));
	else
		print_text(offline->result, path);
	fng_offline_free(offline);
	return status;
}

int fng_cmd_policy_check(int argc, char **argv)
{
	struct fng_offline offline = { 0 };
	int option, status = FNG_EXIT_DONE;
	bool strict = false;
	json_t *all;

	while ((option = fng_cli_getopt(argc, argv, options)) != -1) {
		if (option == OPT_ROOT)
			offline.options.root = optarg;
		else if (option == OPT_STRICT)
			strict = true;
		else
			fng_offline_option(&offline, option, argv);
	}
	fng_cli_args(argc, argv, 1, -1);
	all = json_array();
	for (; optind < argc; optind++) {
		int one = check_one(&offline, argv[optind], strict, all);

		if (one > status)
			status = one;
	}
	if (fng_output_json)
		fng_output_value(all);
	else
		json_decref(all);
	return status;
}
