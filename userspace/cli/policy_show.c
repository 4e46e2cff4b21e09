// SPDX-License-Identifier: MIT
/*
 * fnguard policy show FILE: every effective rule with where it came from.
 */
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "policy_offline.h"

static const struct option options[] = {
	FNG_OFFLINE_OPTIONS,
	/* How a file is shown anyway; so that one may say it. */
	{ "flat", no_argument, NULL, FNG_OFFLINE_OWN },
	{ NULL, 0, NULL, 0 },
};

static enum fng_colour effect_colour(const json_t *value)
{
	return strcmp(json_string_value(value), "deny") ? FNG_GOOD : FNG_BAD;
}

static const struct fng_column columns[] = {
	{ "section", "SECTION", NULL, NULL },
	{ "effect", "EFFECT", NULL, effect_colour },
	{ "rule", "RULE", NULL, NULL },
	{ "at", "AT", NULL, NULL },
	{ "template", "TEMPLATE", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

static json_t *row(const struct fng_offline *offline, u32 id)
{
	const struct fng_image_rule *rule = &offline->image.rules[id];
	const struct fngc_rule *known = NULL;
	const char *file = offline->image.strings + rule->file;
	char access[FNGC_ACCESS_NAMES_SIZE], at[4096];
	json_t *object;

	if (offline->result) {
		known = &offline->result->rules[id];
		file = known->file;
	}
	snprintf(at, sizeof(at), "%s:%u", file, rule->line);
	object = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:I}",
			   "id", (json_int_t)id,
			   "section", fngc_class_name(rule->class),
			   "effect", fngc_effect_name(rule->effect),
			   "rule", offline->image.strings + rule->text,
			   "at", at, "file", file,
			   "line", (json_int_t)rule->line);
	if (known && known->access)
		json_object_set_new(object, "access",
			json_string(fngc_access_names(known->access, access)));
	if (known && known->template)
		json_object_set_new(object, "template",
				    json_string(known->template));
	return object;
}

int fng_cmd_policy_show_file(int argc, char **argv)
{
	struct fng_offline offline = { 0 };
	int option, status;
	json_t *rows;

	while ((option = fng_cli_getopt(argc, argv, options)) != -1) {
		if (option != FNG_OFFLINE_OWN)
			fng_offline_option(&offline, option, argv);
	}
	fng_cli_args(argc, argv, 1, 1);
	status = fng_offline_read(&offline, argv[optind]);
	if (!status) {
		rows = json_array();
		for (u32 i = 0; i < offline.image.nr_rules; i++)
			json_array_append_new(rows, row(&offline, i));
		fng_output_table(rows, columns);
	}
	fng_offline_free(&offline);
	return status;
}
