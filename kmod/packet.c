// SPDX-License-Identifier: GPL-2.0-only
/*
 * What few packets of IP have: options, extension headers, a transport header
 * that is elsewhere.
 */
#include "packet.h"

/* Extension headers of a packet; what has more is not read any further. */
#define MAX_EXTENSIONS	8

/* Bytes of all options that a header of IPv4 has room for. */
#define MAX_OPTIONS	40

/**
 * fng_packet_port_behind() - read the destination port where it is not linear
 * @skb: the packet
 * @transport: offset of the transport header
 * @port: filled
 *
 * Return: false if the packet ends before.
 */
bool fng_packet_port_behind(const struct sk_buff *skb, int transport,
			    __be16 *port)
{
	return !skb_copy_bits(skb, transport + sizeof(*port), port,
			      sizeof(*port));
}

static bool is_source_routed(const u8 *option, int left)
{
	while (left > 0 && *option != IPOPT_END) {
		int len = 1;

		if (*option == IPOPT_LSRR || *option == IPOPT_SSRR)
			return true;
		if (*option != IPOPT_NOOP) {
			if (left < 2 || option[1] < 2)
				return true;
			len = option[1];
		}
		option += len;
		left -= len;
	}
	return false;
}

/**
 * fng_packet_read_options() - look at the options of a packet of IPv4
 * @skb: the packet
 * @offset: of the options
 * @size: bytes of them, at most 40
 * @packet: hidden if they route it
 *
 * Return: false if the packet ends before they do.
 */
bool fng_packet_read_options(const struct sk_buff *skb, int offset, int size,
			     struct fng_packet *packet)
{
	u8 buffer[MAX_OPTIONS];
	const u8 *options;

	options = skb_header_pointer(skb, offset, size, buffer);
	if (!options)
		return false;
	packet->hidden = is_source_routed(options, size);
	return true;
}

static void read_fragment(const struct frag_hdr *header,
			  struct fng_packet *packet)
{
	packet->fragment |= !!(header->frag_off & htons(IP6_OFFSET | IP6_MF));
	packet->before = ntohs(header->frag_off) & IP6_OFFSET;
	packet->id = ntohl(header->identification);
}

/* Only a fragment's header has a fixed size, which is that of the smallest. */
static int size_of(u8 type, const struct frag_hdr *header)
{
	const struct ipv6_opt_hdr *options = (const void *)header;

	switch (type) {
	case NEXTHDR_FRAGMENT:
		return sizeof(*header);
	case NEXTHDR_AUTH:
		return ipv6_authlen(options);
	default:
		return ipv6_optlen(options);
	}
}

/**
 * fng_packet_read_extensions() - go through the extension headers of IPv6
 * @skb: the packet
 * @packet: with protocol and transport those of the first, which become those of
 *	what follows the last; hidden if one routes it, or there are too many
 */
void fng_packet_read_extensions(const struct sk_buff *skb,
				struct fng_packet *packet)
{
	const struct frag_hdr *header;
	struct frag_hdr buffer;
	u8 type = packet->protocol;
	int i;

	for (i = 0; i < MAX_EXTENSIONS && ipv6_ext_hdr(type); i++) {
		header = skb_header_pointer(skb, packet->transport,
					    sizeof(buffer), &buffer);
		if (!header || type == NEXTHDR_NONE) {
			packet->transport = -1;
			return;
		}
		if (type == NEXTHDR_ROUTING)
			packet->hidden = true;
		if (type == NEXTHDR_FRAGMENT)
			read_fragment(header, packet);
		packet->transport += size_of(type, header);
		type = header->nexthdr;
		packet->protocol = type;
		if (packet->before)
			return;
	}
	if (!ipv6_ext_hdr(type))
		return;
	packet->hidden = true;
	packet->transport = -1;
}
