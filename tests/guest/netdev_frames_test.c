// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a bound device lets through, frame by frame, both ways. The guest and
 * whoever talks to it make their frames themselves.
 */
#include <stdio.h>
#include <string.h>
#include <linux/if_ether.h>

#include "bound.h"
#include "expect.h"
#include "layouts.h"
#include "wire.h"

EVENTS_OF_SUITE(events);
WIRE_OF_SUITE(wire_make, wire);

/* Each row has a policy of its own, by which its event is told from others. */
#define GUARD_POLICY							\
	"policy: frames-%d\n"						\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - allow:\n"						\
	"        to: [10.9.0.1, \"fd09::1\"]\n"				\
	"        ports: [8000/tcp, 53/udp, 9/sctp, icmp]\n"		\
	"listen: { default: deny, allow: [8080/tcp, 5353/udp] }\n"

/**
 * enum verdict - what is expected
 * @PASSES: it arrives
 * @NO_RULE: it is refused by the default of the section
 * @UNREADABLE: it is refused since nobody could tell where it goes
 * @NOT_IP: it is refused since no rule could be about it
 */
enum verdict { PASSES, NO_RULE, UNREADABLE, NOT_IP };

FIXTURE(frame) {
	char policy[32];
	int from;
	int to;
};

FIXTURE_VARIANT(frame) {
	bool to_guest;
	enum verdict verdict;
	struct layout layout;
	const char *object;
};

#define ROW(name, guest, what, text, ...)				\
	FIXTURE_VARIANT_ADD(frame, name) {				\
		.to_guest = guest,					\
		.verdict = what,					\
		.object = text,						\
		.layout = { __VA_ARGS__ },				\
	}
#define OUT(name, what, ...)	ROW(out_##name, false, what, NULL, __VA_ARGS__)
#define IN(name, what, ...)	ROW(in_##name, true, what, NULL, __VA_ARGS__)
#define REFUSED(name, what, text, ...)					\
	ROW(out_##name, false, what, text, __VA_ARGS__)
#define REFUSED_IN(name, what, text, ...)				\
	ROW(in_##name, true, what, text, __VA_ARGS__)

/* Where the guest may go, and where not. */
OUT(tcp, PASSES, V4("10.9.0.1"), TCP(8000, TH_SYN_ONLY));
REFUSED(tcp_port, NO_RULE, "10.9.0.1 port 8001/tcp",
	V4("10.9.0.1"), TCP(8001, TH_SYN_ONLY));
REFUSED(tcp_address, NO_RULE, "10.9.0.9 port 8000/tcp",
	V4("10.9.0.9"), TCP(8000, TH_SYN_ONLY));
OUT(udp, PASSES, V4("10.9.0.1"), UDP(40000, 53));
REFUSED(udp_port, NO_RULE, "10.9.0.1 port 54/udp",
	V4("10.9.0.1"), UDP(40000, 54));
OUT(sctp, PASSES, V4("10.9.0.1"), .protocol = IPPROTO_SCTP, .port = 9);
REFUSED(sctp_port, NO_RULE, "10.9.0.1 port 8/sctp",
	V4("10.9.0.1"), .protocol = IPPROTO_SCTP, .port = 8);
OUT(icmp, PASSES, V4("10.9.0.1"), ICMP(8));
REFUSED(icmp_address, NO_RULE, "10.9.0.9 port 0/icmp",
	V4("10.9.0.9"), ICMP(8));
REFUSED(other_protocol, NO_RULE, "10.9.0.1 port 0/other",
	V4("10.9.0.1"), .protocol = IPPROTO_GRE);
REFUSED(broadcast, NO_RULE, "255.255.255.255 port 53/udp",
	V4("255.255.255.255"), UDP(40000, 53));
OUT(v6_tcp, PASSES, V6("fd09::1"), TCP(8000, TH_SYN_ONLY));
REFUSED(v6_tcp_port, NO_RULE, "fd09::1 port 8001/tcp",
	V6("fd09::1"), TCP(8001, TH_SYN_ONLY));
OUT(v6_udp, PASSES, V6("fd09::1"), UDP(40000, 53));
REFUSED(v6_udp_address, NO_RULE, "fd09::9 port 53/udp",
	V6("fd09::9"), UDP(40000, 53));
OUT(v6_icmp, PASSES, V6("fd09::1"), ICMPV6(128));
REFUSED(v6_icmp_address, NO_RULE, "fd09::9 port 0/icmp",
	V6("fd09::9"), ICMPV6(128));
REFUSED(v6_other_protocol, NO_RULE, "fd09::1 port 0/other",
	V6("fd09::1"), .protocol = IPPROTO_GRE);

/* A guest that makes its own segments gets no further. */
OUT(segment, PASSES, V4("10.9.0.1"), TCP(8000, TH_ACK_ONLY));
REFUSED(segment_denied, NO_RULE, "10.9.0.9 port 8000/tcp",
	V4("10.9.0.9"), TCP(8000, TH_ACK_ONLY));
OUT(answer_to_nobody, NO_RULE, V4("10.9.0.9"),
    TCP_FROM(8080, 5000, TH_SYN_ACK));
OUT(segment_to_nobody, NO_RULE, V4("10.9.0.9"),
    TCP_FROM(8080, 5000, TH_ACK_ONLY));
OUT(reset_to_nobody, NO_RULE, V4("10.9.0.9"),
    TCP_FROM(8080, 5000, TH_RST_ONLY));
OUT(datagram_to_nobody, NO_RULE, V4("10.9.0.9"), UDP(5353, 5000));
OUT(answer_to_ping_of_nobody, NO_RULE, V4("10.9.0.9"), ICMP(0));
OUT(error_to_nobody, NO_RULE, V4("10.9.0.9"), ICMP(3));

/* Tags hide nothing. */
OUT(tagged, PASSES, TAGS(TAG), V4("10.9.0.1"), TCP(8000, TH_SYN_ONLY));
REFUSED(tagged_denied, NO_RULE, "10.9.0.9 port 8000/tcp", TAGS(TAG),
	V4("10.9.0.9"), TCP(8000, TH_SYN_ONLY));
OUT(tagged_twice, PASSES, TAGS(SERVICE_TAG, TAG), V4("10.9.0.1"),
    TCP(8000, TH_SYN_ONLY));
REFUSED(tagged_twice_denied, NO_RULE, "10.9.0.9 port 8000/tcp",
	TAGS(SERVICE_TAG, TAG), V4("10.9.0.9"), TCP(8000, TH_SYN_ONLY));
OUT(tagged_too_often, UNREADABLE, TAGS(SERVICE_TAG, TAG, TAG, TAG),
    V4("10.9.0.1"), TCP(8000, TH_SYN_ONLY));
OUT(tagged_v6_denied, NO_RULE, TAGS(TAG), V6("fd09::9"),
    TCP(8000, TH_SYN_ONLY));
OUT(tagged_arp, PASSES, TAGS(TAG), .type = ETH_P_ARP, .to = "");
OUT(tagged_other, NOT_IP, TAGS(TAG), .type = ETH_P_PPP_DISC, .to = "");

/* Options and extension headers. */
OUT(padded, PASSES, OPTIONS(1, 1, 1, 0), V4("10.9.0.1"),
    TCP(8000, TH_SYN_ONLY));
OUT(padded_denied, NO_RULE, OPTIONS(1, 1, 1, 0), V4("10.9.0.9"),
    TCP(8000, TH_SYN_ONLY));
OUT(timestamps, PASSES, OPTIONS(68, 8, 5, 0, 0, 0, 0, 0), V4("10.9.0.1"),
    UDP(40000, 53));
OUT(loose_route, UNREADABLE, OPTIONS(1, 131, 7, 4, 10, 9, 0, 9),
    V4("10.9.0.1"), TCP(8000, TH_SYN_ONLY));
OUT(strict_route, UNREADABLE, OPTIONS(1, 137, 7, 4, 10, 9, 0, 9),
    V4("10.9.0.1"), TCP(8000, TH_SYN_ONLY));
OUT(option_of_no_size, UNREADABLE, OPTIONS(7, 0, 131, 7, 4, 10, 9, 0),
    V4("10.9.0.1"), TCP(8000, TH_SYN_ONLY));
OUT(v6_hop_options, PASSES, CHAIN(HOP), V6("fd09::1"),
    TCP(8000, TH_SYN_ONLY));
OUT(v6_options_denied, NO_RULE, CHAIN(HOP, DEST), V6("fd09::9"),
    TCP(8000, TH_SYN_ONLY));
OUT(v6_options_port, NO_RULE, CHAIN(HOP, DEST), V6("fd09::1"),
    TCP(8001, TH_SYN_ONLY));
OUT(v6_route, UNREADABLE, CHAIN(ROUTE), V6("fd09::1"),
    TCP(8000, TH_SYN_ONLY));
OUT(v6_route_behind_options, UNREADABLE, CHAIN(HOP, DEST, ROUTE),
    V6("fd09::1"), TCP(8000, TH_SYN_ONLY));
OUT(v6_authenticated, PASSES, CHAIN(AUTH), V6("fd09::1"),
    TCP(8000, TH_SYN_ONLY));
OUT(v6_authenticated_port, NO_RULE, CHAIN(AUTH), V6("fd09::1"),
    TCP(8001, TH_SYN_ONLY));
OUT(v6_eight_headers, PASSES,
    CHAIN(HOP, DEST, DEST, DEST, DEST, DEST, DEST, DEST), V6("fd09::1"),
    TCP(8000, TH_SYN_ONLY));
OUT(v6_nine_headers, UNREADABLE,
    CHAIN(HOP, DEST, DEST, DEST, DEST, DEST, DEST, DEST, DEST),
    V6("fd09::1"), TCP(8000, TH_SYN_ONLY));
OUT(v6_nothing_follows, UNREADABLE, V6("fd09::1"),
    .protocol = IPPROTO_NONE);

/* Fragments. */
OUT(first_fragment, PASSES, V4("10.9.0.1"), UDP(40000, 53),
    .fragment = MORE, .id = 1);
OUT(first_fragment_denied, NO_RULE, V4("10.9.0.9"), UDP(40000, 53),
    .fragment = MORE, .id = 2);
REFUSED(later_fragment, UNREADABLE, "10.9.0.1 port 0/other",
	V4("10.9.0.1"), UDP(40000, 53), .fragment = 64, .id = 3);
OUT(first_fragment_without_ports, UNREADABLE, V4("10.9.0.1"),
    UDP(40000, 53), .fragment = MORE, .id = 4, .size = 14 + 20 + 2,
    .claim = -14);
OUT(first_fragment_without_flags, UNREADABLE, V4("10.9.0.1"),
    TCP(8000, TH_SYN_ONLY), .fragment = MORE, .id = 5, .size = 14 + 20 + 8,
    .claim = -12);
OUT(v6_first_fragment, PASSES, CHAIN(PART), V6("fd09::1"), UDP(40000, 53),
    .fragment = MORE, .id = 6);
OUT(v6_whole_fragment, PASSES, CHAIN(PART), V6("fd09::1"), UDP(40000, 53));
OUT(v6_whole_fragment_denied, NO_RULE, CHAIN(PART), V6("fd09::1"),
    UDP(40000, 54));
OUT(v6_later_fragment, UNREADABLE, CHAIN(PART), V6("fd09::1"),
    UDP(40000, 53), .fragment = 64, .id = 7);
OUT(v6_fragment_of_fragment, UNREADABLE, CHAIN(PART, PART), V6("fd09::1"),
    UDP(40000, 53), .fragment = 64, .id = 8);

/* What says that it is IP, and is none that anybody could read. */
OUT(too_short, UNREADABLE, V4("10.9.0.1"), UDP(40000, 53), .size = 14 + 12);
OUT(no_ports, UNREADABLE, V4("10.9.0.1"), UDP(40000, 53),
    .size = 14 + 20 + 2, .claim = -14);
OUT(longer_than_frame, UNREADABLE, V4("10.9.0.1"), UDP(40000, 53),
    .claim = 100);
OUT(shorter_than_header, UNREADABLE, V4("10.9.0.1"), UDP(40000, 53),
    .claim = -20);
OUT(ports_in_padding, UNREADABLE, V4("10.9.0.1"), UDP(40000, 53),
    .claim = -16);
OUT(padding_follows, PASSES, V4("10.9.0.1"), UDP(40000, 53), .claim = -8);
OUT(small_header, UNREADABLE, V4("10.9.0.1"), UDP(40000, 53), .header = 4);
OUT(large_header, UNREADABLE, V4("10.9.0.1"), UDP(40000, 53),
    .header = 15);
OUT(other_version, UNREADABLE, V4("10.9.0.1"), UDP(40000, 53),
    .version = 6);
OUT(v6_other_version, UNREADABLE, V6("fd09::1"), UDP(40000, 53),
    .version = 4);
OUT(v6_as_v4, UNREADABLE, .type = ETH_P_IP, V6("fd09::1"),
    UDP(40000, 53));
OUT(v4_as_v6, UNREADABLE, .type = ETH_P_IPV6, V4("10.9.0.1"),
    UDP(40000, 53));
OUT(v6_too_short, UNREADABLE, V6("fd09::1"), UDP(40000, 53),
    .size = 14 + 30);
OUT(v6_options_cut, UNREADABLE, CHAIN(HOP), V6("fd09::1"),
    UDP(40000, 53), .size = 14 + 40 + 4);

/* What a link takes, and what only looks like it. */
OUT(arp, PASSES, .type = ETH_P_ARP, .to = "");
OUT(dhcp, PASSES, .from = "0.0.0.0", .to = "255.255.255.255", UDP(68, 67));
REFUSED(dhcp_unicast, NO_RULE, "10.9.0.9 port 67/udp",
	V4("10.9.0.9"), UDP(68, 67));
OUT(dhcp_other_port, NO_RULE, .from = "0.0.0.0", .to = "255.255.255.255",
    UDP(69, 67));
OUT(dhcp_of_server, NO_RULE, .from = "0.0.0.0", .to = "255.255.255.255",
    UDP(67, 68));
OUT(dhcpv6, PASSES, .from = "fe80::2", .to = "ff02::1:2", UDP(546, 547));
OUT(dhcpv6_elsewhere, NO_RULE, V6("fd09::9"), UDP(546, 547));
OUT(dhcpv6_of_server, NO_RULE, .from = "fe80::2", .to = "fe80::1",
    UDP(547, 546));
OUT(router_solicitation, PASSES, .from = "fe80::2", .to = "ff02::2",
    ICMPV6(133), .hops = 255);
OUT(router_advertisement, NO_RULE, .from = "fe80::2", .to = "ff02::1",
    ICMPV6(134), .hops = 255);
OUT(redirect, NO_RULE, .from = "fe80::2", .to = "fe80::1", ICMPV6(137),
    .hops = 255);
OUT(neighbour_solicitation, PASSES, .from = "fd09::2",
    .to = "ff02::1:ff00:1", ICMPV6(135), .hops = 255);
OUT(neighbour_solicitation_forwarded, NO_RULE, .from = "fd09::2",
    .to = "ff02::1:ff00:1", ICMPV6(135), .hops = 64);
OUT(neighbour_advertisement, PASSES, .from = "fe80::2", .to = "fe80::1",
    ICMPV6(136), .hops = 255);
REFUSED(neighbour_advertisement_elsewhere, NO_RULE, "fd09::9 port 0/icmp",
	V6("fd09::9"), ICMPV6(136), .hops = 255);
OUT(membership, PASSES, CHAIN(HOP), .from = "fe80::2", .to = "ff02::16",
    ICMPV6(143), .hops = 1);
OUT(membership_elsewhere, NO_RULE, V6("fd09::9"), ICMPV6(143), .hops = 1);
REFUSED(other_type, NOT_IP, "ethertype 0x8863", .type = ETH_P_PPP_DISC,
	.to = "");
OUT(bridge_protocol, NOT_IP, .type = 0x0026, .to = "");
OUT(service_discovery, NOT_IP, .type = ETH_P_LLDP, .to = "");

/* What others open towards the guest. */
IN(tcp, PASSES, TO_V4("10.9.0.9"), TCP(8080, TH_SYN_ONLY));
REFUSED_IN(tcp_port, NO_RULE, "10.9.0.2 port 8081/tcp",
	   TO_V4("10.9.0.9"), TCP(8081, TH_SYN_ONLY));
IN(tcp_answer, PASSES, TO_V4("10.9.0.9"), TCP_FROM(443, 8081, TH_SYN_ACK));
IN(tcp_segment, PASSES, TO_V4("10.9.0.9"), TCP_FROM(443, 8081, TH_ACK_ONLY));
IN(udp, PASSES, TO_V4("10.9.0.9"), UDP(40000, 5353));
REFUSED_IN(udp_port, NO_RULE, "10.9.0.2 port 5354/udp",
	   TO_V4("10.9.0.9"), UDP(40000, 5354));
IN(udp_of_nobody_asked, NO_RULE, TO_V4("10.9.0.1"), UDP(53, 40000));
IN(v6_tcp, PASSES, TO_V6("fd09::9"), TCP(8080, TH_SYN_ONLY));
IN(v6_tcp_port, NO_RULE, TO_V6("fd09::9"), TCP(8081, TH_SYN_ONLY));
IN(v6_udp, PASSES, TO_V6("fd09::9"), UDP(40000, 5353));
IN(v6_udp_port, NO_RULE, TO_V6("fd09::9"), UDP(40000, 5354));
REFUSED_IN(ping, NO_RULE, "10.9.0.2 port 0/icmp", TO_V4("10.9.0.9"),
	   ICMP(8));
IN(ping_answer, PASSES, TO_V4("10.9.0.9"), ICMP(0));
IN(unreachable, PASSES, TO_V4("10.9.0.9"), ICMP(3));
IN(redirect, NO_RULE, TO_V4("10.9.0.9"), ICMP(5));
IN(v6_ping, NO_RULE, TO_V6("fd09::9"), ICMPV6(128));
IN(v6_too_big, PASSES, TO_V6("fd09::9"), ICMPV6(2));
IN(other_protocol, NO_RULE, TO_V4("10.9.0.9"), .protocol = IPPROTO_GRE);
IN(tagged, PASSES, TAGS(TAG), TO_V4("10.9.0.9"), TCP(8080, TH_SYN_ONLY));
IN(tagged_port, NO_RULE, TAGS(TAG), TO_V4("10.9.0.9"),
   TCP(8081, TH_SYN_ONLY));
IN(loose_route, UNREADABLE, OPTIONS(1, 131, 7, 4, 10, 9, 0, 9),
   TO_V4("10.9.0.9"), TCP(8080, TH_SYN_ONLY));
IN(later_fragment, UNREADABLE, TO_V4("10.9.0.9"), UDP(40000, 5353),
   .fragment = 64, .id = 9);
IN(arp, PASSES, .type = ETH_P_ARP, .to = "");
IN(dhcp, PASSES, TO_V4("10.9.0.1"), UDP(67, 68));
IN(dhcpv6, PASSES, .from = "fe80::1", .to = "fe80::2", UDP(547, 546));
IN(router_advertisement, PASSES, .from = "fe80::1", .to = "ff02::1",
   ICMPV6(134), .hops = 255);
IN(router_advertisement_forwarded, NO_RULE, .from = "fe80::1",
   .to = "ff02::1", ICMPV6(134), .hops = 254);
IN(neighbour_solicitation, PASSES, TO_V6("fd09::1"), ICMPV6(135),
   .hops = 255);
IN(other_type, NOT_IP, .type = ETH_P_LLDP, .to = "");

FIXTURE_SETUP(frame)
{
	char text[512];

	snprintf(self->policy, sizeof(self->policy), "frames-%d", getpid());
	snprintf(text, sizeof(text), GUARD_POLICY, getpid());
	guard_load(text);
	self->from = wire_open(&wire, !variant->to_guest, 0);
	self->to = wire_open(&wire, variant->to_guest,
			     variant->to_guest ? ETH_P_ALL :
			     frame_heard_as(&variant->layout));
}

FIXTURE_TEARDOWN(frame)
{
	bound_unload(self->policy);
}

TEST_F(frame, works_unguarded)
{
	u8 bytes[FRAME_SIZE];

	wire_send(self->from, bytes, frame_make(&variant->layout, bytes));
	EXPECT_TRUE(wire_hears(self->to, bytes));
}

static void expect_counted(struct __test_metadata *_metadata, u64 id,
			   const FIXTURE_VARIANT(frame) *variant)
{
	static const u32 rules[] = {
		[UNREADABLE] = FNG_RULE_GUARD | FNG_GUARD_UNDECIDABLE,
		[NOT_IP] = FNG_RULE_GUARD | FNG_GUARD_NOT_IP,
	};
	const struct expected expected = {
		.hook = variant->to_guest ? FNG_HOOK_NETDEV_EGRESS :
					    FNG_HOOK_NETDEV_INGRESS,
		.class = variant->to_guest ? FNG_CLASS_LISTEN :
					     FNG_CLASS_EGRESS,
		.rule = rules[variant->verdict],
		.line = variant->verdict != NO_RULE ? 0 :
			variant->to_guest ? 8 : 3,
	};
	struct outcome outcome = { 0 };

	refusals_read(id, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

static void expect_told(struct __test_metadata *_metadata, const char *policy,
			const FIXTURE_VARIANT(frame) *variant)
{
	char line[EVENT_LINE_SIZE], text[256];

	snprintf(text, sizeof(text), " -> %s by %s rule ",
		 variant->to_guest ? "EPERM" : "ECONNREFUSED", policy);
	ASSERT_TRUE(events_find(&events, "denied", text, line));
	snprintf(text, sizeof(text), " %s ",
		 fng_hook_name(variant->to_guest ? FNG_HOOK_NETDEV_EGRESS :
						   FNG_HOOK_NETDEV_INGRESS));
	expect_text(_metadata, line, text);
	snprintf(text, sizeof(text), " at device %s times 1\n", wire.name);
	expect_text(_metadata, line, text);
	if (variant->object)
		expect_text(_metadata, line, variant->object);
}

TEST_F(frame, is_judged)
{
	u64 id = wire_bind(&wire, self->policy);
	struct outcome outcome = { 0 };
	u8 bytes[FRAME_SIZE];

	wire_send(self->from, bytes, frame_make(&variant->layout, bytes));
	if (variant->verdict == PASSES) {
		EXPECT_TRUE(wire_hears(self->to, bytes));
		refusals_read(id, &outcome);
		expect_allowed(_metadata, &outcome);
	} else {
		expect_told(_metadata, self->policy, variant);
		expect_counted(_metadata, id, variant);
		EXPECT_FALSE(wire_heard(self->to, bytes));
	}
	wire_unbind(&wire);
}

TEST_HARNESS_MAIN
