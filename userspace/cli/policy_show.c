// SPDX-License-Identifier: MIT
/*
 * fnguard policy show: every effective rule with where it came from, or what the
 * kernel holds under a name.
 */
#include <stdio.h>
#include <string.h>

#include "load.h"
#include "output.h"

static const struct option options[] = {
	FNG_OFFLINE_OPTIONS,
	/* A file is shown like this anyway. */
	{ "flat", no_argument, NULL, FNG_OFFLINE_OWN },
	{ NULL, 0, NULL, 0 },
};

static enum fng_colour effect_colour(const json_t *value)
{
	return strcmp(json_string_value(value), "allow") ? FNG_BAD : FNG_GOOD;
}

static const struct fng_column columns[] = {
	{ "section", "SECTION", NULL, NULL },
	{ "effect", "EFFECT", NULL, effect_colour },
	{ "rule", "RULE", NULL, NULL },
	{ "at", "AT", NULL, NULL },
	{ "template", "TEMPLATE", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

/* One rule; NULL if it is of another class. */
static json_t *row(const struct fng_offline *offline, u32 id, u32 class)
{
	const char *strings = NULL, *file;
	const struct fng_image_rule *rule = fng_rule_find(&offline->image, id,
							  &strings);
	const struct fngc_rule *known = NULL;
	char access[FNGC_ACCESS_NAMES_SIZE], at[4096];
	json_t *object;

	if (rule->class != class)
		return NULL;
	file = strings + rule->file;
	if (offline->result) {
		known = &offline->result->rules[id];
		file = known->file;
	}
	snprintf(at, sizeof(at), "%s:%u", file, rule->line);
	object = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:I}",
			   "id", (json_int_t)id,
			   "section", fngc_class_name(rule->class),
			   "effect", fngc_effect_name(rule->effect),
			   "rule", strings + rule->text,
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

/* Section by section: ids of templates' rules come first in all of them. */
static json_t *all_rows(const struct fng_offline *offline)
{
	json_t *rows = json_array();
	json_t *object;

	for (u32 class = 0; class < FNG_NR_CLASSES; class++) {
		for (u32 i = 0; i < fng_rules_count(&offline->image); i++) {
			object = row(offline, i, class);
			if (object)
				json_array_append_new(rows, object);
		}
	}
	return rows;
}

static void add_setting(json_t *rows, const char *section, const char *effect,
			const char *what)
{
	json_array_append_new(rows, json_pack("{s:s, s:s, s:s}", "section",
					      section, "effect", effect,
					      "rule", what));
}

/* What follows a refusal, and who is told, is no rule: it has no id, and comes last. */
static void add_settings(const struct fng_offline *offline, json_t *rows)
{
	const struct fng_image_meta *meta = offline->image.meta;
	char text[FNGC_KILL_NAMES_SIZE], observed[FNGC_OBSERVE_TEXT_SIZE];

	if (meta->kill)
		add_setting(rows, "response", "kill",
			    fngc_kill_names(meta->kill, text));
	snprintf(text, sizeof(text), "%u denials / %us", meta->quarantine,
		 meta->quarantine_time);
	if (meta->quarantine)
		add_setting(rows, "response", "quarantine", text);
	if (meta->observe)
		add_setting(rows, "observe", "report",
			    fngc_observe_text(meta, observed));
}

static int show_rules(struct fng_offline *offline, const char *policy)
{
	int status = fng_load_find(offline, policy);
	json_t *rows;

	if (status)
		return status;
	rows = all_rows(offline);
	add_settings(offline, rows);
	fng_output_table(rows, columns);
	return FNG_EXIT_DONE;
}

int fng_cmd_policy_show(int argc, char **argv)
{
	struct fng_offline offline = { 0 };
	bool flat = false;
	int option, status;

	while ((option = fng_cli_getopt(argc, argv, options)) != -1) {
		if (option == FNG_OFFLINE_OWN)
			flat = true;
		else
			fng_offline_option(&offline, option, argv);
	}
	fng_cli_args(argc, argv, 1, 1);
	if (flat || fng_load_is_file(argv[optind]))
		status = show_rules(&offline, argv[optind]);
	else
		status = fng_policy_show_loaded(argv[optind]);
	fng_offline_free(&offline);
	return status;
}
