/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Short words for what frames are made of: a guest with 10.9.0.2 and fd09::2, and
 * whoever else there is.
 */
#ifndef TESTS_GUEST_LAYOUTS_H
#define TESTS_GUEST_LAYOUTS_H

#include <netinet/in.h>

#include "frames.h"

#define V4(address)	.from = "10.9.0.2", .to = address
#define V6(address)	.from = "fd09::2", .to = address
#define TO_V4(address)	.from = address, .to = "10.9.0.2"
#define TO_V6(address)	.from = address, .to = "fd09::2"
#define TCP(number, bits)						\
	.protocol = IPPROTO_TCP, .from_port = 40000, .port = number,	\
	.flags = bits
#define TCP_FROM(source, number, bits)					\
	.protocol = IPPROTO_TCP, .from_port = source, .port = number,	\
	.flags = bits
#define UDP(source, number)						\
	.protocol = IPPROTO_UDP, .from_port = source, .port = number
#define ICMP(number)	.protocol = IPPROTO_ICMP, .icmp = number
#define ICMPV6(number)	.protocol = IPPROTO_ICMPV6, .icmp = number
#define TAGS(...)	.tags = { __VA_ARGS__ }
#define BYTES(...)	((const u8[]){ __VA_ARGS__ })
#define OPTIONS(...)							\
	.options = BYTES(__VA_ARGS__),					\
	.options_size = sizeof(BYTES(__VA_ARGS__))
#define CHAIN(...)							\
	.chain = BYTES(__VA_ARGS__), .chain_size = sizeof(BYTES(__VA_ARGS__))
#define MORE		1

#define SERVICE_TAG	ETH_P_8021AD
#define TAG		ETH_P_8021Q
#define HOP		IPPROTO_HOPOPTS
#define DEST		IPPROTO_DSTOPTS
#define ROUTE		IPPROTO_ROUTING
#define PART		IPPROTO_FRAGMENT
#define AUTH		IPPROTO_AH

#endif /* TESTS_GUEST_LAYOUTS_H */
