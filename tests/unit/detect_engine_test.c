// SPDX-License-Identifier: MIT
/*
 * Detection: windows, different things, sequences and beats.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "detect_drive.h"

static u32 show_at(double seconds)
{
	struct fng_detect_event event = refusal(seconds);

	return show(&event);
}

static u32 show_to(double seconds, u8 host)
{
	struct fng_detect_event event = refusal(seconds);

	event.addr[3] = host;
	return show(&event);
}

static void one_is_enough_where_nothing_is_said(void **state)
{
	(void)state;
	begin("match: { class: [egress] }");
	assert_int_equal(show_at(0), 1);
	assert_int_equal(seen.last.count, 1);
	assert_int_equal(seen.last.first, START);
	assert_string_equal(seen.last.rule->name, "r");
}

static void a_window_slides(void **state)
{
	(void)state;
	begin("match: {class: [egress]}, count: 3, within: 10s, quiet: 1s");
	assert_int_equal(show_at(0), 0);
	assert_int_equal(show_at(9), 0);
	assert_int_equal(show_at(11), 0);
	assert_int_equal(show_at(12), 1);
	assert_int_equal(seen.last.count, 3);
	assert_int_equal(seen.last.first, START + 9 * SECOND);
	assert_int_equal(seen.last.last, START + 12 * SECOND);
	/* What was told of is not counted again. */
	assert_int_equal(show_at(14), 0);
	assert_int_equal(show_at(15), 0);
	assert_int_equal(show_at(16), 1);
}

static void what_a_summary_stands_for_is_counted(void **state)
{
	struct fng_detect_event event = refusal(1);

	(void)state;
	begin("match: {class: [egress]}, count: 100, within: 10s");
	event.repeat = 98;
	assert_int_equal(show_at(0), 0);
	assert_int_equal(show(&event), 0);
	assert_int_equal(show_at(1.5), 1);
	assert_int_equal(seen.last.count, 100);
}

static void a_finding_is_followed_by_quiet(void **state)
{
	(void)state;
	begin("match: { class: [egress] }, quiet: 30s");
	assert_int_equal(show_at(0), 1);
	assert_int_equal(seen.last.suppressed, 0);
	for (int i = 1; i < 30; i++)
		assert_int_equal(show_at(i), 0);
	assert_int_equal(show_at(30), 1);
	assert_int_equal(seen.last.suppressed, 29);
}

static void cgroups_do_not_add_up(void **state)
{
	struct fng_detect_event event = refusal(0);

	(void)state;
	begin("match: {class: [egress]}, count: 2, within: 10s");
	for (event.cgroup_id = 1; event.cgroup_id < 100; event.cgroup_id++)
		assert_int_equal(show(&event), 0);
	for (event.cgroup_id = 1; event.cgroup_id < 100; event.cgroup_id++)
		assert_int_equal(show(&event), 1);
}

static void different_ones_are_counted_once(void **state)
{
	(void)state;
	begin("match: {class: [egress]}, distinct: address, count: 3, within: 10s");
	assert_int_equal(show_to(0, 1), 0);
	assert_int_equal(show_to(1, 1), 0);
	assert_int_equal(show_to(2, 2), 0);
	assert_int_equal(show_to(3, 2), 0);
	assert_int_equal(show_to(4, 3), 1);
	assert_int_equal(seen.last.count, 5);

	/* One that was seen again is as young as that. */
	begin("match: {class: [egress]}, distinct: address, count: 3, within: 10s");
	assert_int_equal(show_to(0, 1), 0);
	assert_int_equal(show_to(1, 2), 0);
	assert_int_equal(show_to(8, 1), 0);
	assert_int_equal(show_to(12, 3), 0);
	assert_int_equal(show_to(13, 4), 1);
}

static void what_has_none_is_not_different(void **state)
{
	struct fng_detect_event event = refusal(0);

	(void)state;
	begin("match: {class: [egress]}, distinct: object, count: 2, within: 10s");
	assert_int_equal(show(&event), 0);
	assert_int_equal(show(&event), 0);
	event.object = (struct fng_detect_text){ "/a", 2 };
	assert_int_equal(show(&event), 0);
	event.object = (struct fng_detect_text){ "/b", 2 };
	assert_int_equal(show(&event), 1);
}

#define CONNECT_EXEC "sequence: [{class: [egress]}, {class: [exec]}], within: 10s"

static u32 show_exec(double seconds, u64 process)
{
	struct fng_detect_event event = refusal(seconds);

	event.class = FNG_CLASS_EXEC;
	event.hook = FNG_HOOK_BPRM_CHECK;
	event.process = process;
	event.family = 0;
	return show(&event);
}

static void a_sequence_has_an_order_and_a_time(void **state)
{
	(void)state;
	begin(CONNECT_EXEC);
	assert_int_equal(show_exec(0, 100), 0);
	assert_int_equal(show_at(1), 0);
	assert_int_equal(show_exec(12, 100), 0);
	assert_int_equal(show_at(20), 0);
	assert_int_equal(show_exec(29, 100), 1);
	assert_int_equal(seen.last.count, 2);
	assert_int_equal(seen.last.first, START + 20 * SECOND);
}

static void a_sequence_begins_at_its_latest_beginning(void **state)
{
	(void)state;
	begin(CONNECT_EXEC);
	show_at(0);
	show_at(8);
	assert_int_equal(show_exec(15, 100), 1);
	assert_int_equal(seen.last.first, START + 8 * SECOND);
}

static void a_step_that_is_written_twice_takes_two(void **state)
{
	(void)state;
	begin("sequence: [{class: [egress]}, {class: [egress]}, {class: [exec]}], within: 10s");
	show_at(0);
	assert_int_equal(show_exec(1, 100), 0);
	show_at(2);
	assert_int_equal(show_exec(3, 100), 1);
	assert_int_equal(seen.last.first, START);
}

static void a_sequence_can_be_of_one_process(void **state)
{
	(void)state;
	begin(CONNECT_EXEC ", by: process");
	show_at(0);
	assert_int_equal(show_exec(1, 101), 0);
	assert_int_equal(show_exec(2, 100), 1);
}

#define BEACON "match: {class: [egress]}, by: address, count: 6, " \
	       "interval: 5s-10m, jitter: 20, quiet: 1h"

static void what_is_regular_is_found(void **state)
{
	(void)state;
	begin(BEACON);
	for (int i = 0; i < 5; i++)
		assert_int_equal(show_at(60 * i + (i & 1) * 5), 0);
	assert_int_equal(show_at(300), 1);
	assert_int_equal(seen.last.count, 6);
	assert_int_equal(seen.last.first, START);
}

static void what_is_tried_again_at_once_is_one_beat(void **state)
{
	(void)state;
	begin(BEACON);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(show_at(30 * i), 0);
		assert_int_equal(show_at(30 * i + .2), 0);
	}
	assert_int_equal(show_at(150), 1);
	assert_int_equal(seen.last.count, 11);
}

static void what_is_not_regular_is_not_found(void **state)
{
	double at = 0;

	(void)state;
	begin(BEACON);
	/* Waits twice as long each time, then the time of day. */
	for (double wait = 1; wait < 500; wait *= 2)
		assert_int_equal(show_at(at += wait), 0);
	for (int i = 0; i < 100; i++)
		assert_int_equal(show_at(at += 10 + i * 37 % 60), 0);
	/* Too fast, and too slow. */
	for (int i = 0; i < 50; i++)
		assert_int_equal(show_at(at += 2), 0);
	for (int i = 0; i < 50; i++)
		assert_int_equal(show_at(at += 700), 0);
}

static void beats_of_two_destinations_are_apart(void **state)
{
	u32 found = 0;

	(void)state;
	begin(BEACON);
	for (int i = 0; i < 6; i++) {
		found += show_to(60 * i, 1);
		found += show_to(60 * i + 7 + i * i, 2);
	}
	assert_int_equal(found, 2);
}

static u32 show_in(u64 cgroup, const char *policy, u8 host)
{
	struct fng_detect_event event = refusal(cgroup);

	event.cgroup_id = cgroup;
	event.policy = (struct fng_detect_text){ policy, strlen(policy) };
	event.addr[3] = host;
	return show(&event);
}

static void what_is_new_to_a_policy_is_found(void **state)
{
	(void)state;
	begin("match: {class: [egress]}, first: address, after: 10, quiet: 5s");
	for (u64 cgroup = 1; cgroup <= 10; cgroup++)
		assert_int_equal(show_in(cgroup, "p", cgroup % 3), 0);
	assert_int_equal(show_in(11, "q", 9), 0);
	assert_int_equal(show_in(12, "p", 1), 0);
	assert_int_equal(show_in(13, "p", 9), 1);
	assert_int_equal(seen.last.count, 1);
	assert_int_equal(seen.last.first, seen.last.last);
	/* What comes in the quiet is known afterwards. */
	assert_int_equal(show_in(14, "p", 10), 0);
	assert_int_equal(show_in(30, "p", 9), 0);
	assert_int_equal(show_in(31, "p", 10), 0);
	assert_int_equal(show_in(32, "p", 11), 1);
}

/* A policy whose functions go anywhere has nothing that is new. */
static void what_is_always_new_is_not_found(void **state)
{
	u32 found = 0;

	(void)state;
	begin("match: {class: [egress]}, first: address, after: 100, quiet: 1s");
	for (u64 cgroup = 1; cgroup <= 250; cgroup++)
		found += show_in(cgroup, "p", cgroup);
	assert_int_equal(found, 0);
	assert_int_equal(detect.table.used, 1);
}

/* Many destinations are not a reason to see none any more. */
static void what_is_new_after_many_is_found(void **state)
{
	u64 cgroup = 1;

	(void)state;
	begin("match: {class: [egress]}, first: address, after: 10, quiet: 1s");
	for (u64 host = 1; host <= 70; host++)
		show_in(1, "p", host);
	/* Of these nothing is new, and 1 to 6 are forgotten for those after 64. */
	for (; cgroup <= 30; cgroup++)
		assert_int_equal(show_in(cgroup, "p", 10 + cgroup), 0);
	assert_int_equal(show_in(cgroup++, "p", 200), 1);
	/* Others have to have none of it again. */
	assert_int_equal(show_in(cgroup++, "p", 201), 0);
	for (int i = 0; i < 10; i++)
		assert_int_equal(show_in(cgroup++, "p", 200), 0);
	assert_int_equal(show_in(cgroup, "p", 202), 1);
	/* What was seen last is still known. */
	assert_int_equal(show_in(cgroup, "p", 40), 0);
}

/* Whatever the wall clock says, and however it jumps. */
static void the_wall_clock_does_not_matter(void **state)
{
	static const u64 walls[] = { 5000 * SECOND, 1, ~0ull, 0 };

	(void)state;
	begin("match: {class: [egress]}, count: 4, within: 10s");
	for (int i = 0; i < 4; i++) {
		struct fng_detect_event event = refusal(i);

		event.wall = walls[i];
		assert_int_equal(show(&event), i == 3);
	}
	assert_int_equal(seen.last.first, START);
}

static void a_little_disorder_does_not_matter(void **state)
{
	(void)state;
	begin("match: {class: [egress]}, count: 3, within: 10s, quiet: 20s");
	show_at(1);
	show_at(0);
	assert_int_equal(show_at(.5), 1);
	/* Nor does what is late end the quiet. */
	for (int i = 0; i < 10; i++)
		assert_int_equal(show_at(i & 1), 0);
}

static void another_boot_begins_anew(void **state)
{
	struct fng_detect_event event = refusal(0);

	(void)state;
	begin("match: {class: [egress]}, count: 2, within: 10s, quiet: 1h");
	show_at(0);
	assert_int_equal(show_at(1), 1);
	event.boot = 5 * SECOND;
	assert_int_equal(show(&event), 0);
	event.boot = 6 * SECOND;
	assert_int_equal(show(&event), 1);
	assert_int_equal(seen.last.suppressed, 0);
}

static void times_at_the_end_of_time_are_survived(void **state)
{
	static const u64 times[] = { ~0ull, 0, ~0ull - 1, 1, 1ull << 63, ~0ull };
	static const char *const all[] = {
		"match: {class: [egress]}, count: 3, within: 24h, quiet: 24h",
		"match: {class: [egress]}, distinct: port, count: 3, within: 24h",
		"sequence: [{class: [egress]}, {class: [egress]}], within: 24h",
		BEACON,
	};

	(void)state;
	for (size_t r = 0; r < sizeof(all) / sizeof(*all); r++) {
		begin(all[r]);
		for (int i = 0; i < 600; i++) {
			struct fng_detect_event event = refusal(0);

			event.boot = times[i % 6];
			event.port = i;
			event.repeat = times[i / 6 % 6];
			show(&event);
		}
	}
}

static void the_proof_of_the_hooks_is_no_attack(void **state)
{
	struct fng_detect_event event = refusal(0);

	(void)state;
	event.rule = FNG_RULE_GUARD | FNG_GUARD_CANARY;
	begin("match: {}");
	assert_int_equal(show(&event), 0);
	begin("match: { rule: ['guard:canary'] }");
	assert_int_equal(show(&event), 1);
}

static void events_without_anything_are_survived(void **state)
{
	struct fng_detect_event event = { .kind = 4000000000u };

	(void)state;
	begin("match: {class: [egress], object: ['/**'], to: ['@any'], host: [a.b], exe: ['/**'], ports: [80]}, by: process");
	assert_int_equal(show(&event), 0);
	event.kind = FNG_EVENT_DENIED;
	event.class = 99;
	event.hook = 99;
	event.proto = 99;
	event.family = 4;
	assert_int_equal(show(&event), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_enough_where_nothing_is_said),
		cmocka_unit_test(a_window_slides),
		cmocka_unit_test(what_a_summary_stands_for_is_counted),
		cmocka_unit_test(a_finding_is_followed_by_quiet),
		cmocka_unit_test(cgroups_do_not_add_up),
		cmocka_unit_test(different_ones_are_counted_once),
		cmocka_unit_test(what_has_none_is_not_different),
		cmocka_unit_test(a_sequence_has_an_order_and_a_time),
		cmocka_unit_test(a_sequence_begins_at_its_latest_beginning),
		cmocka_unit_test(a_step_that_is_written_twice_takes_two),
		cmocka_unit_test(a_sequence_can_be_of_one_process),
		cmocka_unit_test(what_is_regular_is_found),
		cmocka_unit_test(what_is_tried_again_at_once_is_one_beat),
		cmocka_unit_test(what_is_not_regular_is_not_found),
		cmocka_unit_test(beats_of_two_destinations_are_apart),
		cmocka_unit_test(what_is_new_to_a_policy_is_found),
		cmocka_unit_test(what_is_always_new_is_not_found),
		cmocka_unit_test(what_is_new_after_many_is_found),
		cmocka_unit_test(the_wall_clock_does_not_matter),
		cmocka_unit_test(a_little_disorder_does_not_matter),
		cmocka_unit_test(another_boot_begins_anew),
		cmocka_unit_test(times_at_the_end_of_time_are_survived),
		cmocka_unit_test(the_proof_of_the_hooks_is_no_attack),
		cmocka_unit_test(events_without_anything_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}
