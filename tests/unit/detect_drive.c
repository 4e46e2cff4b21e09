// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "detect_drive.h"

struct fng_detect_rules detect_rules;
struct fng_detect detect;
struct detect_seen seen;

static void on_finding(const struct fng_finding *finding, void *data)
{
	(void)data;
	seen.nr++;
	seen.last = *finding;
}

void begin_with(const char *rule, u32 states)
{
	char text[1024];
	int len = snprintf(text, sizeof(text),
			   "detect: t\n"
			   "rules:\n"
			   "  - { rule: r, about: a, severity: low, %s }\n",
			   rule);

	fng_detect_free(&detect);
	fng_detect_rules_free(&detect_rules);
	memset(&seen, 0, sizeof(seen));
	if (fng_detect_read_text(&detect_rules, NULL, "t.yaml", text, len))
		fail_msg("%s: %s", rule, detect_rules.results[0]->diags[0].message);
	assert_true(fng_detect_init(&detect, &detect_rules, states));
}

void begin(const char *rule)
{
	begin_with(rule, 1024);
}

int end(void **state)
{
	(void)state;
	fng_detect_free(&detect);
	fng_detect_rules_free(&detect_rules);
	return 0;
}

struct fng_detect_event refusal(double seconds)
{
	return (struct fng_detect_event){
		.kind = FNG_EVENT_DENIED,
		.boot = START + seconds * SECOND,
		.cgroup_id = 7,
		.class = FNG_CLASS_EGRESS,
		.hook = FNG_HOOK_SOCKET_CONNECT,
		.rule = 3,
		.family = 4,
		.addr = { 10, 0, 0, 1 },
		.port = 80,
		.proto = FNG_PROTO_TCP,
		.process = 100,
		.repeat = 1,
		.policy = { "p", 1 },
	};
}

u32 show(const struct fng_detect_event *event)
{
	u32 before = seen.nr;

	fng_detect_event(&detect, event, on_finding, NULL);
	return seen.nr - before;
}
