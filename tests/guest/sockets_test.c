// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which sockets a function may make, and whose a socket is.
 */
#include <errno.h>
#include <unistd.h>
#include <linux/if_alg.h>
#include <linux/netlink.h>

#include <client/cgroup.h>

#include "expect.h"
#include "net.h"

#define SOCKETS_POLICY							\
	"policy: sockets\n"						\
	"sockets: { families: [unix, inet], types: [stream] }\n"

/* Everything may be connected to, but only from sockets that can be judged. */
#define FLOOR_POLICY							\
	"policy: sockets-floor\n"					\
	"egress: { default: allow }\n"

#define EGRESS_POLICY							\
	"policy: sockets-egress\n"					\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - { allow: { to: [127.1.0.0/16] } }\n"

/**
 * struct kind - what socket() is asked for
 * @family: AF_*
 * @type: SOCK_*
 * @protocol: its protocol
 */
struct kind {
	int family;
	int type;
	int protocol;
};

/* A family may be missing from the kernel; then there is nothing to refuse. */
static int make_socket(const void *arg)
{
	const struct kind *kind = arg;
	int err = errno_of_fd(socket(kind->family, kind->type,
				     kind->protocol));

	return err == EAFNOSUPPORT || err == EPROTONOSUPPORT ? ENDED_UNABLE :
							       err;
}

static int make_pair(const void *arg)
{
	const struct kind *kind = arg;
	int fds[2];

	return errno_of(socketpair(kind->family, kind->type, kind->protocol,
				   fds));
}

FIXTURE(sockets) {
};

FIXTURE_VARIANT(sockets) {
	const char *policy;
	int (*act)(const void *arg);
	struct kind kind;
	int class;		/* 0: it is allowed */
};

#define ROW(name, what, how, verdict, ...)				\
	FIXTURE_VARIANT_ADD(sockets, name) {				\
		.policy = what,						\
		.act = how,						\
		.class = verdict,					\
		.kind = { __VA_ARGS__ },				\
	}
#define RULE(name, verdict, ...)					\
	ROW(name, "sockets", make_socket, verdict, __VA_ARGS__)
#define FLOOR(name, verdict, ...)					\
	ROW(name, "sockets-floor", make_socket, verdict, __VA_ARGS__)
#define ALLOWED		0
#define REFUSED		FNG_CLASS_SOCKETS
#define FLOORED		FNG_CLASS_FLOOR

RULE(family_and_type, ALLOWED, AF_INET, SOCK_STREAM, 0);
RULE(flags_are_no_type, ALLOWED, AF_INET,
	SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
RULE(other_type, REFUSED, AF_INET, SOCK_DGRAM, 0);
RULE(other_type_with_flags, REFUSED, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
RULE(raw_type, REFUSED, AF_INET, SOCK_RAW, IPPROTO_ICMP);
RULE(other_family, REFUSED, AF_INET6, SOCK_STREAM, 0);
RULE(netlink, REFUSED, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
ROW(pair, "sockets", make_pair, ALLOWED, AF_UNIX, SOCK_STREAM, 0);
ROW(pair_of_other_type, "sockets", make_pair, REFUSED, AF_UNIX, SOCK_DGRAM, 0);

FLOOR(floor_inet, ALLOWED, AF_INET, SOCK_DGRAM, 0);
FLOOR(floor_inet_raw, ALLOWED, AF_INET, SOCK_RAW, IPPROTO_ICMP);
FLOOR(floor_inet6, ALLOWED, AF_INET6, SOCK_STREAM, 0);
FLOOR(floor_unix, ALLOWED, AF_UNIX, SOCK_SEQPACKET, 0);
FLOOR(floor_route, ALLOWED, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
FLOOR(floor_generic, FLOORED, AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
FLOOR(floor_uevent, FLOORED, AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT);
FLOOR(floor_packet, FLOORED, AF_PACKET, SOCK_RAW, 0);
FLOOR(floor_packet_dgram, FLOORED, AF_PACKET, SOCK_DGRAM, 0);
FLOOR(floor_xdp, FLOORED, AF_XDP, SOCK_RAW, 0);
FLOOR(floor_vsock, FLOORED, AF_VSOCK, SOCK_STREAM, 0);
FLOOR(floor_alg, FLOORED, AF_ALG, SOCK_SEQPACKET, 0);

FIXTURE_SETUP(sockets)
{
	guard_load(SOCKETS_POLICY);
	guard_load(FLOOR_POLICY);
}

FIXTURE_TEARDOWN(sockets)
{
}

TEST_F(sockets, works_unguarded)
{
	const struct attempt attempt = { NULL, variant->act, &variant->kind };

	expect_control(_metadata, &attempt);
}

TEST_F(sockets, is_judged)
{
	const struct attempt attempt = { NULL, variant->act, &variant->kind };
	const struct expected expected = {
		.err = EPERM,
		.hook = FNG_HOOK_SOCKET_CREATE,
		.class = variant->class,
		.rule = variant->class == FLOORED ?
			FNG_RULE_FLOOR | FNG_FLOOR_SOCKET : 0,
	};
	struct outcome outcome;

	run_guarded(variant->policy, &attempt, &outcome);
	if (variant->class)
		expect_refused(_metadata, &outcome, &expected);
	else
		expect_allowed(_metadata, &outcome);
}

TEST(refusal_is_an_event)
{
	const struct kind kind = { AF_INET6, SOCK_STREAM, 0 };
	const struct attempt attempt = { .act = make_socket, .arg = &kind };
	const struct expected expected = {
		.err = EPERM,
		.hook = FNG_HOOK_SOCKET_CREATE,
		.class = FNG_CLASS_SOCKETS,
		.line = 2,
	};
	struct outcome outcome;
	struct events events;

	guard_load(SOCKETS_POLICY);
	events_start(&events);
	run_guarded("sockets", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	expect_event(_metadata, &events, &outcome, &expected,
		     "family=10 type=1 protocol=0");
	events_stop(&events);
}

#define ALLOWED_TARGET	{ .address = "127.1.0.1", .port = 8000 }
#define DENIED_TARGET	{ .address = "127.9.0.1", .port = 8000 }

/* Whose it is was decided before; the socket comes from outside. */
static int connect_held(const void *arg)
{
	struct sockaddr_storage address;
	socklen_t size = target_address(arg, &address);

	return errno_of(connect(net_held, (struct sockaddr *)&address, size));
}

TEST(task_is_judged_whosever_socket_it_is)
{
	static const struct target allowed = ALLOWED_TARGET,
				   denied = DENIED_TARGET;
	struct attempt attempt = { .act = connect_held, .arg = &denied };
	const struct expected expected = {
		.err = ECONNREFUSED,
		.hook = FNG_HOOK_SOCKET_CONNECT,
		.class = FNG_CLASS_EGRESS,
	};
	struct outcome outcome;

	net_listen(8000);
	guard_load(EGRESS_POLICY);
	net_held = socket(AF_INET, SOCK_STREAM, 0);
	run_guarded("sockets-egress", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	attempt.arg = &allowed;
	run_guarded("sockets-egress", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
	close(net_held);
	net_held = socket(AF_INET, SOCK_STREAM, 0);
	attempt.arg = &denied;
	expect_control(_metadata, &attempt);
}

/* A socket that is made in a cgroup which nothing is bound to yet. */
static int socket_of(const struct group *group, int type)
{
	int root = fng_cgroup_open("/"), fd;

	if (fng_cgroup_move(group->fd, 0))
		die("cannot enter the cgroup");
	fd = socket(AF_INET, type, 0);
	if (fng_cgroup_move(root, 0))
		die("cannot leave the cgroup");
	close(root);
	return fd;
}

FIXTURE(foreign) {
	struct group group;
};

FIXTURE_VARIANT(foreign) {
	int type;
	int err;
};

FIXTURE_VARIANT_ADD(foreign, tcp) {
	.type = SOCK_STREAM,
	.err = ECONNREFUSED,
};

FIXTURE_VARIANT_ADD(foreign, udp) {
	.type = SOCK_DGRAM,
	.err = EPERM,
};

FIXTURE_SETUP(foreign)
{
	net_listen(8000);
	guard_load(EGRESS_POLICY);
	group_make(&self->group, NULL);
	net_held = socket_of(&self->group, variant->type);
}

FIXTURE_TEARDOWN(foreign)
{
	close(net_held);
	group_remove(&self->group);
}

/* The host is not guarded, but what it sends leaves from the function's socket. */
static int use_held(const struct target *target)
{
	return connect_held(target) ?: net_write_held(NULL);
}

TEST_F(foreign, works_unguarded)
{
	const struct target denied = DENIED_TARGET;

	EXPECT_EQ(0, use_held(&denied));
}

TEST_F(foreign, allowed_destination)
{
	const struct target allowed = ALLOWED_TARGET;
	struct outcome outcome;

	group_bind(&self->group, "sockets-egress");
	EXPECT_EQ(0, use_held(&allowed));
	refusals_read(self->group.id, &outcome);
	EXPECT_EQ(0, outcome.nr);
}

TEST_F(foreign, denied_destination)
{
	const struct target denied = DENIED_TARGET;
	const struct expected expected = {
		.err = variant->err,
		.hook = FNG_HOOK_LOCAL_OUT,
		.class = FNG_CLASS_EGRESS,
	};
	struct outcome outcome;

	group_bind(&self->group, "sockets-egress");
	outcome.err = use_held(&denied);
	refusals_read(self->group.id, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

TEST_HARNESS_MAIN
