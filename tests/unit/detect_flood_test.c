// SPDX-License-Identifier: MIT
/*
 * Detection: however much comes, so much is remembered, and who is loud costs
 * others nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "detect_drive.h"

/* More cgroups than there is room for, again and again. */
static void a_flood_of_cgroups_is_bounded(void **state)
{
	struct fng_detect_event event = refusal(0);

	(void)state;
	begin_with("match: {class: [egress]}, count: 2, within: 1h", 64);
	for (int round = 0; round < 3; round++) {
		for (u64 id = 1; id <= 10000; id++) {
			event.cgroup_id = id;
			show(&event);
		}
	}
	assert_int_equal(detect.table.used, 64);
	assert_int_equal(detect.table.evicted, 3 * 10000 - 64);
	assert_int_equal(seen.nr, 0);
	/* Who was seen last is remembered. */
	assert_int_equal(show(&event), 1);
}

static void what_is_worth_nothing_makes_room_unsaid(void **state)
{
	struct fng_detect_event event;

	(void)state;
	begin_with("match: {class: [egress]}, count: 2, within: 10s", 64);
	for (u64 id = 1; id <= 1000; id++) {
		event = refusal(id);
		event.cgroup_id = id;
		show(&event);
	}
	assert_int_equal(detect.table.evicted, 0);
}

/* One cgroup with many destinations leaves others theirs. */
static void a_flood_of_values_is_its_own_loss(void **state)
{
	struct fng_detect_event event = refusal(0);

	(void)state;
	begin_with("match: {class: [egress]}, by: destination, count: 2, within: 1h",
		   64);
	event.cgroup_id = 1;
	show(&event);
	event.cgroup_id = 2;
	for (u32 port = 1; port <= 5000; port++) {
		event.port = port;
		show(&event);
	}
	assert_int_equal(detect.table.used, FNG_DETECT_MAX_GROUPS + 1);
	assert_int_equal(detect.table.evicted, 5000 - FNG_DETECT_MAX_GROUPS);
	event.cgroup_id = 1;
	event.port = 80;
	assert_int_equal(show(&event), 1);
}

static void a_rule_that_matches_everything_is_bounded(void **state)
{
	struct fng_detect_event event = refusal(0);

	(void)state;
	begin_with("match: { kind: [refused, state, bound] }, quiet: 1m", 64);
	assert_int_equal(detect_rules.results[0]->nr_warnings, 1);
	for (u32 i = 0; i < 100000; i++) {
		event.cgroup_id = i % 50;
		event.kind = i % 3 ? FNG_EVENT_DENIED : FNG_EVENT_STATE;
		event.boot += SECOND / 2000;
		show(&event);
	}
	assert_int_equal(seen.nr, 50);
	assert_int_equal(detect.table.used, 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flood_of_cgroups_is_bounded),
		cmocka_unit_test(what_is_worth_nothing_makes_room_unsaid),
		cmocka_unit_test(a_flood_of_values_is_its_own_loss),
		cmocka_unit_test(a_rule_that_matches_everything_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}
