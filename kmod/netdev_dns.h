/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What guests behind bound devices ask name servers, and what these answer.
 */
#ifndef FNGUARD_KMOD_NETDEV_DNS_H
#define FNGUARD_KMOD_NETDEV_DNS_H

#include "dns.h"
#include "frame.h"

struct fng_device;

/* Is it from the port that name servers answer from, over TCP as well? */
static inline bool fng_netdev_poses(const struct fng_frame *frame)
{
	return (frame->packet.protocol == IPPROTO_UDP ||
		frame->packet.protocol == IPPROTO_TCP) &&
	       frame->source.port == FNG_DNS_PORT;
}

/* The same, where it can be read. */
static inline bool fng_netdev_speaks(const struct fng_frame *frame)
{
	return frame->packet.protocol == IPPROTO_UDP && fng_netdev_poses(frame);
}

/* Does it go to one? */
static inline bool fng_netdev_asks(const struct fng_frame *frame)
{
	return (frame->packet.protocol == IPPROTO_UDP ||
		frame->packet.protocol == IPPROTO_TCP) &&
	       frame->packet.endpoint.port == FNG_DNS_PORT;
}

/* Inside rcu_read_lock(), any context but a hard interrupt. */
int fng_netdev_ask(struct sk_buff *skb, const struct fng_device *device,
		   const struct fng_subject *subject,
		   const struct fng_frame *frame);
void fng_netdev_hear(struct sk_buff *skb, const struct fng_device *device,
		     const struct fng_frame *frame);

#endif /* FNGUARD_KMOD_NETDEV_DNS_H */
