// SPDX-License-Identifier: GPL-2.0-only
/*
 * How much of what is allowed: as much as the policy says, and not one more.
 *
 * Rates come back slowly enough that nothing does while a row runs, even where a
 * kernel takes long, or so fast that waiting for it is no matter.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

#include "bound.h"
#include "errand.h"
#include "expect.h"

#define HERE	"127.1.0.1"

#define CONNECT_POLICY							\
	"policy: limits\n"						\
	"limits:\n"							\
	"  connect: 1/h burst 5\n"
#define BURST	5

static const struct target stream = TO(HERE);
static const struct target stream_v6 = TO("::1");
static const struct target datagram = UDP(HERE);
static const struct target datagram_v6 = UDP("::1");

static const struct expected no_connect = {
	.err = EAGAIN, .hook = FNG_HOOK_SOCKET_CONNECT,
	.class = FNG_CLASS_LIMITS, .line = 3,
};
/* How often it works, of so many times. */
static int successes(const struct bench *bench,
		     int (*act)(const void *arg), const void *arg, int times)
{
	int done = 0;

	while (times--)
		done += !worker_do(&bench->worker, act, arg);
	return done;
}

static void read_refusals(const struct bench *bench,
			  struct outcome *outcome)
{
	memset(outcome, 0, sizeof(*outcome));
	refusals_read(bench->group.id, outcome);
}

static u64 refused(const struct bench *bench)
{
	struct outcome outcome;

	read_refusals(bench, &outcome);
	return outcome_sum(&outcome);
}

static void __attribute__((constructor)) prepare(void)
{
	net_serve(ERRAND_PORT);
	net_bind("::", ERRAND_PORT, SOCK_DGRAM);
}

EVENTS_OF_SUITE(events);

FIXTURE(limits) {
	struct bench bench;
};

FIXTURE_SETUP(limits)
{
	memset(self, 0, sizeof(*self));
}

FIXTURE_TEARDOWN(limits)
{
	bench_end(&self->bench);
}

TEST_F(limits, nothing_is_limited_unguarded)
{
	group_make(&self->bench.group, NULL);
	worker_start(&self->bench.worker);
	worker_move(&self->bench.worker, &self->bench.group);
	EXPECT_EQ(20, successes(&self->bench, net_connect, &stream, 20));
	EXPECT_EQ(20, successes(&self->bench, net_send, &datagram, 20));
}

TEST_F(limits, a_policy_without_limits_limits_nothing)
{
	guard_load("policy: limits\negress: { default: allow }\n");
	guard_load("policy: limits-beside\n"
		   "limits: { connect: 0, egress: 0, destinations: 0 }\n");
	bench_start(&self->bench, "limits");
	EXPECT_EQ(20, successes(&self->bench, net_connect, &stream, 20));
	EXPECT_EQ(20, successes(&self->bench, net_send, &datagram, 20));
	EXPECT_EQ(0, refused(&self->bench));
}

TEST_F(limits, as_many_connections_as_the_burst)
{
	struct outcome outcome;

	guard_load(CONNECT_POLICY);
	bench_start(&self->bench, "limits");
	EXPECT_EQ(BURST, successes(&self->bench, net_connect, &stream,
				   BURST));
	EXPECT_EQ(0, refused(&self->bench));
	outcome.err = worker_do(&self->bench.worker, net_connect, &stream);
	refusals_read(self->bench.group.id, &outcome);
	expect_refused(_metadata, &outcome, &no_connect);
	EXPECT_EQ(EAGAIN, worker_do(&self->bench.worker, net_connect,
				    &stream_v6));
	EXPECT_EQ(EAGAIN, worker_do(&self->bench.worker, net_connect,
				    &datagram));
	EXPECT_EQ(EAGAIN, worker_do(&self->bench.worker,
				    net_send_fastopen, &stream));
	/* No connection, and to anywhere. */
	EXPECT_EQ(5, successes(&self->bench, net_send, &datagram, 5));
}

TEST_F(limits, datagram_sockets_count_as_well)
{
	guard_load(CONNECT_POLICY);
	bench_start(&self->bench, "limits");
	EXPECT_EQ(3, successes(&self->bench, net_connect, &datagram, 3));
	EXPECT_EQ(2, successes(&self->bench, net_connect, &stream_v6, 9));
}

/* Asking how far a connection is; taking one apart chooses nothing. */
static int connect_in_steps(const void *arg)
{
	const struct target *target = arg;
	struct sockaddr_storage address;
	socklen_t size = target_address(target, &address);
	struct pollfd poll_fd = { .events = POLLOUT };
	int fd = socket(target_family(target), SOCK_STREAM | SOCK_NONBLOCK, 0);
	int err;

	if (connect(fd, (struct sockaddr *)&address, size) &&
	    errno != EINPROGRESS)
		return errno_of(-1);
	poll_fd.fd = fd;
	poll(&poll_fd, 1, 1000);
	connect(fd, (struct sockaddr *)&address, size);
	err = connect(fd, (struct sockaddr *)&address, size) ? errno : 0;
	address.ss_family = AF_UNSPEC;
	connect(fd, (struct sockaddr *)&address, size);
	close(fd);
	return err == EISCONN ? 0 : err;
}

TEST_F(limits, each_call_that_names_a_destination_counts)
{
	guard_load(CONNECT_POLICY);
	bench_start(&self->bench, "limits");
	EXPECT_EQ(1, successes(&self->bench, connect_in_steps, &stream, 1));
	EXPECT_EQ(0, refused(&self->bench));
	EXPECT_EQ(BURST - 3, successes(&self->bench, net_connect, &stream, 9));
}

TEST_F(limits, what_rules_refuse_uses_nothing)
{
	static const struct target elsewhere = TO("127.1.0.2");

	guard_load(CONNECT_POLICY
		   "egress:\n"
		   "  rules: [ { allow: { to: [" HERE "] } } ]\n");
	bench_start(&self->bench, "limits");
	EXPECT_EQ(0, successes(&self->bench, net_connect, &elsewhere, 10));
	EXPECT_EQ(BURST, successes(&self->bench, net_connect, &stream, 10));
	EXPECT_EQ(10 + 10 - BURST, refused(&self->bench));
}

TEST_F(limits, connections_come_back)
{
	guard_load("policy: limits\n"
		   "limits: { connect: 10/s burst 2 }\n");
	bench_start(&self->bench, "limits");
	EXPECT_LE(2, successes(&self->bench, net_connect, &stream, 2));
	usleep(300000);
	EXPECT_EQ(2, successes(&self->bench, net_connect, &stream, 2));
}

TEST_F(limits, nothing_is_a_limit)
{
	guard_load("policy: limits\n"
		   "limits:\n"
		   "  connect: 0\n");
	bench_start(&self->bench, "limits");
	EXPECT_EQ(0, successes(&self->bench, net_connect, &stream, 3));
	EXPECT_EQ(3, refused(&self->bench));
}

TEST_F(limits, a_refusal_is_an_event)
{
	char line[EVENT_LINE_SIZE];

	guard_load(CONNECT_POLICY
		   "response: { errno: { limits: EACCES } }\n");
	bench_start(&self->bench, "limits");
	successes(&self->bench, net_connect, &stream, BURST);
	EXPECT_EQ(EACCES, worker_do(&self->bench.worker, net_connect,
				    &stream));
	ASSERT_TRUE(events_find(&events, "denied", self->bench.group.path,
				line));
	expect_text(_metadata, line, " socket_connect " HERE " port 8080/tcp ");
	expect_text(_metadata, line, " -> EACCES by limits rule ");
	expect_text(_metadata, line, " rule limits connect 1/h burst 5 ");
}

TEST_F(limits, audit_counts_and_refuses_nothing)
{
	struct outcome outcome;

	guard_load("policy: limits\n"
		   "limits:\n"
		   "  connect: 1/h burst 5\n"
		   "  egress-total: 1kB\n"
		   "  destinations: 1\n"
		   "  mode: audit\n");
	bench_start(&self->bench, "limits");
	EXPECT_EQ(20, successes(&self->bench, net_connect, &stream, 20));
	read_refusals(&self->bench, &outcome);
	EXPECT_LE(1, outcome.nr);
	EXPECT_TRUE(outcome.refusals[0].audit);
	EXPECT_EQ(FNG_CLASS_LIMITS, outcome.refusals[0].class);
	EXPECT_EQ(20, successes(&self->bench, net_send, &datagram, 20));
	EXPECT_EQ(5, successes(&self->bench, net_send, &datagram_v6, 5));
}

TEST_F(limits, a_reload_gives_nothing_back)
{
	guard_load(CONNECT_POLICY);
	bench_start(&self->bench, "limits");
	EXPECT_EQ(3, successes(&self->bench, net_connect, &stream, 3));
	guard_load(CONNECT_POLICY "version: 2\n");
	EXPECT_EQ(2, successes(&self->bench, net_connect, &stream, 9));
	guard_load(CONNECT_POLICY "version: 3\n");
	EXPECT_EQ(0, successes(&self->bench, net_connect, &stream, 3));
	/* Of another rate, as much is used as there is of it. */
	guard_load("policy: limits\nlimits: { connect: 100/s burst 10 }\n");
	EXPECT_EQ(0, successes(&self->bench, net_connect, &stream, 1));
	usleep(300000);
	EXPECT_EQ(10, successes(&self->bench, net_connect, &stream, 10));
}

TEST_F(limits, another_cgroup_has_its_own)
{
	struct bench other;

	guard_load(CONNECT_POLICY);
	bench_start(&self->bench, "limits");
	bench_start(&other, "limits");
	EXPECT_EQ(BURST, successes(&self->bench, net_connect, &stream, 9));
	EXPECT_EQ(BURST, successes(&other, net_connect, &stream, 9));
	bench_end(&other);
}

/* Every policy must have one; what one refuses costs the others nothing. */
TEST_F(limits, the_least_of_several_policies_counts)
{
	guard_load("policy: limits-few\nlimits: { connect: 1/h burst 2 }\n");
	guard_load(CONNECT_POLICY);
	bench_start(&self->bench, "limits");
	group_bind(&self->bench.group, "limits-few");
	EXPECT_EQ(2, successes(&self->bench, net_connect, &stream, 20));
	EXPECT_EQ(18, refused(&self->bench));
	bound_unbind(&self->bench.group, "limits-few");
	EXPECT_EQ(BURST - 2, successes(&self->bench, net_connect, &stream,
				       20));
}

static int connect_often(const void *arg)
{
	int done = 0, i;

	for (i = 0; i < 400; i++) {
		int fd = socket(AF_INET, SOCK_DGRAM, 0);
		struct sockaddr_storage address;
		socklen_t size = target_address(arg, &address);

		done += !connect(fd, (struct sockaddr *)&address, size);
		close(fd);
	}
	return done;
}

/* Two that use the same limit at the same time use as much together. */
TEST_F(limits, two_processes_share)
{
	struct bench *first = &self->bench, second;
	int status, done;
	pid_t pid;

	guard_load("policy: limits\nlimits: { connect: 1/h burst 500 }\n");
	worker_start(&second.worker);
	bench_start(first, "limits");
	worker_move(&second.worker, &first->group);
	pid = fork();
	if (!pid) {
		done = worker_do(&second.worker, connect_often, &datagram);
		_exit(done / 2);
	}
	done = worker_do(&first->worker, connect_often, &datagram);
	waitpid(pid, &status, 0);
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_LE(499, done + 2 * WEXITSTATUS(status));
	EXPECT_GE(500, done + 2 * WEXITSTATUS(status));
	EXPECT_EQ(300, refused(first));
	worker_end(&second.worker);
}

TEST_HARNESS_MAIN
