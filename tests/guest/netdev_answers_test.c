// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a bound device lets through because of what it has let through before.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <linux/if_ether.h>
#include <sys/socket.h>

#include "bound.h"
#include "expect.h"
#include "layouts.h"
#include "wire.h"

WIRE_OF_SUITE(wire_make, wire);

#define GUARD_POLICY							\
	"policy: netdev-answers\n"					\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - allow: { to: [10.9.0.1, \"fd09::1\"], ports: [53/udp] }\n" \
	"    - deny: { to: [10.9.0.7, \"fd09::7\"] }\n"		\
	"listen: { default: deny, allow: [8080/tcp, 5353/udp] }\n"

/* Whoever may come in, nobody has a way out. */
#define OPEN_POLICY							\
	"policy: netdev-answers\n"					\
	"egress: { default: deny }\n"					\
	"listen: { default: allow }\n"

#define BARE_POLICY							\
	"policy: netdev-answers\n"					\
	"egress: { default: deny }\n"

/* Who comes in cannot have more learned than what is answered. */
#define LEARN_PORTS_POLICY						\
	"policy: netdev-answers\n"					\
	"egress: { default: deny }\n"					\
	"listen: { mode: learn, default: deny }\n"

#define LEARN_OPEN_POLICY						\
	"policy: netdev-answers\n"					\
	"egress: { default: deny }\n"					\
	"listen: { mode: learn, default: allow }\n"

#define LEARN_BARE_POLICY						\
	"policy: netdev-answers\n"					\
	"mode: learn\n"							\
	"egress: { mode: enforce, default: deny }\n"

FIXTURE(answer) {
	int ends[2];
};

FIXTURE_VARIANT(answer) {
	const char *policy;
	bool from_guest;	/* the first; the second comes the other way */
	bool same_way;		/* or the same */
	struct layout first;
	struct layout second;
	bool refused;
};

/* Somebody sends to the guest, or it sends, and then the other does, or the same. */
#define COMES(...)	.first = { __VA_ARGS__ }
#define GOES(...)	.from_guest = true, .first = { __VA_ARGS__ }
#define THEN(...)	.second = { __VA_ARGS__ }
#define THEN_ALSO(...)	.same_way = true, .second = { __VA_ARGS__ }
#define ROW(name, is_refused, ...)					\
	FIXTURE_VARIANT_ADD(answer, name) {				\
		.policy = GUARD_POLICY, .refused = is_refused,		\
		__VA_ARGS__						\
	}

ROW(tcp, false,
    COMES(TO_V4("10.9.0.9"), TCP_FROM(5000, 8080, TH_SYN_ONLY)),
    THEN(V4("10.9.0.9"), TCP_FROM(8080, 5000, TH_SYN_ACK)));
ROW(tcp_segment, false,
    COMES(TO_V4("10.9.0.9"), TCP_FROM(5000, 8080, TH_ACK_ONLY)),
    THEN(V4("10.9.0.9"), TCP_FROM(8080, 5000, TH_ACK_ONLY)));
ROW(tcp_reset, false,
    COMES(TO_V4("10.9.0.9"), TCP_FROM(5000, 8080, TH_SYN_ONLY)),
    THEN(V4("10.9.0.9"), TCP_FROM(8080, 5000, TH_RST_ONLY)));
ROW(tcp_opening, true,
    COMES(TO_V4("10.9.0.9"), TCP_FROM(5000, 8080, TH_SYN_ONLY)),
    THEN(V4("10.9.0.9"), TCP_FROM(8080, 5000, TH_SYN_ONLY)));
ROW(tcp_other_peer, true,
    COMES(TO_V4("10.9.0.9"), TCP_FROM(5000, 8080, TH_SYN_ONLY)),
    THEN(V4("10.9.0.8"), TCP_FROM(8080, 5000, TH_SYN_ACK)));
ROW(tcp_other_port_of_peer, true,
    COMES(TO_V4("10.9.0.9"), TCP_FROM(5000, 8080, TH_SYN_ONLY)),
    THEN(V4("10.9.0.9"), TCP_FROM(8080, 5001, TH_SYN_ACK)));
ROW(tcp_other_port, true,
    COMES(TO_V4("10.9.0.9"), TCP_FROM(5000, 8080, TH_SYN_ONLY)),
    THEN(V4("10.9.0.9"), TCP_FROM(8081, 5000, TH_SYN_ACK)));
ROW(tcp_by_udp, true,
    COMES(TO_V4("10.9.0.9"), TCP_FROM(5000, 8080, TH_SYN_ONLY)),
    THEN(V4("10.9.0.9"), UDP(8080, 5000)));
ROW(tcp_from_unserved_port, true,
    COMES(TO_V4("10.9.0.9"), TCP_FROM(5000, 8081, TH_ACK_ONLY)),
    THEN(V4("10.9.0.9"), TCP_FROM(8081, 5000, TH_ACK_ONLY)));
ROW(v6_tcp, false,
    COMES(TO_V6("fd09::9"), TCP_FROM(5000, 8080, TH_SYN_ONLY)),
    THEN(V6("fd09::9"), TCP_FROM(8080, 5000, TH_SYN_ACK)));
ROW(v6_tcp_other_peer, true,
    COMES(TO_V6("fd09::9"), TCP_FROM(5000, 8080, TH_SYN_ONLY)),
    THEN(V6("fd09::8"), TCP_FROM(8080, 5000, TH_SYN_ACK)));
ROW(udp, false,
    COMES(TO_V4("10.9.0.9"), UDP(5000, 5353)),
    THEN(V4("10.9.0.9"), UDP(5353, 5000)));
ROW(udp_other_peer, true,
    COMES(TO_V4("10.9.0.9"), UDP(5000, 5353)),
    THEN(V4("10.9.0.8"), UDP(5353, 5000)));
ROW(udp_other_port_of_peer, true,
    COMES(TO_V4("10.9.0.9"), UDP(5000, 5353)),
    THEN(V4("10.9.0.9"), UDP(5353, 5001)));
ROW(v6_udp, false,
    COMES(TO_V6("fd09::9"), UDP(5000, 5353)),
    THEN(V6("fd09::9"), UDP(5353, 5000)));
ROW(udp_where_it_is_denied, true,
    COMES(TO_V4("10.9.0.7"), UDP(5000, 5353)),
    THEN(V4("10.9.0.7"), UDP(5353, 5000)));
ROW(v6_udp_where_it_is_denied, true,
    COMES(TO_V6("fd09::7"), UDP(5000, 5353)),
    THEN(V6("fd09::7"), UDP(5353, 5000)));
ROW(tcp_where_it_is_denied, false,
    COMES(TO_V4("10.9.0.7"), TCP_FROM(5000, 8080, TH_SYN_ONLY)),
    THEN(V4("10.9.0.7"), TCP_FROM(8080, 5000, TH_SYN_ACK)));
ROW(unreachable, true,
    COMES(TO_V4("10.9.0.9"), UDP(5000, 5353)),
    THEN(V4("10.9.0.9"), ICMP(3)));

ROW(asked_udp, false,
    GOES(V4("10.9.0.1"), UDP(5000, 53)),
    THEN(TO_V4("10.9.0.1"), UDP(53, 5000)));
ROW(asked_udp_other_peer, true,
    GOES(V4("10.9.0.1"), UDP(5000, 53)),
    THEN(TO_V4("10.9.0.9"), UDP(53, 5000)));
ROW(asked_udp_other_port, true,
    GOES(V4("10.9.0.1"), UDP(5000, 53)),
    THEN(TO_V4("10.9.0.1"), UDP(53, 5001)));
ROW(asked_udp_by_other_port, true,
    GOES(V4("10.9.0.1"), UDP(5000, 53)),
    THEN(TO_V4("10.9.0.1"), UDP(54, 5000)));
ROW(v6_asked_udp, false,
    GOES(V6("fd09::1"), UDP(5000, 53)),
    THEN(TO_V6("fd09::1"), UDP(53, 5000)));

ROW(neighbour_answers, false,
    COMES(.from = "fd09::9", .to = "ff02::1:ff00:2", ICMPV6(135), .hops = 255),
    THEN(V6("fd09::9"), ICMPV6(136), .hops = 255));
ROW(neighbour_is_asked, false,
    COMES(TO_V6("fd09::9"), ICMPV6(136), .hops = 255),
    THEN(V6("fd09::9"), ICMPV6(135), .hops = 255));
ROW(neighbour_is_pinged, true,
    COMES(TO_V6("fd09::9"), ICMPV6(136), .hops = 255),
    THEN(V6("fd09::9"), ICMPV6(128), .hops = 255));
ROW(neighbour_answers_elsewhere, true,
    COMES(TO_V6("fd09::9"), ICMPV6(135), .hops = 255),
    THEN(V6("fd09::8"), ICMPV6(136), .hops = 255));

ROW(fragment, false,
    GOES(V4("10.9.0.1"), UDP(5000, 53), .fragment = MORE, .id = 7),
    THEN_ALSO(V4("10.9.0.1"), UDP(5000, 53), .fragment = 64, .id = 7));
ROW(fragment_of_other_packet, true,
    GOES(V4("10.9.0.1"), UDP(5000, 53), .fragment = MORE, .id = 7),
    THEN_ALSO(V4("10.9.0.1"), UDP(5000, 53), .fragment = 64, .id = 8));
ROW(fragment_to_other_peer, true,
    GOES(V4("10.9.0.1"), UDP(5000, 53), .fragment = MORE, .id = 7),
    THEN_ALSO(V4("10.9.0.9"), UDP(5000, 53), .fragment = 64, .id = 7));
ROW(v6_fragment, false,
    GOES(CHAIN(PART), V6("fd09::1"), UDP(5000, 53), .fragment = MORE, .id = 7),
    THEN_ALSO(CHAIN(PART), V6("fd09::1"), UDP(5000, 53), .fragment = 64,
	      .id = 7));
ROW(fragment_comes, false,
    COMES(TO_V4("10.9.0.9"), UDP(5000, 5353), .fragment = MORE, .id = 7),
    THEN_ALSO(TO_V4("10.9.0.9"), UDP(5000, 5353), .fragment = 64, .id = 7));
ROW(fragment_comes_the_other_way, true,
    COMES(TO_V4("10.9.0.1"), UDP(5000, 5353), .fragment = MORE, .id = 7),
    THEN(V4("10.9.0.1"), UDP(5353, 5000), .fragment = 64, .id = 7));
ROW(fragment_over_flags, true,
    COMES(TO_V4("10.9.0.9"), TCP_FROM(5000, 8081, TH_ACK_ONLY),
	  .fragment = MORE, .id = 7),
    THEN_ALSO(TO_V4("10.9.0.9"), TCP_FROM(5000, 8081, 0), .fragment = 8,
	      .id = 7));
ROW(fragment_behind_flags, false,
    COMES(TO_V4("10.9.0.9"), TCP_FROM(5000, 8081, TH_ACK_ONLY),
	  .fragment = MORE, .id = 7),
    THEN_ALSO(TO_V4("10.9.0.9"), TCP_FROM(5000, 8081, 0), .fragment = 24,
	      .id = 7));

#undef ROW
#define ROW(name, what)							\
	FIXTURE_VARIANT_ADD(answer, name) {				\
		.policy = what, .refused = true,			\
		COMES(TO_V4("10.9.0.9"), TCP_FROM(5000, 8080, TH_SYN_ONLY)), \
		THEN(V4("10.9.0.9"), TCP_FROM(8080, 5000, TH_SYN_ACK)),	\
	}

ROW(anybody_may_come, OPEN_POLICY);
ROW(nothing_says_who_may_come, BARE_POLICY);
ROW(ports_are_learned, LEARN_PORTS_POLICY);
ROW(ports_are_learned_and_open, LEARN_OPEN_POLICY);
ROW(all_but_destinations_is_learned, LEARN_BARE_POLICY);

FIXTURE_SETUP(answer)
{
	guard_load(variant->policy);
	self->ends[false] = wire_open(&wire, false, ETH_P_ALL);
	self->ends[true] = wire_open(&wire, true, ETH_P_ALL);
}

FIXTURE_TEARDOWN(answer)
{
	bound_unload("netdev-answers");
}

/*
 * Who is told of everything is told of it a moment before it is judged, and of
 * many at once before most are received: what is @expected has a while to come,
 * and what is not has that moment.
 */
static u64 refusals(u64 id, u64 expected)
{
	struct outcome outcome = { 0 };
	int tries = 100;

	do {
		usleep(20000);
		refusals_read(id, &outcome);
	} while (outcome_sum(&outcome) < expected && tries--);
	return outcome_sum(&outcome);
}

static void send_from(const FIXTURE_DATA(answer) *self, bool guest,
		      const struct layout *layout)
{
	u8 bytes[FRAME_SIZE];

	wire_send(self->ends[guest], bytes, frame_make(layout, bytes));
	if (guest && !wire_hears(self->ends[false], bytes))
		die("the frame got lost");
}

TEST_F(answer, is_judged)
{
	bool second = variant->same_way == variant->from_guest;
	u64 id = wire_bind(&wire, "netdev-answers");

	send_from(self, variant->from_guest, &variant->first);
	EXPECT_EQ(0, refusals(id, 0));
	send_from(self, second, &variant->second);
	EXPECT_EQ(variant->refused, refusals(id, variant->refused));
	wire_unbind(&wire);
}

/* Nothing of it is refused, or remembered, once the device is bound anew. */
TEST_F(answer, does_not_come_first)
{
	bool second = variant->same_way == variant->from_guest;
	u64 id = wire_bind(&wire, "netdev-answers");

	wire_unbind(&wire);
	send_from(self, variant->from_guest, &variant->first);
	id = wire_bind(&wire, "netdev-answers");
	send_from(self, second, &variant->second);
	EXPECT_EQ(1, refusals(id, 1));
	wire_unbind(&wire);
}

/* What the guest is told when it is refused is not somebody who came in. */
TEST(reset_opens_nothing)
{
	static const struct layout opening = {
		V4("10.9.0.9"), TCP_FROM(8080, 5000, TH_SYN_ONLY)
	}, answer = {
		V4("10.9.0.9"), TCP_FROM(8080, 5000, TH_SYN_ACK)
	};
	u8 bytes[FRAME_SIZE], heard[FRAME_SIZE];
	time_t begin = time(NULL);
	int guest_end, i, told = 0;
	u64 id;

	guard_load(GUARD_POLICY);
	id = wire_bind(&wire, "netdev-answers");
	guest_end = wire_open(&wire, true, ETH_P_IP);
	wire_send(guest_end, bytes, frame_make(&opening, bytes));
	EXPECT_EQ(1, refusals(id, 1));
	ASSERT_EQ(14 + 20 + 20, recv(guest_end, heard, sizeof(heard),
				     MSG_DONTWAIT));
	EXPECT_EQ(0, memcmp(heard, bytes + 6, 6));
	EXPECT_EQ(0, memcmp(heard + 6, bytes, 6));
	EXPECT_EQ(0x14, heard[14 + 20 + 13]);
	wire_send(guest_end, bytes, frame_make(&answer, bytes));
	EXPECT_EQ(2, refusals(id, 2));
	/* There is an end to it. */
	for (i = 0; i < 300; i++)
		wire_send(guest_end, bytes, frame_make(&opening, bytes));
	EXPECT_EQ(302, refusals(id, 302));
	while (recv(guest_end, heard, sizeof(heard), MSG_DONTWAIT) > 0)
		told++;
	EXPECT_LE(50, told);
	EXPECT_GE(250 + 100 * (time(NULL) - begin), told);
	wire_unbind(&wire);
	bound_unload("netdev-answers");
}

TEST_HARNESS_MAIN
