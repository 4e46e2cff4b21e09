// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads that are taken back by themselves unless somebody confirms them.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bound.h"
#include "control.h"
#include "errand.h"
#include "events.h"
#include "expect.h"

#define POLICY		"trial"
#define FRESH		"trial-fresh"
#define ALLOWS		"policy: " POLICY "\nversion: 1\nfiles: { default: allow }\n"
#define DENIES		"policy: " POLICY "\nversion: 2\nfiles: { default: deny }\n"
#define NEW		"policy: " FRESH "\nversion: 5\nfiles: { default: deny }\n"

/* Nobody waits so long. */
#define LONG		3600

EVENTS_OF_SUITE(events);

FIXTURE(trial) {
	struct group group;
	struct worker worker;
};

FIXTURE_SETUP(trial)
{
	u64 generation;

	bound_setup();
	fng_client_policy_confirm(guard_client(), &generation);
	guard_load(ALLOWS);
	group_make(&self->group, NULL);
	worker_start(&self->worker);
	worker_move(&self->worker, &self->group);
	group_bind(&self->group, POLICY);
}

FIXTURE_TEARDOWN(trial)
{
	u64 generation;

	fng_client_policy_rollback(guard_client(), &generation);
	worker_end(&self->worker);
	group_remove(&self->group);
	work_remove();
}

static int try_load(const char *text, u32 within)
{
	struct fng_client_load how = { .within = within };

	return control_load_as(text, &how);
}

static int confirm(void)
{
	u64 generation;

	return fng_client_policy_confirm(guard_client(), &generation);
}

static int roll_back(void)
{
	u64 generation;

	return fng_client_policy_rollback(guard_client(), &generation);
}

static int unload(const char *policy)
{
	u64 generation = control_status().policy_gen;

	return fng_client_policy_unload(guard_client(), &generation, policy,
					NULL);
}

static int note(const struct fng_client_policy *policy, void *data)
{
	u32 *version = data;

	*version = policy->version;
	return 0;
}

/* 0 if it is not loaded. */
static u32 version_of(const char *policy)
{
	u32 version = 0;

	fng_client_policy_get(guard_client(), policy, note, &version);
	return version;
}

static int count(const struct fng_client_policy *policy, void *data)
{
	u32 *nr = data;

	*nr = policy->nr_bindings;
	return 0;
}

static u32 bindings_of(const char *policy)
{
	u32 nr = 0;

	fng_client_policy_get(guard_client(), policy, count, &nr);
	return nr;
}

static bool is_over(const void *arg)
{
	(void)arg;
	return !control_status().unconfirmed;
}

static s64 now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

static void expect_told(struct __test_metadata *_metadata, const char *kind,
			 const char *about, const char *says)
{
	char line[EVENT_LINE_SIZE];

	EXPECT_TRUE(events_find(&events, kind, about, line));
	expect_text(_metadata, line, says);
}

static void expect_no(struct __test_metadata *_metadata, int wanted, int err,
		      const char *why)
{
	EXPECT_EQ(wanted, err);
	expect_text(_metadata, guard_client()->error, why);
}

/* Nobody but the kernel is there to do it. */
TEST_F(trial, ends_by_itself)
{
	s64 before = now();

	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
	ASSERT_EQ(0, try_load(DENIES, 1));
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'a'));
	EXPECT_TRUE(await_state(is_over, NULL, 10));
	EXPECT_LE(before + 1000000000ll, now());
	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
	EXPECT_EQ(1, version_of(POLICY));
	expect_told(_metadata, "trial", POLICY, " seconds 1");
	expect_told(_metadata, "rolled-back", POLICY,
		     "nobody has confirmed it in time");
	expect_told(_metadata, "loaded", POLICY, " version 1");
	expect_no(_metadata, -ENOENT, confirm(),
		  "may have been rolled back already");
}

TEST_F(trial, stays_if_it_is_confirmed)
{
	ASSERT_EQ(0, try_load(DENIES, 1));
	EXPECT_EQ(0, confirm());
	EXPECT_TRUE(is_over(NULL));
	expect_told(_metadata, "confirmed", POLICY, " version 2");
	sleep(3);
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'a'));
	EXPECT_EQ(2, version_of(POLICY));
	expect_no(_metadata, -ENOENT, confirm(), "No load waits");
	expect_no(_metadata, -ENOENT, roll_back(), "No load waits");
}

TEST_F(trial, is_taken_back_at_once)
{
	ASSERT_EQ(0, try_load(DENIES, LONG));
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'a'));
	EXPECT_EQ(0, roll_back());
	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
	expect_told(_metadata, "rolled-back", POLICY, "by command");
	EXPECT_EQ(0, try_load(DENIES, 0));
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'a'));
}

TEST_F(trial, nobody_changes_policies_meanwhile)
{
	static const char words[] = "s to be confirmed: fnguard policy confirm, or rollback";
	struct fng_client_status before, after;

	ASSERT_EQ(0, try_load(DENIES, LONG));
	before = control_status();
	EXPECT_TRUE(before.unconfirmed);
	EXPECT_LE(before.confirm_left, LONG);
	EXPECT_GE(before.confirm_left, LONG - 600);
	expect_no(_metadata, -EBUSY, try_load(ALLOWS, 0), words);
	expect_no(_metadata, -EBUSY, try_load(ALLOWS, 60), words);
	expect_no(_metadata, -EBUSY, try_load(NEW, 0), words);
	expect_no(_metadata, -EBUSY, unload(POLICY), words);
	after = control_status();
	EXPECT_EQ(before.policy_gen, after.policy_gen);
	EXPECT_EQ(0, confirm());
	EXPECT_EQ(0, try_load(NEW, 0));
	EXPECT_EQ(0, unload(FRESH));
}

TEST_F(trial, goes_if_nothing_was_there_before)
{
	struct fng_client_binding binding = {
		.cgroup_fd = self->group.fd, .policy = FRESH,
	};

	ASSERT_EQ(0, try_load(NEW, LONG));
	expect_no(_metadata, -EBUSY, fng_client_bind(guard_client(), &binding),
		  "is new and may go again: run fnguard policy confirm first");
	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
	EXPECT_EQ(0, roll_back());
	EXPECT_EQ(0, version_of(FRESH));
	expect_told(_metadata, "unloaded", FRESH, " version 5");
	EXPECT_EQ(-ENOENT, fng_client_bind(guard_client(), &binding));
	/* The control. */
	ASSERT_EQ(0, try_load(NEW, LONG));
	EXPECT_EQ(0, confirm());
	EXPECT_EQ(0, fng_client_bind(guard_client(), &binding));
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'a'));
	bound_unbind(&self->group, FRESH);
	EXPECT_EQ(0, unload(FRESH));
}

/* Its templates bind cgroups, and let them go with it. */
TEST_F(trial, templates_go_with_it)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "policy: " FRESH "\nattach: { cgroup: [\"%s\"] }\nfiles: { default: deny }\n",
		 self->group.path);
	ASSERT_EQ(0, try_load(text, LONG));
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'a'));
	EXPECT_EQ(0, roll_back());
	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
}

TEST_F(trial, bindings_and_counters_go_on)
{
	struct outcome before, after;
	struct group other;
	u32 bound;

	guard_load("policy: " POLICY "\nversion: 3\nfiles: { default: allow, rules: [{ path: " WORK "/b, deny: [all] }] }\n");
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'b'));
	refusals_read(self->group.id, &before);
	bound = bindings_of(POLICY);
	ASSERT_EQ(0, try_load("policy: " POLICY "\nversion: 4\nfiles: { default: deny }\n", LONG));
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'a'));
	group_make(&other, NULL);
	group_bind(&other, POLICY);
	EXPECT_EQ(bound + 1, bindings_of(POLICY));
	EXPECT_EQ(0, roll_back());
	EXPECT_EQ(3, version_of(POLICY));
	EXPECT_EQ(bound + 1, bindings_of(POLICY));
	EXPECT_EQ(EACCES, bound_errno(&other, "b"));
	EXPECT_EQ(0, bound_errno(&other, "a"));
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'b'));
	refusals_read(self->group.id, &after);
	/* Rows of the version that has gone go once they are told. */
	EXPECT_LE(outcome_sum(&before) + 1, outcome_sum(&after));
	totals_read(POLICY, &after);
	EXPECT_EQ(3, outcome_sum(&after));
	group_remove(&other);
}

TEST_F(trial, what_was_used_of_limits_is_not_given_back)
{
	static const char limits[] = "policy: " POLICY "\nversion: %d\nlimits: { connect: 1/h burst 2 }\n";
	static const struct target to = UDP("127.1.0.1");
	char text[256];

	snprintf(text, sizeof(text), limits, 1);
	guard_load(text);
	EXPECT_EQ(0, worker_do(&self->worker, net_connect, &to));
	snprintf(text, sizeof(text), limits, 2);
	ASSERT_EQ(0, try_load(text, LONG));
	EXPECT_EQ(0, worker_do(&self->worker, net_connect, &to));
	EXPECT_NE(0, worker_do(&self->worker, net_connect, &to));
	EXPECT_EQ(0, roll_back());
	EXPECT_NE(0, worker_do(&self->worker, net_connect, &to));
}

TEST_F(trial, names_are_believed_again)
{
	static const char hosts[] = "policy: " POLICY "\negress: { resolvers: [127.0.0.53], rules: [{ allow: { host: a.example } }] }\n";

	guard_load(hosts);
	ASSERT_EQ(0, try_load(ALLOWS, LONG));
	EXPECT_EQ(0, roll_back());
	ASSERT_EQ(0, try_load(ALLOWS, LONG));
	EXPECT_EQ(0, confirm());
	ASSERT_EQ(0, try_load(hosts, LONG));
	EXPECT_EQ(0, roll_back());
	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
}

TEST_F(trial, is_not_for_ever)
{
	struct fng_client_status before = control_status();

	expect_no(_metadata, -EINVAL, try_load(DENIES, FNG_MAX_TRIAL + 1),
		  "at least a second and at most 24 hours");
	EXPECT_TRUE(control_unchanged(&before));
	EXPECT_TRUE(is_over(NULL));
	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
	EXPECT_EQ(0, try_load(DENIES, FNG_MAX_TRIAL));
}

/* Nobody sets the clock that it goes by. */
TEST_F(trial, does_not_go_by_the_time_of_day)
{
	struct timespec day;

	ASSERT_EQ(0, try_load(DENIES, LONG));
	clock_gettime(CLOCK_REALTIME, &day);
	day.tv_sec += 2 * LONG;
	ASSERT_EQ(0, clock_settime(CLOCK_REALTIME, &day));
	sleep(2);
	EXPECT_FALSE(is_over(NULL));
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'a'));
	day.tv_sec -= 2 * LONG;
	clock_settime(CLOCK_REALTIME, &day);
}

/* All that can be loaded at once, none of which was there before. */
TEST_F(trial, tells_of_as_many_as_there_are)
{
	static struct fng_client_image images[FNG_MAX_TRANSACTION];
	struct fng_client_load how = { .within = LONG };
	u64 lost = control_status().events_lost;
	char line[EVENT_LINE_SIZE], text[128];
	struct blob blob;
	int i;

	for (i = 0; i < FNG_MAX_TRANSACTION; i++) {
		snprintf(text, sizeof(text),
			 "policy: trial-%d\nfiles: { default: deny }\n", i);
		blob = control_compile(text);
		images[i].data = blob.data;
		images[i].size = blob.size;
	}
	how.generation = control_status().policy_gen;
	ASSERT_EQ(0, fng_client_policy_load_as(guard_client(), &how, images,
					       FNG_MAX_TRANSACTION));
	EXPECT_EQ(0, roll_back());
	EXPECT_TRUE(events_find(&events, "unloaded", "trial-255", line));
	EXPECT_EQ(lost, control_status().events_lost);
	EXPECT_EQ(0, version_of("trial-0"));
	EXPECT_EQ(1, version_of(POLICY));
}

/* What it takes to attach the hooks is not taken from the time. */
TEST_F(trial, begins_once_it_is_in_force)
{
	ASSERT_EQ(0, fng_client_disarm(guard_client(), "a test"));
	ASSERT_EQ(0, try_load(DENIES, 10));
	EXPECT_EQ(10, control_status().confirm_left);
	EXPECT_EQ(0, roll_back());
	guard_arm(guard_client());
	guard_load(ALLOWS);
	group_bind(&self->group, POLICY);
}

/* What fails to load keeps nobody from loading. */
TEST_F(trial, does_not_begin_where_the_load_fails)
{
	struct fng_client_load how = { .within = LONG };
	struct blob blob = control_compile(DENIES);
	const struct fng_client_image image = { blob.data, blob.size, NULL, 0 };

	EXPECT_EQ(-ESTALE, fng_client_policy_load_as(guard_client(), &how,
						     &image, 1));
	EXPECT_TRUE(is_over(NULL));
	EXPECT_EQ(0, try_load(DENIES, 0));
	free(blob.data);
}

TEST_F(trial, disarming_ends_it)
{
	ASSERT_EQ(0, try_load(DENIES, LONG));
	ASSERT_EQ(0, fng_client_disarm(guard_client(), "a test"));
	EXPECT_TRUE(is_over(NULL));
	EXPECT_EQ(0, version_of(POLICY));
	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
	guard_arm(guard_client());
	guard_load(ALLOWS);
	group_bind(&self->group, POLICY);
}

TEST_F(trial, the_command_says_it)
{
	char said[4096];

	make_file("denies.yaml", DENIES);
	EXPECT_EQ(0, run_command("fnguard policy load --confirm-within 1h " WORK "/denies.yaml 2>&1",
				 said, sizeof(said)));
	expect_text(_metadata, said, "Loaded 1 policy; generation ");
	expect_text(_metadata, said,
		    "rolled back in 3600 s, unless you say fnguard policy confirm");
	EXPECT_EQ(0, run_command("fnguard status", said, sizeof(said)));
	expect_text(_metadata, said, "To be confirmed");
	expect_text(_metadata, said, " s: fnguard policy confirm");
	EXPECT_EQ(0, run_command("fnguard policy rollback", said, sizeof(said)));
	expect_text(_metadata, said, "Rolled back: the policies are as before");
	EXPECT_EQ(1, run_command("fnguard policy confirm 2>&1", said, sizeof(said)));
	expect_text(_metadata, said, "No load waits to be confirmed");
	EXPECT_EQ(2, run_command("fnguard policy load --confirm-within 1 x.yaml 2>&1",
				 said, sizeof(said)));
	expect_text(_metadata, said, "is no time of 1s to 24h");
	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
}

TEST_HARNESS_MAIN
