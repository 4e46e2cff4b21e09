// SPDX-License-Identifier: GPL-2.0-only
/*
 * Telling a guest that it was refused: a connection that it may not open is
 * reset, as if nobody listened there. Else it would try for minutes.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/tcp.h>

#include "frame.h"
#include "reject.h"

#define HOPS	64

/*
 * Of what is sent to many, nobody in particular refuses anything. What has tags
 * in the frame itself, the outermost being taken off, is left to time out.
 */
static bool is_answerable(const struct sk_buff *skb)
{
	return skb_mac_header_was_set(skb) &&
	       !is_multicast_ether_addr(eth_hdr(skb)->h_dest) &&
	       (skb->protocol == htons(ETH_P_IP) ||
		skb->protocol == htons(ETH_P_IPV6));
}

static void put_v4(struct sk_buff *answer, const struct fng_frame *frame)
{
	struct iphdr *ip = skb_put_zero(answer, sizeof(*ip));

	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->tot_len = htons(sizeof(*ip) + sizeof(struct tcphdr));
	ip->frag_off = htons(IP_DF);
	ip->ttl = HOPS;
	ip->protocol = IPPROTO_TCP;
	memcpy(&ip->saddr, frame->packet.endpoint.addr, sizeof(ip->saddr));
	memcpy(&ip->daddr, frame->source.addr, sizeof(ip->daddr));
	ip_send_check(ip);
}

static void put_v6(struct sk_buff *answer, const struct fng_frame *frame)
{
	struct ipv6hdr *ip = skb_put_zero(answer, sizeof(*ip));

	ip->version = 6;
	ip->payload_len = htons(sizeof(struct tcphdr));
	ip->nexthdr = IPPROTO_TCP;
	ip->hop_limit = HOPS;
	memcpy(&ip->saddr, frame->packet.endpoint.addr, sizeof(ip->saddr));
	memcpy(&ip->daddr, frame->source.addr, sizeof(ip->daddr));
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

static struct sk_buff *build(const struct sk_buff *skb, struct net_device *dev,
			     const struct fng_frame *frame)
{
	struct tcphdr buffer;
	const struct tcphdr *refused;
	struct sk_buff *answer;

	refused = skb_header_pointer(skb, frame->packet.transport,
				     sizeof(buffer), &buffer);
	if (!refused)
		return NULL;
	answer = alloc_skb(LL_RESERVED_SPACE(dev) + sizeof(struct ipv6hdr) +
			   sizeof(*refused), GFP_ATOMIC | __GFP_NOWARN);
	if (!answer)
		return NULL;
	skb_reserve(answer, LL_RESERVED_SPACE(dev));
	skb_reset_network_header(answer);
	answer->dev = dev;
	answer->protocol = skb->protocol;
	if (skb->protocol == htons(ETH_P_IP))
		put_v4(answer, frame);
	else
		put_v6(answer, frame);
	put_tcp(answer, refused);
	return answer;
}

/**
 * fng_reject_opening() - reset a connection that a guest may not open
 * @skb: what asks for it, as received; only read
 * @dev: the device that the guest is behind
 * @frame: what was read of @skb
 *
 * Without memory, or where it cannot be sent, the guest finds out for itself.
 *
 * Context: a netfilter hook at ingress.
 */
void fng_reject_opening(const struct sk_buff *skb, struct net_device *dev,
			const struct fng_frame *frame)
{
	const struct ethhdr *header;
	struct sk_buff *answer;

	if (!is_answerable(skb))
		return;
	answer = build(skb, dev, frame);
	if (!answer)
		return;
	header = eth_hdr(skb);
	if (skb_vlan_tag_present(skb))
		__vlan_hwaccel_put_tag(answer, skb->vlan_proto,
				       skb_vlan_tag_get(skb));
	if (dev_hard_header(answer, dev, ntohs(answer->protocol),
			    header->h_source, header->h_dest, answer->len) < 0)
		kfree_skb(answer);
	else
		dev_queue_xmit(answer);
}
