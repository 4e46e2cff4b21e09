// SPDX-License-Identifier: GPL-2.0-only
/*
 * How much may be sent, and to how many.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "errand.h"
#include "expect.h"

#define HERE	"127.1.0.1"

static const struct target datagram = UDP(HERE);
static const struct target datagram_v6 = UDP("::1");

static const struct expected no_datagram = {
	.err = EAGAIN, .hook = FNG_HOOK_LOCAL_OUT, .class = FNG_CLASS_LIMITS,
	.line = 3,
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

FIXTURE(packets) {
	struct bench bench;
};

FIXTURE_SETUP(packets)
{
	memset(self, 0, sizeof(*self));
}

FIXTURE_TEARDOWN(packets)
{
	bench_end(&self->bench);
}

static int send_to(const void *arg)
{
	const struct target target = UDP(arg);

	return net_send(&target);
}

static int connect_to(const void *arg)
{
	const struct target target = TO(arg);

	return net_connect(&target);
}

#define NR_ADDRESSES	100

/* So many of 127.1.1.1 and on, as strings that were there before the worker. */
static char addresses[NR_ADDRESSES + 2][16];

static void __attribute__((constructor)) name_addresses(void)
{
	int i;

	for (i = 0; i < NR_ADDRESSES + 2; i++)
		snprintf(addresses[i], sizeof(addresses[i]), "127.1.1.%d", i + 1);
}

static int reach_all(const struct bench *bench, int (*act)(const void *))
{
	int done = 0, i;

	for (i = 0; i < NR_ADDRESSES; i++)
		done += !worker_do(&bench->worker, act, addresses[i]);
	return done;
}

TEST_F(packets, so_many_destinations_and_no_other)
{
	static const struct expected no_send = {
		.err = EAGAIN, .hook = FNG_HOOK_SOCKET_SENDMSG,
		.class = FNG_CLASS_LIMITS, .line = 3,
	};
	struct outcome outcome;

	guard_load("policy: limits\n"
		   "limits:\n"
		   "  destinations: 100\n");
	bench_start(&self->bench, "limits");
	EXPECT_EQ(NR_ADDRESSES, reach_all(&self->bench, send_to));
	EXPECT_EQ(0, refused(&self->bench));
	outcome.err = worker_do(&self->bench.worker, send_to,
				addresses[NR_ADDRESSES]);
	refusals_read(self->bench.group.id, &outcome);
	expect_refused(_metadata, &outcome, &no_send);
	EXPECT_EQ(EAGAIN, worker_do(&self->bench.worker, connect_to,
				    addresses[NR_ADDRESSES + 1]));
	EXPECT_EQ(EAGAIN, worker_do(&self->bench.worker, send_to, "::1"));
	EXPECT_EQ(NR_ADDRESSES, reach_all(&self->bench, send_to));
	EXPECT_EQ(NR_ADDRESSES, reach_all(&self->bench, connect_to));
	EXPECT_EQ(0, worker_do(&self->bench.worker, send_to,
			       "::ffff:127.1.1.1"));
	EXPECT_EQ(3, refused(&self->bench));
}

/* Libraries connect datagram sockets to find out about routes: nothing is sent. */
TEST_F(packets, a_route_is_no_destination)
{
	guard_load("policy: limits\nlimits: { destinations: 1 }\n");
	bench_start(&self->bench, "limits");
	EXPECT_EQ(0, worker_do(&self->bench.worker, net_connect, &datagram));
	EXPECT_EQ(0, worker_do(&self->bench.worker, net_connect,
			       &datagram_v6));
	EXPECT_EQ(0, worker_do(&self->bench.worker, send_to, "127.1.1.1"));
	EXPECT_EQ(EAGAIN, worker_do(&self->bench.worker, send_to,
				    "127.1.1.2"));
}

/* What a connected socket sends is judged when it leaves. */
static int send_connected(const void *arg)
{
	const struct target target = UDP(arg);
	int err;

	net_hold_connected(&target);
	err = net_write_held(&target);
	close(net_held);
	return err;
}

TEST_F(packets, a_connected_datagram_socket_reaches_no_more)
{
	struct outcome outcome;

	guard_load("policy: limits\n"
		   "limits:\n"
		   "  destinations: 2\n");
	bench_start(&self->bench, "limits");
	EXPECT_EQ(0, worker_do(&self->bench.worker, send_connected,
			       addresses[0]));
	EXPECT_EQ(0, worker_do(&self->bench.worker, send_connected, "::1"));
	EXPECT_EQ(0, worker_do(&self->bench.worker, send_connected,
			       addresses[0]));
	outcome.err = worker_do(&self->bench.worker, send_connected,
				addresses[1]);
	refusals_read(self->bench.group.id, &outcome);
	expect_refused(_metadata, &outcome, &no_datagram);
}

#define PAYLOAD	972

static int send_much(const void *arg)
{
	static const char bytes[PAYLOAD];
	const struct target *target = arg;
	struct sockaddr_storage address;
	socklen_t size = target_address(target, &address);
	int fd = socket(target_family(target), SOCK_DGRAM, 0);
	int err;

	err = errno_of(sendto(fd, bytes, sizeof(bytes), 0,
			      (struct sockaddr *)&address, size));
	close(fd);
	return err;
}

/* 20 bytes of IP, or 40, and 8 of UDP. */
TEST_F(packets, so_many_bytes_in_all)
{
	struct outcome outcome;

	guard_load("policy: limits\n"
		   "limits:\n"
		   "  egress-total: 10kB\n");
	bench_start(&self->bench, "limits");
	EXPECT_EQ(5, successes(&self->bench, send_much, &datagram, 5));
	EXPECT_EQ(4, successes(&self->bench, send_much, &datagram_v6, 4));
	EXPECT_EQ(0, refused(&self->bench));
	outcome.err = worker_do(&self->bench.worker, send_much, &datagram);
	refusals_read(self->bench.group.id, &outcome);
	expect_refused(_metadata, &outcome, &no_datagram);
	/* What is smaller may fit still. */
	EXPECT_EQ(0, worker_do(&self->bench.worker, net_send, &datagram));
	guard_load("policy: limits\nlimits: { egress-total: 10kB }\n");
	EXPECT_EQ(EAGAIN, worker_do(&self->bench.worker, send_much,
				    &datagram));
	guard_load("policy: limits\nlimits: { egress-total: 20kB }\n");
	EXPECT_EQ(10, successes(&self->bench, send_much, &datagram, 20));
}

TEST_F(packets, as_many_bytes_as_the_burst)
{
	guard_load("policy: limits\n"
		   "limits: { egress: 1B/s burst 100kB }\n");
	bench_start(&self->bench, "limits");
	EXPECT_EQ(100, successes(&self->bench, send_much, &datagram, 120));
	EXPECT_EQ(20, refused(&self->bench));
}

/* What a limit of bytes refuses, that of all bytes has not counted. */
TEST_F(packets, what_one_limit_refuses_uses_nothing_of_another)
{
	guard_load("policy: limits\n"
		   "limits: { egress: 1B/s burst 100kB, egress-total: 110kB }\n");
	bench_start(&self->bench, "limits");
	EXPECT_EQ(100, successes(&self->bench, send_much, &datagram, 120));
	guard_load("policy: limits\nlimits: { egress-total: 110kB }\n");
	EXPECT_EQ(10, successes(&self->bench, send_much, &datagram, 20));
}

TEST_HARNESS_MAIN
