// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a function may send by protocols that are neither plain TCP nor plain
 * UDP: those that no rule can name, SCTP, and flows of datagrams that change where
 * they go, as those of QUIC do.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/dccp.h>
#include <netinet/udp.h>

#include "expect.h"
#include "net.h"

#define NAMED_POLICY							\
	"policy: protocols\n"						\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - allow:\n"						\
	"        to: [127.1.0.0/16, \"fd00:1::/32\"]\n"			\
	"        ports: [8000/tcp, 8000/udp, 8000/sctp]\n"

/* Protocols that have no name follow the default, but where all are denied. */
#define OPEN_POLICY							\
	"policy: protocols-open\n"					\
	"egress:\n"							\
	"  default: allow\n"						\
	"  rules: [ { deny: { to: [127.9.0.0/16, \"fd00:2::/32\"] } } ]\n"

#define NAMED		"protocols"
#define OPEN		"protocols-open"

#define ALLOWED		"127.1.0.1"
#define DENIED		"127.9.0.1"
#define ALLOWED_V6	"fd00:1::1"
#define DENIED_V6	"fd00:2::1"

#ifndef SOL_DCCP
#define SOL_DCCP	269
#endif

/* Datagrams of a flow, and what one of many in one packet carries. */
#define FLOW		100
#define SEGMENT		1200
#define SEGMENTS	10

/* Of the datagrams of a flow, not all of one kind ended in the same way. */
#define UNEVEN		4002

/**
 * struct flow - errnos of datagrams that are all to end alike
 * @err: of the first
 * @nr: number of them
 * @uneven: another one ended otherwise
 */
struct flow {
	int err;
	u32 nr;
	bool uneven;
};

static void flow_add(struct flow *flow, int err)
{
	if (!flow->nr++)
		flow->err = err;
	else if (err != flow->err)
		flow->uneven = true;
}

static int flow_end(const struct flow *flow)
{
	return flow->uneven ? UNEVEN : flow->err;
}

static int open_target(const struct target *target)
{
	u32 service = htonl(1);
	int fd = socket(target_family(target), target->type, target->protocol);

	/* Both ends have to name the same service. */
	if (fd >= 0 && target->protocol == IPPROTO_DCCP &&
	    setsockopt(fd, SOL_DCCP, DCCP_SOCKOPT_SERVICE, &service,
		       sizeof(service)))
		die("no service of DCCP");
	return fd;
}

static int connect_to(int fd, const struct target *target)
{
	struct sockaddr_storage to;
	socklen_t size = target_address(target, &to);

	return errno_of(connect(fd, (struct sockaddr *)&to, size));
}

static int send_to(int fd, const struct target *target)
{
	struct sockaddr_storage to;
	socklen_t size = target_address(target, &to);

	return errno_of(sendto(fd, "?", 1, 0, (struct sockaddr *)&to, size));
}

static int connect_target(const void *arg)
{
	return connect_to(open_target(arg), arg);
}

static void hold_target(const void *arg)
{
	net_held = open_target(arg);
	/* Who tells whether the kernel can has not been asked yet. */
	if (net_held >= 0 && connect_to(net_held, arg))
		die("cannot connect");
}

static int write_flow(const void *arg)
{
	struct flow flow = { 0 };
	int i;

	for (i = 0; i < FLOW; i++)
		flow_add(&flow, net_write_held(arg));
	return flow_end(&flow);
}

static int send_flow(const void *arg)
{
	int fd = open_target(arg), i;
	struct flow flow = { 0 };

	for (i = 0; i < FLOW; i++)
		flow_add(&flow, send_to(fd, arg));
	return flow_end(&flow);
}

/* To the one and to the other, in turns; the first is always allowed. */
static int migrate(const void *arg)
{
	const struct target *targets = arg;
	int fd = open_target(targets), i;
	struct flow flow = { 0 };

	for (i = 0; i < FLOW; i++) {
		if (send_to(fd, &targets[0]))
			return UNEVEN;
		flow_add(&flow, send_to(fd, &targets[1]));
	}
	return flow_end(&flow);
}

/* The same where the first is where the socket is connected to. */
static int migrate_held(const void *arg)
{
	const struct target *targets = arg;
	struct flow flow = { 0 };
	int i;

	for (i = 0; i < FLOW; i++) {
		if (net_write_held(arg))
			return UNEVEN;
		flow_add(&flow, send_to(net_held, &targets[1]));
	}
	return flow_end(&flow);
}

/* Who may not connect to elsewhere is connected to where he was. */
static int reconnect_held(const void *arg)
{
	const struct target *targets = arg;
	int err = connect_to(net_held, &targets[1]);

	return net_write_held(arg) ? UNEVEN : err;
}

static void hold_segmented(const void *arg)
{
	int size = SEGMENT;

	hold_target(arg);
	if (setsockopt(net_held, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)))
		die("no segments");
}

static int write_segmented(const void *arg)
{
	static const char data[SEGMENTS * SEGMENT];

	(void)arg;
	return errno_of(write(net_held, data, sizeof(data)));
}

static int send_segmented(const void *arg)
{
	static char data[SEGMENTS * SEGMENT];
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(u16))];
	} control = { .header = {
		.cmsg_len = CMSG_LEN(sizeof(u16)),
		.cmsg_level = IPPROTO_UDP,
		.cmsg_type = UDP_SEGMENT,
	} };
	const u16 segment = SEGMENT;
	struct sockaddr_storage to;
	struct iovec iov = { data, sizeof(data) };
	struct msghdr message = {
		.msg_name = &to,
		.msg_namelen = target_address(arg, &to),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	memcpy(CMSG_DATA(&control.header), &segment, sizeof(segment));
	return errno_of(sendmsg(open_target(arg), &message, 0));
}

FIXTURE(protocols) {
};

/*
 * @hook: that refuses, 0 if it is allowed
 * @err: what is returned then
 * @times: how often it is refused, 0 for as often as the protocol tries
 * @object: as it is told
 */
FIXTURE_VARIANT(protocols) {
	const char *policy;
	void (*before)(const void *arg);
	int (*act)(const void *arg);
	struct target targets[2];
	int hook;
	int err;
	u32 times;
	const char *object;
};

#define ROW(name, under, prepare, how, first, second, ...)		\
	FIXTURE_VARIANT_ADD(protocols, name) {				\
		.policy = under,					\
		.before = prepare,					\
		.act = how,						\
		.targets = { first, second },				\
		__VA_ARGS__						\
	}
#define AT(where, ...)	{ .address = where, .port = 8000, __VA_ARGS__ }
#define NOWHERE		{ 0 }
#define UDP(where)	AT(where, .type = SOCK_DGRAM)
#define LITE(where)	AT(where, .type = SOCK_DGRAM, .protocol = IPPROTO_UDPLITE)
#define DCCP(where)	AT(where, .type = SOCK_DCCP, .protocol = IPPROTO_DCCP)
#define SCTP(where)	AT(where, .type = SOCK_STREAM, .protocol = IPPROTO_SCTP)
#define SCTP_MANY(where) \
	AT(where, .type = SOCK_SEQPACKET, .protocol = IPPROTO_SCTP)

#define NO_CONNECT(what)						\
	.hook = FNG_HOOK_SOCKET_CONNECT, .err = ECONNREFUSED, .times = 1, \
	.object = what
#define NO_SEND(many, what)						\
	.hook = FNG_HOOK_SOCKET_SENDMSG, .err = ECONNREFUSED, .times = many, \
	.object = what
#define NO_PACKET(many, what)						\
	.hook = FNG_HOOK_LOCAL_OUT, .err = EPERM, .times = many, .object = what

/* Nobody can allow it by name, so what names others does not allow it. */
ROW(lite_unnamed, NAMED, NULL, send_flow, LITE(ALLOWED), NOWHERE,
    NO_SEND(FLOW, ALLOWED " port 8000/other"));
ROW(lite_connect_unnamed, NAMED, NULL, connect_target, LITE(ALLOWED), NOWHERE,
    NO_CONNECT(ALLOWED " port 8000/other"));
ROW(lite, OPEN, NULL, send_flow, LITE(ALLOWED), NOWHERE);
ROW(lite_denied, OPEN, NULL, send_flow, LITE(DENIED), NOWHERE,
    NO_SEND(FLOW, DENIED " port 8000/other"));
ROW(lite_v6, OPEN, NULL, send_flow, LITE(ALLOWED_V6), NOWHERE);
ROW(lite_v6_denied, OPEN, NULL, send_flow, LITE(DENIED_V6), NOWHERE,
    NO_SEND(FLOW, DENIED_V6 " port 8000/other"));
ROW(lite_held, OPEN, hold_target, write_flow, LITE(ALLOWED), NOWHERE);
ROW(lite_held_denied, OPEN, hold_target, write_flow, LITE(DENIED), NOWHERE,
    NO_PACKET(FLOW, DENIED));

ROW(dccp_unnamed, NAMED, NULL, connect_target, DCCP(ALLOWED), NOWHERE,
    NO_CONNECT(ALLOWED " port 8000/other"));
ROW(dccp, OPEN, NULL, connect_target, DCCP(ALLOWED), NOWHERE);
ROW(dccp_denied, OPEN, NULL, connect_target, DCCP(DENIED), NOWHERE,
    NO_CONNECT(DENIED " port 8000/other"));
/* It does not tell what became of a packet, and sends some of its own. */
ROW(dccp_held_denied, OPEN, hold_target, net_write_held, DCCP(DENIED), NOWHERE,
    .hook = FNG_HOOK_LOCAL_OUT, .object = DENIED);

ROW(sctp, NAMED, NULL, connect_target, SCTP(ALLOWED), NOWHERE);
ROW(sctp_denied, NAMED, NULL, connect_target, SCTP(DENIED), NOWHERE,
    NO_CONNECT(DENIED " port 8000/sctp"));
ROW(sctp_send, NAMED, NULL, net_send, SCTP_MANY(ALLOWED), NOWHERE);
ROW(sctp_send_denied, NAMED, NULL, net_send, SCTP_MANY(DENIED), NOWHERE,
    NO_SEND(1, DENIED " port 8000/sctp"));
ROW(sctp_migrate, NAMED, NULL, migrate, SCTP_MANY(ALLOWED),
    SCTP_MANY("127.1.0.2"));
ROW(sctp_migrate_denied, NAMED, NULL, migrate, SCTP_MANY(ALLOWED),
    SCTP_MANY(DENIED), NO_SEND(FLOW, DENIED " port 8000/sctp"));

ROW(flow, NAMED, NULL, send_flow, UDP(ALLOWED), NOWHERE);
ROW(flow_denied, NAMED, NULL, send_flow, UDP(DENIED), NOWHERE,
    NO_SEND(FLOW, DENIED " port 8000/udp"));
ROW(flow_v6, NAMED, NULL, send_flow, UDP(ALLOWED_V6), NOWHERE);
ROW(flow_v6_denied, NAMED, NULL, send_flow, UDP(DENIED_V6), NOWHERE,
    NO_SEND(FLOW, DENIED_V6 " port 8000/udp"));
ROW(flow_held, NAMED, hold_target, write_flow, UDP(ALLOWED), NOWHERE);
ROW(flow_held_denied, NAMED, hold_target, write_flow, UDP(DENIED), NOWHERE,
    NO_PACKET(FLOW, DENIED " port 8000/udp"));
ROW(migrates, NAMED, NULL, migrate, UDP(ALLOWED), UDP("127.1.0.2"));
ROW(migrates_denied, NAMED, NULL, migrate, UDP(ALLOWED), UDP(DENIED),
    NO_SEND(FLOW, DENIED " port 8000/udp"));
ROW(migrates_held, NAMED, hold_target, migrate_held, UDP(ALLOWED),
    UDP("127.1.0.2"));
ROW(migrates_held_denied, NAMED, hold_target, migrate_held, UDP(ALLOWED),
    UDP(DENIED), NO_SEND(FLOW, DENIED " port 8000/udp"));
ROW(reconnects, NAMED, hold_target, reconnect_held, UDP(ALLOWED),
    UDP("127.1.0.2"));
ROW(reconnects_denied, NAMED, hold_target, reconnect_held, UDP(ALLOWED),
    UDP(DENIED), NO_CONNECT(DENIED " port 8000/udp"));
/* Ten datagrams are one packet until they leave. */
ROW(segmented, NAMED, hold_segmented, write_segmented, UDP(ALLOWED), NOWHERE);
ROW(segmented_denied, NAMED, hold_segmented, write_segmented, UDP(DENIED),
    NOWHERE, NO_PACKET(1, DENIED " port 8000/udp"));
ROW(segmented_send, NAMED, NULL, send_segmented, UDP(ALLOWED), NOWHERE);
ROW(segmented_send_denied, NAMED, NULL, send_segmented, UDP(DENIED), NOWHERE,
    NO_SEND(1, DENIED " port 8000/udp"));

static bool listens(const struct target *target)
{
	return target->type != SOCK_DGRAM;
}

/* At the very address: SCTP does not answer for others of the machine. */
static void serve(const struct target *target)
{
	int fd = open_target(target), on = 1;
	struct sockaddr_storage at;
	socklen_t size = target_address(target, &at);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&at, size) ||
	    (listens(target) && listen(fd, FLOW)))
		die("nobody listens");
}

static bool is_available(const struct target *target)
{
	return !errno_of_fd(open_target(target));
}

static void serve_all(const struct target *targets, size_t nr)
{
	size_t i;

	for (i = 0; i < nr && targets[i].address; i++)
		if (is_available(&targets[i]))
			serve(&targets[i]);
}

/* Some are loaded for nobody who only asks for a socket. */
FIXTURE_SETUP(protocols)
{
	if (system("modprobe -qa sctp dccp_ipv4 dccp_ipv6 2>/dev/null"))
		TH_LOG("not all protocols are there");
	net_add_address(ALLOWED_V6);
	net_add_address(DENIED_V6);
	serve_all(variant->targets, ARRAY_SIZE(variant->targets));
	guard_load(NAMED_POLICY);
	guard_load(OPEN_POLICY);
}

FIXTURE_TEARDOWN(protocols)
{
}

EVENTS_OF_SUITE(events);

static struct attempt attempt_of(const FIXTURE_VARIANT(protocols) *variant)
{
	return (struct attempt) { variant->before, variant->act,
				  variant->targets };
}

TEST_F(protocols, works_unguarded)
{
	const struct attempt attempt = attempt_of(variant);

	if (!is_available(&variant->targets[0]))
		SKIP(return, "the kernel has no such protocol");
	expect_control(_metadata, &attempt);
}

/* All are of one kind, and the first of them is told. */
static void expect_kept_back(struct __test_metadata *_metadata,
			     const FIXTURE_VARIANT(protocols) *variant,
			     const struct outcome *outcome)
{
	const struct refusal *row = &outcome->refusals[0];
	char line[EVENT_LINE_SIZE];

	EXPECT_EQ(variant->err, outcome->err);
	ASSERT_EQ(1, outcome->nr);
	EXPECT_STREQ(fng_hook_name(variant->hook), fng_hook_name(row->hook));
	EXPECT_EQ(FNG_CLASS_EGRESS, row->class);
	EXPECT_FALSE(row->audit);
	EXPECT_EQ(variant->times ?: row->count, row->count);
	ASSERT_TRUE(events_find(&events, "denied", outcome->cgroup, line));
	expect_text(_metadata, line, fng_hook_name(variant->hook));
	expect_text(_metadata, line, variant->object);
	expect_text(_metadata, line, variant->policy);
}

TEST_F(protocols, is_judged)
{
	const struct attempt attempt = attempt_of(variant);
	struct outcome outcome;

	if (!is_available(&variant->targets[0]))
		SKIP(return, "the kernel has no such protocol");
	run_guarded(variant->policy, &attempt, &outcome);
	if (variant->hook)
		expect_kept_back(_metadata, variant, &outcome);
	else
		expect_allowed(_metadata, &outcome);
	if (!_metadata->passed)
		outcome_print(&outcome);
}

TEST_HARNESS_MAIN
