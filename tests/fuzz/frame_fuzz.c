// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames of guests, through what reads them in the kernel. However a frame is
 * divided between a buffer's parts, and whatever is behind the packet in it, it
 * has to be read alike; and what it is said to be has to be in it.
 *
 * An input is a byte that says which way it goes, one that says how much of it is
 * in the first part, and the frame.
 */
#include <stdarg.h>
#include <stdio.h>

#include "frame.h"
#include "../guest/layouts.h"
#include "../unit/prng.h"

#define HEADER		2

/* Bits of the first byte. */
#define RECEIVED	0x01
#define SEVERAL		0x02

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
void die(const char *format, ...);

static void hold(bool condition)
{
	if (!condition)
		abort();
}

/* What makes frames says so when it is asked for something that is none. */
void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	abort();
}

static u8 *part_of(const u8 *bytes, size_t size)
{
	u8 *part = malloc(size ?: 1);

	hold(part);
	if (size)
		memcpy(part, bytes, size);
	return part;
}

/* What a device has received begins behind the header, whose type is known. */
static void read_frame(const u8 *bytes, size_t size, u8 how, size_t head,
		       struct fng_frame *frame)
{
	bool received = how & RECEIVED;
	struct sk_buff skb = { .gso = how & SEVERAL };
	size_t begin = received ? ETH_HLEN : 0;

	skb.len = size - begin;
	skb.headlen = head < skb.len ? head : skb.len;
	skb.data = part_of(bytes + begin, skb.headlen);
	skb.rest = part_of(bytes + begin + skb.headlen, skb.len - skb.headlen);
	memcpy(&skb.protocol, bytes + 2 * ETH_ALEN, sizeof(skb.protocol));
	memset(frame, 0, sizeof(*frame));
	if (received)
		fng_frame_read_received(&skb, frame);
	else
		fng_frame_read_sent(&skb, frame);
	free(skb.data);
	free(skb.rest);
}

static bool contains(const u8 *bytes, size_t size,
		     const struct fng_endpoint *endpoint)
{
	return memmem(bytes, size, endpoint->addr,
		      endpoint->family == 4 ? 4 : 16) != NULL;
}

/* Only the first fragment has ports, and only what was understood is judged. */
static void check_packet(const struct fng_frame *frame, const u8 *bytes,
			 size_t size, u8 how)
{
	const struct fng_packet *packet = &frame->packet;
	int end = size - (how & RECEIVED ? ETH_HLEN : 0);

	hold(!packet->hidden);
	hold(packet->endpoint.family == frame->source.family);
	hold(packet->endpoint.family == (frame->type == ETH_P_IP ? 4 : 6));
	hold(contains(bytes, size, &packet->endpoint));
	hold(contains(bytes, size, &frame->source));
	hold(packet->transport > 0 && packet->transport <= end);
	hold(!packet->before || packet->fragment);
	hold(!packet->before || packet->endpoint.proto == FNG_PROTO_OTHER);
	hold(!packet->before || (!packet->endpoint.port && !frame->opens));
	hold(!frame->opens || packet->protocol == IPPROTO_TCP);
}

static void check(const struct fng_frame *frame, const u8 *bytes, size_t size,
		  u8 how)
{
	switch (frame->kind) {
	case FNG_FRAME_PACKET:
	case FNG_FRAME_NEIGHBOUR:
		check_packet(frame, bytes, size, how);
		break;
	case FNG_FRAME_LINK:
		if (frame->type != ETH_P_ARP)
			check_packet(frame, bytes, size, how);
		break;
	case FNG_FRAME_OTHER:
		hold(!frame->packet.endpoint.family);
		hold(frame->type != ETH_P_IP && frame->type != ETH_P_IPV6);
		break;
	default:
		hold(frame->kind == FNG_FRAME_ODD);
	}
}

static void check_padded(const struct fng_frame *frame, const u8 *bytes,
			 size_t size, u8 how)
{
	struct fng_frame padded;
	u8 *longer = calloc(1, size + 9);

	hold(longer);
	memcpy(longer, bytes, size);
	memset(longer + size, 0xa5, 9);
	read_frame(longer, size + 9, how, SIZE_MAX, &padded);
	hold(!memcmp(frame, &padded, sizeof(padded)));
	free(longer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fng_frame whole, divided;
	const u8 *bytes = data + HEADER;

	if (size < HEADER + ETH_HLEN)
		return -1;
	size -= HEADER;
	read_frame(bytes, size, data[0], SIZE_MAX, &whole);
	read_frame(bytes, size, data[0], data[1], &divided);
	hold(!memcmp(&whole, &divided, sizeof(whole)));
	check(&whole, bytes, size, data[0]);
	/* Several in one say nothing of where they end. */
	if (whole.kind != FNG_FRAME_ODD && !(data[0] & SEVERAL))
		check_padded(&whole, bytes, size, data[0]);
	return 0;
}

static const struct layout layouts[] = {
	{ V4("10.9.0.1"), TCP(8000, TH_SYN_ONLY) },
	{ V6("fd09::1"), TCP(8000, TH_ACK_ONLY) },
	{ V4("10.9.0.1"), UDP(40000, 53), TAGS(SERVICE_TAG, TAG) },
	{ V6("fd09::1"), UDP(40000, 53), CHAIN(HOP, DEST, AUTH) },
	{ V4("255.255.255.255"), UDP(68, 67) },
	{ V6("ff02::1:2"), UDP(546, 547), TAGS(TAG) },
	{ V4("10.9.0.1"), ICMP(8), OPTIONS(1, 1, 1, 0) },
	{ V4("10.9.0.1"), UDP(1, 2), OPTIONS(0x83, 7, 4, 10, 9, 9, 9, 0) },
	{ V6("ff02::1"), ICMPV6(135), .hops = 255 },
	{ V6("fd09::1"), ICMPV6(136), .hops = 255 },
	{ V6("ff02::16"), ICMPV6(143), CHAIN(HOP), .hops = 1 },
	{ V4("10.9.0.1"), UDP(1, 2), .fragment = MORE, .id = 7 },
	{ V4("10.9.0.1"), TCP(1, 2), .fragment = 64, .id = 7 },
	{ V6("fd09::1"), UDP(1, 2), CHAIN(PART), .fragment = MORE, .id = 7 },
	{ V6("fd09::1"), UDP(1, 2), CHAIN(ROUTE) },
	{ V4("10.9.0.1"), .protocol = IPPROTO_SCTP, .port = 8000 },
	{ V4("10.9.0.1"), .type = ETH_P_ARP },
};

static size_t make_input(u8 *data, struct prng *prng)
{
	u32 which = prng_below(prng, sizeof(layouts) / sizeof(layouts[0]));
	u8 frame[FRAME_SIZE];
	size_t size = frame_make(&layouts[which], frame);

	data[0] = prng_next(prng);
	data[1] = prng_below(prng, 96);
	memcpy(data + HEADER, frame, size);
	return HEADER + size;
}

/* Most are frames with a few changes where headers are. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	struct prng prng = { .state = seed + 1ull };
	u32 nr = prng_below(&prng, 8);

	if (!nr)
		return LLVMFuzzerMutate(data, size, max_size);
	if (max_size < HEADER + FRAME_SIZE)
		return size;
	if (nr == 1 || size < HEADER + ETH_HLEN)
		size = make_input(data, &prng);
	for (nr = 1 + prng_below(&prng, 4); nr; nr--)
		data[prng_below(&prng, size < 100 ? size : 100)] =
			prng_next(&prng);
	if (!prng_below(&prng, 8))
		size = HEADER + ETH_HLEN +
		       prng_below(&prng, size - HEADER - ETH_HLEN + 1);
	return size;
}
