// SPDX-License-Identifier: GPL-2.0-only
/*
 * How often a function may execute, fork, open and map: as often as its policy
 * says, and not once more.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "bound.h"
#include "errand.h"
#include "expect.h"

#define BURST	5

static int fork_once(const void *arg)
{
	pid_t pid = fork();

	(void)arg;
	if (!pid)
		_exit(0);
	if (pid < 0)
		return errno;
	waitpid(pid, NULL, 0);
	return 0;
}

static void *end(void *arg)
{
	return arg;
}

/* Its stack stays there for the next one, so that only the first maps. */
static int start_thread(const void *arg)
{
	pthread_t thread;
	int err = pthread_create(&thread, NULL, end, NULL);

	(void)arg;
	if (!err)
		pthread_join(thread, NULL);
	return err;
}

static int open_once(const void *path)
{
	return errno_of_fd(open(path, O_RDONLY));
}

static int map_once(const void *arg)
{
	void *at = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);

	(void)arg;
	if (at == MAP_FAILED)
		return errno;
	munmap(at, 4096);
	return 0;
}

EVENTS_OF_SUITE(events);

FIXTURE(task) {
	struct bench bench;
};

FIXTURE_VARIANT(task) {
	const char *limit;
	int hook;
	int (*act)(const void *arg);
	const char *arg;
	const char *object;
};

#define ROW(row, key, where, does, with, what)				\
	FIXTURE_VARIANT_ADD(task, row) {				\
		.limit = key, .hook = FNG_HOOK_##where, .act = does,	\
		.arg = with, .object = what,				\
	}

ROW(exec, "exec", BPRM_CHECK, errand_execute, "/bin/true", "/bin/true");
ROW(exec_script, "exec", BPRM_CHECK, errand_execute, "/usr/bin/ldd", "/usr/bin/ldd");
ROW(fork, "fork", CGROUP_CAN_FORK, fork_once, NULL, "clone");
ROW(thread, "fork", CGROUP_CAN_FORK, start_thread, NULL, "clone");
ROW(open, "open", FILE_OPEN, open_once, "/etc/passwd", "open");
ROW(map, "map", MMAP_FILE, map_once, NULL, "mmap");

FIXTURE_SETUP(task)
{
	memset(self, 0, sizeof(*self));
}

FIXTURE_TEARDOWN(task)
{
	bench_end(&self->bench);
}

static void start(struct bench *bench, const char *limit, const char *rest)
{
	char policy[256];

	snprintf(policy, sizeof(policy), "policy: limits-task\nlimits:\n"
		 "  %s: 1/h burst %d\n%s", limit, BURST, rest);
	guard_load(policy);
	bench_start(bench, "limits-task");
}

static int successes(const struct bench *bench, int (*act)(const void *arg),
		     const void *arg, int times)
{
	int done = 0;

	while (times--)
		done += !worker_do(&bench->worker, act, arg);
	return done;
}

TEST_F(task, works_unguarded)
{
	group_make(&self->bench.group, NULL);
	worker_start(&self->bench.worker);
	worker_move(&self->bench.worker, &self->bench.group);
	EXPECT_EQ(2 * BURST, successes(&self->bench, variant->act, variant->arg,
				       2 * BURST));
}

TEST_F(task, is_judged)
{
	const struct expected expected = {
		.err = EAGAIN, .hook = variant->hook,
		.class = FNG_CLASS_LIMITS, .line = 3,
	};
	char line[EVENT_LINE_SIZE], text[128];
	struct outcome outcome = { 0 };

	start(&self->bench, variant->limit, "");
	EXPECT_EQ(BURST, successes(&self->bench, variant->act, variant->arg,
				   BURST));
	outcome.err = worker_do(&self->bench.worker, variant->act,
				variant->arg);
	refusals_read(self->bench.group.id, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	ASSERT_TRUE(events_find(&events, "denied", self->bench.group.path,
				line));
	snprintf(text, sizeof(text), " %s %s ", fng_hook_name(variant->hook),
		 variant->object);
	expect_text(_metadata, line, text);
	snprintf(text, sizeof(text), " rule limits %s 1/h burst %d ",
		 variant->limit, BURST);
	expect_text(_metadata, line, text);
	EXPECT_EQ(0, successes(&self->bench, variant->act, variant->arg, 3));
}

TEST_F(task, is_audited)
{
	struct outcome outcome = { 0 };

	start(&self->bench, variant->limit, "  mode: audit\n");
	EXPECT_EQ(2 * BURST, successes(&self->bench, variant->act, variant->arg,
				       2 * BURST));
	refusals_read(self->bench.group.id, &outcome);
	ASSERT_EQ(1, outcome.nr);
	EXPECT_TRUE(outcome.refusals[0].audit);
	EXPECT_EQ(BURST, outcome.refusals[0].count);
}

/* What one policy limits, another task may do as it likes. */
TEST_F(task, others_have_their_own)
{
	struct bench other;

	start(&self->bench, variant->limit, "");
	bench_start(&other, "limits-task");
	EXPECT_EQ(BURST, successes(&self->bench, variant->act, variant->arg,
				   BURST + 1));
	EXPECT_EQ(BURST, successes(&other, variant->act, variant->arg,
				   BURST + 1));
	bench_end(&other);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/**
 * struct bomb - what came of one
 * @made: processes
 * @refused: attempts that failed
 * @seconds: how long it took
 */
struct bomb {
	u64 made;
	u64 refused;
	double seconds;
};

static struct bomb *bomb;

/* Each process that it makes tries to make more, for a second at least. */
static int explode(const void *arg)
{
	double end = now() + 1;
	int tries = 0;
	pid_t pid;

	bomb->seconds = now();
	do {
		pid = fork();
		__atomic_add_fetch(pid < 0 ? &bomb->refused : &bomb->made,
				   !!pid, __ATOMIC_RELAXED);
	} while (now() < end || ++tries < 12);
	while (wait(NULL) > 0)
		;
	if (getppid() != *(const pid_t *)arg)
		_exit(0);
	bomb->seconds = now() - bomb->seconds;
	return 0;
}

/* It is over in time, nobody else is kept waiting, and each attempt counts. */
TEST(a_bomb_does_not_go_off)
{
	static pid_t parent;
	struct outcome outcome = { 0 };
	struct bench bench;

	parent = getpid();
	bomb = mmap(NULL, sizeof(*bomb), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, bomb);
	guard_load("policy: limits-task\nlimits:\n  fork: 1/s burst 5\n");
	bench_start(&bench, "limits-task");
	EXPECT_EQ(0, worker_do(&bench.worker, explode, &parent));
	refusals_read(bench.group.id, &outcome);
	EXPECT_EQ(bomb->refused, outcome_sum(&outcome));
	EXPECT_EQ(1, outcome.nr);
	EXPECT_LE(5, bomb->made);
	EXPECT_GE(5 + bomb->seconds + 1, bomb->made);
	EXPECT_LE(1, bomb->refused);
	bench_end(&bench);
}

TEST_HARNESS_MAIN
