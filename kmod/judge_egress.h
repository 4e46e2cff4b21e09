/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judging a destination by every policy that applies.
 */
#ifndef FNGUARD_KMOD_JUDGE_EGRESS_H
#define FNGUARD_KMOD_JUDGE_EGRESS_H

#include <linux/in.h>
#include <linux/in6.h>

#include <fnguard/access.h>
#include "judge.h"

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

bool fng_endpoint_allowed(const struct fng_subject *subject,
			  const struct fng_endpoint *endpoint);
void fng_judge_endpoint(struct fng_judgement *judgement,
			const struct fng_endpoint *endpoint);
void fng_judge_traffic(struct fng_judgement *judgement,
		       enum fng_guard_rule reason);

#endif /* FNGUARD_KMOD_JUDGE_EGRESS_H */
