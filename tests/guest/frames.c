// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames, as somebody makes them who need not care for the kernel. Checksums are
 * left at 0: nobody on the way looks at them.
 */
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>

#include "common.h"
#include "frames.h"

#define EXTENSION	8

static u8 *put16(u8 *at, u16 value)
{
	at[0] = value >> 8;
	at[1] = value;
	return at + 2;
}

static bool is_v6(const struct layout *layout)
{
	return strchr(layout->to, ':');
}

static u16 type_of(const struct layout *layout)
{
	if (layout->type)
		return layout->type;
	return is_v6(layout) ? ETH_P_IPV6 : ETH_P_IP;
}

u16 frame_heard_as(const struct layout *layout)
{
	u16 type = type_of(layout);

	/* The outermost tag is taken off, and what is no type is a length. */
	if (layout->tags[0] && layout->tags[1])
		return layout->tags[1];
	return type < ETH_P_802_3_MIN ? ETH_P_802_2 : type;
}

static u8 *put_ethernet(u8 *at, const struct layout *layout)
{
	static u16 count;
	size_t i;

	memcpy(at, "\x02\x00\x00\x00\x00\x01", ETH_ALEN);
	memcpy(at + ETH_ALEN, "\x02\xfe", 2);
	put16(put16(at + ETH_ALEN + 2, getpid()), ++count);
	at += 2 * ETH_ALEN;
	for (i = 0; layout->tags[i]; i++)
		at = put16(put16(at, layout->tags[i]), i + 1);
	return put16(at, type_of(layout));
}

static u8 *put_extension(u8 *at, const struct layout *layout, size_t i)
{
	u8 type = layout->chain[i];

	at[0] = i + 1 < layout->chain_size ? layout->chain[i + 1] :
					     layout->protocol;
	switch (type) {
	case IPPROTO_FRAGMENT:
		put16(at + 2, layout->fragment);
		put16(at + 6, layout->id);
		break;
	case IPPROTO_ROUTING:
		at[2] = 4;
		at[3] = 1;
		break;
	case IPPROTO_HOPOPTS:
	case IPPROTO_DSTOPTS:
		at[2] = 1;
		at[3] = 4;
		break;
	}
	return at + EXTENSION;
}

static u8 *put_transport(u8 *at, const struct layout *layout)
{
	if (layout->fragment & ~7)
		return at + 32;
	switch (layout->protocol) {
	case IPPROTO_TCP:
		put16(put16(at, layout->from_port), layout->port);
		at[12] = sizeof(struct tcphdr) / 4 << 4;
		at[13] = layout->flags;
		return at + sizeof(struct tcphdr);
	case IPPROTO_UDP:
		put16(put16(at, layout->from_port), layout->port);
		return at + sizeof(struct udphdr) + 8;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		*at = layout->icmp;
		return at + 24;
	default:
		put16(put16(at, layout->from_port), layout->port);
		return at + 24;
	}
}

static void put_address(const char *text, int family, void *address)
{
	if (inet_pton(family, text, address) != 1)
		die("not an address: %s", text);
}

static u8 *put_v4(u8 *at, const struct layout *layout)
{
	size_t size = sizeof(struct iphdr) + layout->options_size;
	u8 *end;

	at[0] = (layout->version ?: 4) << 4 | (layout->header ?: size / 4);
	put16(at + 4, layout->id);
	/* In units of eight bytes, below a flag of which the next is "more". */
	put16(at + 6, layout->fragment >> 3 |
		      (layout->fragment & 1 ? 0x2000 : 0));
	at[8] = layout->hops ?: 64;
	at[9] = layout->protocol;
	put_address(layout->from, AF_INET, at + 12);
	put_address(layout->to, AF_INET, at + 16);
	if (layout->options_size)
		memcpy(at + sizeof(struct iphdr), layout->options,
		       layout->options_size);
	end = put_transport(at + size, layout);
	put16(at + 2, end - at + layout->claim);
	return end;
}

static u8 *put_v6(u8 *at, const struct layout *layout)
{
	u8 *end = at + sizeof(struct ip6_hdr);
	size_t i;

	at[0] = (layout->version ?: 6) << 4;
	at[6] = layout->chain_size ? layout->chain[0] : layout->protocol;
	at[7] = layout->hops ?: 64;
	put_address(layout->from, AF_INET6, at + 8);
	put_address(layout->to, AF_INET6, at + 24);
	for (i = 0; i < layout->chain_size; i++)
		end = put_extension(end, layout, i);
	end = put_transport(end, layout);
	put16(at + 4, end - at - sizeof(struct ip6_hdr) + layout->claim);
	return end;
}

size_t frame_make(const struct layout *layout, u8 frame[FRAME_SIZE])
{
	u8 *at, *end;

	memset(frame, 0, FRAME_SIZE);
	at = put_ethernet(frame, layout);
	if (layout->type && layout->type != ETH_P_IP &&
	    layout->type != ETH_P_IPV6)
		end = at + 46;
	else
		end = is_v6(layout) ? put_v6(at, layout) : put_v4(at, layout);
	return layout->size ?: (size_t)(end - frame);
}
