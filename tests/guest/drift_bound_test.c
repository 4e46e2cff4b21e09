// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since when a file may not have changed: since its policy was bound to the
 * cgroup, whatever became of the policy in between.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bound.h"
#include "drift.h"
#include "expect.h"

#define EXEC	"exec: { allow: [\"" WORK "/**\"]"
#define DENY	EXEC ", modified: deny }\n"
#define SILENT	EXEC " }\n"

FIXTURE(baseline) {
	struct group group;
	struct worker worker;
};

static int run(const void *arg)
{
	(void)arg;
	return drift_run("program");
}

static int run_in_child(const void *arg)
{
	return in_child(run, arg);
}

static int act(const struct worker *worker)
{
	return worker_do(worker, run_in_child, NULL);
}

static void enter(struct worker *worker, const struct group *group)
{
	worker_start(worker);
	worker_move(worker, group);
}

/* A function that is started there executes the program. */
static int start(const struct group *group)
{
	const struct attempt attempt = { .act = run };
	struct outcome outcome;

	run_in(group, NULL, &attempt, &outcome);
	return outcome.err;
}

/* Neither the change before nor the one after is in the same tick. */
static void change(void)
{
	drift_settle();
	copy_helper("helper_true", "program");
	drift_settle();
}

/* Of the cgroups that this process makes, by the number that they are given. */
static void load_template(const char *policy, const char *numbers,
			  const char *exec)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "policy: %s\n"
		 "attach: { cgroup: [\"/fnguard.test/%d-%s\"] }\n%s",
		 policy, getpid(), numbers, exec);
	guard_load(text);
}

static void load(const char *policy, const char *exec)
{
	char text[256];

	snprintf(text, sizeof(text), "policy: %s\n%s", policy, exec);
	guard_load(text);
}

static void unload_to(const char *policy, const char *heir)
{
	struct fng_client *client = guard_client();
	struct fng_client_status status;

	guard_status(&status);
	if (fng_client_policy_unload(client, &status.policy_gen, policy, heir))
		die("%s was not unloaded: %s", policy, client->error);
}

FIXTURE_SETUP(baseline)
{
	drift_make();
	drift_settle();
	group_make(&self->group, NULL);
	enter(&self->worker, &self->group);
}

FIXTURE_TEARDOWN(baseline)
{
	worker_end(&self->worker);
	group_remove(&self->group);
	work_remove();
}

TEST_F(baseline, change_before)
{
	load("since", DENY);
	change();
	group_bind(&self->group, "since");
	EXPECT_EQ(0, act(&self->worker));
}

/* Nobody has acted in the cgroup yet. */
TEST_F(baseline, change_after)
{
	load("since", DENY);
	group_bind(&self->group, "since");
	change();
	EXPECT_EQ(EACCES, act(&self->worker));
}

TEST_F(baseline, replaced_policy)
{
	load("since", DENY);
	group_bind(&self->group, "since");
	change();
	load("since", DENY);
	EXPECT_EQ(EACCES, act(&self->worker));
	load("since", SILENT);
	EXPECT_EQ(0, act(&self->worker));
	load("since", DENY);
	EXPECT_EQ(EACCES, act(&self->worker));
}

TEST_F(baseline, policy_that_only_later_refuses)
{
	load("since", SILENT);
	group_bind(&self->group, "since");
	EXPECT_EQ(0, act(&self->worker));
	change();
	EXPECT_EQ(0, act(&self->worker));
	load("since", DENY);
	EXPECT_EQ(EACCES, act(&self->worker));
}

TEST_F(baseline, heir)
{
	load("since", DENY);
	load("heir", DENY);
	group_bind(&self->group, "since");
	change();
	unload_to("since", "heir");
	EXPECT_EQ(EACCES, act(&self->worker));
}

/* Binding the same policy again does not forgive what was changed. */
TEST_F(baseline, bound_again)
{
	load("since", DENY);
	group_bind(&self->group, "since");
	EXPECT_EQ(0, act(&self->worker));
	change();
	bound_unbind(&self->group, "since");
	EXPECT_EQ(0, act(&self->worker));
	group_bind(&self->group, "since");
	EXPECT_EQ(EACCES, act(&self->worker));
}

TEST_F(baseline, another_policy_that_is_bound_later)
{
	load("first", SILENT);
	load("since", DENY);
	group_bind(&self->group, "first");
	EXPECT_EQ(0, act(&self->worker));
	change();
	group_bind(&self->group, "since");
	EXPECT_EQ(0, act(&self->worker));
	change();
	EXPECT_EQ(EACCES, act(&self->worker));
}

TEST_F(baseline, new_cgroup)
{
	struct group fresh;

	load("since", DENY);
	group_bind(&self->group, "since");
	change();
	EXPECT_EQ(EACCES, act(&self->worker));
	group_make(&fresh, NULL);
	group_bind(&fresh, "since");
	EXPECT_EQ(0, start(&fresh));
	group_remove(&fresh);
}

/* What is bound to a slice is bound to each function when that is first met. */
TEST_F(baseline, below_the_cgroup_that_was_bound)
{
	struct worker worker;
	struct group child;

	load("since", DENY);
	group_bind(&self->group, "since");
	change();
	group_make(&child, &self->group);
	enter(&worker, &child);
	EXPECT_EQ(0, act(&worker));
	EXPECT_EQ(EACCES, act(&self->worker));
	change();
	EXPECT_EQ(EACCES, act(&worker));
	load("since", DENY);
	EXPECT_EQ(EACCES, act(&worker));
	worker_end(&worker);
	group_remove(&child);
}

TEST_F(baseline, template_of_a_new_cgroup)
{
	struct worker worker;
	struct group fresh;

	load_template("mould", "1", DENY);
	change();
	group_make(&fresh, NULL);
	enter(&worker, &fresh);
	EXPECT_EQ(0, act(&worker));
	change();
	EXPECT_EQ(EACCES, act(&worker));
	load_template("mould", "1", DENY);
	EXPECT_EQ(EACCES, act(&worker));
	worker_end(&worker);
	group_remove(&fresh);
	bound_unload("mould");
}

/* It was loaded while the cgroup was guarded; nobody acted there since. */
TEST_F(baseline, template_of_a_guarded_cgroup)
{
	load("first", SILENT);
	group_bind(&self->group, "first");
	EXPECT_EQ(0, act(&self->worker));
	change();
	load_template("mould", "0", DENY);
	change();
	EXPECT_EQ(EACCES, act(&self->worker));
	bound_unload("mould");
}

/* The template is gone for a while, and comes back. */
TEST_F(baseline, template_that_was_unloaded)
{
	load_template("mould", "0", DENY);
	EXPECT_EQ(0, act(&self->worker));
	change();
	bound_unload("mould");
	EXPECT_EQ(0, act(&self->worker));
	load_template("mould", "0", DENY);
	EXPECT_EQ(EACCES, act(&self->worker));
	bound_unload("mould");
}

/* More policies than it remembers one by one: the ninth gets an earlier time. */
TEST_F(baseline, more_policies_than_are_remembered)
{
	char name[16];
	int i;

	for (i = 0; i < FNG_MAX_APPLIED; i++) {
		snprintf(name, sizeof(name), "many-%d", i);
		load(name, SILENT);
		group_bind(&self->group, name);
		EXPECT_EQ(0, act(&self->worker));
		bound_unbind(&self->group, name);
	}
	change();
	load("since", DENY);
	group_bind(&self->group, "since");
	EXPECT_EQ(EACCES, act(&self->worker));
}

TEST_HARNESS_MAIN
