// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may change the network of a function may send its packets elsewhere after
 * they were judged. Under egress rules, a function may not, even in a network
 * namespace that is its own.
 */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "expect.h"
#include "net.h"

#define NETWORK_POLICY							\
	"policy: network\n"						\
	"egress: { default: allow }\n"

#define AUDIT_POLICY							\
	"policy: network-audit\n"					\
	"mode: audit\n"							\
	"egress: { default: allow }\n"

#define BARE_POLICY							\
	"policy: network-bare\n"					\
	"files: { default: allow }\n"

#define LOOPBACK	1

static void own_network(const void *arg)
{
	(void)arg;
	if (unshare(CLONE_NEWNET))
		die("no network namespace");
}

/* The capability is one over this user namespace only. */
static void own_users(const void *arg)
{
	(void)arg;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		die("no user namespace");
}

static int set_device(const void *arg)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	(void)arg;
	return errno_of(ioctl(fd, SIOCSIFFLAGS, &request));
}

/**
 * struct request - route netlink's, for an address of the loopback device
 * @header: of the message
 * @address: what it is about
 * @attribute: header of @value
 * @value: the address
 */
struct request {
	struct nlmsghdr header;
	struct ifaddrmsg address;
	struct rtattr attribute;
	struct in_addr value;
};

/**
 * struct answer - to it
 * @header: of the message
 * @error: what came of it
 */
struct answer {
	struct nlmsghdr header;
	struct nlmsgerr error;
};

static int add_address(const void *arg)
{
	const struct request request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = RTM_NEWADDR,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE,
		},
		.address = {
			.ifa_family = AF_INET,
			.ifa_prefixlen = 32,
			.ifa_index = LOOPBACK,
		},
		.attribute = { RTA_LENGTH(sizeof(struct in_addr)), IFA_LOCAL },
		.value.s_addr = htonl(0x0a010203),
	};
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	struct answer answer;

	(void)arg;
	if (send(fd, &request, sizeof(request), 0) != sizeof(request) ||
	    recv(fd, &answer, sizeof(answer), 0) != sizeof(answer))
		die("the kernel does not answer");
	return -answer.error.error;
}

/* What is in this state is open without a packet that could be judged. */
static int pretend_connection(const void *arg)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	(void)arg;
	return errno_of(setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &on,
				   sizeof(on)));
}

FIXTURE(network) {
};

FIXTURE_VARIANT(network) {
	struct attempt attempt;
};

#define ROW(name, prepare, how)						\
	FIXTURE_VARIANT_ADD(network, name) {				\
		.attempt = { prepare, how, NULL },			\
	}

ROW(device, own_network, set_device);
ROW(device_of_own_users, own_users, set_device);
ROW(address, own_network, add_address);
ROW(address_of_own_users, own_users, add_address);
ROW(repair, own_network, pretend_connection);
ROW(repair_of_own_users, own_users, pretend_connection);

FIXTURE_SETUP(network)
{
	guard_load(NETWORK_POLICY);
	guard_load(AUDIT_POLICY);
	guard_load(BARE_POLICY);
}

FIXTURE_TEARDOWN(network)
{
}

TEST_F(network, works_unguarded)
{
	expect_control(_metadata, &variant->attempt);
}

TEST_F(network, is_refused)
{
	const struct expected expected = {
		.err = EPERM,
		.hook = FNG_HOOK_CAPABLE,
		.class = FNG_CLASS_FLOOR,
		.rule = FNG_RULE_FLOOR | FNG_FLOOR_SOCKET,
	};
	struct outcome outcome;

	run_guarded("network", &variant->attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

/* Netlink asks whether its socket was opened with the capability as well. */
static void expect_told(struct __test_metadata *_metadata,
			const struct outcome *outcome)
{
	const struct refusal *row = &outcome->refusals[0];

	EXPECT_EQ(0, outcome->err);
	ASSERT_EQ(1, outcome->nr);
	EXPECT_TRUE(row->audit);
	EXPECT_EQ(FNG_HOOK_CAPABLE, row->hook);
	EXPECT_EQ(FNG_CLASS_FLOOR, row->class);
	EXPECT_EQ(FNG_RULE_FLOOR | FNG_FLOOR_SOCKET, row->rule);
	EXPECT_LE(1, row->count);
}

TEST_F(network, is_told_in_audit_mode)
{
	struct outcome outcome;

	run_guarded("network-audit", &variant->attempt, &outcome);
	expect_told(_metadata, &outcome);
}

TEST_F(network, is_allowed_without_egress_rules)
{
	struct outcome outcome;

	run_guarded("network-bare", &variant->attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

/* A launcher sets the network of the sandbox up. */
TEST_F(network, is_allowed_while_entering)
{
	struct outcome outcome;
	struct group group;

	group_make(&group, NULL);
	group_bind(&group, "network");
	run_in(&group, NULL, &variant->attempt, &outcome);
	group_remove(&group);
	expect_told(_metadata, &outcome);
}

TEST_HARNESS_MAIN
