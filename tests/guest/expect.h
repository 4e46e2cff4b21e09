/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the suites expect of an outcome. Include it once, in the suite itself: the
 * harness is made of definitions.
 */
#ifndef TESTS_GUEST_EXPECT_H
#define TESTS_GUEST_EXPECT_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common.h"

/*
 * The harness gives every kernel the same time, as if nothing else ran; but two
 * guests and a compiler may share the host.
 */
static inline unsigned int alarm_patiently(unsigned int seconds)
{
	return alarm(8 * seconds * patience());
}

#define alarm	alarm_patiently
#include <kselftest_harness.h>
#undef alarm

/*
 * Tests that the environment names are not there. A control, in which nothing is
 * guarded, shows nothing to a kernel that looks for our mistakes, and what takes
 * long on every kernel need not be done on each.
 */
static inline bool is_left_out(const char *name)
{
	const char *list = getenv("LEAVE_OUT") ?: "";
	size_t len = strlen(name);

	for (; *list; list += strcspn(list, ",")) {
		list += strspn(list, ",");
		if (!strncmp(list, name, len) && strcspn(list, ",") == len)
			return true;
	}
	return false;
}

static inline void register_unless_left_out(struct __test_metadata *test)
{
	if (!is_left_out(test->name))
		__register_test(test);
}

#define __register_test	register_unless_left_out

/*
 * Rows of a matrix differ in what is asked, and hardly in which code answers: on a
 * kernel that takes long over each, every THIN_OUTth is enough to watch that code.
 */
static inline void register_some(struct __fixture_metadata *fixture,
				 struct __fixture_variant_metadata *row)
{
	static struct __fixture_metadata *last;
	static unsigned long nr;
	const char *thin = getenv("THIN_OUT");

	nr = fixture == last ? nr + 1 : 0;
	last = fixture;
	if (!thin || nr % strtoul(thin, NULL, 10) == 0)
		__register_fixture_variant(fixture, row);
}

#define __register_fixture_variant	register_some

#include <client/names.h>

#include "events.h"

/**
 * struct expected - how an access is refused
 * @err: errno that the caller sees; 0: it is allowed, as in audit mode
 * @hook: enum fng_hook
 * @class: enum fng_class
 * @rule: a rule id of the guard's own; 0: whatever rule it is
 * @line: of the rule in the policy; 0: whatever line it is
 * @audit: it is not refused but counted as one that would be
 */
struct expected {
	int err;
	int hook;
	int class;
	u32 rule;
	u32 line;
	bool audit;
};

static inline void expect_row(struct __test_metadata *_metadata,
			      const struct refusal *row,
			      const struct expected *expected)
{
	EXPECT_EQ(1, row->count);
	EXPECT_STREQ(fng_hook_name(expected->hook), fng_hook_name(row->hook));
	EXPECT_STREQ(fng_class_name(expected->class),
		     fng_class_name(row->class));
	EXPECT_EQ(expected->audit, row->audit);
	if (expected->rule)
		EXPECT_EQ(expected->rule, row->rule);
	if (expected->line)
		EXPECT_EQ(expected->line, row->line);
}

/* It failed with the errno, and is counted exactly once, where it should be. */
static inline void expect_refused(struct __test_metadata *_metadata,
				  const struct outcome *outcome,
				  const struct expected *expected)
{
	EXPECT_EQ(expected->err, outcome->err);
	EXPECT_EQ(1, outcome->nr);
	if (outcome->nr == 1)
		expect_row(_metadata, &outcome->refusals[0], expected);
	if (!_metadata->passed)
		outcome_print(outcome);
}

/* It worked, and nothing was counted. */
static inline void expect_allowed(struct __test_metadata *_metadata,
				  const struct outcome *outcome)
{
	EXPECT_EQ(0, outcome->err);
	EXPECT_EQ(0, outcome->nr);
	if (!_metadata->passed)
		outcome_print(outcome);
}

/* Every case has this row: what fails anyway proves nothing. */
static inline void expect_control(struct __test_metadata *_metadata,
				  const struct attempt *attempt)
{
	struct outcome outcome;

	run_unguarded(attempt, &outcome);
	if (outcome.err == ENDED_UNABLE)
		SKIP(return, "the kernel cannot do this");
	expect_allowed(_metadata, &outcome);
}

/* The line of an event has that text. */
static inline void expect_text(struct __test_metadata *_metadata,
			       const char *line, const char *text)
{
	EXPECT_NE(NULL, strstr(line, text)) {
		TH_LOG("no \"%s\" in: %s", text, line);
	}
}

/*
 * The event of a refusal names the policy, the hook, the errno, what it was about
 * and who did it where.
 */
static inline void expect_event(struct __test_metadata *_metadata,
				struct events *events,
				const struct outcome *outcome,
				const struct expected *expected,
				const char *object)
{
	char line[EVENT_LINE_SIZE], text[256];

	ASSERT_TRUE(events_find(events, expected->audit ? "would-deny" :
				"denied", outcome->cgroup, line));
	snprintf(text, sizeof(text), " %s ", fng_hook_name(expected->hook));
	expect_text(_metadata, line, text);
	snprintf(text, sizeof(text), " %s ", object);
	expect_text(_metadata, line, text);
	snprintf(text, sizeof(text), " -> %s by %s rule ",
		 fng_errno_name(outcome->err),
		 outcome->refusals[0].policy);
	expect_text(_metadata, line, text);
	snprintf(text, sizeof(text), " pid %d ", outcome->pid);
	expect_text(_metadata, line, text);
	expect_text(_metadata, line, " times 1\n");
}

#endif /* TESTS_GUEST_EXPECT_H */
