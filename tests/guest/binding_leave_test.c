// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leaving a guarded cgroup, which a function cannot do and the host can.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <client/cgroup.h>

#include "bound.h"
#include "expect.h"

#define POLICY		"leave"
#define AUDIT		"leave-audit"
#define FILES_POLICY	"leave-files"

/* The cgroup of the function, one below it, and one that is not. */
static struct group own, below, outside;

static int clone_into(const struct group *group)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = group->fd,
	};
	long pid = syscall(SYS_clone3, &args, sizeof(args));

	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return errno_of(pid);
}

static int move_child(const struct group *group)
{
	pid_t pid = fork();
	int err;

	if (!pid) {
		pause();
		_exit(0);
	}
	err = -fng_cgroup_move(group->fd, pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return err;
}

/* Threads may be in several cgroups, if these are all of a kind. */
static void make_threaded(const void *arg)
{
	int fd = openat(below.fd, "cgroup.type", O_WRONLY | O_CLOEXEC);

	(void)arg;
	if (write(fd, "threaded", 8) != 8)
		die("no threaded cgroup");
	close(fd);
}

static int move_thread(const struct group *group)
{
	char text[16];
	int fd = openat(group->fd, "cgroup.threads", O_WRONLY | O_CLOEXEC);
	int err;

	snprintf(text, sizeof(text), "%d", getpid());
	err = errno_of(write(fd, text, strlen(text)));
	close(fd);
	return err;
}

#define ACT(name, expression)						\
static int name(const void *arg)					\
{									\
	(void)arg;							\
	return expression;						\
}

ACT(nothing, 0)
ACT(fork_inside, in_child(nothing, NULL))
ACT(clone_outside, clone_into(&outside))
ACT(clone_below, clone_into(&below))
ACT(move_outside, -fng_cgroup_move(outside.fd, 0))
ACT(move_below, -fng_cgroup_move(below.fd, 0))
ACT(move_child_outside, move_child(&outside))
ACT(move_thread_below, move_thread(&below))

EVENTS_OF_SUITE(events);

FIXTURE(leaving) {
};

FIXTURE_VARIANT(leaving) {
	struct attempt attempt;
	int hook;
	const char *object;
};

#define CLONE(name, how)						\
	FIXTURE_VARIANT_ADD(leaving, name) {				\
		.attempt = { .act = how },				\
		.hook = FNG_HOOK_CGROUP_CAN_FORK,			\
		.object = "clone3(CLONE_INTO_CGROUP)",			\
	}
#define MOVE(name, prepare, how)					\
	FIXTURE_VARIANT_ADD(leaving, name) {				\
		.attempt = { prepare, how, NULL },			\
		.hook = FNG_HOOK_CGROUP_ATTACH_TASK,			\
		.object = "cgroup.procs",				\
	}

CLONE(clone_outside, clone_outside);
CLONE(clone_below, clone_below);
MOVE(move_outside, NULL, move_outside);
MOVE(move_below, NULL, move_below);
MOVE(move_child_outside, NULL, move_child_outside);
MOVE(move_thread_below, make_threaded, move_thread_below);

static void make_groups(void)
{
	group_make(&own, NULL);
	group_make(&below, &own);
	group_make(&outside, NULL);
}

static void remove_groups(void)
{
	group_remove(&outside);
	group_remove(&below);
	group_remove(&own);
}

FIXTURE_SETUP(leaving)
{
	guard_load("policy: " POLICY "\n"
		   "egress: { default: allow }\n");
	guard_load("policy: " AUDIT "\n"
		   "mode: audit\n"
		   "egress: { default: allow }\n");
	make_groups();
}

FIXTURE_TEARDOWN(leaving)
{
	remove_groups();
}

TEST_F(leaving, works_unguarded)
{
	struct outcome outcome;

	run_in(&own, NULL, &variant->attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

static struct expected expected_of(const FIXTURE_VARIANT(leaving) *variant)
{
	return (struct expected) {
		.err = EPERM,
		.hook = variant->hook,
		.class = FNG_CLASS_FLOOR,
		.rule = FNG_RULE_FLOOR | FNG_FLOOR_CGROUP,
	};
}

TEST_F(leaving, is_refused)
{
	const struct expected expected = expected_of(variant);
	struct outcome outcome;

	run_in(&own, POLICY, &variant->attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	if (outcome.nr)
		expect_event(_metadata, &events, &outcome, &expected,
			     variant->object);
}

TEST_F(leaving, is_told_in_audit_mode)
{
	struct expected expected = expected_of(variant);
	struct outcome outcome;

	expected.err = 0;
	expected.audit = true;
	run_in(&own, AUDIT, &variant->attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

TEST(child_that_stays_inside)
{
	const struct attempt attempt = { .act = fork_inside };
	struct outcome outcome;

	guard_load("policy: " POLICY "\n"
		   "egress: { default: allow }\n");
	run_guarded(POLICY, &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

FIXTURE(host) {
	struct worker opener;
};

FIXTURE_SETUP(host)
{
	bound_setup();
	bound_load(FILES_POLICY, "", "a");
	make_groups();
	group_bind(&own, FILES_POLICY);
	worker_start(&self->opener);
}

FIXTURE_TEARDOWN(host)
{
	worker_end(&self->opener);
	remove_groups();
	work_remove();
}

/* What it does before it executes anything is told and not refused. */
TEST_F(host, moves_a_task_in)
{
	const struct expected expected = {
		.hook = FNG_HOOK_FILE_OPEN,
		.class = FNG_CLASS_FILES,
		.audit = true,
	};
	struct fng_client_status before, after;
	struct outcome outcome = { 0 };

	guard_status(&before);
	worker_move(&self->opener, &own);
	guard_status(&after);
	EXPECT_EQ(before.nr_entering + 1, after.nr_entering);
	outcome.err = bound_ask(&self->opener, 'b');
	refusals_read(own.id, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	worker_end(&self->opener);
	guard_status(&after);
	EXPECT_EQ(before.nr_entering, after.nr_entering);
}

/* Coming back is not a way to be entering. */
TEST_F(host, moves_a_task_out_and_in_again)
{
	const struct expected expected = {
		.err = EACCES,
		.hook = FNG_HOOK_FILE_OPEN,
		.class = FNG_CLASS_FILES,
	};
	struct fng_client_status status;
	struct outcome outcome = { 0 };

	bound_unbind(&own, NULL);
	worker_move(&self->opener, &own);
	group_bind(&own, FILES_POLICY);
	EXPECT_EQ(EACCES, bound_ask(&self->opener, 'b'));
	worker_move(&self->opener, &outside);
	EXPECT_EQ(0, bound_ask(&self->opener, 'b'));
	group_bind(&below, FILES_POLICY);
	worker_move(&self->opener, &below);
	guard_status(&status);
	EXPECT_EQ(0, status.nr_entering);
	outcome.err = bound_ask(&self->opener, 'b');
	refusals_read(below.id, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

TEST_HARNESS_MAIN
