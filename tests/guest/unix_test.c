// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which Unix sockets a function may talk to: its own by the path as it sees it,
 * those of others by the path as they see it, and abstract ones.
 */
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mount.h>
#include <sys/socket.h>

#include "expect.h"
#include "peers.h"

EVENTS_OF_SUITE(events);

#define DENYING								\
	"policy: unix-denying\n"					\
	"unix:\n"							\
	"  default: allow\n"						\
	"  deny: [\"host:/**/log\", \"@fn-*\"]\n"			\
	"response: { errno: { unix: ECONNREFUSED } }\n"
#define AUDIT								\
	"policy: unix-audit\n"						\
	"unix: { mode: audit, default: deny }\n"

/* 107 bytes behind the '@'. */
#define TEN	"0123456789"
#define LONGEST	"@fn-" TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "0123"

FIXTURE(peer) {
};

FIXTURE_VARIANT(peer) {
	void (*before)(const void *arg);
	int (*act)(const void *arg);
	struct peer peer;
	bool host;		/* somebody else has made it */
	int hook;		/* 0: it is allowed */
	u32 rule;
	const char *object;
};

static void be_served(const void *arg)
{
	peer_serve(arg);
}

/* The act is about another name than what was bound. */
static void serve_renamed(const void *arg)
{
	const struct peer *peer = arg;

	peer_serve_at(WORK "/before", peer->type);
	if (rename(WORK "/before", peer->name))
		die("the socket cannot be renamed");
}

static void serve_unlinked(const void *arg)
{
	const struct peer *peer = arg;

	peer_serve(peer);
	peer_hold_connected(peer);
	unlink(peer->name);
}

static void lose_it(const void *arg)
{
	const struct peer *peer = arg;

	peer_hold_connected(peer);
	unlink(peer->name);
}

static void enter_jail(void)
{
	if (chroot(WORK) || chdir("/"))
		die("no jail");
}

static void serve_in_jail(const void *arg)
{
	enter_jail();
	peer_serve(arg);
}

static void go_to_jail(const void *arg)
{
	(void)arg;
	enter_jail();
}

static void leave_mounts(void)
{
	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		die("no mounts of its own");
}

static void unshare_mounts(const void *arg)
{
	(void)arg;
	leave_mounts();
}

/* What it then is bound to is on a mount that it has left behind. */
static void serve_and_unshare(const void *arg)
{
	peer_serve(arg);
	leave_mounts();
}

static void unshare_and_serve(const void *arg)
{
	leave_mounts();
	peer_serve(arg);
}

/* A file system that is its root, and has another path outside. */
static void see_as_root(const void *arg)
{
	(void)arg;
	leave_mounts();
	if (mount(WORK, "/mnt", NULL, MS_BIND, NULL) || chroot("/mnt") ||
	    chdir("/"))
		die("no root of its own");
}

static void see_as_root_and_serve(const void *arg)
{
	see_as_root(arg);
	peer_serve(arg);
}

#define ROW(row, who, kind, how, ...)					\
	FIXTURE_VARIANT_ADD(peer, row) {				\
		.peer = { .name = who, .type = kind },			\
		.act = how, __VA_ARGS__					\
	}
#define OWN	.before = be_served
#define HOST	.host = true
#define AT_CONNECT(text) \
	.hook = FNG_HOOK_UNIX_STREAM_CONNECT, .object = text
#define AT_SEND(text)	.hook = FNG_HOOK_UNIX_MAY_SEND, .object = text
#define STREAM	SOCK_STREAM
#define DGRAM	SOCK_DGRAM
#define PACKET	SOCK_SEQPACKET

ROW(stream, WORK "/a.sock", STREAM, peer_connect, OWN);
ROW(stream_other, WORK "/a", STREAM, peer_connect, OWN,
	AT_CONNECT(WORK "/a"));
ROW(packet, WORK "/a.sock", PACKET, peer_connect, OWN);
ROW(packet_other, WORK "/a", PACKET, peer_connect, OWN,
	AT_CONNECT(WORK "/a"));
ROW(dgram_connect, WORK "/a.sock", DGRAM, peer_connect, OWN);
ROW(dgram_connect_other, WORK "/a", DGRAM, peer_connect, OWN,
	AT_SEND(WORK "/a"));
ROW(dgram_send, WORK "/a.sock", DGRAM, peer_send, OWN);
ROW(dgram_send_other, WORK "/a", DGRAM, peer_send, OWN, AT_SEND(WORK "/a"));
ROW(dgram_mmsg, WORK "/a.sock", DGRAM, peer_send_mmsg, OWN);
ROW(dgram_mmsg_other, WORK "/a", DGRAM, peer_send_mmsg, OWN,
	AT_SEND(WORK "/a"));

ROW(host, WORK "/log", STREAM, peer_connect, HOST);
ROW(host_other, WORK "/docker", STREAM, peer_connect, HOST,
	AT_CONNECT("host:" WORK "/docker"));
ROW(host_dgram, WORK "/log", DGRAM, peer_send, HOST);
ROW(host_dgram_other, WORK "/bus", DGRAM, peer_send, HOST,
	AT_SEND("host:" WORK "/bus"));
ROW(host_packet_other, WORK "/udev", PACKET, peer_connect, HOST,
	AT_CONNECT("host:" WORK "/udev"));
ROW(host_is_not_own, WORK "/a.sock", STREAM, peer_connect, HOST,
	AT_CONNECT("host:" WORK "/a.sock"));
ROW(own_is_not_host, WORK "/log", STREAM, peer_connect, OWN,
	AT_CONNECT(WORK "/log"));

ROW(abstract, "@fn-a", STREAM, peer_connect, OWN);
ROW(abstract_other, "@xn-a", STREAM, peer_connect, OWN, AT_CONNECT("@xn-a"));
ROW(abstract_dgram, "@fn-a", DGRAM, peer_send, OWN);
ROW(abstract_dgram_other, "@xn-a", DGRAM, peer_send, OWN, AT_SEND("@xn-a"));
ROW(abstract_of_host, "@fn-a", STREAM, peer_connect, HOST);
ROW(abstract_of_host_other, "@/tmp/dbus", STREAM, peer_connect, HOST,
	AT_CONNECT("@/tmp/dbus"));
ROW(abstract_slash, "@fn-a/b", STREAM, peer_connect, OWN,
	AT_CONNECT("@fn-a/b"));
ROW(abstract_like_path, "@" WORK "/a.sock", STREAM, peer_connect, OWN,
	AT_CONNECT("@" WORK "/a.sock"));
ROW(abstract_longest, LONGEST, STREAM, peer_connect, OWN);

#define WITH_NUL(text)	.peer.name = text, .peer.size = sizeof(text) - 1

FIXTURE_VARIANT_ADD(peer, abstract_nul) {
	WITH_NUL("@fn-\0b\0"), .peer.type = STREAM, .act = peer_connect, OWN
};

FIXTURE_VARIANT_ADD(peer, abstract_nul_other) {
	WITH_NUL("@\0fn-b"), .peer.type = STREAM, .act = peer_connect, OWN,
	AT_CONNECT(NULL)
};

FIXTURE_VARIANT_ADD(peer, abstract_nul_before_slash) {
	WITH_NUL("@fn-\0/b"), .peer.type = STREAM, .act = peer_connect, OWN,
	AT_CONNECT(NULL)
};

/* What it is called now counts. */
ROW(renamed, WORK "/b.sock", STREAM, peer_connect, .before = serve_renamed);
ROW(renamed_other, WORK "/b", STREAM, peer_connect, .before = serve_renamed,
	AT_CONNECT(WORK "/b"));
#define NOWHERE	.rule = FNG_RULE_GUARD | FNG_GUARD_UNDECIDABLE
ROW(unlinked, WORK "/a.sock", DGRAM, peer_send_held, .before = serve_unlinked,
	AT_SEND(NULL), NOWHERE);
ROW(unlinked_of_host, WORK "/log", DGRAM, peer_send_held, .before = lose_it,
	HOST, AT_SEND(NULL), NOWHERE);
ROW(connected_before_other, WORK "/bus", DGRAM, peer_send_held,
	.before = peer_hold_connected, HOST, AT_SEND("host:" WORK "/bus"));

/* The function's own are called as it sees them. */
ROW(jail, "/a.sock", STREAM, peer_connect, .before = serve_in_jail);
ROW(jail_other, "/a", STREAM, peer_connect, .before = serve_in_jail,
	AT_CONNECT("/a"));
ROW(root, "/a.sock", STREAM, peer_connect, .before = see_as_root_and_serve);
ROW(root_other, "/a", STREAM, peer_connect, .before = see_as_root_and_serve,
	AT_CONNECT("/a"));
ROW(own_mounts, WORK "/a.sock", STREAM, peer_connect,
	.before = unshare_and_serve);
ROW(left_behind, WORK "/a.sock", STREAM, peer_connect,
	.before = serve_and_unshare, AT_CONNECT(NULL), NOWHERE);
ROW(host_from_own_mounts, WORK "/log", STREAM, peer_connect,
	.before = unshare_mounts, HOST);
ROW(host_from_own_mounts_other, WORK "/bus", STREAM, peer_connect,
	.before = unshare_mounts, HOST, AT_CONNECT("host:" WORK "/bus"));

FIXTURE_SETUP(peer)
{
	work_make();
	guard_load(PEERS_POLICY);
	if (variant->host)
		peer_make(&variant->peer);
}

FIXTURE_TEARDOWN(peer)
{
	work_remove();
}

TEST_F(peer, works_unguarded)
{
	const struct attempt attempt = { variant->before, variant->act,
					 &variant->peer };

	expect_control(_metadata, &attempt);
}

TEST_F(peer, is_judged)
{
	const struct attempt attempt = { variant->before, variant->act,
					 &variant->peer };
	const struct expected expected = {
		.err = EPERM,
		.hook = variant->hook,
		.class = FNG_CLASS_UNIX,
		.rule = variant->rule,
		.line = variant->rule ? 0 : 2,
	};
	struct outcome outcome;

	run_guarded("unix-peers", &attempt, &outcome);
	if (!variant->hook) {
		expect_allowed(_metadata, &outcome);
		return;
	}
	expect_refused(_metadata, &outcome, &expected);
	if (variant->object)
		expect_event(_metadata, &events, &outcome, &expected,
			     variant->object);
}

/* A path outside that is another inside: others are called as they see it. */
FIXTURE(seen) {
};

FIXTURE_VARIANT(seen) {
	const char *outside;
	const char *inside;
	const char *object;	/* NULL: it is allowed */
};

FIXTURE_VARIANT_ADD(seen, log) {
	.outside = WORK "/log", .inside = "/log",
};

FIXTURE_VARIANT_ADD(seen, other) {
	.outside = WORK "/x.sock", .inside = "/x.sock",
	.object = "host:" WORK "/x.sock",
};

FIXTURE_SETUP(seen)
{
	work_make();
	guard_load(PEERS_POLICY);
	peer_serve_at(variant->outside, SOCK_STREAM);
}

FIXTURE_TEARDOWN(seen)
{
	work_remove();
}

TEST_F(seen, through_a_root_of_its_own)
{
	const struct peer peer = { .name = variant->inside,
				   .type = SOCK_STREAM };
	const struct attempt attempt = { see_as_root, peer_connect, &peer };
	const struct expected expected = {
		.err = EPERM,
		.hook = FNG_HOOK_UNIX_STREAM_CONNECT,
		.class = FNG_CLASS_UNIX,
		.line = 2,
	};
	struct outcome outcome;

	expect_control(_metadata, &attempt);
	run_guarded("unix-peers", &attempt, &outcome);
	if (!variant->object) {
		expect_allowed(_metadata, &outcome);
		return;
	}
	expect_refused(_metadata, &outcome, &expected);
	expect_event(_metadata, &events, &outcome, &expected, variant->object);
}

/* From a jail on the same mounts, what is in it is called as from there. */
TEST(host_in_a_jail)
{
	const struct peer peer = { .name = "/log", .type = SOCK_STREAM };
	const struct attempt attempt = { go_to_jail, peer_connect, &peer };
	struct outcome outcome;

	work_make();
	guard_load(PEERS_POLICY);
	peer_serve_at(WORK "/log", SOCK_STREAM);
	expect_control(_metadata, &attempt);
	run_guarded("unix-peers", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
	work_remove();
}

/* Nobody else can have their names. */
static int talk_to_pair(const void *arg)
{
	const int *type = arg;
	int fds[2];

	if (socketpair(AF_UNIX, *type, 0, fds))
		return errno;
	return errno_of(write(fds[0], "?", 1));
}

TEST(pairs_are_its_own)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
	struct attempt attempt = { .act = talk_to_pair };
	struct outcome outcome;
	u32 i;

	guard_load(PEERS_POLICY);
	for (i = 0; i < 3; i++) {
		attempt.arg = &types[i];
		expect_control(_metadata, &attempt);
		run_guarded("unix-peers", &attempt, &outcome);
		expect_allowed(_metadata, &outcome);
	}
}

TEST(denying_rule_has_errno_and_line)
{
	static const struct peer peer = { .name = "@fn-x",
					  .type = SOCK_STREAM };
	static const struct peer other = { .name = "@x", .type = SOCK_STREAM };
	struct attempt attempt = { be_served, peer_connect, &peer };
	const struct expected expected = {
		.err = ECONNREFUSED,
		.hook = FNG_HOOK_UNIX_STREAM_CONNECT,
		.class = FNG_CLASS_UNIX,
		.line = 4,
	};
	struct outcome outcome;

	guard_load(DENYING);
	run_guarded("unix-denying", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	attempt.arg = &other;
	run_guarded("unix-denying", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

TEST(audit_counts_and_allows)
{
	static const struct peer peer = { .name = "@fn-x",
					  .type = SOCK_STREAM };
	const struct attempt attempt = { be_served, peer_connect, &peer };
	const struct expected expected = {
		.hook = FNG_HOOK_UNIX_STREAM_CONNECT,
		.class = FNG_CLASS_UNIX,
		.line = 2,
		.audit = true,
	};
	struct outcome outcome;

	guard_load(AUDIT);
	run_guarded("unix-audit", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

TEST_HARNESS_MAIN
