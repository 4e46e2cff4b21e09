// SPDX-License-Identifier: GPL-2.0-only
/*
 * Learning behind a device: what a guest sends, and by which ports it is reached;
 * whoever scans it teaches nothing.
 */
#include <string.h>
#include <unistd.h>
#include <linux/if_ether.h>

#include "bound.h"
#include "expect.h"
#include "layouts.h"
#include "learned.h"
#include "wire.h"

WIRE_OF_SUITE(wire_make, wire);

#define SERVED(nr)	{ .kind = FNG_ACT_LISTEN, .number = nr }
#define NR_SCANNED	3000u

/* Both ends of the wire. */
struct ends {
	int host;
	int guest;
};

static void begin(struct ends *ends)
{
	learned_begin();
	ends->host = wire_open(&wire, false, ETH_P_ALL);
	ends->guest = wire_open(&wire, true, ETH_P_ALL);
	wire_bind(&wire, "learn");
}

static void end(void)
{
	wire_unbind(&wire);
	bound_unload("learn");
}

static void pass(int from, int to, const struct layout *layout)
{
	u8 bytes[FRAME_SIZE];

	wire_send(from, bytes, frame_make(layout, bytes));
	if (!wire_hears(to, bytes))
		die("the frame got lost");
}

static struct found found_of(const struct learned *learned)
{
	/* Who is told of everything is told of it before it is judged. */
	usleep(20000);
	return learned_find("learn", learned);
}

TEST(what_a_guest_sends_is_learned)
{
	static const struct layout opening = {
		V4("10.9.0.9"), TCP_FROM(5000, 443, TH_SYN_ONLY)
	}, answer = {
		TO_V4("10.9.0.9"), TCP_FROM(443, 5000, TH_SYN_ACK)
	}, more = {
		V4("10.9.0.9"), TCP_FROM(5000, 443, TH_ACK_ONLY)
	};
	static const struct learned connects = {
		FNG_ACT_CONNECT, "10.9.0.9", "", 443,
	};
	struct ends ends;

	begin(&ends);
	pass(ends.guest, ends.host, &opening);
	pass(ends.host, ends.guest, &answer);
	pass(ends.guest, ends.host, &more);
	EXPECT_EQ(1, found_of(&connects).times);
	EXPECT_EQ(1, found_of(&connects).all);
	end();
}

FIXTURE(comes) {
	struct ends ends;
};

FIXTURE_VARIANT(comes) {
	struct layout first;
	struct layout second;
	bool learned;
};

FIXTURE_SETUP(comes)
{
	begin(&self->ends);
}

FIXTURE_TEARDOWN(comes)
{
	end();
}

#define ROW(row, is, heard, said)					\
	FIXTURE_VARIANT_ADD(comes, row) {				\
		.learned = is, .first = heard, .second = said,		\
	}
#define LAYOUT(...)	((struct layout){ __VA_ARGS__ })

ROW(tcp, true,
    LAYOUT(TO_V4("10.9.0.9"), TCP_FROM(5000, 8080, TH_SYN_ONLY)),
    LAYOUT(V4("10.9.0.9"), TCP_FROM(8080, 5000, TH_SYN_ACK)));
ROW(v6_tcp, true,
    LAYOUT(TO_V6("fd09::9"), TCP_FROM(5000, 8080, TH_SYN_ONLY)),
    LAYOUT(V6("fd09::9"), TCP_FROM(8080, 5000, TH_SYN_ACK)));
ROW(udp, true,
    LAYOUT(TO_V4("10.9.0.9"), UDP(5000, 8080)),
    LAYOUT(V4("10.9.0.9"), UDP(8080, 5000)));
ROW(nobody_is_there, false,
    LAYOUT(TO_V4("10.9.0.9"), TCP_FROM(5000, 8080, TH_SYN_ONLY)),
    LAYOUT(V4("10.9.0.9"), TCP_FROM(8080, 5000, TH_RST_ONLY)));
ROW(another_port_answers, false,
    LAYOUT(TO_V4("10.9.0.9"), TCP_FROM(5000, 8081, TH_SYN_ONLY)),
    LAYOUT(V4("10.9.0.9"), TCP_FROM(8080, 5000, TH_SYN_ACK)));

/* A port is learned by an answer from there, which then goes nowhere. */
TEST_F(comes, teaches_by_what_is_answered)
{
	static const struct learned port = SERVED(8080);
	static const struct learned goes = { FNG_ACT_CONNECT, NULL, NULL, 5000 };

	pass(self->ends.host, self->ends.guest, &variant->first);
	EXPECT_EQ(0, found_of(&port).all);
	pass(self->ends.guest, self->ends.host, &variant->second);
	EXPECT_EQ(variant->learned, found_of(&port).times);
	EXPECT_EQ(!variant->learned, found_of(&goes).times);
	EXPECT_EQ(1, found_of(&port).all);
	if (!_metadata->passed)
		learned_print("learn");
}

TEST(a_scan_teaches_nothing)
{
	static const struct learned port = SERVED(1);
	u8 bytes[FRAME_SIZE];
	struct found found;
	struct ends ends;
	u32 i;

	begin(&ends);
	for (i = 1; i <= NR_SCANNED; i++) {
		const struct layout opening = {
			TO_V4("10.9.0.9"), TCP_FROM(5000, i, TH_SYN_ONLY)
		};

		wire_send(ends.host, bytes, frame_make(&opening, bytes));
	}
	found = found_of(&port);
	EXPECT_EQ(0, found.all);
	EXPECT_EQ(0, found.unkept);
	end();
}

TEST_HARNESS_MAIN
