// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <detect/finding.h>
#include "act.h"
#include "sentry.h"

/* Says what is wrong, also of a directory that has no rules. */
static void print_diags(const struct fng_detect_rules *rules, const char *path,
			int err)
{
	if (err && !rules->nr_results)
		fprintf(stderr, "fnguardd: %s: there is no file of rules\n",
			path);
	for (size_t i = 0; i < rules->nr_results; i++)
		fngc_diags_print(rules->results[i], stderr,
				 isatty(STDERR_FILENO));
}

static int read_rules(const struct fng_sentry *sentry,
		      struct fng_detect_rules *rules)
{
	int err = 0;

	for (size_t i = 0; i < sentry->nr_paths && !err; i++) {
		err = fng_detect_read_all(rules, sentry->paths[i]);
		if (err)
			print_diags(rules, sentry->paths[i], err);
	}
	if (!err)
		print_diags(rules, NULL, 0);
	return err;
}

int fng_sentry_load(struct fng_sentry *sentry)
{
	struct fng_detect_rules rules = { 0 };
	struct fng_detect detect;
	int err;

	if (!sentry->nr_paths)
		return 0;
	err = read_rules(sentry, &rules);
	if (!err && !fng_detect_init(&detect, &rules, FNG_DETECT_STATES)) {
		fprintf(stderr, "fnguardd: there is no memory for detection\n");
		err = -ENOMEM;
	}
	if (err) {
		fng_detect_rules_free(&rules);
		return err;
	}
	fng_sentry_free(sentry);
	sentry->rules = rules;
	sentry->detect = detect;
	sentry->detect.rules = &sentry->rules;
	sentry->told = 0;
	return 0;
}

void fng_sentry_free(struct fng_sentry *sentry)
{
	fng_detect_free(&sentry->detect);
	fng_detect_rules_free(&sentry->rules);
}

static void write_finding(const struct fng_finding *finding, void *data)
{
	/* With the room that the log takes on either side. */
	static char text[FNG_FINDING_JSON_SIZE + 2];
	struct fng_sentry *sentry = data;
	char outcome[FNG_OUTCOME_SIZE] = "not done: the agent may not act";
	bool acts = finding->rule->action != FNG_DETECT_REPORT;
	struct fng_json json;

	if (acts && sentry->act)
		fng_act(finding, outcome);
	fng_json_init(&json, text + 1, sizeof(text) - 2);
	fng_finding_json(finding, acts ? outcome : NULL, &json);
	fng_log_put(sentry->log, &json);
}

void fng_sentry_event(struct fng_sentry *sentry, const struct fng_event *event,
		      const struct fng_json *json)
{
	struct fng_detect_event seen;

	if (!sentry->rules.nr)
		return;
	fng_detect_event_read(&seen, event);
	if (!json->overflow)
		seen.json = (struct fng_detect_text){ json->buf, json->len };
	fng_detect_event(&sentry->detect, &seen, write_finding, sentry);
}

void fng_sentry_settle(struct fng_sentry *sentry)
{
	u64 evicted = sentry->detect.table.evicted;
	struct fng_json *json;

	if (evicted == sentry->told)
		return;
	json = fng_log_begin("lost");
	fng_json_string(json, "where", "detect");
	fng_json_number(json, "count", evicted - sentry->told);
	fng_log_end(sentry->log);
	sentry->told = evicted;
}
