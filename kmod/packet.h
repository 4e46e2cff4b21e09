/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a packet of IP goes.
 *
 * What nearly every packet needs is inline: those of sockets are many.
 */
#ifndef FNGUARD_KMOD_PACKET_H
#define FNGUARD_KMOD_PACKET_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "compat.h"
#include "egress_proto.h"
#include "engine/engine.h"

/**
 * struct fng_packet - where a packet goes
 * @endpoint: its destination
 * @hidden: it is source-routed, so that @endpoint is only the first hop, or it
 *	cannot be read
 * @fragment: it is a fragment
 * @before: of a fragment, bytes that are before it; 0 for the first, which alone
 *	has ports
 * @id: of a fragment, what all of the same packet have
 * @protocol: what follows the headers of IP, as it is numbered there
 * @transport: where that is; negative if it was not found
 */
struct fng_packet {
	struct fng_endpoint endpoint;
	bool hidden;
	bool fragment;
	u8 protocol;
	u16 before;
	u32 id;
	int transport;
};

bool fng_packet_port_behind(const struct sk_buff *skb, int transport,
			    __be16 *port);
bool fng_packet_read_options(const struct sk_buff *skb, int offset, int size,
			     struct fng_packet *packet);
void fng_packet_read_extensions(const struct sk_buff *skb,
				struct fng_packet *packet);

/* The transport header is nearly always where it can be read at once. */
static __always_inline void
fng_packet_find_port(const struct sk_buff *skb, struct fng_packet *packet)
{
	const __be16 *ports = (const void *)(skb->data + packet->transport);
	struct fng_endpoint *endpoint = &packet->endpoint;
	__be16 port;

	if (endpoint->proto == FNG_PROTO_ICMP ||
	    endpoint->proto == FNG_PROTO_OTHER)
		return;
	if (likely(packet->transport + 2 * sizeof(port) <= skb_headlen(skb)))
		endpoint->port = ntohs(ports[1]);
	else if (fng_packet_port_behind(skb, packet->transport, &port))
		endpoint->port = ntohs(port);
	else
		endpoint->proto = FNG_PROTO_OTHER;
}

/**
 * fng_packet_read_v4() - read where a packet of IPv4 goes
 * @skb: the packet
 * @offset: of its header from the skb's data
 * @packet: filled, from zeroes
 *
 * Return: false if it cannot be read.
 */
static __always_inline bool fng_packet_read_v4(const struct sk_buff *skb,
					       int offset,
					       struct fng_packet *packet)
{
	struct iphdr buffer __uninitialized;
	const struct iphdr *ip;
	int size;

	ip = skb_header_pointer(skb, offset, sizeof(*ip), &buffer);
	if (!ip || ip->ihl < 5)
		return false;
	size = ip->ihl * 4;
	if (ip->ihl > 5 &&
	    !fng_packet_read_options(skb, offset + sizeof(*ip),
				     size - sizeof(*ip), packet))
		return false;
	packet->endpoint.family = 4;
	memcpy(packet->endpoint.addr, &ip->daddr, 4);
	packet->protocol = ip->protocol;
	packet->transport = offset + size;
	if (unlikely(ip_is_fragment(ip))) {
		packet->fragment = true;
		packet->before = (ntohs(ip->frag_off) & IP_OFFSET) * 8;
		packet->id = ntohs(ip->id);
	}
	/* Only the first fragment tells where it goes. */
	packet->endpoint.proto = packet->before ? FNG_PROTO_OTHER :
				 fng_egress_proto(ip->protocol);
	fng_packet_find_port(skb, packet);
	return true;
}

/**
 * fng_packet_read_v6() - read where a packet of IPv6 goes
 * @skb: the packet
 * @offset: of its header from the skb's data
 * @packet: filled, from zeroes
 *
 * Return: false if it cannot be read.
 */
static __always_inline bool fng_packet_read_v6(const struct sk_buff *skb,
					       int offset,
					       struct fng_packet *packet)
{
	struct ipv6hdr buffer __uninitialized;
	const struct ipv6hdr *ip;

	ip = skb_header_pointer(skb, offset, sizeof(*ip), &buffer);
	if (!ip)
		return false;
	packet->endpoint.family = 6;
	memcpy(packet->endpoint.addr, &ip->daddr, 16);
	packet->protocol = ip->nexthdr;
	packet->transport = offset + sizeof(*ip);
	if (ipv6_ext_hdr(ip->nexthdr))
		fng_packet_read_extensions(skb, packet);
	packet->endpoint.proto = packet->before || packet->transport < 0 ?
				 FNG_PROTO_OTHER :
				 fng_egress_proto(packet->protocol);
	fng_packet_find_port(skb, packet);
	return true;
}

#endif /* FNGUARD_KMOD_PACKET_H */
