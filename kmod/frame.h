/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a frame on a device carries.
 */
#ifndef FNGUARD_KMOD_FRAME_H
#define FNGUARD_KMOD_FRAME_H

#include "packet.h"

/**
 * enum fng_frame_kind - how a frame is to be judged
 * @FNG_FRAME_PACKET: by the rules, as the packet of IP that it carries
 * @FNG_FRAME_LINK: not at all: it is about the link itself, and stays there
 * @FNG_FRAME_NEIGHBOUR: not at all if it goes to a neighbour, which its address
 *	does not tell; else as a packet
 * @FNG_FRAME_OTHER: it carries something else than IP
 * @FNG_FRAME_ODD: it claims to carry IP, and cannot be read or hides where it
 *	goes
 */
enum fng_frame_kind {
	FNG_FRAME_PACKET,
	FNG_FRAME_LINK,
	FNG_FRAME_NEIGHBOUR,
	FNG_FRAME_OTHER,
	FNG_FRAME_ODD
};

/**
 * struct fng_frame - what a frame carries
 * @kind: enum fng_frame_kind
 * @type: ethertype behind all tags
 * @size: bytes of the packet of IP, without what follows it; valid if it could be
 *	read
 * @packet: where it goes, as far as that could be read; zeroes unless it is IP
 * @source: where it comes from; valid, but for the port, if a family is set
 * @opens: a segment of TCP that asks for a connection
 * @resets: one that ends it
 * @icmp: type of a message of ICMP
 */
struct fng_frame {
	u8 kind;
	u8 icmp;
	bool opens;
	bool resets;
	u16 type;
	u32 size;
	struct fng_packet packet;
	struct fng_endpoint source;
};

/* ICMP has no ports, and what is only named by its protocol neither. */
static inline bool fng_frame_has_ports(const struct fng_frame *frame)
{
	return frame->packet.endpoint.proto != FNG_PROTO_ICMP &&
	       frame->packet.endpoint.proto != FNG_PROTO_OTHER;
}

/* Segments alone are of a connection, which its peer has agreed to. */
static inline bool fng_frame_is_datagram(const struct fng_frame *frame)
{
	return fng_frame_has_ports(frame) &&
	       frame->packet.endpoint.proto != FNG_PROTO_TCP;
}

/* Any context; the skb is only read. */
void fng_frame_read_received(const struct sk_buff *skb,
			     struct fng_frame *frame);
void fng_frame_read_sent(const struct sk_buff *skb, struct fng_frame *frame);
bool fng_frame_responds(const struct fng_frame *frame);

#endif /* FNGUARD_KMOD_FRAME_H */
