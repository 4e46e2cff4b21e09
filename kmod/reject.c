// SPDX-License-Identifier: GPL-2.0-only
/*
 * Telling a guest that it was refused: a connection that it may not open is
 * reset, as if nobody listened there, and for everything else there is an error
 * of ICMP, as from a router that filters. Else it would try for minutes.
 */
#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_vlan.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/tcp.h>

#include "frame.h"
#include "reject.h"

#define HOPS	64

/* Of the packet that an error is about, what fits into the least of packets. */
#define MAX_QUOTED_V4	(576 - sizeof(struct iphdr) - sizeof(struct icmphdr))
#define MAX_QUOTED_V6	(IPV6_MIN_MTU - sizeof(struct ipv6hdr) - \
			 sizeof(struct icmp6hdr))

/*
 * Of what is sent to many, nobody in particular refuses anything. What has tags
 * in the frame itself, the outermost being taken off, is left to time out.
 */
static bool is_to_one(const struct sk_buff *skb)
{
	return skb_mac_header_was_set(skb) &&
	       !is_multicast_ether_addr(eth_hdr(skb)->h_dest) &&
	       (skb->protocol == htons(ETH_P_IP) ||
		skb->protocol == htons(ETH_P_IPV6));
}

static bool is_unicast_v4(const u8 addr[16])
{
	__be32 v4;

	memcpy(&v4, addr, sizeof(v4));
	return !ipv4_is_multicast(v4) && !ipv4_is_lbcast(v4) &&
	       !ipv4_is_zeronet(v4) && !ipv4_is_loopback(v4);
}

static bool is_unicast_v6(const u8 addr[16])
{
	struct in6_addr v6;

	memcpy(&v6, addr, sizeof(v6));
	return ipv6_addr_type(&v6) & IPV6_ADDR_UNICAST &&
	       !ipv6_addr_loopback(&v6);
}

static bool is_unicast(const struct fng_endpoint *endpoint)
{
	return endpoint->family == 4 ? is_unicast_v4(endpoint->addr) :
				       is_unicast_v6(endpoint->addr);
}

/* An error about an error would be answered by another. */
static bool is_question(const struct fng_frame *frame)
{
	switch (frame->packet.protocol) {
	case IPPROTO_ICMP:
		return frame->packet.endpoint.family == 4 &&
		       frame->icmp == ICMP_ECHO;
	case IPPROTO_ICMPV6:
		return frame->packet.endpoint.family == 6 &&
		       frame->icmp == ICMPV6_ECHO_REQUEST;
	case IPPROTO_TCP:
		return frame->opens;
	default:
		return true;
	}
}

/**
 * fng_reject_wanted() - can a guest be told that a packet was refused?
 * @skb: the packet, as received
 * @frame: what was read of it
 */
bool fng_reject_wanted(const struct sk_buff *skb, const struct fng_frame *frame)
{
	return frame->kind == FNG_FRAME_PACKET && !frame->packet.before &&
	       is_to_one(skb) && is_question(frame) &&
	       is_unicast(&frame->packet.endpoint) &&
	       is_unicast(&frame->source);
}

static void put_v4(struct sk_buff *answer, const struct fng_frame *frame,
		   u8 protocol, u32 size)
{
	struct iphdr *ip = skb_put_zero(answer, sizeof(*ip));

	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->tot_len = htons(sizeof(*ip) + size);
	ip->frag_off = htons(IP_DF);
	ip->ttl = HOPS;
	ip->protocol = protocol;
	memcpy(&ip->saddr, frame->packet.endpoint.addr, sizeof(ip->saddr));
	memcpy(&ip->daddr, frame->source.addr, sizeof(ip->daddr));
	ip_send_check(ip);
}

static void put_v6(struct sk_buff *answer, const struct fng_frame *frame,
		   u8 protocol, u32 size)
{
	struct ipv6hdr *ip = skb_put_zero(answer, sizeof(*ip));

	ip->version = 6;
	ip->payload_len = htons(size);
	ip->nexthdr = protocol;
	ip->hop_limit = HOPS;
	memcpy(&ip->saddr, frame->packet.endpoint.addr, sizeof(ip->saddr));
	memcpy(&ip->daddr, frame->source.addr, sizeof(ip->daddr));
}

/* An answer whose header of IP is there already, with room for @size bytes. */
static struct sk_buff *begin(const struct sk_buff *skb,
			     const struct fng_frame *frame, u8 protocol,
			     u32 size)
{
	struct net_device *dev = skb->dev;
	struct sk_buff *answer;

	answer = alloc_skb(LL_RESERVED_SPACE(dev) + sizeof(struct ipv6hdr) +
			   size, GFP_ATOMIC | __GFP_NOWARN);
	if (!answer)
		return NULL;
	skb_reserve(answer, LL_RESERVED_SPACE(dev));
	skb_reset_network_header(answer);
	answer->dev = dev;
	answer->protocol = skb->protocol;
	if (skb->protocol == htons(ETH_P_IP))
		put_v4(answer, frame, protocol, size);
	else
		put_v6(answer, frame, protocol, size);
	return answer;
}

static __sum16 checksum_of(const struct sk_buff *answer,
			   const struct tcphdr *tcp)
{
	__wsum sum = csum_partial(tcp, sizeof(*tcp), 0);

	if (answer->protocol == htons(ETH_P_IP))
		return tcp_v4_check(sizeof(*tcp), ip_hdr(answer)->saddr,
				    ip_hdr(answer)->daddr, sum);
	return csum_ipv6_magic(&ipv6_hdr(answer)->saddr,
			       &ipv6_hdr(answer)->daddr, sizeof(*tcp),
			       IPPROTO_TCP, sum);
}

/* It acknowledges what asked for the connection: no other reset is believed. */
static void put_tcp(struct sk_buff *answer, const struct tcphdr *refused)
{
	struct tcphdr *tcp = skb_put_zero(answer, sizeof(*tcp));

	tcp->source = refused->dest;
	tcp->dest = refused->source;
	tcp->ack_seq = htonl(ntohl(refused->seq) + 1);
	tcp->doff = sizeof(*tcp) / 4;
	tcp->rst = 1;
	tcp->ack = 1;
	tcp->check = checksum_of(answer, tcp);
}

static struct sk_buff *build_reset(const struct sk_buff *skb,
				   const struct fng_frame *frame)
{
	const struct tcphdr *refused;
	struct sk_buff *answer;
	struct tcphdr buffer;

	refused = skb_header_pointer(skb, frame->packet.transport,
				     sizeof(buffer), &buffer);
	if (!refused)
		return NULL;
	answer = begin(skb, frame, IPPROTO_TCP, sizeof(*refused));
	if (answer)
		put_tcp(answer, refused);
	return answer;
}

static void put_error_v4(struct sk_buff *answer, u32 quoted)
{
	struct icmphdr *icmp = (void *)skb_transport_header(answer);

	icmp->type = ICMP_DEST_UNREACH;
	icmp->code = ICMP_PKT_FILTERED;
	icmp->checksum = ip_compute_csum(icmp, sizeof(*icmp) + quoted);
}

static void put_error_v6(struct sk_buff *answer, u32 quoted)
{
	struct icmp6hdr *icmp = (void *)skb_transport_header(answer);
	u32 size = sizeof(*icmp) + quoted;

	icmp->icmp6_type = ICMPV6_DEST_UNREACH;
	icmp->icmp6_code = ICMPV6_ADM_PROHIBITED;
	icmp->icmp6_cksum = csum_ipv6_magic(&ipv6_hdr(answer)->saddr,
					    &ipv6_hdr(answer)->daddr, size,
					    IPPROTO_ICMPV6,
					    csum_partial(icmp, size, 0));
}

static_assert(sizeof(struct icmphdr) == sizeof(struct icmp6hdr),
	      "errors of both are built alike");

static struct sk_buff *build_error(const struct sk_buff *skb,
				   const struct fng_frame *frame)
{
	bool v4 = skb->protocol == htons(ETH_P_IP);
	u32 quoted = min_t(u32, frame->size,
			   v4 ? MAX_QUOTED_V4 : MAX_QUOTED_V6);
	u32 size = sizeof(struct icmphdr) + quoted;
	struct sk_buff *answer;

	answer = begin(skb, frame, v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6, size);
	if (!answer)
		return NULL;
	skb_set_transport_header(answer, answer->len);
	skb_put_zero(answer, sizeof(struct icmphdr));
	if (skb_copy_bits(skb, 0, skb_put(answer, quoted), quoted)) {
		kfree_skb(answer);
		return NULL;
	}
	if (v4)
		put_error_v4(answer, quoted);
	else
		put_error_v6(answer, quoted);
	return answer;
}

/* Back to where it came from, behind the same tag. */
static void send(const struct sk_buff *skb, struct sk_buff *answer)
{
	const struct ethhdr *header = eth_hdr(skb);

	if (skb_vlan_tag_present(skb))
		__vlan_hwaccel_put_tag(answer, skb->vlan_proto,
				       skb_vlan_tag_get(skb));
	if (dev_hard_header(answer, skb->dev, ntohs(answer->protocol),
			    header->h_source, header->h_dest, answer->len) < 0)
		kfree_skb(answer);
	else
		dev_queue_xmit(answer);
}

/**
 * fng_reject_packet() - tell a guest that a packet was refused
 * @skb: the packet, as received by the device that the guest is behind; only read
 * @frame: what was read of it; fng_reject_wanted()
 *
 * Without memory, or where it cannot be sent, the guest finds out for itself.
 *
 * Context: a netfilter hook at ingress.
 */
void fng_reject_packet(const struct sk_buff *skb, const struct fng_frame *frame)
{
	struct sk_buff *answer;

	answer = frame->packet.protocol == IPPROTO_TCP ?
		 build_reset(skb, frame) : build_error(skb, frame);
	if (answer)
		send(skb, answer);
}
