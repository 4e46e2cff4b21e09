/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of the kernel as what reads frames takes, for a program: it is included
 * before everything else, in the place of the kernel's own headers.
 *
 * The first bytes of a buffer and the others are allocations of their own, and no
 * larger than they have to be, so that reading beyond either is found out.
 */
#ifndef TESTS_FUZZ_KERNEL_SKB_H
#define TESTS_FUZZ_KERNEL_SKB_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include <fnguard/types.h>

/* The module's own words for what compilers and kernels differ in. */
#define FNGUARD_KMOD_COMPAT_H

#define __uninitialized
/* A constant of a constant. */
#undef htons
#define htons(number)		((__be16)__builtin_bswap16(number))
#define likely(condition)	(condition)
#define unlikely(condition)	(condition)

#define IP_OFFSET		0x1fff
#define IP_MF			0x2000
#define IP6_OFFSET		0xfff8
#define IP6_MF			0x0001
#define IPV6_ADDR_LINKLOCAL	0x0020U

#define NEXTHDR_HOP		0
#define NEXTHDR_ROUTING		43
#define NEXTHDR_FRAGMENT	44
#define NEXTHDR_AUTH		51
#define NEXTHDR_NONE		59
#define NEXTHDR_DEST		60

#define NDISC_ROUTER_SOLICITATION	133
#define NDISC_ROUTER_ADVERTISEMENT	134
#define NDISC_NEIGHBOUR_SOLICITATION	135
#define NDISC_NEIGHBOUR_ADVERTISEMENT	136
#define NDISC_REDIRECT			137

struct vlan_hdr {
	__be16 h_vlan_TCI;
	__be16 h_vlan_encapsulated_proto;
};

struct sctphdr {
	__be16 source;
	__be16 dest;
	__be32 vtag;
	__le32 checksum;
};

struct frag_hdr {
	__u8 nexthdr;
	__u8 reserved;
	__be16 frag_off;
	__be32 identification;
};

/**
 * struct sk_buff - a packet
 * @data: its first bytes
 * @headlen: number of them
 * @rest: the others
 * @len: bytes of both
 * @protocol: what it is said to be
 * @gso: it is several in one
 */
struct sk_buff {
	unsigned char *data;
	unsigned int headlen;
	unsigned char *rest;
	unsigned int len;
	__be16 protocol;
	bool gso;
};

static inline unsigned int skb_headlen(const struct sk_buff *skb)
{
	return skb->headlen;
}

static inline bool skb_is_gso(const struct sk_buff *skb)
{
	return skb->gso;
}

static inline int skb_copy_bits(const struct sk_buff *skb, int offset, void *to,
				int len)
{
	unsigned char *byte = to;
	int i;

	/* The kernel reads there what is before the packet. */
	if (offset < 0 || len < 0)
		abort();
	if (offset > (int)skb->len - len)
		return -EFAULT;
	for (i = offset; i < offset + len; i++)
		*byte++ = i < (int)skb->headlen ? skb->data[i] :
						  skb->rest[i - skb->headlen];
	return 0;
}

static inline void *skb_header_pointer(const struct sk_buff *skb, int offset,
				       int len, void *buffer)
{
	if ((int)skb->headlen - offset >= len && offset >= 0)
		return skb->data + offset;
	return skb_copy_bits(skb, offset, buffer, len) ? NULL : buffer;
}

static inline bool eth_type_vlan(__be16 type)
{
	return type == htons(ETH_P_8021Q) || type == htons(ETH_P_8021AD);
}

static inline bool ip_is_fragment(const struct iphdr *ip)
{
	return ip->frag_off & htons(IP_MF | IP_OFFSET);
}

static inline bool ipv6_ext_hdr(__u8 type)
{
	switch (type) {
	case NEXTHDR_HOP:
	case NEXTHDR_ROUTING:
	case NEXTHDR_FRAGMENT:
	case NEXTHDR_AUTH:
	case NEXTHDR_NONE:
	case NEXTHDR_DEST:
		return true;
	default:
		return false;
	}
}

static inline int ipv6_optlen(const struct ipv6_opt_hdr *header)
{
	return (header->hdrlen + 1) * 8;
}

static inline int ipv6_authlen(const struct ipv6_opt_hdr *header)
{
	return (header->hdrlen + 2) * 4;
}

/* Of all that the kernel's tells, whether it stays on the link. */
static inline unsigned int ipv6_addr_type(const struct in6_addr *address)
{
	const __u8 *bytes = (const __u8 *)address;
	bool one = bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
	bool many = bytes[0] == 0xff && (bytes[1] & 0x0f) == 2;

	return one || many ? IPV6_ADDR_LINKLOCAL : 0;
}

#endif /* TESTS_FUZZ_KERNEL_SKB_H */
