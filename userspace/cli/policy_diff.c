// SPDX-License-Identifier: MIT
/*
 * fnguard policy diff: what a policy allows, and what it refuses, that another
 * does not.
 */
#include <stdio.h>
#include <string.h>

#include <compiler/diff.h>
#include "load.h"
#include "output.h"
#include "session.h"

/* What a policy that the kernel holds is called here. */
#define LOADED	"kernel:"

static const struct option options[] = {
	FNG_OFFLINE_OPTIONS,
	{ NULL, 0, NULL, 0 },
};

static const char *const changes[FNGC_NR_CHANGES] = {
	"allowed", "refused", "other",
};

/* The file as it was given, where there is one; the image has its last part. */
static json_t *answer(const struct fng_offline *policy,
		      const struct fngc_answer *answer)
{
	json_t *object = json_pack("{s:s}", "verdict", answer->word);
	struct fngc_origin origin;

	if (answer->rule == FNG_RULE_NONE)
		return object;
	fngc_origin(&policy->image, answer->rule, &origin);
	json_object_set_new(object, "rule", fng_text(origin.text));
	if (!*origin.file)
		return object;
	if (policy->result && answer->rule < policy->result->nr_rules)
		origin.file = policy->result->rules[answer->rule].file;
	json_object_set_new(object, "file", fng_text(origin.file));
	json_object_set_new(object, "line", json_integer(origin.line));
	return object;
}

static json_t *describe(const struct fng_offline policies[2],
			const struct fngc_difference *difference)
{
	json_t *object = json_pack("{s:s, s:s, s:s}",
				   "change", changes[difference->change],
				   "section", difference->section,
				   "operation", difference->operation);

	fng_set_text(object, "what", difference->what);
	fng_set_text(object, "example", difference->text);
	json_object_set_new(object, "before",
			    answer(&policies[0], &difference->answer[0]));
	json_object_set_new(object, "after",
			    answer(&policies[1], &difference->answer[1]));
	return object;
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key)) ?: "";
}

static bool audits(const json_t *object, const char *when)
{
	return !strcmp(text_of(json_object_get(object, when), "verdict"),
		       "audit");
}

static void print_answer(const json_t *object, const char *when)
{
	const json_t *answer = json_object_get(object, when);
	const char *rule = text_of(answer, "rule");
	const char *file = text_of(answer, "file");

	printf("    %-7s %s%s", when, text_of(answer, "verdict"),
	       *rule && audits(object, when) ? ", which would deny," : "");
	if (*rule)
		printf(" by %s", rule);
	if (*file)
		printf(" (%s:%" JSON_INTEGER_FORMAT ")", file,
		       json_integer_value(json_object_get(answer, "line")));
	putchar('\n');
}

/* What is only reported is not refused, and yet what a reader looks for. */
static const char *head_of(const json_t *object, enum fng_colour *colour)
{
	const char *change = text_of(object, "change");

	*colour = FNG_BAD;
	if (!strcmp(change, changes[FNGC_CHANGE_ALLOWED]))
		return "newly allowed";
	*colour = FNG_WARN;
	if (!strcmp(change, changes[FNGC_CHANGE_REFUSED]))
		return audits(object, "after") ? "would be newly refused" :
		       "newly refused";
	*colour = FNG_BOLD;
	return "changed";
}

static void print_change(const json_t *object)
{
	const char *section = text_of(object, "section");
	const char *operation = text_of(object, "operation");
	const char *what = text_of(object, "what");
	const char *example = text_of(object, "example");
	enum fng_colour colour;
	const char *head = head_of(object, &colour);

	printf("%s%s%s: ", fng_output_escape(colour), head,
	       fng_output_escape(FNG_PLAIN));
	/* "listen tcp" of the section listen needs to say it once. */
	if (strncmp(operation, section, strlen(section)))
		printf("%s ", section);
	fputs(operation, stdout);
	if (*what)
		printf(": %s", what);
	if (*example && strcmp(example, what))
		printf(", as %s", example);
	putchar('\n');
	print_answer(object, "before");
	print_answer(object, "after");
}

/* Returns an exit status by what is worst: the first of them. */
static int print_all(const struct fng_offline policies[2],
		     const struct fngc_diff *diff)
{
	json_t *all = json_array(), *one;
	size_t i;

	for (i = 0; i < diff->nr; i++)
		json_array_append_new(all, describe(policies,
						    &diff->differences[i]));
	json_array_foreach(all, i, one) {
		if (!fng_output_json)
			print_change(one);
	}
	fng_output_value(all);
	if (!diff->nr)
		return FNG_EXIT_DONE;
	return diff->differences[0].change == FNGC_CHANGE_ALLOWED ?
	       FNG_EXIT_ALLOWS : FNG_EXIT_DIFFERS;
}

/* Parameters are of the text: what is compiled has its own already. */
static int read_policy(struct fng_offline *policy,
		       const struct fng_offline *options, const char *what)
{
	size_t len = strlen(LOADED);

	*policy = *options;
	if (strncmp(what, LOADED, len))
		return fng_offline_read(policy, what);
	policy->options.params = NULL;
	policy->nr_params = 0;
	return fng_load_fetch(policy, what + len);
}

static int compare(const struct fng_offline policies[2])
{
	struct fngc_diff *diff;
	int status;

	if (fngc_diff(&policies[0].image, &policies[1].image, &diff)) {
		fng_output_error("the policies are too large to be compared: %s",
				 diff->error);
		status = FNG_EXIT_FAILED;
	} else {
		status = print_all(policies, diff);
	}
	fngc_diff_free(diff);
	return status;
}

int fng_cmd_policy_diff(int argc, char **argv)
{
	struct fng_offline common = { 0 }, policies[2] = { 0 };
	int option, status;

	while ((option = fng_cli_getopt(argc, argv, options)) != -1)
		fng_offline_option(&common, option, argv);
	fng_cli_args(argc, argv, 2, 2);
	status = read_policy(&policies[0], &common, argv[optind]);
	if (!status)
		status = read_policy(&policies[1], &common, argv[optind + 1]);
	if (!status)
		status = compare(policies);
	fng_offline_free(&policies[0]);
	fng_offline_free(&policies[1]);
	return status;
}
