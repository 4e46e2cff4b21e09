// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a frame on a device carries.
 *
 * A guest makes its frames itself, so nothing of one is believed, and what
 * cannot be understood completely is not understood at all. It has to be read as
 * whoever gets it reads it: by the type behind its tags, and up to the length
 * that the packet has, whatever follows.
 */
#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_vlan.h>
#include <linux/sctp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ndisc.h>

#include "frame.h"

/* Tags in the frame: one for the service and one for the customer. */
#define MAX_TAGS	2

#define DHCP_SERVER	67
#define DHCP_CLIENT	68
#define DHCPV6_CLIENT	546
#define DHCPV6_SERVER	547

/* What cannot have been forwarded, and what is not going to be. */
#define HOPS_FROM_LINK	255
#define HOPS_ON_LINK	1

/**
 * struct reading - a packet of IP that is being read
 * @skb: what it is in
 * @offset: of its header
 * @end: of the packet; what follows is padding
 * @hops: how far it may still go
 * @received: from the guest
 * @frame: to be filled
 */
struct reading {
	const struct sk_buff *skb;
	int offset;
	int end;
	u8 hops;
	bool received;
	struct fng_frame *frame;
};

/* Of several segments in one, the header tells the length of none. */
static bool find_end(struct reading *reading, int size, int least)
{
	int end = reading->skb->len;

	if (!skb_is_gso(reading->skb))
		end = reading->offset + size;
	reading->end = end;
	reading->frame->size = end - reading->offset;
	return size >= least && end <= (int)reading->skb->len;
}

static bool read_ports(struct reading *reading, int size)
{
	struct fng_frame *frame = reading->frame;
	int at = frame->packet.transport;
	const __be16 *port;
	__be16 buffer;

	if (at + size > reading->end)
		return false;
	port = skb_header_pointer(reading->skb, at, sizeof(buffer), &buffer);
	if (!port)
		return false;
	frame->source.port = ntohs(*port);
	return true;
}

static bool read_segment(struct reading *reading)
{
	struct fng_frame *frame = reading->frame;
	struct tcphdr buffer __uninitialized;
	const struct tcphdr *tcp;

	if (!read_ports(reading, sizeof(buffer)))
		return false;
	tcp = skb_header_pointer(reading->skb, frame->packet.transport,
				 sizeof(buffer), &buffer);
	if (!tcp || tcp->doff * 4 < sizeof(*tcp))
		return false;
	frame->opens = tcp->syn && !tcp->ack;
	frame->resets = tcp->rst;
	return true;
}

static bool read_message(struct reading *reading)
{
	struct fng_frame *frame = reading->frame;
	int at = frame->packet.transport;

	return at + sizeof(struct icmphdr) <= reading->end &&
	       !skb_copy_bits(reading->skb, at, &frame->icmp, 1);
}

/*
 * A fragment that writes over the header of a segment, once it was let through,
 * would make another of it.
 */
static bool read_later(const struct fng_packet *packet)
{
	return packet->protocol != IPPROTO_TCP ||
	       packet->before >= sizeof(struct tcphdr);
}

static bool read_transport(struct reading *reading)
{
	const struct fng_packet *packet = &reading->frame->packet;

	if (packet->hidden || packet->transport < 0 ||
	    packet->transport > reading->end)
		return false;
	if (packet->before)
		return read_later(packet);
	switch (packet->protocol) {
	case IPPROTO_TCP:
		return read_segment(reading);
	case IPPROTO_UDP:
		return read_ports(reading, sizeof(struct udphdr));
	case IPPROTO_SCTP:
		return read_ports(reading, sizeof(struct sctphdr));
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return read_message(reading);
	default:
		return true;
	}
}

static bool has_ports(const struct fng_frame *frame, u16 source, u16 port)
{
	return frame->packet.protocol == IPPROTO_UDP &&
	       !frame->packet.fragment && frame->source.port == source &&
	       frame->packet.endpoint.port == port;
}

/*
 * A lease is asked for by everybody's address: by any other, what is sent could
 * leave the link.
 */
static u8 kind_of_v4(const struct reading *reading, __be32 to)
{
	const struct fng_frame *frame = reading->frame;
	bool link;

	if (reading->received)
		link = to == htonl(INADDR_BROADCAST) &&
		       has_ports(frame, DHCP_CLIENT, DHCP_SERVER);
	else
		link = has_ports(frame, DHCP_SERVER, DHCP_CLIENT);
	return link ? FNG_FRAME_LINK : FNG_FRAME_PACKET;
}

static bool read_v4(struct reading *reading)
{
	struct fng_frame *frame = reading->frame;
	struct iphdr buffer __uninitialized;
	const struct iphdr *ip;

	ip = skb_header_pointer(reading->skb, reading->offset, sizeof(buffer),
				&buffer);
	if (!ip || ip->version != 4)
		return false;
	frame->source.family = 4;
	memcpy(frame->source.addr, &ip->saddr, 4);
	if (!fng_packet_read_v4(reading->skb, reading->offset,
				&frame->packet) ||
	    !find_end(reading, ntohs(ip->tot_len), ip->ihl * 4) ||
	    !read_transport(reading))
		return false;
	frame->kind = kind_of_v4(reading, ip->daddr);
	return true;
}

/* Of one or of many. */
static bool stays_on_link(const struct in6_addr *to)
{
	return ipv6_addr_type(to) & IPV6_ADDR_LINKLOCAL;
}

/* Who is asked for on a link that tells apart who listens there. */
static bool is_membership(const struct reading *reading)
{
	u8 type = reading->frame->icmp;

	return reading->hops == HOPS_ON_LINK &&
	       (type == ICMPV6_MLD2_REPORT ||
		(type >= ICMPV6_MGM_QUERY && type <= ICMPV6_MGM_REDUCTION));
}

/* A guest is no router, and does not send others elsewhere. */
static bool is_discovery(const struct reading *reading)
{
	u8 type = reading->frame->icmp;

	if (reading->hops != HOPS_FROM_LINK)
		return false;
	switch (type) {
	case NDISC_ROUTER_SOLICITATION:
	case NDISC_NEIGHBOUR_SOLICITATION:
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
		return true;
	case NDISC_ROUTER_ADVERTISEMENT:
	case NDISC_REDIRECT:
		return !reading->received;
	default:
		return false;
	}
}

static bool is_dhcpv6(const struct reading *reading)
{
	const struct fng_frame *frame = reading->frame;

	if (reading->received)
		return has_ports(frame, DHCPV6_CLIENT, DHCPV6_SERVER);
	return has_ports(frame, DHCPV6_SERVER, DHCPV6_CLIENT);
}

static u8 kind_of_v6(const struct reading *reading, const struct in6_addr *to)
{
	const struct fng_packet *packet = &reading->frame->packet;
	bool message = packet->protocol == IPPROTO_ICMPV6 && !packet->fragment;
	bool link = stays_on_link(to);

	if (message && is_discovery(reading))
		return link ? FNG_FRAME_LINK : FNG_FRAME_NEIGHBOUR;
	if (link && ((message && is_membership(reading)) || is_dhcpv6(reading)))
		return FNG_FRAME_LINK;
	return FNG_FRAME_PACKET;
}

static bool read_v6(struct reading *reading)
{
	struct fng_frame *frame = reading->frame;
	struct ipv6hdr buffer __uninitialized;
	const struct ipv6hdr *ip;

	ip = skb_header_pointer(reading->skb, reading->offset, sizeof(buffer),
				&buffer);
	if (!ip || ip->version != 6)
		return false;
	frame->source.family = 6;
	memcpy(frame->source.addr, &ip->saddr, 16);
	reading->hops = ip->hop_limit;
	if (!fng_packet_read_v6(reading->skb, reading->offset,
				&frame->packet) ||
	    !find_end(reading, sizeof(*ip) + ntohs(ip->payload_len),
		      sizeof(*ip)) ||
	    !read_transport(reading))
		return false;
	frame->kind = kind_of_v6(reading, &ip->daddr);
	return true;
}

/* Takes the tags off; false if there are more than it takes. */
static bool untag(struct reading *reading, __be16 *type)
{
	struct vlan_hdr buffer __uninitialized, *tag;
	int i;

	for (i = 0; eth_type_vlan(*type); i++) {
		tag = skb_header_pointer(reading->skb, reading->offset,
					 sizeof(buffer), &buffer);
		if (!tag || i == MAX_TAGS)
			return false;
		*type = tag->h_vlan_encapsulated_proto;
		reading->offset += sizeof(buffer);
	}
	return true;
}

static u8 kind_behind_tags(struct reading *reading, __be16 type)
{
	bool known;

	if (!untag(reading, &type))
		return FNG_FRAME_ODD;
	reading->frame->type = ntohs(type);
	switch (type) {
	case htons(ETH_P_ARP):
		return FNG_FRAME_LINK;
	case htons(ETH_P_IP):
		known = read_v4(reading);
		break;
	case htons(ETH_P_IPV6):
		known = read_v6(reading);
		break;
	default:
		return FNG_FRAME_OTHER;
	}
	return known ? reading->frame->kind : FNG_FRAME_ODD;
}

/**
 * fng_frame_read_received() - read a frame that a device has received
 * @skb: the frame, whose data begins behind its header
 * @frame: filled, from zeroes
 */
void fng_frame_read_received(const struct sk_buff *skb, struct fng_frame *frame)
{
	struct reading reading = {
		.skb = skb, .frame = frame, .received = true,
	};

	frame->kind = kind_behind_tags(&reading, skb->protocol);
}

/**
 * fng_frame_read_sent() - read a frame that a device is about to send
 * @skb: the frame, whose data begins with its header; who has made it may have
 *	said anything of its protocol
 * @frame: filled, from zeroes
 */
void fng_frame_read_sent(const struct sk_buff *skb, struct fng_frame *frame)
{
	struct reading reading = {
		.skb = skb, .frame = frame, .offset = ETH_HLEN,
	};
	struct ethhdr buffer __uninitialized;
	const struct ethhdr *header;

	header = skb_header_pointer(skb, 0, sizeof(buffer), &buffer);
	frame->kind = header ? kind_behind_tags(&reading, header->h_proto) :
			       FNG_FRAME_ODD;
}

/**
 * fng_frame_responds() - is it about something that the other end has sent?
 * @frame: what was read
 *
 * Errors of ICMP, and answers to pings: nobody responds to these.
 */
bool fng_frame_responds(const struct fng_frame *frame)
{
	if (frame->packet.protocol == IPPROTO_ICMPV6)
		return frame->icmp < ICMPV6_INFOMSG_MASK ||
		       frame->icmp == ICMPV6_ECHO_REPLY;
	return frame->packet.protocol == IPPROTO_ICMP &&
	       (frame->icmp == ICMP_ECHOREPLY ||
		frame->icmp == ICMP_DEST_UNREACH ||
		frame->icmp == ICMP_TIME_EXCEEDED ||
		frame->icmp == ICMP_PARAMETERPROB);
}
