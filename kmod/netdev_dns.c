// SPDX-License-Identifier: GPL-2.0-only
/*
 * What guests behind bound devices ask name servers, and what these answer.
 *
 * The question is noted when it comes out of the guest, and the answer read before
 * it gets there, as for sockets. Over TCP nothing is read: there, a question is
 * one that nobody can tell.
 *
 * Another guest could answer in the place of the name server, in whose name it
 * likes. So what a guest sends from the port of name servers is refused unless it
 * serves that port, and answers who has asked at the address that it answers from;
 * see netdev.c.
 */
#include <net/ip6_checksum.h>
#include <net/udp.h>

#include "device.h"
#include "hooks.h"
#include "netdev_dns.h"

/* Addresses say who it is on one device alone. */
static struct fng_conversation
conversation_of(const struct fng_device *device,
		const struct fng_endpoint *client,
		const struct fng_endpoint *server)
{
	struct fng_conversation between = {
		.net = device->facts.id,
		.client = *client,
		.server = *server,
	};

	/* The source of a frame is without. */
	between.client.proto = FNG_PROTO_UDP;
	between.server.proto = FNG_PROTO_UDP;
	return between;
}

static bool read(struct sk_buff *skb, const struct fng_packet *packet,
		 struct fng_dns_question *question)
{
	return packet->protocol == IPPROTO_UDP && !packet->fragment &&
	       fng_dns_read_question(skb, packet->transport, question);
}

/**
 * fng_netdev_ask() - may a guest ask what it asks?
 * @skb: what it sends to a name server that it may send to
 * @device: that it is behind
 * @subject: what applies to it
 * @frame: what was read of @skb; fng_netdev_asks()
 *
 * Return: 0 or the negative errno of a refusal.
 */
noinline int fng_netdev_ask(struct sk_buff *skb,
			    const struct fng_device *device,
			    const struct fng_subject *subject,
			    const struct fng_frame *frame)
{
	const struct fng_conversation between =
		conversation_of(device, &frame->source,
				&frame->packet.endpoint);
	const struct fng_dns_asker asker = {
		.subject = subject,
		.hook = FNG_HOOK_NETDEV_INGRESS,
	};
	struct fng_dns_question question __uninitialized;
	bool readable = read(skb, &frame->packet, &question);

	return fng_dns_ask(&asker, &between, readable ? &question : NULL);
}

static __sum16 checksum_v4(const struct fng_frame *frame, u32 len, __wsum sum)
{
	__be32 from, to;

	memcpy(&from, frame->source.addr, sizeof(from));
	memcpy(&to, frame->packet.endpoint.addr, sizeof(to));
	return csum_tcpudp_magic(from, to, len, IPPROTO_UDP, sum);
}

static __sum16 checksum_v6(const struct fng_frame *frame, u32 len, __wsum sum)
{
	struct in6_addr from, to;

	memcpy(&from, frame->source.addr, sizeof(from));
	memcpy(&to, frame->packet.endpoint.addr, sizeof(to));
	return csum_ipv6_magic(&from, &to, len, IPPROTO_UDP, sum);
}

/*
 * What the guest will not read is not read. A checksum that is left to the device
 * is of something that this host has made, or another guest of it.
 */
static bool is_sound(const struct sk_buff *skb, const struct fng_frame *frame)
{
	int at = frame->packet.transport;
	const struct udphdr *udp;
	struct udphdr buffer;
	__wsum sum;
	u32 len;

	udp = skb_header_pointer(skb, at, sizeof(buffer), &buffer);
	if (!udp)
		return false;
	len = ntohs(udp->len);
	if (len < sizeof(*udp) || len > skb->len - at)
		return false;
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return true;
	if (!udp->check)
		return frame->source.family == 4;
	sum = skb_checksum(skb, at, len, 0);
	return !(frame->source.family == 4 ? checksum_v4(frame, len, sum) :
					     checksum_v6(frame, len, sum));
}

/**
 * fng_netdev_hear() - learn what a guest is told
 * @skb: what it is sent, which it may get
 * @device: that it is behind
 * @frame: what was read of @skb; fng_netdev_speaks()
 */
noinline void fng_netdev_hear(struct sk_buff *skb,
			      const struct fng_device *device,
			      const struct fng_frame *frame)
{
	const struct fng_conversation between =
		conversation_of(device, &frame->packet.endpoint,
				&frame->source);

	if (!frame->packet.fragment && is_sound(skb, frame))
		fng_dns_receive(skb, frame->packet.transport, &between);
}
