// SPDX-License-Identifier: GPL-2.0-only
/*
 * On which ports a function can be reached: bind() and listen(), by protocol,
 * family and who chose the port.
 */
#include <string.h>
#include <sys/socket.h>

#include "expect.h"
#include "net.h"

EVENTS_OF_SUITE(events);

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP	262
#endif
#ifndef IPPROTO_UDPLITE
#define IPPROTO_UDPLITE	136
#endif

#define NAMED								\
	"policy: listen-named\n"					\
	"listen: { default: deny, allow: [8001, 8001/sctp] }\n"
#define CHOSEN								\
	"policy: listen-chosen\n"					\
	"listen: { default: deny, allow: [0/tcp, 0/udp] }\n"
#define DENYING								\
	"policy: listen-denying\n"					\
	"listen:\n"							\
	"  default: allow\n"						\
	"  deny: [8002, 0/tcp]\n"					\
	"response: { errno: { listen: EACCES } }\n"
#define AUDIT								\
	"policy: listen-audit\n"					\
	"listen: { mode: audit, default: deny }\n"

/* Some kernels lack some protocols. */
static int open_target(const struct target *target)
{
	return socket(target_family(target), target->type, target->protocol);
}

static int bind_to(int fd, const struct target *target)
{
	struct sockaddr_storage address;
	socklen_t size = target_address(target, &address);

	return errno_of(bind(fd, (struct sockaddr *)&address, size));
}

static int bind_port(const void *arg)
{
	int fd = open_target(arg);

	return fd < 0 ? ENDED_UNABLE : bind_to(fd, arg);
}

static int listen_port(const void *arg)
{
	int fd = open_target(arg);

	if (fd < 0)
		return ENDED_UNABLE;
	return bind_to(fd, arg) ?: errno_of(listen(fd, 1));
}

static int listen_unbound(const void *arg)
{
	int fd = open_target(arg);

	return fd < 0 ? ENDED_UNABLE : errno_of(listen(fd, 1));
}

static int listen_shared(const void *arg)
{
	int fd = open_target(arg), on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)))
		die("the port cannot be shared");
	return bind_to(fd, arg) ?: errno_of(listen(fd, 1));
}

/* The port is the function's before there is a policy. */
static void bind_held(const void *arg)
{
	net_held = open_target(arg);
	if (bind_to(net_held, arg))
		die("the port is taken");
}

static int listen_held(const void *arg)
{
	(void)arg;
	return errno_of(listen(net_held, 1));
}

FIXTURE(port) {
};

FIXTURE_VARIANT(port) {
	const char *policy;
	void (*before)(const void *arg);
	int (*act)(const void *arg);
	struct target target;
	int hook;		/* 0: it is allowed */
	const char *object;
};

#define ROW(name, what, how, ...)					\
	FIXTURE_VARIANT_ADD(port, name) {				\
		.policy = what, .act = how, __VA_ARGS__			\
	}
#define AT(ip, number, ...)						\
	.target = { .address = ip, .port = number, __VA_ARGS__ }
#define TCP(ip, number)	AT(ip, number, .type = SOCK_STREAM)
#define UDP(ip, number)	AT(ip, number, .type = SOCK_DGRAM)
#define AT_BIND(text)	.hook = FNG_HOOK_SOCKET_BIND, .object = text
#define AT_LISTEN(text)	.hook = FNG_HOOK_SOCKET_LISTEN, .object = text

ROW(tcp, NAMED, listen_port, TCP("127.0.0.1", 8001));
ROW(tcp_other, NAMED, listen_port, TCP("127.0.0.1", 8002),
	AT_BIND("127.0.0.1 port 8002/tcp"));
ROW(tcp_any, NAMED, listen_port, TCP("0.0.0.0", 8001));
ROW(tcp_any_other, NAMED, listen_port, TCP("0.0.0.0", 8002),
	AT_BIND("0.0.0.0 port 8002/tcp"));
ROW(tcp6, NAMED, listen_port, TCP("::1", 8001));
ROW(tcp6_other, NAMED, listen_port, TCP("::1", 8002),
	AT_BIND("::1 port 8002/tcp"));
ROW(mapped, NAMED, listen_port, TCP("::ffff:127.0.0.1", 8001));
ROW(mapped_other, NAMED, listen_port, TCP("::ffff:127.0.0.1", 8002),
	AT_BIND("::ffff:127.0.0.1 port 8002/tcp"));
ROW(udp, NAMED, bind_port, UDP("127.0.0.1", 8001));
ROW(udp_other, NAMED, bind_port, UDP("127.0.0.1", 8002),
	AT_BIND("127.0.0.1 port 8002/udp"));
ROW(udp6_other, NAMED, bind_port, UDP("::1", 8002),
	AT_BIND("::1 port 8002/udp"));
ROW(bind_alone, NAMED, bind_port, TCP("127.0.0.1", 8002),
	AT_BIND("127.0.0.1 port 8002/tcp"));
ROW(shared, NAMED, listen_shared, TCP("127.0.0.1", 8001));
ROW(shared_other, NAMED, listen_shared, TCP("127.0.0.1", 8002),
	AT_BIND("127.0.0.1 port 8002/tcp"));

/* The family of the address need not be said. */
ROW(unspec, NAMED, listen_port,
	AT("0.0.0.0", 8001, .type = SOCK_STREAM, .unspec = true));
ROW(unspec_other, NAMED, listen_port,
	AT("0.0.0.0", 8002, .type = SOCK_STREAM, .unspec = true),
	AT_BIND("0.0.0.0 port 8002/tcp"));
ROW(short_v6, NAMED, listen_port,
	AT("::1", 8001, .type = SOCK_STREAM, .size = 24));
ROW(short_v6_other, NAMED, listen_port,
	AT("::1", 8002, .type = SOCK_STREAM, .size = 24),
	AT_BIND("::1 port 8002/tcp"));

/* Ports that the kernel chooses. */
ROW(tcp_chosen, CHOSEN, listen_port, TCP("127.0.0.1", 0));
ROW(tcp_chosen_denied, NAMED, listen_port, TCP("127.0.0.1", 0),
	AT_LISTEN("127.0.0.1 port 0/tcp"));
ROW(tcp_chosen_for_client, NAMED, bind_port, TCP("127.0.0.1", 0));
ROW(tcp_unbound, CHOSEN, listen_unbound, TCP("127.0.0.1", 0));
ROW(tcp_unbound_denied, NAMED, listen_unbound, TCP("127.0.0.1", 0),
	AT_LISTEN("0.0.0.0 port 0/tcp"));
ROW(tcp6_unbound_denied, NAMED, listen_unbound, TCP("::1", 0),
	AT_LISTEN(":: port 0/tcp"));
ROW(tcp_named_denied, CHOSEN, listen_port, TCP("127.0.0.1", 8001),
	AT_BIND("127.0.0.1 port 8001/tcp"));
ROW(udp_chosen, CHOSEN, bind_port, UDP("127.0.0.1", 0));
ROW(udp_chosen_denied, NAMED, bind_port, UDP("127.0.0.1", 0),
	AT_BIND("127.0.0.1 port 0/udp"));
/* Who sends is given a port, and answers come there: that is egress. */
ROW(udp_client, NAMED, net_send, UDP("127.0.0.1", 8002));

/* Bound when nobody asked. */
ROW(held, NAMED, listen_held, TCP("127.0.0.1", 8001), .before = bind_held);
ROW(held_other, NAMED, listen_held, TCP("127.0.0.1", 8002),
	AT_LISTEN("127.0.0.1 port 8002/tcp"), .before = bind_held);
ROW(held_chosen, CHOSEN, listen_held, TCP("::1", 0), .before = bind_held);
ROW(held_chosen_denied, NAMED, listen_held, TCP("::1", 0),
	AT_LISTEN("::1 port 0/tcp"), .before = bind_held);

/* Other protocols. */
#define MPTCP(ip, number) \
	AT(ip, number, .type = SOCK_STREAM, .protocol = IPPROTO_MPTCP)
#define UDPLITE(ip, number) \
	AT(ip, number, .type = SOCK_DGRAM, .protocol = IPPROTO_UDPLITE)
#define SCTP(ip, number) \
	AT(ip, number, .type = SOCK_STREAM, .protocol = IPPROTO_SCTP)

ROW(mptcp, NAMED, listen_port, MPTCP("127.0.0.1", 8001));
ROW(mptcp_other, NAMED, listen_port, MPTCP("127.0.0.1", 8002),
	AT_BIND("127.0.0.1 port 8002/tcp"));
ROW(mptcp_held_other, NAMED, listen_held, MPTCP("127.0.0.1", 8002),
	AT_LISTEN("127.0.0.1 port 8002/tcp"), .before = bind_held);
ROW(mptcp_unbound, CHOSEN, listen_unbound, MPTCP("127.0.0.1", 0));
ROW(mptcp_unbound_denied, NAMED, listen_unbound, MPTCP("127.0.0.1", 0),
	AT_LISTEN("0.0.0.0 port 0/tcp"));
ROW(udplite, NAMED, bind_port, UDPLITE("127.0.0.1", 8001));
ROW(udplite_other, NAMED, bind_port, UDPLITE("127.0.0.1", 8002),
	AT_BIND("127.0.0.1 port 8002/udp"));
ROW(sctp, NAMED, listen_port, SCTP("127.0.0.1", 8001));
ROW(sctp_other, NAMED, listen_port, SCTP("127.0.0.1", 8002),
	AT_BIND("127.0.0.1 port 8002/sctp"));
ROW(raw_has_no_port, NAMED, bind_port,
	AT("127.0.0.1", 8002, .type = SOCK_RAW, .protocol = IPPROTO_ICMP));

/* A rule that denies. */
ROW(denying, DENYING, listen_port, TCP("127.0.0.1", 8001));

FIXTURE_SETUP(port)
{
	guard_load(variant->policy);
}

FIXTURE_TEARDOWN(port)
{
}

/* The name is on the first line of each. */
static void run_under(const char *policy, const struct attempt *attempt,
		      struct outcome *outcome)
{
	char name[32];

	if (sscanf(policy, "policy: %31s", name) != 1)
		die("the policy has no name");
	run_guarded(name, attempt, outcome);
}

TEST_F(port, works_unguarded)
{
	const struct attempt attempt = { variant->before, variant->act,
					 &variant->target };

	expect_control(_metadata, &attempt);
}

TEST_F(port, is_judged)
{
	const struct attempt attempt = { variant->before, variant->act,
					 &variant->target };
	const struct expected expected = {
		.err = EPERM,
		.hook = variant->hook,
		.class = FNG_CLASS_LISTEN,
		.line = 2,
	};
	struct outcome outcome;

	run_under(variant->policy, &attempt, &outcome);
	if (outcome.err == ENDED_UNABLE)
		SKIP(return, "the kernel cannot do this");
	if (!variant->hook) {
		expect_allowed(_metadata, &outcome);
		return;
	}
	expect_refused(_metadata, &outcome, &expected);
	expect_event(_metadata, &events, &outcome, &expected, variant->object);
}

TEST(denying_rule_has_errno_and_line)
{
	const struct target target = { .address = "127.0.0.1", .port = 8002,
				       .type = SOCK_STREAM };
	const struct attempt attempt = { .act = listen_port, .arg = &target };
	const struct expected expected = {
		.err = EACCES,
		.hook = FNG_HOOK_SOCKET_BIND,
		.class = FNG_CLASS_LISTEN,
		.line = 4,
	};
	struct outcome outcome;

	guard_load(DENYING);
	run_under(DENYING, &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

/* Both calls are told of, and neither is refused. */
TEST(audit_counts_and_allows)
{
	const struct target target = { .address = "127.0.0.1", .port = 8002,
				       .type = SOCK_STREAM };
	const struct attempt attempt = { .act = listen_port, .arg = &target };
	struct outcome outcome;
	u32 i;

	guard_load(AUDIT);
	run_under(AUDIT, &attempt, &outcome);
	EXPECT_EQ(0, outcome.err);
	ASSERT_EQ(2, outcome.nr);
	for (i = 0; i < 2; i++) {
		EXPECT_TRUE(outcome.refusals[i].audit);
		EXPECT_EQ(FNG_CLASS_LISTEN, outcome.refusals[i].class);
	}
}

/* What is too short for a port is an error of the caller, as without a guard. */
TEST(short_address_is_the_kernels_to_refuse)
{
	static const socklen_t sizes[] = { 1, 2, 4, 15 };
	struct target target = { .address = "127.0.0.1", .port = 8002,
				 .type = SOCK_STREAM };
	const struct attempt attempt = { .act = bind_port, .arg = &target };
	struct outcome guarded, unguarded;
	u32 i;

	guard_load(NAMED);
	for (i = 0; i < 4; i++) {
		target.size = sizes[i];
		run_unguarded(&attempt, &unguarded);
		run_under(NAMED, &attempt, &guarded);
		EXPECT_EQ(EINVAL, unguarded.err);
		EXPECT_EQ(EINVAL, guarded.err);
		EXPECT_EQ(0, guarded.nr);
	}
}

TEST_HARNESS_MAIN
