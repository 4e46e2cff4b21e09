// SPDX-License-Identifier: MIT
/*
 * fnguard policy explain: one question to one policy.
 */
#include <stdio.h>
#include <string.h>

#include "load.h"
#include "output.h"

static const struct option options[] = {
	FNG_OFFLINE_OPTIONS,
	{ "phase", required_argument, NULL, 'P' },
	{ NULL, 0, NULL, 0 },
};

static enum fng_colour verdict_colour(const json_t *value)
{
	const char *text = json_string_value(value);

	if (!strcmp(text, "deny"))
		return FNG_BAD;
	return strcmp(text, "allow") ? FNG_WARN : FNG_GOOD;
}

static const struct fng_column columns[] = {
	{ "verdict", "verdict", NULL, verdict_colour },
	{ "rule", "rule", NULL, NULL },
	{ "at", "at", NULL, NULL },
	{ "refused", "refused", NULL, NULL },
	{ "errno", "errno", NULL, NULL },
	{ "section", "section", NULL, NULL },
	{ "policy", "policy", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

static void set_string(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, json_string(text));
}

/* The file as it was given, where there is one; the image has its last part. */
static void set_origin(json_t *object, const struct fng_offline *offline,
		       u32 rule)
{
	struct fngc_origin origin;
	char at[4096];

	fngc_origin(&offline->image, rule, &origin);
	set_string(object, "rule", origin.text);
	if (!*origin.file)
		return;
	if (offline->result && !*offline->image.meta->phase &&
	    rule < offline->result->nr_rules)
		origin.file = offline->result->rules[rule].file;
	snprintf(at, sizeof(at), "%s:%u", origin.file, origin.line);
	set_string(object, "at", at);
	set_string(object, "file", origin.file);
	json_object_set_new(object, "line", json_integer(origin.line));
}

static json_t *answer(const struct fng_offline *offline,
		      const struct fngc_query *query)
{
	char access[FNGC_ACCESS_NAMES_SIZE];
	struct fng_decision decision;
	json_t *object = json_object();

	fngc_decide(&offline->image, query, &decision);
	set_string(object, "policy", offline->image.meta->name);
	set_string(object, "section", fngc_class_name(decision.class));
	set_string(object, "verdict", !decision.refused ? "allow" :
		   decision.audit ? "audit" : "deny");
	set_origin(object, offline, decision.rule);
	if (!decision.refused)
		return object;
	set_string(object, "errno", fngc_errno_name(decision.err));
	if (query->verb == FNGC_ACCESS)
		set_string(object, "refused",
			   fngc_access_names(decision.access, access));
	return object;
}

int fng_cmd_policy_explain(int argc, char **argv)
{
	struct fng_offline offline = { 0 };
	struct fngc_query query;
	const char *phase = NULL;
	char reason[256];
	int option, status;

	while ((option = fng_cli_getopt(argc, argv, options)) != -1) {
		if (option == 'P')
			phase = optarg;
		else
			fng_offline_option(&offline, option, argv);
	}
	fng_cli_args(argc, argv, 3, 4);
	if (fngc_query_parse(argv[optind + 1], argv[optind + 2],
			     argc - optind > 3 ? argv[optind + 3] : NULL,
			     &query, reason, sizeof(reason)))
		return fng_cli_usage(argv, "%s", reason);
	status = fng_load_find(&offline, argv[optind]) ?:
		 fng_offline_phase(&offline, phase);
	if (!status)
		fng_output_record(answer(&offline, &query), columns);
	fng_offline_free(&offline);
	return status;
}
