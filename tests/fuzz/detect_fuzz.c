// SPDX-License-Identifier: MIT
/*
 * Rules of detection, from the bytes of a file to what they find in events that
 * are made of the same bytes. No other file is opened.
 */
#include <jansson.h>
#include <stdlib.h>

#include <detect/finding.h>

#define RULES	"fuzz.yaml"
#define STATES	64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct fngc_options options = { .isolated = true };

static void hold(bool condition)
{
	if (!condition)
		abort();
}

static void check_diags(const struct fngc_result *result)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < result->nr_diags; i++) {
		const struct fngc_diag *diag = &result->diags[i];

		hold(!strcmp(diag->file, RULES));
		hold(*diag->message);
		hold(!diag->line || (diag->column && diag->width));
	}
	fngc_diags_print(result, out, true);
	fclose(out);
	free(text);
	json_decref(fngc_diags_json(result));
}

static void check_rule(const struct fng_detect_rule *rule)
{
	hold(*rule->name && rule->about && rule->line);
	hold(rule->nr_steps && rule->nr_steps <= FNG_DETECT_MAX_STEPS);
	hold(rule->count && rule->quiet);
	hold(rule->count < 2 || rule->within || rule->beat_max);
	hold(!rule->distinct || rule->count <= FNG_DETECT_MAX_KEPT);
	hold(!rule->first == !rule->after);
	hold(rule->action == FNG_DETECT_REPORT || !rule->step[0].any ||
	     rule->nr_steps > 1 || rule->excepts);
}

static void check_finding(const struct fng_finding *finding, void *data)
{
	static char text[FNG_FINDING_JSON_SIZE];
	struct fng_json json;
	json_t *object;

	(void)data;
	hold(finding->first <= finding->last);
	fng_json_init(&json, text, sizeof(text));
	fng_finding_json(finding, NULL, &json);
	hold(!json.overflow);
	object = json_loadb(text, json.len, JSON_REJECT_DUPLICATES |
			    JSON_ALLOW_NUL, NULL);
	hold(object);
	json_decref(object);
}

/* Small numbers where there are few, so that events are alike. */
static void make_event(struct fng_detect_event *event, const uint8_t *data)
{
	const struct fng_detect_text text = { (const char *)data, data[0] % 8 };

	event->kind = data[1] % 16 ? FNG_EVENT_DENIED : data[2];
	event->boot += (u64)data[3] << (data[4] % 40);
	event->wall = event->boot * data[5];
	event->cgroup_id = data[6];
	event->class = data[7] % 13;
	event->hook = data[0] % 64;
	event->access = data[1];
	event->state = data[2] % 8;
	event->rule = data[3] % 2 ? FNG_RULE_FLOOR | data[4] : data[5];
	event->family = data[6] % 3 * 2;
	event->family += event->family == 2 ? 4 : 0;
	event->addr[0] = data[7];
	event->port = data[0];
	event->proto = data[1] % 8;
	event->process = data[2] % 4;
	event->repeat = 1 + data[3];
	event->object = data[4] % 4 ? text : (struct fng_detect_text){ 0 };
	event->exe = text;
	event->cgroup = text;
	event->policy = text;
	event->host = text;
}

static void show_events(const struct fng_detect_rules *rules,
			const uint8_t *data, size_t size)
{
	struct fng_detect_event event = { .json = { 0 } };
	struct fng_detect detect;

	hold(fng_detect_init(&detect, rules, STATES));
	for (size_t i = 0; i + 8 <= size; i += 3) {
		make_event(&event, data + i);
		fng_detect_event(&detect, &event, check_finding, NULL);
		hold(detect.table.used <= STATES);
	}
	fng_detect_free(&detect);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fng_detect_rules rules = { 0 };
	int err = fng_detect_read_text(&rules, &options, RULES,
				       (const char *)data, size);

	hold(rules.nr_results == 1);
	hold(!err == !rules.results[0]->nr_errors);
	hold(!err == !!rules.nr);
	check_diags(rules.results[0]);
	for (size_t i = 0; i < rules.nr; i++)
		check_rule(&rules.v[i]);
	if (!err)
		show_events(&rules, data, size);
	fng_detect_rules_free(&rules);
	return 0;
}
