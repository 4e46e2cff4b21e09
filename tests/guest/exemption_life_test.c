// SPDX-License-Identifier: GPL-2.0-only
/*
 * How exemptions begin and end, and whom they are about.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <client/cgroup.h>

#include "bound.h"
#include "control.h"
#include "errand.h"
#include "exempt.h"
#include "expect.h"

#define POLICY		"exempt"
#define ENDED		"exemption-ended"
#define NR_TASKS	8

static void __attribute__((constructor)) prepare(void)
{
	net_listen(ERRAND_PORT);
}

EVENTS_OF_SUITE(events);

FIXTURE(life) {
	struct group parent;
	struct group group;
	struct worker worker;
};

static void start(struct worker *worker, const struct group *group)
{
	worker_start(worker);
	worker_move(worker, group);
}

FIXTURE_SETUP(life)
{
	bound_setup();
	bound_load(POLICY, "", "a");
	group_make(&self->parent, NULL);
	group_make(&self->group, &self->parent);
	start(&self->worker, &self->group);
	group_bind(&self->group, POLICY);
}

FIXTURE_TEARDOWN(life)
{
	worker_end(&self->worker);
	group_remove(&self->group);
	group_remove(&self->parent);
	work_remove();
}

static s64 now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

static bool is_over(const void *arg)
{
	struct exempt exempt;

	(void)arg;
	return !exempt_find(0, &exempt) && !exempt.nr &&
	       !control_status().nr_exempt;
}

/* Who began it is gone, and nobody else is there to end it. */
TEST_F(life, expires_in_the_kernel)
{
	const s64 two = 2000000000ll;
	char command[256], line[EVENT_LINE_SIZE];
	s64 before, after, asked;
	int err;

	snprintf(command, sizeof(command),
		 "fnguard cgroup audit %s --for 2s --reason 'who was it' >/dev/null",
		 self->group.path);
	before = now();
	ASSERT_EQ(0, system(command));
	after = now();
	EXPECT_TRUE(events_find(&events, "exempted", self->group.path, line));
	expect_text(_metadata, line, " seconds 2: who was it by fnguard ");
	do {
		asked = now();
		err = bound_ask(&self->worker, 'b');
		if (!err)
			EXPECT_LT(asked, after + two);
	} while (!err && asked < after + 10 * two);
	EXPECT_EQ(EACCES, err);
	EXPECT_GE(now(), before + two);
	EXPECT_TRUE(events_find(&events, ENDED, self->group.path, line));
	expect_text(_metadata, line, ": expired: who was it\n");
	EXPECT_TRUE(is_over(NULL));
}

TEST_F(life, ends_when_it_is_told_to)
{
	char line[EVENT_LINE_SIZE];
	struct exempt exempt;

	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'b'));
	exempt_begin(&self->group, 900);
	EXPECT_TRUE(exempt_find(self->group.id, &exempt));
	EXPECT_EQ(1, exempt.nr);
	EXPECT_LE(exempt.left, 900);
	EXPECT_GE(exempt.left, 800);
	EXPECT_STREQ(EXEMPT_REASON, exempt.reason);
	EXPECT_EQ(1, control_status().nr_exempt);
	EXPECT_EQ(0, bound_ask(&self->worker, 'b'));
	exempt_end(&self->group);
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'b'));
	EXPECT_FALSE(exempt_find(self->group.id, &exempt));
	EXPECT_TRUE(events_find(&events, ENDED, self->group.path, line));
	expect_text(_metadata, line, ": ended: " EXEMPT_REASON " by ");
	EXPECT_EQ(-ENOENT, fng_client_exempt_end(guard_client(),
						 self->group.fd));
	expect_text(_metadata, guard_client()->error, "is not exempt");
}

TEST_F(life, another_takes_its_place)
{
	struct exempt exempt;

	exempt_begin(&self->group, 86400);
	exempt_begin(&self->group, 60);
	EXPECT_TRUE(exempt_find(self->group.id, &exempt));
	EXPECT_EQ(1, exempt.nr);
	EXPECT_LE(exempt.left, 60);
	exempt_end(&self->group);
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'b'));
}

TEST_F(life, policies_come_and_go_meanwhile)
{
	exempt_begin(&self->group, 900);
	bound_load(POLICY, "version: 2\n", "");
	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
	bound_load("exempt-other", "", "");
	group_bind(&self->group, "exempt-other");
	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
	bound_unbind(&self->group, NULL);
	group_bind(&self->group, POLICY);
	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
	exempt_end(&self->group);
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'a'));
}

TEST_F(life, ends_with_the_cgroup)
{
	char line[EVENT_LINE_SIZE];

	exempt_begin(&self->group, 900);
	worker_end(&self->worker);
	group_remove(&self->group);
	EXPECT_TRUE(events_find(&events, ENDED, self->group.path, line));
	expect_text(_metadata, line, ": the cgroup was removed: ");
	EXPECT_TRUE(await_state(is_over, NULL, 10));
	group_make(&self->group, &self->parent);
}

/* What applies to both is lifted for the one that is exempt. */
TEST_F(life, all_policies_of_the_cgroup_and_of_no_other)
{
	struct worker above, beside;
	struct outcome outcome;
	struct group sibling;

	bound_load("exempt-slice", "", "b");
	group_make(&sibling, &self->parent);
	start(&above, &self->parent);
	start(&beside, &sibling);
	group_bind(&self->parent, "exempt-slice");
	exempt_begin(&self->group, 900);
	EXPECT_EQ(0, bound_ask(&self->worker, 'c'));
	refusals_read(self->group.id, &outcome);
	EXPECT_EQ(2, outcome.nr);
	EXPECT_TRUE(outcome.refusals[0].audit);
	EXPECT_TRUE(outcome.refusals[1].audit);
	EXPECT_EQ(EACCES, bound_ask(&above, 'c'));
	EXPECT_EQ(EACCES, bound_ask(&beside, 'c'));
	exempt_end(&self->group);
	exempt_begin(&self->parent, 900);
	EXPECT_EQ(0, bound_ask(&self->worker, 'c'));
	EXPECT_EQ(0, bound_ask(&above, 'c'));
	EXPECT_EQ(0, bound_ask(&beside, 'c'));
	/* The one that ends last counts. */
	exempt_begin(&sibling, 60);
	exempt_end(&self->parent);
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'c'));
	EXPECT_EQ(0, bound_ask(&beside, 'c'));
	exempt_end(&sibling);
	EXPECT_EQ(EACCES, bound_ask(&beside, 'c'));
	worker_end(&above);
	worker_end(&beside);
	group_remove(&sibling);
}

TEST_F(life, cgroups_that_are_made_later_are_exempt_as_well)
{
	struct group child;

	exempt_begin(&self->group, 900);
	group_make(&child, &self->group);
	EXPECT_EQ(0, bound_errno(&child, "b"));
	exempt_end(&self->group);
	EXPECT_EQ(EACCES, bound_errno(&child, "b"));
	group_remove(&child);
}

static int connects(const struct worker *worker, int times)
{
	static const struct target datagram = UDP("127.1.0.1");
	int done = 0;

	while (times--)
		done += !worker_do(worker, net_connect, &datagram);
	return done;
}

/* Each has what the policy of the slice gives it, and the exempt one no more. */
TEST_F(life, limits_of_others_stay_exact)
{
	struct worker beside;
	struct outcome outcome;
	struct group sibling;

	guard_load("policy: exempt-limits\n"
		   "limits: { connect: 1/h burst 5 }\n");
	guard_load("policy: exempt-few\nlimits: { connect: 1/h burst 2 }\n");
	group_make(&sibling, &self->parent);
	start(&beside, &sibling);
	group_bind(&self->parent, "exempt-limits");
	group_bind(&self->group, "exempt-few");
	EXPECT_EQ(1, connects(&self->worker, 1));
	EXPECT_EQ(3, connects(&beside, 3));
	exempt_begin(&self->group, 900);
	EXPECT_EQ(20, connects(&self->worker, 20));
	refusals_read(self->group.id, &outcome);
	EXPECT_EQ(2, outcome.nr);
	EXPECT_EQ(20 - 1 + 20 - 4, outcome_sum(&outcome));
	EXPECT_EQ(2, connects(&beside, 10));
	exempt_end(&self->group);
	EXPECT_EQ(0, connects(&self->worker, 3));
	bound_unbind(&self->group, "exempt-few");
	EXPECT_EQ(0, connects(&self->worker, 3));
	EXPECT_EQ(0, connects(&beside, 3));
	refusals_read(sibling.id, &outcome);
	EXPECT_EQ(8 + 3, outcome_sum(&outcome));
	worker_end(&beside);
	group_remove(&sibling);
}

/**
 * struct hammer - what those who open a file all the time share
 * @phase: even while it is certain what comes: at multiples of four a refusal, in
 *	between none; odd while that changes
 * @stop: they are to end
 * @allowed: how often it was
 * @refused: how often it was not
 * @wrong: how often what came was not what was certain
 */
struct hammer {
	u32 phase;
	bool stop;
	u64 allowed;
	u64 refused;
	u64 wrong;
};

static u32 phase_of(const struct hammer *shared)
{
	return __atomic_load_n(&shared->phase, __ATOMIC_SEQ_CST);
}

static void count(u64 *counter)
{
	__atomic_add_fetch(counter, 1, __ATOMIC_SEQ_CST);
}

static void hammer_once(struct hammer *shared)
{
	u32 phase = phase_of(shared);
	int err = errno_of_fd(open("b", O_RDONLY | O_CLOEXEC));

	count(err ? &shared->refused : &shared->allowed);
	if (phase % 2 == 0 && phase == phase_of(shared) &&
	    err != (phase % 4 ? 0 : EACCES))
		count(&shared->wrong);
}

static pid_t start_hammer(struct hammer *shared, const struct group *group,
			  const int go[2])
{
	pid_t pid = fork();
	char byte;

	if (pid < 0)
		die("cannot fork");
	if (pid) {
		if (fng_cgroup_move(group->fd, pid))
			die("cannot move a task");
		return pid;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* There may be one processor, which the test has to get as well. */
	nice(19);
	/* Which ends once the test has closed it, too. */
	close(go[1]);
	if (read(go[0], &byte, 1))
		_exit(1);
	while (!__atomic_load_n(&shared->stop, __ATOMIC_SEQ_CST))
		hammer_once(shared);
	_exit(0);
}

static void count_phase(struct hammer *shared)
{
	__atomic_add_fetch(&shared->phase, 1, __ATOMIC_SEQ_CST);
}

static void begin_and_end(struct hammer *shared, const struct group *group)
{
	usleep(20000);
	count_phase(shared);
	exempt_begin(group, 900);
	count_phase(shared);
	usleep(20000);
	count_phase(shared);
	exempt_end(group);
	count_phase(shared);
}

static u64 sum_of(const struct outcome *outcome, bool audit)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < outcome->nr; i++)
		if (outcome->refusals[i].audit == audit)
			sum += outcome->refusals[i].count;
	return sum;
}

TEST_F(life, begins_and_ends_while_eight_tasks_hammer)
{
	struct hammer *shared = mmap(NULL, sizeof(*shared),
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct outcome outcome;
	pid_t pids[NR_TASKS];
	struct group group;
	int go[2], i;

	ASSERT_EQ(0, pipe2(go, O_CLOEXEC));
	group_make(&group, NULL);
	for (i = 0; i < NR_TASKS; i++)
		pids[i] = start_hammer(shared, &group, go);
	group_bind(&group, POLICY);
	close(go[1]);
	for (i = 0; i < 10; i++)
		begin_and_end(shared, &group);
	usleep(20000);
	__atomic_store_n(&shared->stop, true, __ATOMIC_SEQ_CST);
	for (i = 0; i < NR_TASKS; i++)
		waitpid(pids[i], NULL, 0);
	refusals_read(group.id, &outcome);
	EXPECT_EQ(0, shared->wrong);
	EXPECT_LT(0, shared->allowed);
	EXPECT_LT(0, shared->refused);
	EXPECT_EQ(shared->allowed, sum_of(&outcome, true));
	EXPECT_EQ(shared->refused, sum_of(&outcome, false));
	group_remove(&group);
	close(go[0]);
	munmap(shared, sizeof(*shared));
}

TEST_F(life, connections_that_were_let_pass_end_with_it)
{
	static const struct target to = TO("127.1.0.1");

	guard_load("policy: exempt-egress\negress: { default: deny }\n");
	group_bind(&self->group, "exempt-egress");
	EXPECT_EQ(ECONNREFUSED, worker_do(&self->worker, net_connect, &to));
	exempt_begin(&self->group, 900);
	ASSERT_EQ(0, worker_do(&self->worker, errand_hold, &to));
	EXPECT_FALSE(errand_has_ended(&self->worker));
	EXPECT_EQ(0, worker_do(&self->worker, net_write_held, NULL));
	exempt_end(&self->group);
	EXPECT_TRUE(await_state(errand_has_ended, &self->worker, 10));
}

static void expect_no(struct __test_metadata *_metadata, int err,
		      const struct fng_client_exemption *exemption,
		      const char *why)
{
	EXPECT_EQ(err, fng_client_exempt(guard_client(), exemption));
	expect_text(_metadata, guard_client()->error, why);
	EXPECT_EQ(0, control_status().nr_exempt);
}

TEST_F(life, is_not_for_ever_nor_for_nothing)
{
	struct fng_client_exemption exemption = {
		.cgroup_fd = self->group.fd, .seconds = 0, .reason = "test",
	};

	expect_no(_metadata, -EINVAL, &exemption, "at most 24 hours");
	exemption.seconds = FNG_MAX_EXEMPTION + 1;
	expect_no(_metadata, -EINVAL, &exemption, "at most 24 hours");
	exemption.seconds = 60;
	exemption.reason = "";
	expect_no(_metadata, -EINVAL, &exemption, "needs a reason");
	exemption.reason = "test";
	exemption.cgroup_fd = self->parent.fd;
	expect_no(_metadata, -ENOENT, &exemption, "No policy applies");
	exemption.cgroup_fd = STDIN_FILENO;
	EXPECT_NE(0, fng_client_exempt(guard_client(), &exemption));
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'b'));
}

TEST_F(life, there_are_so_many_and_no_more)
{
	struct fng_client_exemption exemption = {
		.seconds = 60, .reason = "test",
	};
	struct group groups[FNG_MAX_EXEMPTIONS + 1];
	struct exempt exempt;
	int i;

	for (i = 0; i <= FNG_MAX_EXEMPTIONS; i++) {
		group_make(&groups[i], &self->group);
		exemption.cgroup_fd = groups[i].fd;
		EXPECT_EQ(i < FNG_MAX_EXEMPTIONS ? 0 : -ENOSPC,
			  fng_client_exempt(guard_client(), &exemption));
	}
	exempt_find(0, &exempt);
	EXPECT_EQ(FNG_MAX_EXEMPTIONS, exempt.nr);
	/* Who has one already may have another. */
	exemption.cgroup_fd = groups[3].fd;
	EXPECT_EQ(0, fng_client_exempt(guard_client(), &exemption));
	exempt_end(&groups[0]);
	exemption.cgroup_fd = groups[FNG_MAX_EXEMPTIONS].fd;
	EXPECT_EQ(0, fng_client_exempt(guard_client(), &exemption));
	for (i = 0; i <= FNG_MAX_EXEMPTIONS; i++)
		group_remove(&groups[i]);
	EXPECT_TRUE(await_state(is_over, NULL, 10));
}

TEST_F(life, disarming_ends_it)
{
	char line[EVENT_LINE_SIZE];

	exempt_begin(&self->group, 900);
	ASSERT_EQ(0, fng_client_disarm(guard_client(), "a test"));
	EXPECT_TRUE(events_find(&events, ENDED, self->group.path, line));
	expect_text(_metadata, line, ": disarmed: " EXEMPT_REASON);
	EXPECT_TRUE(is_over(NULL));
	guard_arm(guard_client());
	bound_load(POLICY, "", "a");
	group_bind(&self->group, POLICY);
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'b'));
}

TEST_HARNESS_MAIN
