// SPDX-License-Identifier: GPL-2.0-only
/*
 * A connection to where it may go, that is told on the way to go elsewhere first.
 *
 * This machine forwards for itself: what is routed over another of its addresses
 * arrives, and is acknowledged.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/ip.h>
#include <sys/ioctl.h>

#include "expect.h"
#include "net.h"

#define ROUTE_POLICY							\
	"policy: route\n"						\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - allow:\n"						\
	"        to: [127.1.0.1, \"fd00:1::1\"]\n"			\
	"        ports: [8000/tcp]\n"

#define AUDIT_POLICY							\
	"policy: route-audit\n"						\
	"mode: audit\n"							\
	"egress: { default: deny }\n"

#define BARE_POLICY							\
	"policy: route-bare\n"						\
	"memory: { write-exec: deny }\n"

#define ALLOWED_V4	"127.1.0.1"
#define ALLOWED_V6	"fd00:1::1"
#define DENIED_V4	"127.9.0.1"
#define DENIED_V6	"fd00:2::1"

#define SEGMENT_ROUTE	4

static const struct target target_v4 = { .address = ALLOWED_V4, .port = 8000,
					 .type = SOCK_STREAM };
static const struct target target_v6 = { .address = ALLOWED_V6, .port = 8000,
					 .type = SOCK_STREAM };

static int set(int level, int name, const void *value, socklen_t size)
{
	return errno_of(setsockopt(net_held, level, name, value, size));
}

static int change_nothing(void)
{
	return 0;
}

/* A route is kept with the connection; another type of service drops it. */
static int route_v4(void)
{
	unsigned char option[8] = { IPOPT_NOOP, IPOPT_LSRR, 7, 4 };
	int tos = IPTOS_THROUGHPUT;
	in_addr_t hop = inet_addr(DENIED_V4);

	memcpy(&option[4], &hop, sizeof(hop));
	return set(IPPROTO_IP, IP_OPTIONS, option, sizeof(option)) ?:
	       set(IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
}

static int pad_v4(void)
{
	static const unsigned char option[4] = { IPOPT_NOOP, IPOPT_NOOP,
						 IPOPT_NOOP, IPOPT_END };

	return set(IPPROTO_IP, IP_OPTIONS, option, sizeof(option));
}

/* The last segment comes first; it takes no privilege to say so. */
static int route_v6(void)
{
	struct {
		u8 next, length, type, left, last, flags;
		u16 tag;
		struct in6_addr segments[2];
	} header = { .length = 4, .type = SEGMENT_ROUTE, .left = 1, .last = 1 };

	inet_pton(AF_INET6, ALLOWED_V6, &header.segments[0]);
	inet_pton(AF_INET6, DENIED_V6, &header.segments[1]);
	return set(IPPROTO_IPV6, IPV6_RTHDR, &header, sizeof(header));
}

static int pad_v6(void)
{
	/* One option of padding, four bytes long. */
	static const u8 header[8] = { 0, 0, 1, 4 };

	return set(IPPROTO_IPV6, IPV6_DSTOPTS, header, sizeof(header));
}

FIXTURE(route) {
};

FIXTURE_VARIANT(route) {
	const struct target *target;
	int (*change)(void);
	bool elsewhere;
};

#define ROW(name, where, how, is_elsewhere)				\
	FIXTURE_VARIANT_ADD(route, name) {				\
		.target = where,					\
		.change = how,						\
		.elsewhere = is_elsewhere,				\
	}

ROW(v4_plain, &target_v4, change_nothing, false);
ROW(v4_padded, &target_v4, pad_v4, false);
ROW(v4_source_route, &target_v4, route_v4, true);
ROW(v6_plain, &target_v6, change_nothing, false);
ROW(v6_padded, &target_v6, pad_v6, false);
ROW(v6_segment_route, &target_v6, route_v6, true);

static void prepare(const void *arg)
{
	const FIXTURE_VARIANT(route) *variant = arg;

	net_hold_connected(variant->target);
}

static bool is_acknowledged(void)
{
	int waiting;

	if (ioctl(net_held, SIOCOUTQ, &waiting))
		die("how much is to be sent?");
	return !waiting;
}

/* TCP does not tell that it could not send; it tries again. */
static int send_and_wait(void)
{
	const struct timespec moment = { .tv_nsec = 10000000 };
	int i;

	if (write(net_held, "?", 1) != 1)
		return errno;
	for (i = 0; i < 100; i++) {
		if (is_acknowledged())
			return 0;
		nanosleep(&moment, NULL);
	}
	return ETIMEDOUT;
}

static int change_and_send(const void *arg)
{
	const FIXTURE_VARIANT(route) *variant = arg;

	return variant->change() ?: send_and_wait();
}

/* What makes this machine forward for itself. */
static const char *const settings[] = {
	"ipv4/conf/all/accept_source_route",
	"ipv4/conf/lo/accept_source_route",
	"ipv4/conf/lo/route_localnet",
	"ipv4/conf/lo/accept_local",
	"ipv6/conf/all/seg6_enabled",
	"ipv6/conf/lo/seg6_enabled",
};

FIXTURE_SETUP(route)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(settings); i++)
		net_set(settings[i], "1");
	net_add_address(ALLOWED_V6);
	net_add_address(DENIED_V6);
	net_listen(8000);
	guard_load(ROUTE_POLICY);
	guard_load(AUDIT_POLICY);
	guard_load(BARE_POLICY);
}

FIXTURE_TEARDOWN(route)
{
}

static struct attempt attempt_of(const FIXTURE_VARIANT(route) *variant)
{
	return (struct attempt) { prepare, change_and_send, variant };
}

TEST_F(route, arrives_unguarded)
{
	const struct attempt attempt = attempt_of(variant);

	expect_control(_metadata, &attempt);
}

/* How often it is counted is TCP's affair. */
static void expect_hidden(struct __test_metadata *_metadata,
			  const struct outcome *outcome, bool audit)
{
	const struct refusal *row = &outcome->refusals[0];

	EXPECT_EQ(audit ? 0 : ETIMEDOUT, outcome->err);
	ASSERT_EQ(1, outcome->nr);
	EXPECT_EQ(FNG_HOOK_LOCAL_OUT, row->hook);
	EXPECT_EQ(FNG_CLASS_EGRESS, row->class);
	EXPECT_EQ(FNG_RULE_GUARD | FNG_GUARD_UNDECIDABLE, row->rule);
	EXPECT_EQ(audit, row->audit);
	EXPECT_LE(1, row->count);
}

TEST_F(route, is_judged)
{
	const struct attempt attempt = attempt_of(variant);
	struct outcome outcome;

	run_guarded("route", &attempt, &outcome);
	if (variant->elsewhere)
		expect_hidden(_metadata, &outcome, false);
	else
		expect_allowed(_metadata, &outcome);
}

/* The connection was opened before; only what hides where it goes is told. */
TEST_F(route, is_told_in_audit_mode)
{
	const struct attempt attempt = attempt_of(variant);
	struct outcome outcome;

	run_guarded("route-audit", &attempt, &outcome);
	if (variant->elsewhere)
		expect_hidden(_metadata, &outcome, true);
	else
		expect_allowed(_metadata, &outcome);
}

TEST_F(route, is_not_judged_without_egress_rules)
{
	const struct attempt attempt = attempt_of(variant);
	struct outcome outcome;

	run_guarded("route-bare", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

TEST_HARNESS_MAIN
