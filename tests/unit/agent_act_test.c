// SPDX-License-Identifier: MIT
/*
 * Actions of rules: whom the agent leaves alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <agent/act.h>

static const struct fng_detect_rule kill_rule = {
	.name = "r", .action = FNG_DETECT_KILL,
};

/* What becomes of killing a cgroup by its path. */
static const char *outcome(u32 kind, const char *path)
{
	static char text[FNG_OUTCOME_SIZE];
	const struct fng_detect_event event = {
		.kind = kind,
		.cgroup_id = ~0ull,
		.cgroup = { path, path ? strlen(path) : 0 },
	};
	const struct fng_finding finding = { .rule = &kill_rule,
					     .event = &event };

	fng_act(&finding, text);
	return text;
}

static void who_holds_the_agent_is_left_alone(void **state)
{
	char line[4096] = "0::/\n";
	FILE *file = fopen("/proc/self/cgroup", "re");

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) && strncmp(line, "0::", 3))
		;
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	assert_string_equal(outcome(FNG_EVENT_DENIED, "/"),
			    "not done: it holds the agent or PID 1");
	if (!strncmp(line, "0::", 3))
		assert_string_equal(outcome(FNG_EVENT_DENIED, line + 3),
				    "not done: it holds the agent or PID 1");
}

static void what_was_allowed_is_no_reason(void **state)
{
	(void)state;
	assert_string_equal(outcome(FNG_EVENT_WOULD_DENY, "/nonsuch"),
			    "not done: nothing was refused");
	assert_string_equal(outcome(FNG_EVENT_STATE, "/nonsuch"),
			    "not done: nothing was refused");
}

/* Not there, or another with the same path: no id is all ones. */
static void another_cgroup_is_left_alone(void **state)
{
	static char path[5000];

	(void)state;
	assert_string_equal(outcome(FNG_EVENT_DENIED, NULL),
			    "not done: there is no such cgroup");
	memset(path, 'a', sizeof(path) - 1);
	assert_string_equal(outcome(FNG_EVENT_DENIED, path),
			    "not done: there is no such cgroup");
	assert_string_not_equal(outcome(FNG_EVENT_DENIED, "/no/such/cgroup"),
				"done");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_holds_the_agent_is_left_alone),
		cmocka_unit_test(what_was_allowed_is_no_reason),
		cmocka_unit_test(another_cgroup_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
