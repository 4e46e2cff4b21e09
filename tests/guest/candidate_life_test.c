// SPDX-License-Identifier: GPL-2.0-only
/*
 * How candidates come, go and are promoted, and what is not asked of them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <client/phase.h>

#include "bound.h"
#include "candidate.h"
#include "control.h"
#include "events.h"
#include "expect.h"

#define POLICY	"candidate"
#define SLICE	"candidate-slice"

EVENTS_OF_SUITE(events);

#define ALLOWS	"files: { default: allow }\n"
#define DENIES	"files: { default: deny }\n"

static void expect_no(struct __test_metadata *_metadata, int wanted, int err,
		      const char *why)
{
	EXPECT_EQ(wanted, err);
	expect_text(_metadata, guard_client()->error, why);
}

FIXTURE(life) {
	struct group group;
	struct worker worker;
};

FIXTURE_SETUP(life)
{
	candidate_setup(&self->group, &self->worker);
	if (candidate_load(POLICY, 1, ALLOWS, false))
		die("%s", guard_client()->error);
	group_bind(&self->group, POLICY);
}

FIXTURE_TEARDOWN(life)
{
	candidate_teardown(&self->group, &self->worker);
	candidate_forget(POLICY);
	candidate_forget(SLICE);
}

static int open_it(const FIXTURE_DATA(life) *self)
{
	return worker_do(&self->worker, candidate_open, NULL);
}

/* Each policy of the chain is compared with its own candidate. */
TEST_F(life, of_a_policy_above_as_of_one_below)
{
	struct group child;
	struct worker worker;
	struct counts counts;

	ASSERT_EQ(0, candidate_load(SLICE, 7, DENIES, false));
	bound_unbind(&self->group, POLICY);
	group_make(&child, &self->group);
	worker_start(&worker);
	worker_move(&worker, &child);
	group_bind(&self->group, POLICY);
	group_bind(&child, SLICE);
	ASSERT_EQ(0, candidate_load(POLICY, 2, DENIES, true));
	ASSERT_EQ(0, candidate_load(SLICE, 8, ALLOWS, true));
	EXPECT_EQ(EACCES, worker_do(&worker, candidate_open, NULL));
	counts = candidate_counts(&child);
	EXPECT_EQ(1, counts.denied);
	EXPECT_EQ(1, counts.would_deny);
	EXPECT_EQ(1, counts.would_allow);
	EXPECT_EQ(1, candidate_see(POLICY).would.would_deny);
	EXPECT_EQ(1, candidate_see(SLICE).would.would_allow);
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(2, candidate_see(POLICY).would.would_deny);
	bound_unbind(&child, SLICE);
	worker_end(&worker);
	group_remove(&child);
}

TEST_F(life, is_dropped_and_nothing_else)
{
	ASSERT_EQ(0, candidate_load(POLICY, 2, DENIES, true));
	EXPECT_EQ(0, candidate_drop(POLICY));
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(1, candidate_see(POLICY).version);
	EXPECT_EQ(0, candidate_see(POLICY).candidate);
	EXPECT_EQ(0, candidate_counts(&self->group).would_deny);
	expect_no(_metadata, -ENOENT, candidate_drop(POLICY), "has a candidate");
	expect_no(_metadata, -ENOENT, candidate_promote(POLICY, 0), "has a candidate");
	EXPECT_EQ(0, open_it(self));
}

TEST_F(life, stays_while_its_policy_is_replaced)
{
	ASSERT_EQ(0, candidate_load(POLICY, 2, DENIES, true));
	ASSERT_EQ(0, candidate_load(POLICY, 3, ALLOWS, false));
	EXPECT_EQ(3, candidate_see(POLICY).version);
	EXPECT_EQ(2, candidate_see(POLICY).candidate);
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(1, candidate_see(POLICY).would.would_deny);
	ASSERT_EQ(0, candidate_load(POLICY, 4, ALLOWS, true));
	EXPECT_EQ(4, candidate_see(POLICY).candidate);
	EXPECT_EQ(0, candidate_see(POLICY).would.would_deny);
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(1, candidate_counts(&self->group).would_deny);
}

TEST_F(life, goes_with_its_policy)
{
	char line[EVENT_LINE_SIZE];

	ASSERT_EQ(0, candidate_load(POLICY, 2, DENIES, true));
	bound_unbind(&self->group, POLICY);
	bound_unload(POLICY);
	EXPECT_TRUE(events_find(&events, "candidate-dropped",
				"its policy was unloaded", line));
	EXPECT_EQ(0, candidate_see(POLICY).version);
	ASSERT_EQ(0, candidate_load(POLICY, 1, ALLOWS, false));
	EXPECT_EQ(0, candidate_see(POLICY).candidate);
}

TEST_F(life, is_one_of_a_policy_and_refuses_something)
{
	struct fng_client_load how = { .candidate = true, .within = 60 };

	expect_no(_metadata, -ENOENT, candidate_load(SLICE, 1, DENIES, true),
		  "load that first");
	expect_no(_metadata, -EINVAL,
		  candidate_load(POLICY, 2, "mode: learn\n" DENIES, true),
		  "it is no candidate");
	expect_no(_metadata, -EINVAL,
		  control_load_as("policy: " POLICY "\n" DENIES, &how),
		  "confirm when it is promoted");
	EXPECT_EQ(0, candidate_see(POLICY).candidate);
}

/* What only audits refuses nothing, on either side. */
TEST_F(life, modes_count)
{
	ASSERT_EQ(0, candidate_load(POLICY, 2, "mode: audit\n" DENIES, true));
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(0, candidate_see(POLICY).would.would_deny);
	ASSERT_EQ(0, candidate_load(POLICY, 3, "mode: audit\n" DENIES, false));
	ASSERT_EQ(0, candidate_load(POLICY, 4, DENIES, true));
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(1, candidate_see(POLICY).would.would_deny);
	EXPECT_EQ(1, candidate_counts(&self->group).would_deny);
	EXPECT_EQ(1, candidate_counts(&self->group).other);
	ASSERT_EQ(0, candidate_load(POLICY, 5, ALLOWS, true));
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(0, candidate_see(POLICY).would.would_allow);
}

/* It uses nothing of limits, kills nobody, and puts nobody into quarantine. */
TEST_F(life, has_no_limits_and_no_response)
{
	int i;

	ASSERT_EQ(0, candidate_load(POLICY, 2, DENIES "limits: { open: 1/h burst 1 }\n"
			  "response: { kill: [files], quarantine: 1 denials / 1h }\n",
			  true));
	for (i = 0; i < 5; i++)
		EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(5, candidate_see(POLICY).would.would_deny);
	EXPECT_EQ(0, control_status().kills);
	EXPECT_EQ(0, control_status().nr_quarantined);
	EXPECT_EQ(0, worker_do(&self->worker, candidate_execute, NULL));
}

/* It is asked as for the phase that the cgroup is in. */
TEST_F(life, has_phases_of_the_same_names)
{
	ASSERT_EQ(0, candidate_load(POLICY, 2, ALLOWS "phases: { serve: { exec: { allow: [] } } }\n",
			  false));
	ASSERT_EQ(0, candidate_load(POLICY, 3, ALLOWS "phases: { serve: { files: { default: deny } } }\n",
			  true));
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(0, candidate_see(POLICY).would.would_deny);
	ASSERT_EQ(0, fng_client_phase_enter(guard_client(), self->group.fd,
					    POLICY, "serve"));
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(1, candidate_see(POLICY).would.would_deny);
}

/* Where eight apply there is no room to ask another. */
TEST_F(life, gives_way_to_policies)
{
	char name[32], line[EVENT_LINE_SIZE];
	int i;

	ASSERT_EQ(0, candidate_load(POLICY, 2, DENIES, true));
	for (i = 0; i < 7; i++) {
		snprintf(name, sizeof(name), "candidate-%d", i);
		ASSERT_EQ(0, candidate_load(name, 1, ALLOWS, false));
		group_bind(&self->group, name);
	}
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(0, candidate_see(POLICY).would.would_deny);
	EXPECT_TRUE(events_find(&events, "skipped", self->group.path, line));
	expect_text(_metadata, line, "the candidate is not asked");
	for (i = 0; i < 7; i++) {
		snprintf(name, sizeof(name), "candidate-%d", i);
		bound_unbind(&self->group, name);
		bound_unload(name);
	}
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(1, candidate_see(POLICY).would.would_deny);
}

TEST_F(life, is_promoted_for_a_while)
{
	u64 generation;

	ASSERT_EQ(0, candidate_load(POLICY, 2, DENIES, true));
	ASSERT_EQ(0, candidate_promote(POLICY, 3600));
	EXPECT_EQ(EACCES, open_it(self));
	expect_no(_metadata, -EBUSY, candidate_load(POLICY, 3, ALLOWS, true),
		  "s to be confirmed");
	expect_no(_metadata, -EBUSY, candidate_promote(POLICY, 0), "s to be confirmed");
	expect_no(_metadata, -EBUSY, candidate_drop(POLICY), "s to be confirmed");
	EXPECT_EQ(0, fng_client_policy_rollback(guard_client(), &generation));
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(1, candidate_see(POLICY).version);
	EXPECT_EQ(2, candidate_see(POLICY).candidate);
	EXPECT_EQ(1, candidate_see(POLICY).would.would_deny);
	EXPECT_EQ(0, candidate_promote(POLICY, 3600));
	EXPECT_EQ(0, fng_client_policy_confirm(guard_client(), &generation));
	EXPECT_EQ(EACCES, open_it(self));
	EXPECT_EQ(0, candidate_see(POLICY).candidate);
}

TEST_F(life, who_promotes_has_looked)
{
	struct fng_client_load how = {
		.generation = control_status().policy_gen,
	};

	ASSERT_EQ(0, candidate_load(POLICY, 2, DENIES, true));
	expect_no(_metadata, -ESTALE,
		  fng_client_policy_promote(guard_client(), &how, POLICY),
		  "look again and retry");
	EXPECT_EQ(0, open_it(self));
}

TEST_F(life, is_no_reason_why)
{
	char command[256], said[8192];

	ASSERT_EQ(0, candidate_load(POLICY, 2, DENIES, false));
	ASSERT_EQ(0, candidate_load(POLICY, 3, ALLOWS, true));
	EXPECT_EQ(EACCES, open_it(self));
	snprintf(command, sizeof(command), "fnguard why %s 2>&1", self->group.path);
	EXPECT_EQ(0, run_command(command, said, sizeof(said)));
	expect_text(_metadata, said, "  deny     " POLICY ": files default");
	EXPECT_EQ(NULL, strstr(said, "  allow    " POLICY));
}

TEST_F(life, the_command_says_it)
{
	char said[8192];

	make_file("denies.yaml", "policy: " POLICY "\nversion: 2\n" DENIES);
	EXPECT_EQ(0, run_command("fnguard policy load --candidate " WORK "/denies.yaml 2>&1",
				 said, sizeof(said)));
	expect_text(_metadata, said, "Loaded 1 candidate; generation ");
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(0, run_command("fnguard policy list", said, sizeof(said)));
	expect_text(_metadata, said, "version 2 (");
	expect_text(_metadata, said, "would deny 1, allow 0");
	EXPECT_EQ(0, run_command("fnguard counters", said, sizeof(said)));
	expect_text(_metadata, said, "candidate-would-deny");
	EXPECT_EQ(0, run_command("fnguard policy promote " POLICY, said, sizeof(said)));
	expect_text(_metadata, said, "The candidate of " POLICY " is in force");
	EXPECT_EQ(EACCES, open_it(self));
	EXPECT_EQ(1, run_command("fnguard policy unload --candidate " POLICY " 2>&1",
				 said, sizeof(said)));
	expect_text(_metadata, said, "No policy of that name has a candidate");
}

TEST_HARNESS_MAIN
