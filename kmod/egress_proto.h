/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Protocols of IP, as rules for egress name them, and the port that matters to them.
 */
#ifndef FNGUARD_KMOD_EGRESS_PROTO_H
#define FNGUARD_KMOD_EGRESS_PROTO_H

#include <linux/in.h>
#include <linux/in6.h>

#include <fnguard/access.h>

/* Where name servers are asked, and answer from. */
#define FNG_DNS_PORT	53

/**
 * fng_egress_proto() - the protocol of an egress rule
 * @protocol: as in an IP header or a socket; MPTCP's is beyond a byte and shows
 *	as its low byte, that of TCP
 */
static __always_inline u8 fng_egress_proto(u8 protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return FNG_PROTO_TCP;
	case IPPROTO_UDP:
		return FNG_PROTO_UDP;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return FNG_PROTO_ICMP;
	case IPPROTO_SCTP:
		return FNG_PROTO_SCTP;
	default:
		return FNG_PROTO_OTHER;
	}
}

#endif /* FNGUARD_KMOD_EGRESS_PROTO_H */
