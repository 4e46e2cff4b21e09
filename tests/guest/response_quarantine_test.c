// SPDX-License-Identifier: GPL-2.0-only
/*
 * After so many denials in so long, nothing is executed or sent, until somebody
 * lets the cgroup out.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <client/cgroup.h>

#include "bound.h"
#include "control.h"
#include "errand.h"
#include "exempt.h"
#include "expect.h"

#define POLICY		"quarantine"
#define NR_TASKS	8

#define TEXT(name, when)						\
	"policy: " name "\n"						\
	"exec: { default: allow }\n"					\
	"files:\n"							\
	"  default: allow\n"						\
	"  rules: [ { path: " WORK "/b, deny: [all] } ]\n"		\
	"egress: { default: allow }\n"					\
	"response: { quarantine: " when " }\n"

static const struct target datagram = UDP("127.1.0.1");
static const struct target datagram_v6 = UDP("::1");
static const struct target stream = TO("127.1.0.1");

static void __attribute__((constructor)) prepare(void)
{
	net_listen(ERRAND_PORT);
}

EVENTS_OF_SUITE(events);

FIXTURE(quarantine) {
	struct bench bench;
};

FIXTURE_SETUP(quarantine)
{
	bound_setup();
	copy_helper("helper_true", "true");
	guard_load(TEXT(POLICY, "5 denials / 1h"));
	bench_start(&self->bench, POLICY);
}

FIXTURE_TEARDOWN(quarantine)
{
	bench_end(&self->bench);
	work_remove();
}

static int run(const struct bench *bench)
{
	return worker_do(&bench->worker, errand_execute, WORK "/true");
}

static int sends(const struct bench *bench, const struct target *to)
{
	return worker_do(&bench->worker, net_send, to);
}

static bool is_isolated(const struct bench *bench)
{
	return run(bench) == EACCES &&
	       sends(bench, &datagram) == ECONNREFUSED;
}

static bool is_free(const struct bench *bench)
{
	return !run(bench) && !sends(bench, &datagram);
}

static void deny(const struct bench *bench, int times)
{
	while (times--)
		if (bound_ask(&bench->worker, 'b') != EACCES)
			die("it was not refused");
}

static void release(const struct bench *bench)
{
	if (fng_client_release(guard_client(), bench->group.fd))
		die("not released: %s", guard_client()->error);
}

static int find(u64 id, const char *cgroup, void *data)
{
	(void)cgroup;
	return id == *(u64 *)data;
}

static bool is_listed(const struct bench *bench)
{
	u64 id = bench->group.id;

	return fng_client_quarantined_list(guard_client(), find, &id) == 1;
}

/* Cgroups of tests before are forgotten once somebody has noticed. */
static bool nobody_is(const void *arg)
{
	(void)arg;
	return !control_status().nr_quarantined;
}

TEST_F(quarantine, begins_with_the_last_denial_and_ends_when_released)
{
	const struct bench *bench = &self->bench;
	char line[EVENT_LINE_SIZE];

	ASSERT_TRUE(await_state(nobody_is, NULL, 30));
	EXPECT_TRUE(is_free(bench));
	deny(bench, 4);
	EXPECT_TRUE(is_free(bench));
	EXPECT_FALSE(is_listed(bench));
	deny(bench, 1);
	EXPECT_TRUE(is_isolated(bench));
	EXPECT_TRUE(events_find(&events, "quarantined", bench->group.path,
				line));
	expect_text(_metadata, line, " policy " POLICY " ");
	expect_text(_metadata, line, ": 5 denials in 3600 s");
	EXPECT_TRUE(is_listed(bench));
	EXPECT_EQ(1, control_status().nr_quarantined);
	/* Only that is refused. */
	EXPECT_EQ(0, bound_ask(&bench->worker, 'a'));
	EXPECT_EQ(EACCES, bound_ask(&bench->worker, 'b'));
	release(bench);
	EXPECT_TRUE(is_free(bench));
	EXPECT_TRUE(events_find(&events, "released", bench->group.path, line));
	EXPECT_FALSE(is_listed(bench));
	EXPECT_EQ(0, control_status().nr_quarantined);
	EXPECT_EQ(-ENOENT, fng_client_release(guard_client(),
					      bench->group.fd));
	expect_text(_metadata, guard_client()->error, "not in quarantine");
	/* What led there is forgotten. */
	deny(bench, 4);
	EXPECT_TRUE(is_free(bench));
	deny(bench, 1);
	EXPECT_TRUE(is_isolated(bench));
}

TEST_F(quarantine, is_a_rule_of_the_guards_own)
{
	const struct bench *bench = &self->bench;
	struct outcome outcome;
	char line[EVENT_LINE_SIZE];
	u32 i, found = 0;

	deny(bench, 5);
	EXPECT_EQ(EACCES, run(bench));
	EXPECT_EQ(ECONNREFUSED, sends(bench, &datagram));
	refusals_read(bench->group.id, &outcome);
	EXPECT_EQ(3, outcome.nr);
	for (i = 0; i < outcome.nr; i++) {
		const struct refusal *r = &outcome.refusals[i];

		if (r->rule != (FNG_RULE_GUARD | FNG_GUARD_QUARANTINE))
			continue;
		found |= 1u << r->class;
		EXPECT_EQ(1, r->count);
	}
	EXPECT_EQ(1u << FNG_CLASS_EXEC | 1u << FNG_CLASS_EGRESS, found);
	EXPECT_TRUE(events_find(&events, "denied", "guard:quarantine", line));
}

/* Each CPU remembers what was allowed. */
TEST_F(quarantine, what_was_allowed_before_is_not_believed)
{
	const struct bench *bench = &self->bench;
	int i;

	for (i = 0; i < 20; i++) {
		EXPECT_EQ(0, sends(bench, &datagram));
		EXPECT_EQ(0, sends(bench, &datagram_v6));
		EXPECT_EQ(0, worker_do(&bench->worker, net_connect, &stream));
	}
	deny(bench, 5);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(ECONNREFUSED, sends(bench, &datagram));
		EXPECT_EQ(ECONNREFUSED, sends(bench, &datagram_v6));
		EXPECT_EQ(ECONNREFUSED, worker_do(&bench->worker, net_connect,
						  &stream));
	}
}

TEST_F(quarantine, connections_end)
{
	const struct bench *bench = &self->bench;

	ASSERT_EQ(0, worker_do(&bench->worker, errand_hold, &stream));
	EXPECT_FALSE(errand_has_ended(&bench->worker));
	deny(bench, 5);
	EXPECT_TRUE(await_state(errand_has_ended, &bench->worker, 10));
}

TEST_F(quarantine, connected_datagrams_are_not_sent)
{
	const struct bench *bench = &self->bench;

	ASSERT_EQ(0, worker_do(&bench->worker, errand_hold, &datagram));
	EXPECT_EQ(0, worker_do(&bench->worker, net_write_held, NULL));
	deny(bench, 5);
	EXPECT_EQ(EPERM, worker_do(&bench->worker, net_write_held, NULL));
	release(bench);
	EXPECT_EQ(0, worker_do(&bench->worker, net_write_held, NULL));
}

TEST_F(quarantine, denials_that_are_far_apart_lead_nowhere)
{
	const struct bench *bench = &self->bench;

	guard_load(TEXT(POLICY, "2 denials / 2s"));
	deny(bench, 1);
	sleep(3);
	deny(bench, 1);
	EXPECT_TRUE(is_free(bench));
	sleep(3);
	deny(bench, 2);
	EXPECT_TRUE(is_isolated(bench));
}

TEST_F(quarantine, only_of_that_cgroup)
{
	const struct bench *bench = &self->bench;
	struct bench below, beside;

	group_make(&below.group, &bench->group);
	worker_start(&below.worker);
	bench_start(&beside, POLICY);
	deny(&beside, 4);
	deny(bench, 5);
	EXPECT_TRUE(is_isolated(bench));
	EXPECT_TRUE(is_free(&beside));
	EXPECT_EQ(0, bound_errno(&below.group, "a"));
	deny(&beside, 1);
	EXPECT_TRUE(is_isolated(&beside));
	release(bench);
	EXPECT_TRUE(is_free(bench));
	EXPECT_TRUE(is_isolated(&beside));
	bench_end(&beside);
	bench_end(&below);
}

TEST_F(quarantine, outlives_policies)
{
	const struct bench *bench = &self->bench;

	deny(bench, 5);
	guard_load("policy: " POLICY "\nfiles: { default: allow }\n");
	EXPECT_TRUE(is_isolated(bench));
	bound_unbind(&bench->group, NULL);
	EXPECT_TRUE(is_free(bench));
	group_bind(&bench->group, POLICY);
	EXPECT_TRUE(is_isolated(bench));
	release(bench);
	EXPECT_TRUE(is_free(bench));
}

TEST_F(quarantine, counts_through_a_reload)
{
	const struct bench *bench = &self->bench;

	deny(bench, 3);
	guard_load(TEXT(POLICY, "7 denials / 1h"));
	deny(bench, 3);
	EXPECT_TRUE(is_free(bench));
	guard_load(TEXT(POLICY, "4 denials / 1h"));
	deny(bench, 1);
	EXPECT_TRUE(is_isolated(bench));
}

TEST_F(quarantine, not_by_what_is_only_audited)
{
	const struct bench *bench = &self->bench;
	int i;

	exempt_begin(&bench->group, 900);
	for (i = 0; i < 10; i++)
		EXPECT_EQ(0, bound_ask(&bench->worker, 'b'));
	exempt_end(&bench->group);
	guard_load(TEXT(POLICY, "5 denials / 1h") "mode: audit\n");
	for (i = 0; i < 10; i++)
		EXPECT_EQ(0, bound_ask(&bench->worker, 'b'));
	EXPECT_TRUE(is_free(bench));
	guard_load(TEXT(POLICY, "5 denials / 1h"));
	deny(bench, 4);
	EXPECT_TRUE(is_free(bench));
	deny(bench, 1);
	/* Who is exempt from rules is not from this. */
	exempt_begin(&bench->group, 900);
	EXPECT_EQ(0, bound_ask(&bench->worker, 'b'));
	EXPECT_TRUE(is_isolated(bench));
	exempt_end(&bench->group);
}

TEST_F(quarantine, each_policy_counts_its_own)
{
	const struct bench *bench = &self->bench;

	guard_load("policy: quarantine-other\n"
		   "files:\n"
		   "  default: allow\n"
		   "  rules: [ { path: " WORK "/c, deny: [all] } ]\n"
		   "response: { quarantine: 3 denials / 1h }\n");
	group_bind(&bench->group, "quarantine-other");
	deny(bench, 4);
	EXPECT_EQ(EACCES, bound_ask(&bench->worker, 'c'));
	EXPECT_EQ(EACCES, bound_ask(&bench->worker, 'c'));
	EXPECT_TRUE(is_free(bench));
	EXPECT_EQ(EACCES, bound_ask(&bench->worker, 'c'));
	EXPECT_TRUE(is_isolated(bench));
}

TEST_F(quarantine, ends_with_the_cgroup)
{
	struct bench bench;

	ASSERT_TRUE(await_state(nobody_is, NULL, 30));
	bench_start(&bench, POLICY);
	deny(&bench, 5);
	EXPECT_EQ(1, control_status().nr_quarantined);
	bench_end(&bench);
	EXPECT_TRUE(await_state(nobody_is, NULL, 30));
}

static pid_t start_denied(const struct group *group, const int go[2])
{
	pid_t pid = fork();
	char byte;
	int i;

	if (pid < 0)
		die("cannot fork");
	if (pid) {
		if (fng_cgroup_move(group->fd, pid))
			die("cannot move a task");
		return pid;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(go[1]);
	if (read(go[0], &byte, 1))
		_exit(1);
	for (i = 0; i < 200; i++)
		if (errno_of_fd(open("b", O_RDONLY)) != EACCES)
			_exit(1);
	_exit(0);
}

/* They come into it once, and each refusal is counted. */
TEST_F(quarantine, of_eight_tasks_that_are_denied_at_once)
{
	struct outcome outcome;
	pid_t pids[NR_TASKS];
	struct group group;
	int go[2], i, status, wrong = 0;

	ASSERT_TRUE(await_state(nobody_is, NULL, 30));
	ASSERT_EQ(0, pipe2(go, O_CLOEXEC));
	group_make(&group, NULL);
	for (i = 0; i < NR_TASKS; i++)
		pids[i] = start_denied(&group, go);
	group_bind(&group, POLICY);
	close(go[1]);
	for (i = 0; i < NR_TASKS; i++) {
		waitpid(pids[i], &status, 0);
		wrong += !!status;
	}
	EXPECT_EQ(0, wrong);
	refusals_read(group.id, &outcome);
	EXPECT_EQ(1, outcome.nr);
	EXPECT_EQ(NR_TASKS * 200, outcome_sum(&outcome));
	EXPECT_EQ(1, control_status().nr_quarantined);
	EXPECT_EQ(0, fng_client_release(guard_client(), group.fd));
	EXPECT_EQ(0, control_status().nr_quarantined);
	close(go[0]);
	group_remove(&group);
}

TEST_HARNESS_MAIN
