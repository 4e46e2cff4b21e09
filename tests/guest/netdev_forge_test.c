// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers of name servers to a guest that somebody else makes, or the guest in
 * the name of one.
 */
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>

#include "bound.h"
#include "candidate.h"
#include "control.h"
#include "expect.h"
#include "layouts.h"
#include "listed.h"
#include "net.h"
#include "resolver.h"

/* Nobody is there; what is told in its name is made up. */
#define ABSENT		"10.9.0.77"

WIRE_OF_SUITE(wire_make_talking, wire);

/**
 * struct answer - an answer that somebody makes
 * @from: who speaks; NULL: ABSENT
 * @port: from there; 0: 53
 * @to_port: to which port, added to the right one
 * @fragment: field of the header, of a fragment
 * @checksum: is added to the right one
 * @zero: there is none
 * @early: before the question
 */
struct answer {
	const char *from;
	u16 port;
	u16 to_port;
	u16 fragment;
	u16 checksum;
	bool zero;
	bool early;
};

FIXTURE(forged) {
	int host_end;
	int fd;
	u64 id;
};

FIXTURE_VARIANT(forged) {
	struct answer answer;
	bool believed;
};

#define FORGED(row, may, ...)						\
	FIXTURE_VARIANT_ADD(forged, row) {				\
		.believed = may,					\
		.answer = { __VA_ARGS__ },				\
	}

FORGED(nothing, true, .from = NULL);
FORGED(no_checksum, true, .zero = true);
FORGED(wrong_checksum, false, .checksum = 1);
FORGED(other_address, false, .from = "10.9.0.78");
FORGED(other_port, false, .port = 54);
FORGED(other_port_of_guest, false, .to_port = 1);
FORGED(fragment, false, .fragment = 0x2000);
FORGED(before_it_was_asked, false, .early = true);

#define ABSENT_POLICY							\
	"policy: netdev-names\n"					\
	"egress:\n"							\
	"  default: deny\n"						\
	"  resolvers: [" ABSENT "]\n"					\
	"  rules:\n"							\
	"    - allow: { host: \"*.n.test\", ports: [8080] }\n"
#define FORGE_POLICY	ABSENT_POLICY "listen: { default: allow }\n"

FIXTURE_SETUP(forged)
{
	const struct target absent = { .address = ABSENT, .port = 53 };
	struct sockaddr_storage to;
	socklen_t size = target_address(&absent, &to);

	guard_load(FORGE_POLICY);
	self->id = wire_bind(&wire, "netdev-names");
	self->host_end = wire_open(&wire, false, ETH_P_IP);
	wire_guest_runs(&wire, "ip neigh replace " ABSENT " "
			       "lladdr 02:00:00:00:00:77 dev eth0");
	wire_enter(&wire);
	self->fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (connect(self->fd, (struct sockaddr *)&to, size))
		die("no socket of the guest's");
	wire_leave(&wire);
}

FIXTURE_TEARDOWN(forged)
{
	wire_unbind(&wire);
	bound_unload("netdev-names");
}

static u8 *put16(u8 *at, u16 value)
{
	at[0] = value >> 8;
	at[1] = value;
	return at + 2;
}

static u16 fold(const u8 *bytes, size_t size, u32 sum)
{
	size_t i;

	for (i = 0; i < size; i++)
		sum += i % 2 ? bytes[i] : bytes[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* The datagram that is @len bytes of @message, and @port the guest's. */
static size_t forge(u8 *frame, const struct answer *answer, const u8 *message,
		    size_t len, u16 port)
{
	u8 *ip = frame + ETH_HLEN, *udp = ip + 20;
	size_t size = 8 + len;

	memset(frame, 0, ETH_HLEN + 28);
	memcpy(frame, "\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x77", 12);
	put16(frame + 12, ETH_P_IP);
	ip[0] = 0x45;
	put16(ip + 2, 20 + size);
	put16(ip + 6, answer->fragment);
	ip[8] = 64;
	ip[9] = IPPROTO_UDP;
	inet_pton(AF_INET, answer->from ?: ABSENT, ip + 12);
	inet_pton(AF_INET, "10.9.0.2", ip + 16);
	put16(ip + 10, fold(ip, 20, 0));
	put16(put16(put16(udp, answer->port ?: 53), port + answer->to_port),
	      size);
	memcpy(udp + 8, message, len);
	if (!answer->zero)
		put16(udp + 6, fold(ip + 12, 8 + size, IPPROTO_UDP + size) +
			       answer->checksum);
	return ETH_HLEN + 20 + size;
}

static u16 port_of(int fd)
{
	struct sockaddr_in own;
	socklen_t size = sizeof(own);

	if (getsockname(fd, (struct sockaddr *)&own, &size))
		die("the socket has no port");
	return ntohs(own.sin_port);
}

TEST_F(forged, is_believed)
{
	u8 question[512], message[1024], frame[2048];
	size_t asked = resolver_question(question, "good.n.test", DNS_A);
	size_t size;

	memcpy(message, question, asked);
	size = resolver_answer(message, asked, RESOLVED);
	size = forge(frame, &variant->answer, message, size,
		     port_of(self->fd));
	if (variant->answer.early)
		wire_send(self->host_end, frame, size);
	ASSERT_EQ(asked, send(self->fd, question, asked, 0));
	usleep(20000);
	if (!variant->answer.early)
		wire_send(self->host_end, frame, size);
	usleep(20000);
	EXPECT_EQ(variant->believed, listed_names(&wire, self->id, RESOLVED));
}

/* A question is answered once. */
TEST_F(forged, is_believed_once)
{
	u8 question[512], message[1024], frame[2048];
	size_t asked = resolver_question(question, "good.n.test", DNS_A);
	size_t size;

	ASSERT_EQ(asked, send(self->fd, question, asked, 0));
	usleep(20000);
	memcpy(message, question, asked);
	size = resolver_answer(message, asked, RESOLVED_OTHER);
	size = forge(frame, &variant->answer, message, size,
		     port_of(self->fd));
	wire_send(self->host_end, frame, size);
	memcpy(message, question, asked);
	size = resolver_answer(message, asked, RESOLVED);
	size = forge(frame, &variant->answer, message, size,
		     port_of(self->fd));
	wire_send(self->host_end, frame, size);
	usleep(20000);
	if (variant->believed)
		EXPECT_EQ(0, listed_names(&wire, self->id, RESOLVED));
}

/* Sends one frame from the guest; is it refused? */
static bool is_refused(int guest_end, u64 id, const struct layout *layout)
{
	struct outcome before = { 0 }, after = { 0 };
	u8 bytes[FRAME_SIZE];

	refusals_read(id, &before);
	wire_send(guest_end, bytes, frame_make(layout, bytes));
	usleep(20000);
	refusals_read(id, &after);
	return outcome_sum(&after) > outcome_sum(&before);
}

#define SERVER_POLICY							\
	ABSENT_POLICY							\
	"    - allow: { to: [10.9.0.8] }\n"				\
	"listen: { default: deny, allow: [53/udp] }\n"

/* Nobody is spoken to in the name of a name server but who has asked it. */
TEST(posing)
{
	static const struct layout answer = {
		V4("10.9.0.8"), UDP(53, 5000)
	}, elsewhere = {
		V4("10.9.0.8"), UDP(53, 5001)
	}, disguised = {
		.from = ABSENT, .to = "10.9.0.8", UDP(53, 5000)
	}, other = {
		V4("10.9.0.8"), UDP(54, 5000)
	}, question = {
		TO_V4("10.9.0.8"), UDP(5000, 53)
	};
	int guest_end = wire_open(&wire, true, 0);
	int host_end = wire_open(&wire, false, 0);
	u8 bytes[FRAME_SIZE];
	u64 id;

	guard_load(SERVER_POLICY);
	id = wire_bind(&wire, "netdev-names");
	EXPECT_FALSE(is_refused(guest_end, id, &other));
	EXPECT_TRUE(is_refused(guest_end, id, &answer));
	wire_send(host_end, bytes, frame_make(&question, bytes));
	usleep(20000);
	EXPECT_FALSE(is_refused(guest_end, id, &answer));
	EXPECT_TRUE(is_refused(guest_end, id, &elsewhere));
	EXPECT_TRUE(is_refused(guest_end, id, &disguised));
	wire_unbind(&wire);
	bound_unload("netdev-names");
}

/* It is others who would believe it: its own policy has no say. */
TEST(posing_whatever_its_policy_says)
{
	static const struct layout answer = {
		V4("10.9.0.1"), UDP(53, 5000)
	}, other = {
		V4("10.9.0.1"), UDP(54, 5000)
	}, stream = {
		V4("10.9.0.1"), TCP_FROM(53, 5000, TH_ACK_ONLY)
	};
	static const u8 route[] = { ROUTE };
	static const struct layout unread = {
		V6("fd09::1"), UDP(53, 5000), .chain = route, .chain_size = 1
	};
	static const char *const policies[] = {
		"policy: poser\negress: { default: allow, mode: audit }\n",
		"policy: poser\nlisten: { default: allow }\n",
		"policy: poser\nmode: audit\negress: { default: deny }\n",
	};
	int guest_end = wire_open(&wire, true, 0);
	int host_end = wire_open(&wire, false, ETH_P_IP);
	int host_v6 = wire_open(&wire, false, ETH_P_IPV6);
	u8 bytes[FRAME_SIZE];
	size_t i;

	guard_load(ABSENT_POLICY);
	for (i = 0; i < sizeof(policies) / sizeof(*policies); i++) {
		struct outcome outcome = { 0 };
		u64 id;

		guard_load(policies[i]);
		id = wire_bind(&wire, "poser");
		wire_send(guest_end, bytes, frame_make(&other, bytes));
		EXPECT_TRUE(wire_hears(host_end, bytes));
		EXPECT_TRUE(is_refused(guest_end, id, &answer));
		wire_send(guest_end, bytes, frame_make(&answer, bytes));
		EXPECT_FALSE(wire_heard(host_end, bytes));
		wire_send(guest_end, bytes, frame_make(&stream, bytes));
		EXPECT_FALSE(wire_heard(host_end, bytes));
		refusals_read(id, &outcome);
		EXPECT_EQ(FNG_RULE_GUARD | FNG_GUARD_POSES,
			  outcome.refusals[outcome.nr - 1].rule);
		wire_send(guest_end, bytes, frame_make(&unread, bytes));
		EXPECT_FALSE(wire_heard(host_v6, bytes));
		wire_unbind(&wire);
	}
	bound_unload("poser");
	bound_unload("netdev-names");
	close(guest_end);
	close(host_end);
	close(host_v6);
}

/* Nobody in force believes what is answered, so nobody is kept from answering. */
TEST(nobody_poses_for_a_candidate)
{
	static const struct layout answer = {
		V4("10.9.0.1"), UDP(53, 5000)
	};
	struct fng_client_load candidate = { .candidate = true };
	int guest_end = wire_open(&wire, true, 0);
	u64 id;

	guard_load("policy: netdev-names\negress: { default: allow }\n");
	id = wire_bind(&wire, "netdev-names");
	ASSERT_EQ(0, control_load_as(ABSENT_POLICY, &candidate));
	EXPECT_FALSE(is_refused(guest_end, id, &answer));
	EXPECT_EQ(1, candidate_see("netdev-names").would.would_deny);
	guard_load(ABSENT_POLICY);
	EXPECT_TRUE(is_refused(guest_end, id, &answer));
	wire_unbind(&wire);
	bound_unload("netdev-names");
	close(guest_end);
}

TEST_HARNESS_MAIN
