// SPDX-License-Identifier: MIT
#include <detect/finding.h>

static void put_text(struct fng_json *json, const char *key,
		     const struct fng_detect_text *text)
{
	if (text->at)
		fng_json_bytes(json, key, text->at, text->size);
}

static void put_rule(struct fng_json *json, const struct fng_detect_rule *rule)
{
	fng_json_string(json, "rule", rule->name);
	fng_json_string(json, "severity",
			fng_detect_severity_name(rule->severity));
	if (rule->attack)
		fng_json_string(json, "attack_id", rule->attack);
	fng_json_string(json, "about", rule->about);
}

/* The wall clock's time of what was seen before the event. */
static void put_first(struct fng_json *json, const struct fng_finding *finding)
{
	const struct fng_detect_event *event = finding->event;
	u64 ago = finding->last - finding->first;
	char text[FNG_TIME_SIZE];

	fng_json_string(json, "first",
			fng_time_text(event->wall > ago ? event->wall - ago : 0,
				      text));
	fng_json_string(json, "last", fng_time_text(event->wall, text));
	fng_json_number(json, "first_boot_ns", finding->first);
	fng_json_number(json, "last_boot_ns", finding->last);
}

void fng_finding_json(const struct fng_finding *finding, const char *outcome,
		      struct fng_json *json)
{
	const struct fng_detect_event *event = finding->event;
	char text[FNG_TIME_SIZE];

	fng_json_open(json, NULL, '{');
	fng_json_string(json, "time", fng_time_text(event->wall, text));
	fng_json_string(json, "kind", "finding");
	put_rule(json, finding->rule);
	put_text(json, "policy", &event->policy);
	put_text(json, "cgroup", &event->cgroup);
	if (event->cgroup_id)
		fng_json_number(json, "cgroup_id", event->cgroup_id);
	fng_json_number(json, "count", finding->count);
	if (finding->suppressed)
		fng_json_number(json, "suppressed", finding->suppressed);
	put_first(json, finding);
	fng_json_string(json, "action",
			fng_detect_action_name(finding->rule->action));
	if (outcome)
		fng_json_string(json, "outcome", outcome);
	fng_json_number(json, "time_ns", event->wall);
	if (event->json.at)
		fng_json_raw(json, "event", event->json.at, event->json.size);
	fng_json_close(json, '}');
}
