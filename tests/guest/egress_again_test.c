// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was allowed a moment ago, on the same CPU, is refused as soon as another
 * policy says so, and only where it does.
 */
#include <sched.h>
#include <string.h>

#include "bound.h"
#include "expect.h"
#include "net.h"

#define ALLOW_POLICY(name)						\
	"policy: " name "\n"						\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - allow:\n"						\
	"        to: [127.1.0.1]\n"					\
	"        ports: [53/udp]\n"
#define DENY_POLICY(name)						\
	"policy: " name "\n"						\
	"egress: { default: deny }\n"
#define AUDIT_POLICY(name)						\
	"policy: " name "\n"						\
	"mode: audit\n"							\
	"egress: { default: deny }\n"

/* Enough for the destination to be known for certain. */
#define TIMES	3

static const struct target destination = {
	.address = "127.1.0.1", .port = 53, .type = SOCK_DGRAM,
};
/* As far as a hash of few bits is concerned, it may look like the other. */
static const struct target neighbour = {
	.address = "127.1.0.1", .port = 54, .type = SOCK_DGRAM,
};

static const struct expected connect_refused = {
	.err = ECONNREFUSED,
	.hook = FNG_HOOK_SOCKET_CONNECT,
	.class = FNG_CLASS_EGRESS,
};
static const struct expected send_refused = {
	.err = ECONNREFUSED,
	.hook = FNG_HOOK_SOCKET_SENDMSG,
	.class = FNG_CLASS_EGRESS,
};

/**
 * struct function - a process that was in a cgroup before a policy was
 * @group: the cgroup
 * @worker: the process
 */
struct function {
	struct group group;
	struct worker worker;
};

FIXTURE(again) {
	struct function function;
};

static void stay_on_one_cpu(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		die("cannot stay on one CPU");
}

static void function_start(struct function *function, const char *policy)
{
	group_make(&function->group, NULL);
	worker_start(&function->worker);
	worker_move(&function->worker, &function->group);
	group_bind(&function->group, policy);
}

static void function_end(struct function *function)
{
	worker_end(&function->worker);
	group_remove(&function->group);
}

static void reach(const struct function *function, int (*act)(const void *arg),
		  const struct target *target, struct outcome *outcome)
{
	memset(outcome, 0, sizeof(*outcome));
	outcome->err = worker_do(&function->worker, act, target);
	refusals_read(function->group.id, outcome);
}

static void expect_reached(struct __test_metadata *_metadata,
			   const struct function *function)
{
	struct outcome outcome;
	int i;

	for (i = 0; i < TIMES; i++) {
		reach(function, net_connect, &destination, &outcome);
		expect_allowed(_metadata, &outcome);
		reach(function, net_send, &destination, &outcome);
		expect_allowed(_metadata, &outcome);
	}
}

static void expect_barred(struct __test_metadata *_metadata,
			  const struct function *function)
{
	struct outcome outcome;

	reach(function, net_connect, &destination, &outcome);
	expect_refused(_metadata, &outcome, &connect_refused);
}

FIXTURE_SETUP(again)
{
	stay_on_one_cpu();
	net_listen(53);
	net_listen(54);
	guard_load(ALLOW_POLICY("again"));
	function_start(&self->function, "again");
}

FIXTURE_TEARDOWN(again)
{
	function_end(&self->function);
}

TEST_F(again, works_unguarded)
{
	const struct attempt connect = { .act = net_connect,
					 .arg = &destination };
	const struct attempt send = { .act = net_send, .arg = &neighbour };

	expect_control(_metadata, &connect);
	expect_control(_metadata, &send);
}

TEST_F(again, replaced_policy)
{
	expect_reached(_metadata, &self->function);
	guard_load(DENY_POLICY("again"));
	expect_barred(_metadata, &self->function);
}

TEST_F(again, replaced_policy_while_sending)
{
	struct outcome outcome;

	expect_reached(_metadata, &self->function);
	guard_load(DENY_POLICY("again"));
	reach(&self->function, net_send, &destination, &outcome);
	expect_refused(_metadata, &outcome, &send_refused);
}

TEST_F(again, second_policy)
{
	guard_load(DENY_POLICY("again-none"));
	expect_reached(_metadata, &self->function);
	group_bind(&self->function.group, "again-none");
	expect_barred(_metadata, &self->function);
	bound_unbind(&self->function.group, "again-none");
}

TEST_F(again, other_cgroup)
{
	struct function other;

	guard_load(DENY_POLICY("again-none"));
	function_start(&other, "again-none");
	expect_reached(_metadata, &self->function);
	expect_barred(_metadata, &other);
	expect_reached(_metadata, &self->function);
	function_end(&other);
}

TEST_F(again, other_port)
{
	struct outcome outcome;

	expect_reached(_metadata, &self->function);
	reach(&self->function, net_send, &neighbour, &outcome);
	expect_refused(_metadata, &outcome, &send_refused);
}

/* What is only audited is counted each time: the hook's and the packet's. */
TEST_F(again, audited)
{
	struct outcome outcome;
	int i;

	guard_load(AUDIT_POLICY("again"));
	for (i = 0; i < TIMES; i++)
		reach(&self->function, net_send, &destination, &outcome);
	EXPECT_EQ(0, outcome.err);
	ASSERT_EQ(2, outcome.nr);
	EXPECT_EQ(TIMES, outcome.refusals[0].count);
	EXPECT_EQ(TIMES, outcome.refusals[1].count);
}

TEST_HARNESS_MAIN
