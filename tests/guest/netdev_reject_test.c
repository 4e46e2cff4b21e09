// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a guest is told when a bound device refuses its frames, byte by byte.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include "bound.h"
#include "expect.h"
#include "layouts.h"
#include "wire.h"

WIRE_OF_SUITE(wire_make, wire);

#define GUARD_POLICY							\
	"policy: netdev-reject\n"					\
	"egress: { default: deny }\n"

#define MAC_SIZE	(2 * ETH_ALEN)
#define ERROR_SIZE	8

/* What is heard, with room for what is too much. */
struct heard {
	u8 bytes[2048];
	ssize_t size;
	u16 tag;
	bool tagged;
};

/**
 * enum answer - what a guest is told
 * @NOTHING: nothing
 * @RESET: the connection is reset
 * @PROHIBITED: an error of ICMP
 */
enum answer { NOTHING, RESET, PROHIBITED };

FIXTURE(reject) {
	int guest_end;
	u64 id;
};

FIXTURE_VARIANT(reject) {
	enum answer answer;
	struct layout layout;
};

#define ROW(name, what, ...)						\
	FIXTURE_VARIANT_ADD(reject, name) {				\
		.answer = what, .layout = { __VA_ARGS__ },		\
	}

ROW(tcp, RESET, V4("10.9.0.9"), TCP(80, TH_SYN_ONLY));
ROW(v6_tcp, RESET, V6("fd09::9"), TCP(80, TH_SYN_ONLY));
ROW(tcp_options, RESET, V4("10.9.0.9"), TCP(80, TH_SYN_ONLY),
    OPTIONS(1, 1, 1, 0));
ROW(segment, NOTHING, V4("10.9.0.9"), TCP(80, TH_ACK_ONLY));
ROW(reset, NOTHING, V4("10.9.0.9"), TCP(80, TH_RST_ONLY));
ROW(udp, PROHIBITED, V4("10.9.0.9"), UDP(40000, 53));
ROW(v6_udp, PROHIBITED, V6("fd09::9"), UDP(40000, 53));
ROW(udp_options, PROHIBITED, V4("10.9.0.9"), UDP(40000, 53),
    OPTIONS(1, 1, 1, 0));
ROW(v6_udp_chain, PROHIBITED, CHAIN(HOP, DEST), V6("fd09::9"),
    UDP(40000, 53));
ROW(sctp, PROHIBITED, V4("10.9.0.9"), .protocol = IPPROTO_SCTP, .port = 9);
ROW(gre, PROHIBITED, V4("10.9.0.9"), .protocol = IPPROTO_GRE);
ROW(v6_gre, PROHIBITED, V6("fd09::9"), .protocol = IPPROTO_GRE);
ROW(ping, PROHIBITED, V4("10.9.0.9"), ICMP(8));
ROW(v6_ping, PROHIBITED, V6("fd09::9"), ICMPV6(128));
ROW(tagged_tcp, RESET, TAGS(TAG), V4("10.9.0.9"), TCP(80, TH_SYN_ONLY));
ROW(tagged_udp, PROHIBITED, TAGS(TAG), V4("10.9.0.9"), UDP(40000, 53));
ROW(tagged_v6_udp, PROHIBITED, TAGS(TAG), V6("fd09::9"), UDP(40000, 53));
ROW(first_fragment, PROHIBITED, V4("10.9.0.9"), UDP(40000, 53),
    .fragment = MORE, .id = 7);
ROW(v6_first_fragment, PROHIBITED, CHAIN(PART), V6("fd09::9"),
    UDP(40000, 53), .fragment = MORE, .id = 7);

/* Answers to these would be answers to answers, to nobody, or to anybody. */
ROW(error, NOTHING, V4("10.9.0.9"), ICMP(3));
ROW(source_quench, NOTHING, V4("10.9.0.9"), ICMP(4));
ROW(redirect, NOTHING, V4("10.9.0.9"), ICMP(5));
ROW(time_exceeded, NOTHING, V4("10.9.0.9"), ICMP(11));
ROW(answer_to_ping, NOTHING, V4("10.9.0.9"), ICMP(0));
ROW(icmpv6_in_v4, NOTHING, V4("10.9.0.9"), ICMPV6(128));
ROW(v6_error, NOTHING, V6("fd09::9"), ICMPV6(1));
ROW(v6_too_big, NOTHING, V6("fd09::9"), ICMPV6(2));
ROW(v6_unknown_error, NOTHING, V6("fd09::9"), ICMPV6(100));
ROW(v6_redirect, NOTHING, V6("fd09::9"), ICMPV6(137), .hops = 255);
ROW(v6_solicitation_from_afar, NOTHING, V6("fd09::9"), ICMPV6(135));
ROW(later_fragment, NOTHING, V4("10.9.0.9"), UDP(40000, 53), .fragment = 64,
    .id = 7);
ROW(v6_later_fragment, NOTHING, CHAIN(PART), V6("fd09::9"), UDP(40000, 53),
    .fragment = 64, .id = 7);
ROW(multicast, NOTHING, V4("224.0.0.251"), UDP(40000, 53));
ROW(broadcast, NOTHING, V4("255.255.255.255"), UDP(40000, 53));
ROW(v6_multicast, NOTHING, V6("ff02::fb"), UDP(40000, 53));
ROW(tcp_multicast, NOTHING, V4("224.0.0.251"), TCP(80, TH_SYN_ONLY));
ROW(from_nobody, NOTHING, .from = "0.0.0.0", .to = "10.9.0.9",
    UDP(40000, 53));
ROW(from_many, NOTHING, .from = "224.0.0.1", .to = "10.9.0.9",
    UDP(40000, 53));
ROW(from_loopback, NOTHING, .from = "127.0.0.1", .to = "10.9.0.9",
    UDP(40000, 53));
ROW(v6_from_nobody, NOTHING, .from = "::", .to = "fd09::9", UDP(40000, 53));
ROW(v6_from_many, NOTHING, .from = "ff02::1", .to = "fd09::9",
    UDP(40000, 53));
ROW(tagged_twice, NOTHING, TAGS(SERVICE_TAG, TAG), V4("10.9.0.9"),
    UDP(40000, 53));
ROW(source_routed, NOTHING, V4("10.9.0.9"), UDP(40000, 53),
    OPTIONS(131, 7, 4, 10, 9, 0, 1, 0));
ROW(longer_than_its_frame, NOTHING, V4("10.9.0.9"), UDP(40000, 53),
    .claim = 16);
ROW(other_version, NOTHING, V4("10.9.0.9"), UDP(40000, 53), .version = 5);
ROW(not_ip, NOTHING, .type = ETH_P_LLDP, .to = "");

static void start(FIXTURE_DATA(reject) *self)
{
	int on = 1;

	guard_load(GUARD_POLICY);
	self->id = wire_bind(&wire, "netdev-reject");
	self->guest_end = wire_open(&wire, true, ETH_P_ALL);
	if (setsockopt(self->guest_end, SOL_PACKET, PACKET_AUXDATA, &on,
		       sizeof(on)))
		die("tags would be lost");
}

static void stop(void)
{
	wire_unbind(&wire);
	bound_unload("netdev-reject");
}

FIXTURE_SETUP(reject)
{
	start(self);
}

FIXTURE_TEARDOWN(reject)
{
	stop();
}

static void read_tag(struct msghdr *message, struct heard *heard)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	struct tpacket_auxdata aux;

	if (!header)
		return;
	memcpy(&aux, CMSG_DATA(header), sizeof(aux));
	heard->tagged = aux.tp_status & TP_STATUS_VLAN_VALID;
	heard->tag = aux.tp_vlan_tci;
}

/* The next frame that comes to the guest; false if there is none. */
static bool hear(int fd, struct heard *heard)
{
	char control[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct iovec data = { heard->bytes, sizeof(heard->bytes) };
	struct sockaddr_ll from;
	struct msghdr message = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &data, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};

	memset(heard, 0, sizeof(*heard));
	do {
		message.msg_controllen = sizeof(control);
		heard->size = recvmsg(fd, &message, MSG_DONTWAIT);
	} while (heard->size > 0 && from.sll_pkttype == PACKET_OUTGOING);
	read_tag(&message, heard);
	return heard->size > 0;
}

static u32 add_up(const u8 *bytes, size_t size, u32 sum)
{
	size_t i;

	for (i = 0; i + 1 < size; i += 2)
		sum += bytes[i] << 8 | bytes[i + 1];
	return sum + (size % 2 ? bytes[size - 1] << 8 : 0);
}

/* With its checksum, a text adds up to all ones. */
static bool is_sound(u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

static void expect_frame(struct __test_metadata *_metadata,
			 const struct heard *heard, const u8 *sent,
			 const struct layout *layout)
{
	EXPECT_EQ(0, memcmp(heard->bytes, sent + ETH_ALEN, ETH_ALEN));
	EXPECT_EQ(0, memcmp(heard->bytes + ETH_ALEN, sent, ETH_ALEN));
	EXPECT_EQ(!!layout->tags[0], heard->tagged);
	if (heard->tagged)
		EXPECT_EQ(1, heard->tag);
}

static void expect_error(struct __test_metadata *_metadata, const u8 *error,
			 bool v6, const u8 *sent, size_t size)
{
	EXPECT_EQ(v6 ? 1 : 3, error[0]);
	EXPECT_EQ(v6 ? 1 : 13, error[1]);
	EXPECT_EQ(0, memcmp(error + ERROR_SIZE, sent, size));
}

static void expect_reset(struct __test_metadata *_metadata, const u8 *tcp)
{
	EXPECT_EQ(80, tcp[0] << 8 | tcp[1]);
	EXPECT_EQ(40000, tcp[2] << 8 | tcp[3]);
	EXPECT_EQ(1, tcp[11]);
	EXPECT_EQ(0x14, tcp[13]);
}

/* @sent is the packet of IP, of @size bytes. */
static void expect_packet(struct __test_metadata *_metadata,
			  const struct heard *heard, enum answer answer,
			  const u8 *sent, size_t size)
{
	const u8 *ip = heard->bytes + ETH_HLEN;
	bool v6 = *sent >> 4 == 6;
	size_t header = v6 ? 40 : 20, at = v6 ? 8 : 12, width = v6 ? 16 : 4;
	size_t carried = answer == RESET ? 20 : ERROR_SIZE + size;
	u8 protocol = answer == RESET ? IPPROTO_TCP :
		      v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	u32 sum = 0;

	ASSERT_EQ(ETH_HLEN + header + carried, heard->size);
	EXPECT_EQ(v6 ? ETH_P_IPV6 : ETH_P_IP, ip[-2] << 8 | ip[-1]);
	EXPECT_EQ(0, memcmp(ip + at, sent + at + width, width));
	EXPECT_EQ(0, memcmp(ip + at + width, sent + at, width));
	EXPECT_EQ(protocol, ip[v6 ? 6 : 9]);
	if (!v6)
		EXPECT_TRUE(is_sound(add_up(ip, header, 0)));
	if (protocol != IPPROTO_ICMP)
		sum = add_up(ip + at, 2 * width, protocol + carried);
	EXPECT_TRUE(is_sound(add_up(ip + header, carried, sum)));
	if (answer == RESET)
		expect_reset(_metadata, ip + header);
	else
		expect_error(_metadata, ip + header, v6, sent, size);
}

TEST_F(reject, is_told)
{
	const struct layout *layout = &variant->layout;
	size_t skipped = ETH_HLEN + (layout->tags[0] ? 4 : 0);
	struct outcome outcome = { 0 };
	struct heard heard, more;
	u8 bytes[FRAME_SIZE];
	size_t size = frame_make(layout, bytes);

	/* What fills up a frame is no part of the packet. */
	wire_send(self->guest_end, bytes, size + 9);
	usleep(20000);
	refusals_read(self->id, &outcome);
	EXPECT_EQ(1, outcome_sum(&outcome));
	ASSERT_EQ(variant->answer != NOTHING, hear(self->guest_end, &heard));
	if (variant->answer == NOTHING)
		return;
	expect_frame(_metadata, &heard, bytes, layout);
	expect_packet(_metadata, &heard, variant->answer, bytes + skipped,
		      size - skipped);
	EXPECT_FALSE(hear(self->guest_end, &more));
}

/* As much is quoted as every link takes. */
TEST(long_packets)
{
	static const struct layout layouts[] = {
		{ V4("10.9.0.9"), UDP(40000, 53), .claim = 1400 },
		{ V6("fd09::9"), UDP(40000, 53), .claim = 1400 },
	};
	static u8 bytes[FRAME_SIZE + 1400];
	FIXTURE_DATA(reject) self;
	struct heard heard;
	size_t i;

	start(&self);
	for (i = 0; i < ARRAY_SIZE(layouts); i++) {
		wire_send(self.guest_end, bytes,
			  frame_make(&layouts[i], bytes) + 1400);
		usleep(20000);
		ASSERT_TRUE(hear(self.guest_end, &heard));
		EXPECT_EQ(ETH_HLEN + (i ? 1280 : 576), heard.size);
	}
	stop();
}

/* There is an end to it, for resets and errors together. */
TEST(rate)
{
	static const struct layout layouts[] = {
		{ V4("10.9.0.9"), TCP(80, TH_SYN_ONLY) },
		{ V4("10.9.0.9"), UDP(40000, 53) },
		{ V4("10.9.0.9"), ICMP(3) },
	};
	struct outcome outcome = { 0 };
	FIXTURE_DATA(reject) self;
	u8 bytes[FRAME_SIZE];
	struct heard heard;
	time_t begin = time(NULL);
	int i, told = 0;

	start(&self);
	for (i = 0; i < 450; i++) {
		wire_send(self.guest_end, bytes,
			  frame_make(&layouts[i % 3], bytes));
		told += hear(self.guest_end, &heard);
	}
	usleep(20000);
	refusals_read(self.id, &outcome);
	EXPECT_EQ(450, outcome_sum(&outcome));
	while (hear(self.guest_end, &heard))
		told++;
	EXPECT_LE(50, told);
	/* A hundred a second, and that many once more in the first of them. */
	EXPECT_GE(250 + 100 * (time(NULL) - begin), told);
	stop();
}

TEST_HARNESS_MAIN
