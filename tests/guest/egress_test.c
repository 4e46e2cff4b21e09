// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a function may connect and send, by whatever call and from whatever kind
 * of socket.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>

#include "expect.h"
#include "net.h"

#define EGRESS_POLICY							\
	"policy: egress\n"						\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - allow:\n"						\
	"        to: [127.1.0.0/16, \"fd00:1::/32\"]\n"			\
	"        ports: [8000-8100/tcp, 53/udp, icmp]\n"		\
	"    - deny: { to: [127.1.2.0/24] }\n"				\
	"    - allow: { to: [127.0.0.1, \"::1\"], ports: [8000/tcp] }\n"

#define AUDIT_POLICY							\
	"policy: egress-audit\n"					\
	"mode: audit\n"							\
	"egress: { default: deny }\n"

/* Where traffic goes is no concern of it. */
#define BARE_POLICY							\
	"policy: egress-bare\n"						\
	"files: { default: allow }\n"

#define ERRNO_POLICY							\
	"policy: egress-errno\n"					\
	"egress: { default: deny }\n"					\
	"response: { errno: { egress: EHOSTUNREACH } }\n"

/**
 * enum verdict - what is expected
 * @ALLOWED: it works
 * @NO_CONNECT: the call that names the destination is refused
 * @NO_SEND: the same, where it sends at once
 * @NO_SECOND: the same, of two messages
 * @NO_PACKET: the packet is refused, which may be another than the call names
 */
enum verdict { ALLOWED, NO_CONNECT, NO_SEND, NO_SECOND, NO_PACKET };

static const struct expected verdicts[] = {
	[NO_CONNECT] = { .err = ECONNREFUSED, .hook = FNG_HOOK_SOCKET_CONNECT,
			 .class = FNG_CLASS_EGRESS },
	[NO_SEND] = { .err = ECONNREFUSED, .hook = FNG_HOOK_SOCKET_SENDMSG,
		      .class = FNG_CLASS_EGRESS },
	[NO_SECOND] = { .err = NET_SENT_ONE, .hook = FNG_HOOK_SOCKET_SENDMSG,
			.class = FNG_CLASS_EGRESS },
	[NO_PACKET] = { .err = EPERM, .hook = FNG_HOOK_LOCAL_OUT,
			.class = FNG_CLASS_EGRESS },
};

FIXTURE(egress) {
};

FIXTURE_VARIANT(egress) {
	void (*before)(const void *arg);
	int (*act)(const void *arg);
	struct target targets[2];
	enum verdict verdict;
};

#define ROW(name, prepare, how, what, ...)				\
	FIXTURE_VARIANT_ADD(egress, name) {				\
		.before = prepare,					\
		.act = how,						\
		.targets = { __VA_ARGS__ },				\
		.verdict = what,					\
	}
#define CONNECT(name, what, ...)					\
	ROW(name, NULL, net_connect, what, { __VA_ARGS__ })
#define SEND(name, what, ...)						\
	ROW(name, NULL, net_send, what, { __VA_ARGS__ })

#define TCP		SOCK_STREAM
#define UDP		SOCK_DGRAM
#define MPTCP		SOCK_STREAM, IPPROTO_MPTCP
#define PING		SOCK_DGRAM, IPPROTO_ICMP
#define PING6		SOCK_DGRAM, IPPROTO_ICMPV6
#define RAW		SOCK_RAW, IPPROTO_ICMP
#define RAW6		SOCK_RAW, IPPROTO_ICMPV6

CONNECT(v4, ALLOWED, "127.1.0.1", 8000, TCP);
CONNECT(v4_other_address, NO_CONNECT, "127.9.0.1", 8000, TCP);
CONNECT(v4_below_ports, NO_CONNECT, "127.1.0.1", 7999, TCP);
CONNECT(v4_last_port, ALLOWED, "127.1.0.1", 8100, TCP);
CONNECT(v4_above_ports, NO_CONNECT, "127.1.0.1", 8101, TCP);
CONNECT(v4_first_address, ALLOWED, "127.1.0.0", 8000, TCP);
CONNECT(v4_last_address, ALLOWED, "127.1.255.255", 8000, TCP);
CONNECT(v4_below_addresses, NO_CONNECT, "127.0.255.255", 8000, TCP);
CONNECT(v4_above_addresses, NO_CONNECT, "127.2.0.0", 8000, TCP);
CONNECT(v4_denied_inside, NO_CONNECT, "127.1.2.1", 8000, TCP);
CONNECT(v4_multipath, ALLOWED, "127.1.0.1", 8000, MPTCP);
CONNECT(v4_multipath_denied, NO_CONNECT, "127.9.0.1", 8000, MPTCP);
CONNECT(v4_udp, ALLOWED, "127.1.0.1", 53, UDP);
CONNECT(v4_udp_on_port_of_tcp, ALLOWED, "127.1.0.1", 8000, UDP);
CONNECT(v4_tcp_on_port_of_udp, NO_CONNECT, "127.1.0.1", 53, TCP);
CONNECT(v6, ALLOWED, "fd00:1::1", 8000, TCP);
CONNECT(v6_other_address, NO_CONNECT, "fd00:2::1", 8000, TCP);
CONNECT(v6_other_port, NO_CONNECT, "fd00:1::1", 8101, TCP);
CONNECT(v6_udp, ALLOWED, "fd00:1::1", 53, UDP);
CONNECT(v6_udp_denied, NO_CONNECT, "fd00:2::1", 53, UDP);
CONNECT(mapped, ALLOWED, "::ffff:127.1.0.1", 8000, TCP);
CONNECT(mapped_denied, NO_CONNECT, "::ffff:127.9.0.1", 8000, TCP);
CONNECT(mapped_denied_inside, NO_CONNECT, "::ffff:127.1.2.1", 8000, TCP);
CONNECT(any_v4_is_loopback, ALLOWED, "0.0.0.0", 8000, TCP);
CONNECT(any_v4_is_loopback_denied, NO_CONNECT, "0.0.0.0", 8100, TCP);
CONNECT(any_v6_is_loopback, ALLOWED, "::", 8000, TCP);
CONNECT(any_v6_is_loopback_denied, NO_CONNECT, "::", 8100, TCP);
CONNECT(any_mapped_is_loopback_denied, NO_CONNECT, "::ffff:0.0.0.0", 8100,
	TCP);
CONNECT(shortest_v6, NO_CONNECT, "fd00:2::1", 8000, TCP, 0, 24);
ROW(fast_open, NULL, net_send_fastopen, ALLOWED, { "127.1.0.1", 8000, TCP });
ROW(fast_open_denied, NULL, net_send_fastopen, NO_SEND,
	{ "127.9.0.1", 8000, TCP });
ROW(fast_open_v6_denied, NULL, net_send_fastopen, NO_SEND,
	{ "fd00:2::1", 8000, TCP });
ROW(fast_open_connect, NULL, net_connect_fastopen, ALLOWED,
	{ "127.1.0.1", 8000, TCP });
ROW(fast_open_connect_denied, NULL, net_connect_fastopen, NO_CONNECT,
	{ "127.9.0.1", 8000, TCP });

SEND(send, ALLOWED, "127.1.0.1", 53, UDP);
SEND(send_denied, NO_SEND, "127.9.0.1", 53, UDP);
SEND(send_other_port, NO_SEND, "127.1.0.1", 8000, UDP);
SEND(send_v6, ALLOWED, "fd00:1::1", 53, UDP);
SEND(send_v6_denied, NO_SEND, "fd00:2::1", 53, UDP);
SEND(send_mapped_denied, NO_SEND, "::ffff:127.9.0.1", 53, UDP);
SEND(send_any_denied, NO_SEND, "0.0.0.0", 53, UDP);
SEND(send_unspec, ALLOWED, "127.1.0.1", 53, UDP, 0, 0, true);
SEND(send_unspec_denied, NO_SEND, "127.9.0.1", 53, UDP, 0, 0, true);
ROW(send_many, NULL, net_send_mmsg, ALLOWED, { "127.1.0.1", 53, UDP },
	{ "127.1.0.2", 53, UDP });
ROW(send_many_first_denied, NULL, net_send_mmsg, NO_SEND,
	{ "127.9.0.1", 53, UDP }, { "127.1.0.1", 53, UDP });
ROW(send_many_second_denied, NULL, net_send_mmsg, NO_SECOND,
	{ "127.1.0.1", 53, UDP }, { "127.9.0.1", 53, UDP });
ROW(write_connected, net_hold_connected, net_write_held, ALLOWED,
	{ "127.1.0.1", 53, UDP });
ROW(write_connected_denied, net_hold_connected, net_write_held, NO_PACKET,
	{ "127.9.0.1", 53, UDP });
/* Connecting sends nothing, and only chooses an address that may be reached. */
ROW(write_connected_on_port_of_tcp, net_hold_connected, net_write_held,
	NO_PACKET, { "127.1.0.1", 8000, UDP });
ROW(write_connected_v6_denied, net_hold_connected, net_write_held, NO_PACKET,
	{ "fd00:2::1", 53, UDP });
ROW(write_connected_mapped_denied, net_hold_connected, net_write_held,
	NO_PACKET, { "::ffff:127.9.0.1", 53, UDP });
ROW(disconnect_udp, net_hold_connected, net_disconnect_held, ALLOWED,
	{ "127.9.0.1", 53, UDP });
ROW(disconnect_tcp, net_hold_connected, net_disconnect_held, ALLOWED,
	{ "127.9.0.1", 8000, TCP });

ROW(ping, NULL, net_ping, ALLOWED, { "127.1.0.1", 0, PING });
ROW(ping_denied, NULL, net_ping, NO_SEND, { "127.9.0.1", 0, PING });
ROW(ping_v6, NULL, net_ping, ALLOWED, { "fd00:1::1", 0, PING6 });
ROW(ping_v6_denied, NULL, net_ping, NO_SEND, { "fd00:2::1", 0, PING6 });
ROW(raw, NULL, net_ping, ALLOWED, { "127.1.0.1", 0, RAW });
ROW(raw_denied, NULL, net_ping, NO_SEND, { "127.9.0.1", 0, RAW });
ROW(raw_v6, NULL, net_ping, ALLOWED, { "fd00:1::1", 0, RAW6 });
ROW(raw_v6_denied, NULL, net_ping, NO_SEND, { "fd00:2::1", 0, RAW6 });

/* The header says something else than the call. */
static int send_with_header(const void *arg)
{
	const struct target *targets = arg;
	struct {
		struct iphdr ip;
		struct icmphdr icmp;
	} packet = {
		.ip = { .version = 4, .ihl = 5, .ttl = 1,
			.protocol = IPPROTO_ICMP },
		.icmp = { .type = ICMP_ECHO },
	};
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), on = 1;
	struct sockaddr_storage address;
	socklen_t size = target_address(&targets[0], &address);

	packet.ip.tot_len = htons(sizeof(packet));
	packet.ip.daddr = inet_addr(targets[1].address);
	if (setsockopt(fd, IPPROTO_IP, IP_HDRINCL, &on, sizeof(on)))
		die("no headers");
	return errno_of(sendto(fd, &packet, sizeof(packet), 0,
			       (struct sockaddr *)&address, size));
}

/* The way goes over the first hop, which is all that the call names. */
static int send_source_routed(const void *arg)
{
	const struct target *targets = arg;
	unsigned char option[8] = { IPOPT_NOOP, IPOPT_LSRR, 7, 4 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_storage address;
	socklen_t size = target_address(&targets[1], &address);
	in_addr_t hop = inet_addr(targets[0].address);

	memcpy(&option[4], &hop, sizeof(hop));
	if (setsockopt(fd, IPPROTO_IP, IP_OPTIONS, option, sizeof(option)))
		die("no options");
	return errno_of(sendto(fd, "?", 1, 0, (struct sockaddr *)&address,
			       size));
}

ROW(header_of_denied, NULL, send_with_header, NO_PACKET,
	{ "127.1.0.1" }, { "127.9.0.1" });
ROW(header_of_allowed, NULL, send_with_header, ALLOWED,
	{ "127.1.0.1" }, { "127.1.0.2" });
ROW(source_route, NULL, send_source_routed, NO_PACKET,
	{ "127.1.0.1", 53, UDP }, { "127.1.0.2", 53, UDP });

/* The host makes it, and the function enters it. */
static void hold_in_namespace(const void *arg)
{
	if (unshare(CLONE_NEWNET))
		die("no network namespace");
	net_loopback_up();
	net_hold_connected(arg);
}

/* What is sent to where it may be sent goes to where it may not. */
static void translate_in_namespace(const void *arg)
{
	const struct target *targets = arg;
	char command[128];

	hold_in_namespace(&targets[0]);
	snprintf(command, sizeof(command),
		 "iptables -t nat -A OUTPUT -d %s -j DNAT --to %s",
		 targets[0].address, targets[1].address);
	if (system(command))
		die("no address translation");
}

/* As what makes a network namespace, it has the kernel's own sockets there. */
static void make_neighbourhood(const void *arg)
{
	(void)arg;
	if (unshare(CLONE_NEWNET) ||
	    system("ip link add d0 type dummy && ip link set d0 up"))
		die("no network namespace");
}

static int let_the_kernel_speak(const void *arg)
{
	(void)arg;
	sleep(2);
	return 0;
}

ROW(namespace_of_its_own, make_neighbourhood, let_the_kernel_speak, ALLOWED,
	{ "127.1.0.1" });
ROW(namespace, hold_in_namespace, net_write_held, ALLOWED,
	{ "127.1.0.1", 53, UDP });
ROW(namespace_denied, hold_in_namespace, net_write_held, NO_PACKET,
	{ "127.9.0.1", 53, UDP });
ROW(namespace_connect_denied, hold_in_namespace, net_connect, NO_CONNECT,
	{ "127.9.0.1", 53, UDP });
ROW(namespace_translates, translate_in_namespace, net_write_held, ALLOWED,
	{ "127.1.0.1", 53, UDP }, { "127.1.0.2" });
ROW(namespace_translates_to_denied, translate_in_namespace, net_write_held,
	NO_PACKET, { "127.1.0.1", 53, UDP }, { "127.9.0.1" });

static void prepare_network(void)
{
	static const u16 ports[] = { 53, 7999, 8000, 8100, 8101 };
	size_t i;

	net_add_address("fd00:1::1");
	net_add_address("fd00:2::1");
	net_set("ipv4/ping_group_range", "0 0");
	for (i = 0; i < ARRAY_SIZE(ports); i++)
		net_listen(ports[i]);
}

FIXTURE_SETUP(egress)
{
	prepare_network();
	guard_load(EGRESS_POLICY);
}

FIXTURE_TEARDOWN(egress)
{
}

static struct attempt attempt_of(const FIXTURE_VARIANT(egress) *variant)
{
	return (struct attempt) { variant->before, variant->act,
				  variant->targets };
}

TEST_F(egress, works_unguarded)
{
	const struct attempt attempt = attempt_of(variant);

	expect_control(_metadata, &attempt);
}

TEST_F(egress, is_judged)
{
	const struct attempt attempt = attempt_of(variant);
	struct outcome outcome;

	run_guarded("egress", &attempt, &outcome);
	if (variant->verdict)
		expect_refused(_metadata, &outcome,
			       &verdicts[variant->verdict]);
	else
		expect_allowed(_metadata, &outcome);
}

/* What the kernel refuses by itself is not counted. */
TEST(address_too_short)
{
	const struct target targets[] = {
		{ .address = "127.9.0.1", .port = 8000, .type = TCP,
		  .size = 4 },
		{ .address = "127.9.0.1", .port = 53, .type = UDP,
		  .size = sizeof(struct sockaddr_in) - 1 },
		{ .address = "fd00:2::1", .port = 8000, .type = TCP,
		  .size = 23 },
	};
	struct outcome outcome;
	size_t i;

	guard_load(EGRESS_POLICY);
	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		const struct attempt attempt = { .act = net_connect,
						 .arg = &targets[i] };

		run_unguarded(&attempt, &outcome);
		EXPECT_EQ(EINVAL, outcome.err);
		run_guarded("egress", &attempt, &outcome);
		EXPECT_EQ(EINVAL, outcome.err);
		EXPECT_EQ(0, outcome.nr);
	}
}

TEST(errno_is_the_policys)
{
	const struct target target = { .address = "127.1.0.1", .port = 8000,
				       .type = TCP };
	const struct attempt attempt = { .act = net_connect, .arg = &target };
	const struct expected expected = { .err = EHOSTUNREACH,
		.hook = FNG_HOOK_SOCKET_CONNECT, .class = FNG_CLASS_EGRESS };
	struct outcome outcome;

	guard_load(ERRNO_POLICY);
	run_guarded("egress-errno", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

TEST(refusal_is_an_event)
{
	const struct target target = { .address = "127.1.2.1", .port = 8000,
				       .type = TCP };
	const struct attempt attempt = { .act = net_connect, .arg = &target };
	const struct expected expected = { .err = ECONNREFUSED,
		.hook = FNG_HOOK_SOCKET_CONNECT, .class = FNG_CLASS_EGRESS,
		.line = 8 };
	struct outcome outcome;
	struct events events;

	guard_load(EGRESS_POLICY);
	events_start(&events);
	run_guarded("egress", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	expect_event(_metadata, &events, &outcome, &expected,
		     "127.1.2.1 port 8000/tcp");
	events_stop(&events);
}

/* The call and the packet are both told, and both go through. */
TEST(audit_counts_and_allows)
{
	const struct target target = { .address = "127.1.0.1", .port = 8000,
				       .type = TCP };
	const struct attempt attempt = { .act = net_connect, .arg = &target };
	struct outcome outcome;
	u32 i, hooks = 0;

	prepare_network();
	guard_load(AUDIT_POLICY);
	run_guarded("egress-audit", &attempt, &outcome);
	EXPECT_EQ(0, outcome.err);
	ASSERT_EQ(2, outcome.nr);
	for (i = 0; i < outcome.nr; i++) {
		EXPECT_TRUE(outcome.refusals[i].audit);
		EXPECT_EQ(1, outcome.refusals[i].count);
		EXPECT_EQ(FNG_CLASS_EGRESS, outcome.refusals[i].class);
		hooks |= 1ull << outcome.refusals[i].hook;
	}
	EXPECT_EQ(1ull << FNG_HOOK_SOCKET_CONNECT | 1ull << FNG_HOOK_LOCAL_OUT,
		  hooks);
}

static void run_entering(const char *policy, const struct attempt *attempt,
			 struct outcome *outcome)
{
	struct group group;

	group_make(&group, NULL);
	group_bind(&group, policy);
	run_in(&group, NULL, attempt, outcome);
	group_remove(&group);
}

/* A launcher has no business in the network, wherever it wants to go. */
TEST(entering_task)
{
	const struct target target = { .address = "127.1.0.1", .port = 53,
				       .type = UDP };
	struct attempt attempt = { .act = net_connect, .arg = &target };
	struct expected expected = {
		.err = ECONNREFUSED,
		.hook = FNG_HOOK_SOCKET_CONNECT,
		.class = FNG_CLASS_EGRESS,
		.rule = FNG_RULE_GUARD | FNG_GUARD_ENTERING,
	};
	struct outcome outcome;

	prepare_network();
	guard_load(EGRESS_POLICY);
	run_entering("egress", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	attempt.act = net_send;
	expected.hook = FNG_HOOK_SOCKET_SENDMSG;
	run_entering("egress", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

TEST(entering_task_in_audit_mode)
{
	const struct target target = { .address = "127.1.0.1", .port = 53,
				       .type = UDP };
	const struct attempt attempt = { .act = net_connect, .arg = &target };
	const struct expected expected = {
		.hook = FNG_HOOK_SOCKET_CONNECT,
		.class = FNG_CLASS_EGRESS,
		.rule = FNG_RULE_GUARD | FNG_GUARD_ENTERING,
		.audit = true,
	};
	struct outcome outcome;

	prepare_network();
	guard_load(AUDIT_POLICY);
	run_entering("egress-audit", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

TEST(entering_task_without_egress_rules)
{
	const struct target target = { .address = "127.9.0.1", .port = 53,
				       .type = UDP };
	const struct attempt attempt = { .act = net_send, .arg = &target };
	struct outcome outcome;

	prepare_network();
	guard_load(BARE_POLICY);
	run_entering("egress-bare", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

TEST_HARNESS_MAIN
