// SPDX-License-Identifier: GPL-2.0-only
/*
 * nftables beside the guard, at the same hook: what one of them refuses is refused,
 * whoever comes first, and what we refuse is counted once. What is translated is
 * judged by where it was sent, and outside of the host's network namespace by
 * where it goes in the end as well.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "expect.h"
#include "net.h"

#define NFT_POLICY							\
	"policy: coexist-nft\n"						\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules: [ { allow: { to: [127.1.0.0/16], ports: [8000] } } ]\n"

#define ALLOWED		"127.1.0.1"
#define DENIED		"127.9.0.1"
#define DENIED_TOO	"127.9.0.2"
#define PORT		8000

/* Before and behind everything else; where translations are. */
#define AT_FIRST	"filter hook output priority -2147483648"
#define AT_LAST		"filter hook output priority 2147483647"
#define AT_NAT		"nat hook output priority -100"

/**
 * struct verdict - what comes of an attempt
 * @err: errno of the call
 * @hook: that of ours has refused it, or 0
 * @address: where it would have gone
 */
struct verdict {
	int err;
	int hook;
	const char *address;
};

#define PASSES		{ 0 }
#define THEIRS		{ EPERM, 0, NULL }
#define CALL(what, to)	{ ECONNREFUSED, FNG_HOOK_SOCKET_##what, to }
#define PACKET(to)	{ EPERM, FNG_HOOK_LOCAL_OUT, to }
#define OPENING(to)	{ ECONNREFUSED, FNG_HOOK_LOCAL_OUT, to }

FIXTURE(nft) {
	int host_ns;
	int ns;
};

/*
 * @chain: where their rule is
 * @rule: the rule
 * @alone: in a network namespace of its own
 * @held: a datagram socket is connected before the policy applies
 * @act: what is done
 * @target: and where
 * @unguarded: what comes of it then
 * @later: the same guarded, when their rules were made after the guard was armed
 * @before: and before it
 */
FIXTURE_VARIANT(nft) {
	const char *chain;
	const char *rule;
	bool alone;
	bool held;
	int (*act)(const void *arg);
	struct target target;
	struct verdict unguarded;
	struct verdict later;
	struct verdict before;
};

#define ROW(name, where, what, is_held, how, to, kind, ...)		\
	FIXTURE_VARIANT_ADD(nft, name) {				\
		.chain = where,						\
		.rule = what,						\
		.held = is_held,					\
		.act = how,						\
		.target = { .address = to, .port = PORT, .type = kind },\
		__VA_ARGS__						\
	}
#define CONNECT(name, where, what, to, ...)				\
	ROW(name##_connect, where, what, false, net_connect, to, SOCK_STREAM, \
	    __VA_ARGS__)
#define SEND(name, where, what, to, ...)				\
	ROW(name##_send, where, what, false, net_send, to, SOCK_DGRAM,	\
	    __VA_ARGS__)
/* No call names where it goes. */
#define WRITE(name, where, what, to, ...)				\
	ROW(name##_write, where, what, true, net_write_held, to, SOCK_DGRAM, \
	    __VA_ARGS__)
#define ALWAYS(...)	.later = __VA_ARGS__, .before = __VA_ARGS__

#define DROP(to)	"ip daddr " to " drop"
#define LEAD(from, to)	"ip daddr " from " dnat to " to
#define REWRITE(to)	"ip daddr " ALLOWED " ip daddr set " to

/* What they accept is refused all the same. */
CONNECT(accept_first, AT_FIRST, "accept", DENIED,
	ALWAYS(CALL(CONNECT, DENIED)));
SEND(accept_first, AT_FIRST, "accept", DENIED, ALWAYS(CALL(SENDMSG, DENIED)));
WRITE(accept_first, AT_FIRST, "accept", DENIED, ALWAYS(PACKET(DENIED)));
CONNECT(accept_last, AT_LAST, "accept", DENIED, ALWAYS(CALL(CONNECT, DENIED)));
WRITE(accept_last, AT_LAST, "accept", DENIED, ALWAYS(PACKET(DENIED)));
WRITE(accept_allowed, AT_LAST, "accept", ALLOWED, ALWAYS(PASSES));

/* What they drop does not get to us, or we have let it pass. */
SEND(drop_allowed, AT_FIRST, DROP(ALLOWED), ALLOWED, .unguarded = THEIRS,
     ALWAYS(THEIRS));
SEND(drop_denied, AT_FIRST, DROP(DENIED), DENIED, .unguarded = THEIRS,
     ALWAYS(CALL(SENDMSG, DENIED)));
WRITE(drop_denied_first, AT_FIRST, DROP(DENIED), DENIED, .unguarded = THEIRS,
      ALWAYS(THEIRS));
/* Of those that want to be last, the first to come is. */
WRITE(drop_denied_last, AT_LAST, DROP(DENIED), DENIED, .unguarded = THEIRS,
      .later = THEIRS, .before = PACKET(DENIED));

/* The host leads to services; what a function names is judged. */
CONNECT(lead_to_denied, AT_NAT, LEAD(ALLOWED, DENIED), ALLOWED, ALWAYS(PASSES));
SEND(lead_to_denied, AT_NAT, LEAD(ALLOWED, DENIED), ALLOWED, ALWAYS(PASSES));
WRITE(lead_to_denied, AT_NAT, LEAD(ALLOWED, DENIED), ALLOWED, ALWAYS(PASSES));
CONNECT(lead_to_allowed, AT_NAT, LEAD(DENIED, ALLOWED), DENIED,
	ALWAYS(CALL(CONNECT, DENIED)));
SEND(lead_to_allowed, AT_NAT, LEAD(DENIED, ALLOWED), DENIED,
     ALWAYS(CALL(SENDMSG, DENIED)));
WRITE(lead_to_allowed, AT_NAT, LEAD(DENIED, ALLOWED), DENIED,
      ALWAYS(PACKET(DENIED)));
WRITE(lead_from_denied_to_denied, AT_NAT, LEAD(DENIED, DENIED_TOO), DENIED,
      ALWAYS(PACKET(DENIED)));
/* Elsewhere both have to be allowed. */
WRITE(lead_to_allowed_alone, AT_NAT, LEAD(DENIED, ALLOWED), DENIED,
      .alone = true, ALWAYS(PACKET(DENIED)));
WRITE(lead_to_denied_alone, AT_NAT, LEAD(ALLOWED, DENIED), ALLOWED,
      .alone = true, ALWAYS(PACKET(DENIED)));

/* What is written behind us, in the packet itself, is beyond us. */
WRITE(rewrite_to_denied, AT_LAST, REWRITE(DENIED), ALLOWED,
      .later = PACKET(DENIED), .before = PASSES);

static void enter(int ns)
{
	if (setns(ns, CLONE_NEWNET))
		die("cannot enter a network namespace");
}

static int current_namespace(void)
{
	int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die("no network namespace");
	return fd;
}

static void add_rules(const FIXTURE_VARIANT(nft) *variant)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "nft 'table ip beside { chain output { type %s; %s; }; }'",
		 variant->chain, variant->rule);
	shell(command);
}

/* So that its hooks are newer than anybody's. */
static void guard_afresh(const FIXTURE_DATA(nft) *self)
{
	enter(self->host_ns);
	if (fng_client_disarm(guard_client(), "a test"))
		die("not disarmed");
	guard_arm(guard_client());
	guard_load(NFT_POLICY);
	enter(self->ns);
}

EVENTS_OF_SUITE(events);

FIXTURE_SETUP(nft)
{
	guard_load(NFT_POLICY);
	self->host_ns = current_namespace();
	if (variant->alone && unshare(CLONE_NEWNET))
		die("no network namespace");
	self->ns = current_namespace();
	net_loopback_up();
	net_listen(PORT);
}

/* That of another namespace ends with it. */
FIXTURE_TEARDOWN(nft)
{
	if (system("nft delete table ip beside"))
		die("their rules are still there");
}

static struct attempt attempt_of(const FIXTURE_VARIANT(nft) *variant)
{
	return (struct attempt) {
		.before = variant->held ? net_hold_connected : NULL,
		.act = variant->act,
		.arg = &variant->target,
	};
}

static void expect_verdict(struct __test_metadata *_metadata,
			   const struct outcome *outcome,
			   const struct verdict *verdict)
{
	const struct expected expected = { .err = verdict->err,
		.hook = verdict->hook, .class = FNG_CLASS_EGRESS };
	char line[EVENT_LINE_SIZE], text[64];

	if (!verdict->hook) {
		EXPECT_EQ(verdict->err, outcome->err);
		EXPECT_EQ(0, outcome->nr);
		return;
	}
	expect_refused(_metadata, outcome, &expected);
	ASSERT_TRUE(events_find(&events, "denied", outcome->cgroup, line));
	snprintf(text, sizeof(text), " %s %s port ",
		 fng_hook_name(verdict->hook), verdict->address);
	expect_text(_metadata, line, text);
}

TEST_F(nft, works_unguarded)
{
	const struct attempt attempt = attempt_of(variant);
	struct outcome outcome;

	add_rules(variant);
	run_unguarded(&attempt, &outcome);
	expect_verdict(_metadata, &outcome, &variant->unguarded);
}

TEST_F(nft, rules_come_later)
{
	const struct attempt attempt = attempt_of(variant);
	struct outcome outcome;

	add_rules(variant);
	run_guarded("coexist-nft", &attempt, &outcome);
	expect_verdict(_metadata, &outcome, &variant->later);
}

TEST_F(nft, rules_were_there_before)
{
	const struct attempt attempt = attempt_of(variant);
	struct outcome outcome;

	add_rules(variant);
	guard_afresh(self);
	run_guarded("coexist-nft", &attempt, &outcome);
	expect_verdict(_metadata, &outcome, &variant->before);
}

TEST_HARNESS_MAIN
