// SPDX-License-Identifier: MIT
/*
 * fnguard detect: rules of detection, without a kernel.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <detect/finding.h>
#include "file.h"
#include "output.h"
#include "policy_offline.h"

static int status_of(int err)
{
	if (!err)
		return FNG_EXIT_DONE;
	return err == -EINVAL ? FNG_EXIT_POLICY : FNG_EXIT_FAILED;
}

static size_t count_warnings(const struct fng_detect_rules *rules)
{
	size_t nr = 0;

	for (size_t i = 0; i < rules->nr_results; i++)
		nr += rules->results[i]->nr_warnings;
	return nr;
}

static void print_diags(const struct fng_detect_rules *rules, FILE *out)
{
	for (size_t i = 0; i < rules->nr_results; i++)
		fngc_diags_print(rules->results[i], out,
				 fng_output_colour(out == stdout ? 1 : 2));
}

static json_t *diags_of(const struct fng_detect_rules *rules)
{
	json_t *all = json_array();

	for (size_t i = 0; i < rules->nr_results; i++) {
		json_t *some = fngc_diags_json(rules->results[i]);

		json_array_extend(all, some);
		json_decref(some);
	}
	return all;
}

static json_t *describe_rule(const struct fng_detect_rule *rule)
{
	json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:i}",
				   "rule", rule->name, "about", rule->about,
				   "severity",
				   fng_detect_severity_name(rule->severity),
				   "action",
				   fng_detect_action_name(rule->action),
				   "file", rule->file, "line", (int)rule->line);

	if (rule->attack)
		json_object_set_new(object, "attack_id",
				    json_string(rule->attack));
	return object;
}

static void describe(const struct fng_detect_rules *rules, int err)
{
	json_t *list = json_array();

	for (size_t i = 0; i < rules->nr; i++)
		json_array_append_new(list, describe_rule(&rules->v[i]));
	fng_output_value(json_pack("{s:b, s:o, s:o}", "valid", !err,
				   "rules", list,
				   "diagnostics", diags_of(rules)));
}

/* A directory without a file of rules has no diagnostic that could say so. */
static void complain(const struct fng_detect_rules *rules, const char *path,
		     int err)
{
	if (err && !rules->nr_results)
		fng_output_error("%s: %s", path, err == -ENOENT ?
				 "there is no file of rules" : strerror(-err));
}

int fng_cmd_detect_check(int argc, char **argv)
{
	struct fng_detect_rules rules = { 0 };
	int err = 0;

	while (fng_cli_getopt(argc, argv, NULL) != -1)
		;
	fng_cli_args(argc, argv, 1, -1);
	for (; optind < argc; optind++) {
		int one = fng_detect_read_all(&rules, argv[optind]);

		if (!fng_output_json)
			complain(&rules, argv[optind], one);
		if (!err)
			err = one;
	}
	if (fng_output_json) {
		describe(&rules, err);
	} else {
		print_diags(&rules, err ? stderr : stdout);
		if (!err)
			printf("%zu rules, %zu warnings\n", rules.nr,
			       count_warnings(&rules));
	}
	fng_detect_rules_free(&rules);
	return status_of(err);
}

/**
 * struct replay - events that were recorded meet rules
 * @detect: the rules
 * @line: text of the event at hand
 * @strange: lines that are no events
 */
struct replay {
	struct fng_detect detect;
	struct fng_detect_text line;
	u64 strange;
};

static void print_text(const struct fng_finding *finding)
{
	const struct fng_detect_rule *rule = finding->rule;
	const struct fng_detect_text *cgroup = &finding->event->cgroup;
	char time[FNG_TIME_SIZE];

	printf("%s %s%s%s %s: ", fng_time_text(finding->event->wall, time),
	       fng_output_escape(rule->severity < FNG_DETECT_HIGH ? FNG_WARN :
				 FNG_BAD),
	       fng_detect_severity_name(rule->severity),
	       fng_output_escape(FNG_PLAIN), rule->name);
	fng_output_text(rule->about, strlen(rule->about));
	printf(" %" PRIu64 " events", finding->count);
	if (cgroup->at) {
		fputs(" in ", stdout);
		fng_output_text(cgroup->at, cgroup->size);
	}
	putchar('\n');
}

static void print_finding(const struct fng_finding *finding, void *data)
{
	static char text[FNG_FINDING_JSON_SIZE];
	struct fng_json json;

	(void)data;
	if (!fng_output_json) {
		print_text(finding);
		return;
	}
	fng_json_init(&json, text, sizeof(text));
	fng_finding_json(finding, NULL, &json);
	if (!json.overflow)
		printf("%.*s\n", (int)json.len, text);
}

static void replay_line(void *data, const char *line, size_t size)
{
	struct replay *replay = data;
	json_t *object = json_loadb(line, size, JSON_ALLOW_NUL, NULL);
	struct fng_detect_event event;

	if (object && fng_detect_event_load(&event, object)) {
		event.json = (struct fng_detect_text){ line, size };
		fng_detect_event(&replay->detect, &event, print_finding, NULL);
	} else if (!object) {
		replay->strange++;
	}
	json_decref(object);
}

static int replay_path(struct replay *replay, const char *path)
{
	int err = fng_file_lines(path, replay_line, replay);

	if (err)
		fng_output_error("cannot read %s: %s", path, strerror(-err));
	if (replay->strange)
		fng_output_note("%" PRIu64 " lines are not JSON",
				replay->strange);
	if (replay->detect.table.evicted)
		fng_output_note("%" PRIu64 " states made room for others",
				replay->detect.table.evicted);
	return err ? FNG_EXIT_FAILED : FNG_EXIT_DONE;
}

int fng_cmd_detect_replay(int argc, char **argv)
{
	struct fng_detect_rules rules = { 0 };
	struct replay replay = { .strange = 0 };
	int err, status;

	while (fng_cli_getopt(argc, argv, NULL) != -1)
		;
	fng_cli_args(argc, argv, 2, 2);
	err = fng_detect_read_all(&rules, argv[optind]);
	status = status_of(err);
	if (err) {
		complain(&rules, argv[optind], err);
		print_diags(&rules, stderr);
	} else if (fng_detect_init(&replay.detect, &rules,
				   FNG_DETECT_STATES)) {
		status = replay_path(&replay, argv[optind + 1]);
		fng_detect_free(&replay.detect);
	} else {
		fng_output_error("there is no memory");
		status = FNG_EXIT_FAILED;
	}
	fng_detect_rules_free(&rules);
	return status;
}
