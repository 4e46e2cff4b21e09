/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames, as somebody makes them who need not care for the kernel.
 */
#ifndef TESTS_GUEST_FRAMES_H
#define TESTS_GUEST_FRAMES_H

#include <stdbool.h>
#include <stddef.h>

#include <fnguard/types.h>

#define FRAME_SIZE	512

/**
 * struct layout - what a frame is made of
 * @from: address of IP that it comes from; IPv6 if there is a colon in it
 * @to: the other one
 * @tags: types of its tags, outermost first
 * @type: ethertype behind them; 0: that of the addresses
 * @protocol: what it carries behind the headers of IP
 * @from_port: port that it comes from
 * @port: port that it goes to
 * @flags: of a segment of TCP
 * @icmp: type of a message of ICMP
 * @hops: how far it may go; 0: 64
 * @version: of IP, if it lies; else 0
 * @options: of IPv4, as bytes; NULL for none
 * @options_size: number of them, by which the header grows
 * @chain: types of extension headers of IPv6
 * @chain_size: number of them
 * @fragment: offset in bytes, and 1 if more follow
 * @id: of the packet that it is a fragment of
 * @claim: what is added to the length that the packet has
 * @size: bytes of the frame, if it is cut off; else 0
 * @header: size of the header in words that IPv4 claims, if it lies; else 0
 */
struct layout {
	const char *from;
	const char *to;
	u16 tags[4];
	u16 type;
	u8 protocol;
	u16 from_port;
	u16 port;
	u8 flags;
	u8 icmp;
	u8 hops;
	u8 version;
	const u8 *options;
	size_t options_size;
	const u8 *chain;
	size_t chain_size;
	u16 fragment;
	u16 id;
	int claim;
	size_t size;
	u8 header;
};

#define TH_SYN_ONLY	0x02
#define TH_SYN_ACK	0x12
#define TH_ACK_ONLY	0x10
#define TH_RST_ONLY	0x04

/* Makes it, from a source that no other frame has; returns its size. */
size_t frame_make(const struct layout *layout, u8 frame[FRAME_SIZE]);

/* The type by which a packet socket is told of it. */
u16 frame_heard_as(const struct layout *layout);

#endif /* TESTS_GUEST_FRAMES_H */
