// SPDX-License-Identifier: GPL-2.0-only
/*
 * How much a guest behind a bound device may send. Whatever is too much is not
 * answered: it looks lost.
 */
#include <stdio.h>
#include <unistd.h>
#include <linux/if_ether.h>
#include <netinet/ip_icmp.h>

#include "bound.h"
#include "expect.h"
#include "layouts.h"
#include "wire.h"

WIRE_OF_SUITE(wire_make, wire);

static const struct layout opening = {
	V4("10.9.0.1"), TCP(8000, TH_SYN_ONLY)
};
static const struct layout segment = {
	V4("10.9.0.1"), TCP(8000, TH_ACK_ONLY)
};
static const struct layout datagram = { V4("10.9.0.1"), UDP(40000, 53) };
static const struct layout datagram_elsewhere = { V4("10.9.0.7"), UDP(40000, 53) };
static const struct layout datagram_v6 = { V6("fd09::1"), UDP(40000, 53) };

FIXTURE(netdev) {
	int guest;
	int host;
	int host_v6;
};

FIXTURE_SETUP(netdev)
{
	self->guest = wire_open(&wire, true, 0);
	self->host = wire_open(&wire, false, ETH_P_IP);
	self->host_v6 = wire_open(&wire, false, ETH_P_IPV6);
}

FIXTURE_TEARDOWN(netdev)
{
	close(self->guest);
	close(self->host);
	close(self->host_v6);
	wire_unbind(&wire);
}

static u64 start(const char *policy)
{
	guard_load(policy);
	return wire_bind(&wire, "limits-netdev");
}

/* A frame may be handed on a little later, where much else is done. */
static bool arrives(int host, const u8 *bytes)
{
	if (wire_heard(host, bytes))
		return true;
	usleep(20000 * patience());
	return wire_heard(host, bytes);
}

/* How many frames of so many arrive. */
static int arrivals(int guest, int host, const struct layout *layout, int times)
{
	u8 bytes[FRAME_SIZE];
	int heard = 0;

	while (times--) {
		wire_send(guest, bytes, frame_make(layout, bytes));
		heard += arrives(host, bytes);
	}
	return heard;
}

#define ARRIVALS(layout, times) \
	arrivals(self->guest, self->host, &(layout), times)

static struct outcome counted(u64 id)
{
	struct outcome outcome = { 0 };

	refusals_read(id, &outcome);
	return outcome;
}

TEST_F(netdev, as_many_openings_as_the_burst)
{
	const struct expected expected = {
		.hook = FNG_HOOK_NETDEV_INGRESS, .class = FNG_CLASS_LIMITS,
		.line = 3,
	};
	struct outcome outcome;
	u64 id = start("policy: limits-netdev\n"
		       "limits:\n"
		       "  connect: 1/h burst 3\n");

	EXPECT_EQ(3, ARRIVALS(opening, 3));
	EXPECT_EQ(0, ARRIVALS(opening, 1));
	outcome = counted(id);
	expect_refused(_metadata, &outcome, &expected);
	EXPECT_EQ(5, ARRIVALS(segment, 5));
	EXPECT_EQ(5, ARRIVALS(datagram, 5));
	guard_load("policy: limits-netdev\nversion: 2\n"
		   "limits: { connect: 1/h burst 3 }\n");
	EXPECT_EQ(0, ARRIVALS(opening, 2));
}

TEST_F(netdev, so_many_destinations)
{
	start("policy: limits-netdev\nlimits: { destinations: 2 }\n");
	EXPECT_EQ(2, ARRIVALS(datagram, 2));
	EXPECT_EQ(2, arrivals(self->guest, self->host_v6, &datagram_v6, 2));
	EXPECT_EQ(0, ARRIVALS(datagram_elsewhere, 2));
	EXPECT_EQ(2, ARRIVALS(datagram, 2));
}

/* Who sends to the guest chooses where its responses go, not the guest. */
TEST_F(netdev, responses_are_no_destinations)
{
	static const struct layout heard = { TO_V4("10.9.0.7"), UDP(53, 9) };
	static const struct layout responses[] = {
		{ V4("10.9.0.7"), ICMP(ICMP_DEST_UNREACH) },
		{ V4("10.9.0.7"), ICMP(ICMP_ECHOREPLY) },
		{ V4("10.9.0.7"), TCP_FROM(9, 40000, TH_RST_ONLY) },
	};
	u8 bytes[FRAME_SIZE];
	size_t i;

	start("policy: limits-netdev\nlimits: { destinations: 1 }\n");
	EXPECT_EQ(1, ARRIVALS(datagram, 1));
	for (i = 0; i < sizeof(responses) / sizeof(*responses); i++)
		EXPECT_EQ(0, ARRIVALS(responses[i], 1));
	wire_send(self->host, bytes, frame_make(&heard, bytes));
	for (i = 0; i < sizeof(responses) / sizeof(*responses); i++)
		EXPECT_EQ(1, ARRIVALS(responses[i], 1));
	EXPECT_EQ(0, ARRIVALS(datagram_elsewhere, 1));
}

/* By connecting to the guest, nobody uses up where it may go. */
TEST_F(netdev, who_connects_is_no_destination)
{
	static const struct layout comes = {
		TO_V4("10.9.0.7"), TCP_FROM(40000, 8000, TH_SYN_ONLY)
	}, accepts = {
		V4("10.9.0.7"), TCP_FROM(8000, 40000, TH_SYN_ACK)
	}, elsewhere = {
		V4("10.9.0.8"), TCP_FROM(8000, 40000, TH_SYN_ACK)
	};
	u8 bytes[FRAME_SIZE];

	start("policy: limits-netdev\nlimits: { destinations: 1 }\n");
	EXPECT_EQ(0, ARRIVALS(accepts, 1));
	wire_send(self->host, bytes, frame_make(&comes, bytes));
	EXPECT_EQ(1, ARRIVALS(accepts, 1));
	EXPECT_EQ(0, ARRIVALS(elsewhere, 1));
	EXPECT_EQ(1, ARRIVALS(datagram, 1));
	EXPECT_EQ(1, ARRIVALS(segment, 1));
	EXPECT_EQ(0, ARRIVALS(datagram_elsewhere, 1));
}

/* What the guard answers in somebody's name is not from him. */
TEST_F(netdev, a_refusal_opens_no_other_way)
{
	static const struct layout refused = {
		V4("10.9.0.7"), UDP(40000, 5000)
	}, reset = {
		V4("10.9.0.7"), TCP_FROM(40000, 8000, TH_RST_ONLY)
	};

	start("policy: limits-netdev\n"
	      "limits: { destinations: 1 }\n"
	      "egress: { rules: [ { allow: { to: [10.9.0.0/24], "
	      "ports: [8000/tcp, 53/udp] } } ] }\n");
	EXPECT_EQ(1, ARRIVALS(datagram, 1));
	EXPECT_EQ(0, ARRIVALS(refused, 1));
	EXPECT_EQ(0, ARRIVALS(reset, 1));
}

/* Nobody can tell where it goes, or how often. */
TEST_F(netdev, what_cannot_be_read_is_over_every_limit)
{
	static const u8 route[] = { ROUTE };
	static const struct layout routed = {
		V6("fd09::1"), UDP(40000, 53), .chain = route, .chain_size = 1
	}, other = {
		V4("10.9.0.1"), .type = ETH_P_LLDP
	};
	static const char *const limits[] = {
		"connect: 100/s", "egress: 1GB/s", "egress-total: 1GiB",
		"destinations: 1000", "dns-queries: 100/s", "dns-label: 63",
	};
	int host = wire_open(&wire, false, ETH_P_LLDP);
	char policy[128];
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		struct outcome outcome;

		snprintf(policy, sizeof(policy), "policy: limits-netdev\n"
			 "limits: { %s }\n", limits[i]);
		outcome = counted(start(policy));
		EXPECT_EQ(0, outcome.nr);
		EXPECT_EQ(0, arrivals(self->guest, self->host_v6, &routed, 1));
		EXPECT_EQ(0, arrivals(self->guest, host, &other, 1));
		wire_unbind(&wire);
	}
	start("policy: limits-netdev\nlimits: { mode: audit, destinations: 1 }\n");
	EXPECT_EQ(1, arrivals(self->guest, self->host_v6, &routed, 1));
	EXPECT_EQ(1, arrivals(self->guest, host, &other, 1));
	wire_unbind(&wire);
	start("policy: limits-netdev\nlimits: { fork: 1/s }\n");
	EXPECT_EQ(1, arrivals(self->guest, self->host_v6, &routed, 1));
	EXPECT_EQ(1, arrivals(self->guest, host, &other, 1));
	close(host);
}

/* Nobody is expected to answer what was not sent. */
TEST_F(netdev, what_is_over_opens_no_way_back)
{
	static const struct layout back = { TO_V4("10.9.0.1"), UDP(53, 40000) };
	int guest = wire_open(&wire, true, ETH_P_IP);
	u8 bytes[FRAME_SIZE];

	start("policy: limits-netdev\nlimits: { egress-total: 0 }\n"
	      "listen: { default: deny }\n");
	EXPECT_EQ(0, ARRIVALS(datagram, 1));
	wire_send(self->host, bytes, frame_make(&back, bytes));
	EXPECT_FALSE(wire_heard(guest, bytes));
	wire_unbind(&wire);
	start("policy: limits-netdev\nversion: 2\nlimits: { egress-total: 1MiB }\n"
	      "listen: { default: deny }\n");
	EXPECT_EQ(1, ARRIVALS(datagram, 1));
	wire_send(self->host, bytes, frame_make(&back, bytes));
	EXPECT_TRUE(wire_hears(guest, bytes));
	close(guest);
}

TEST_F(netdev, so_many_bytes)
{
	u8 bytes[FRAME_SIZE];
	/* Two packets, whatever each is. */
	size_t size = frame_make(&datagram, bytes) - ETH_HLEN;
	char policy[128];

	snprintf(policy, sizeof(policy), "policy: limits-netdev\n"
		 "limits: { egress-total: %zuB }\n", 2 * size);
	start(policy);
	EXPECT_EQ(2, ARRIVALS(datagram, 2));
	EXPECT_EQ(0, ARRIVALS(datagram, 2));
	wire_unbind(&wire);
	/* Another binding is another guest's. */
	wire_bind(&wire, "limits-netdev");
	EXPECT_EQ(2, ARRIVALS(datagram, 4));
}

TEST_F(netdev, audit_lets_all_pass)
{
	u64 id = start("policy: limits-netdev\n"
		       "limits: { mode: audit, egress: 0, connect: 0, "
		       "destinations: 0 }\n");
	struct outcome outcome;

	EXPECT_EQ(3, ARRIVALS(opening, 3));
	outcome = counted(id);
	EXPECT_EQ(3, outcome_sum(&outcome));
	EXPECT_TRUE(outcome.refusals[0].audit);
}

TEST_HARNESS_MAIN
