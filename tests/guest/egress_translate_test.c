// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is sent to one destination and led to another: by the host, where policies
 * name what functions call it, or in a sandbox, where both have to be allowed.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "expect.h"
#include "net.h"

#define ALLOWED_V4	"127.1.0.1"
#define OTHER_V4	"127.1.0.2"
#define DENIED_V4	"127.9.0.1"
#define ALLOWED_V6	"fd00:1::1"
#define DENIED_V6	"fd00:2::1"

#define POLICY								\
	"policy: translate\n"						\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - allow:\n"						\
	"        to: [" ALLOWED_V4 ", " OTHER_V4 ", \"" ALLOWED_V6 "\"]\n" \
	"        ports: [8000/tcp, 53/udp, icmp]\n"

static const struct expected no_connect = {
	.err = ECONNREFUSED,
	.hook = FNG_HOOK_SOCKET_CONNECT,
	.class = FNG_CLASS_EGRESS,
};

static const struct expected no_send = {
	.err = ECONNREFUSED,
	.hook = FNG_HOOK_SOCKET_SENDMSG,
	.class = FNG_CLASS_EGRESS,
};

static const struct expected no_packet = {
	.err = EPERM,
	.hook = FNG_HOOK_LOCAL_OUT,
	.class = FNG_CLASS_EGRESS,
};

EVENTS_OF_SUITE(events);

FIXTURE(translate) {
};

FIXTURE_VARIANT(translate) {
	struct target target;
	const char *to;
	bool sandbox;
	void (*before)(const void *arg);
	int (*act)(const void *arg);
	const struct expected *verdict;
};

#define TCP	8000, SOCK_STREAM
#define UDP	53, SOCK_DGRAM
#define PING	0, SOCK_DGRAM, IPPROTO_ICMP

#define ROW(name, is_sandbox, what, prepare, how, end, ...)		\
	FIXTURE_VARIANT_ADD(translate, name) {				\
		.target = { __VA_ARGS__ }, .to = end,			\
		.sandbox = is_sandbox, .before = prepare, .act = how,	\
		.verdict = what,					\
	}

/* A socket that was connected before it was guarded is not asked again. */
#define HELD(name, is_sandbox, what, ...)				\
	ROW(name, is_sandbox, what, net_hold_connected, net_write_held,	\
	    __VA_ARGS__)

ROW(host_leads_connection, false, NULL, NULL, net_connect,
    DENIED_V4, ALLOWED_V4, TCP);
ROW(host_leads_connection_of_v6, false, NULL, NULL, net_connect,
    DENIED_V6, ALLOWED_V6, TCP);
ROW(host_leads_datagram, false, NULL, NULL, net_send,
    DENIED_V4, ALLOWED_V4, UDP);
ROW(host_leads_datagram_of_v6, false, NULL, NULL, net_send,
    DENIED_V6, ALLOWED_V6, UDP);
ROW(host_leads_echo, false, NULL, NULL, net_ping,
    DENIED_V4, ALLOWED_V4, PING);
ROW(host_leads_denied_connection, false, &no_connect, NULL, net_connect,
    ALLOWED_V4, DENIED_V4, TCP);
ROW(host_leads_denied_datagram, false, &no_send, NULL, net_send,
    ALLOWED_V4, DENIED_V4, UDP);
HELD(host_leads_denied_socket, false, &no_packet, ALLOWED_V4, DENIED_V4, UDP);
HELD(host_leads_denied_socket_of_v6, false, &no_packet,
     ALLOWED_V6, DENIED_V6, UDP);
HELD(sandbox_leads, true, NULL, OTHER_V4, ALLOWED_V4, UDP);
HELD(sandbox_leads_to_denied, true, &no_packet, DENIED_V4, ALLOWED_V4, UDP);
HELD(sandbox_leads_from_denied, true, &no_packet, ALLOWED_V4, DENIED_V4, UDP);
HELD(sandbox_leads_from_denied_of_v6, true, &no_packet,
     ALLOWED_V6, DENIED_V6, UDP);

static const char *tables_of(const FIXTURE_VARIANT(translate) *variant)
{
	return target_family(&variant->target) == AF_INET6 ? "ip6tables" :
							     "iptables";
}

static void lead(const FIXTURE_VARIANT(translate) *variant)
{
	char command[160];

	snprintf(command, sizeof(command),
		 "%s -t nat -A OUTPUT -d %s -j DNAT --to %s",
		 tables_of(variant), variant->target.address, variant->to);
	shell(command);
}

static void add_addresses(void)
{
	net_add_address(ALLOWED_V6);
	net_add_address(DENIED_V6);
}

FIXTURE_SETUP(translate)
{
	add_addresses();
	net_set("ipv4/ping_group_range", "0 0");
	net_listen(53);
	net_listen(8000);
	if (!variant->sandbox)
		lead(variant);
	guard_load(POLICY);
}

FIXTURE_TEARDOWN(translate)
{
	char command[160];

	snprintf(command, sizeof(command), "%s -t nat -F OUTPUT",
		 tables_of(variant));
	shell(command);
}

/* Before it is guarded. */
static void prepare(const void *arg)
{
	const FIXTURE_VARIANT(translate) *variant = arg;

	if (variant->sandbox) {
		if (unshare(CLONE_NEWNET))
			die("no network namespace");
		net_loopback_up();
		add_addresses();
		lead(variant);
	}
	if (variant->before)
		variant->before(&variant->target);
}

static int act(const void *arg)
{
	const FIXTURE_VARIANT(translate) *variant = arg;

	return variant->act(&variant->target);
}

TEST_F(translate, works_unguarded)
{
	const struct attempt attempt = { prepare, act, variant };

	expect_control(_metadata, &attempt);
}

/* The one of both that no rule allows. */
static const char *denied_of(const FIXTURE_VARIANT(translate) *variant)
{
	return target_family(&variant->target) == AF_INET6 ? DENIED_V6 :
							     DENIED_V4;
}

TEST_F(translate, is_judged)
{
	const struct attempt attempt = { prepare, act, variant };
	char line[EVENT_LINE_SIZE];
	struct outcome outcome;

	run_guarded("translate", &attempt, &outcome);
	if (!variant->verdict) {
		expect_allowed(_metadata, &outcome);
		return;
	}
	expect_refused(_metadata, &outcome, variant->verdict);
	EXPECT_TRUE(events_find(&events, "denied", outcome.cgroup, line));
	expect_text(_metadata, line, denied_of(variant));
}

TEST_HARNESS_MAIN
