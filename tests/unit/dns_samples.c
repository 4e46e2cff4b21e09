// SPDX-License-Identifier: MIT
/*
 * Messages as resolvers and clients send them, byte by byte.
 */
#include "dns_message.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))
#define QUESTION(id_, type_, name_) \
	{ .id = id_, .type = type_, .len = sizeof(name_) - 1, .name = name_ }

#define IN_A		0x00, 0x01, 0x00, 0x01
#define IN_CNAME	0x00, 0x05, 0x00, 0x01
#define IN_SOA		0x00, 0x06, 0x00, 0x01
#define IN_AAAA		0x00, 0x1c, 0x00, 0x01
#define IN_DNAME	0x00, 0x27, 0x00, 0x01
#define IN_RRSIG	0x00, 0x2e, 0x00, 0x01
#define TTL(seconds)	0x00, 0x00, (seconds) >> 8, (seconds) & 0xff
#define SIZE(bytes)	0x00, (bytes)
#define AT(offset)	0xc0, (offset)
#define WWW		3, 'w', 'w', 'w'
#define EXAMPLE		7, 'e', 'x', 'a', 'm', 'p', 'l', 'e'
#define COM		3, 'c', 'o', 'm'

/* Root, OPT, a payload of 1232 bytes, no flags, nothing in it. */
#define EDNS		0x00, 0x00, 0x29, 0x04, 0xd0, 0, 0, 0, 0, 0, 0

/* unbound, over the network */
static const u8 good[] = {
	0x12, 0x34, 0x81, 0x80, 0, 1, 0, 3, 0, 0, 0, 1,
	WWW, EXAMPLE, COM, 0, IN_A,					/* 12 */
	AT(12), IN_CNAME, TTL(300), SIZE(6), 3, 'c', 'd', 'n', AT(16),	/* 33 */
	AT(45), IN_A, TTL(60), SIZE(4), 192, 0, 2, 1,			/* 51 */
	AT(45), IN_A, TTL(60), SIZE(4), 192, 0, 2, 2,			/* 67 */
	EDNS,								/* 83 */
};

/* dnsmasq, from its hosts file */
static const u8 local[] = {
	0xbe, 0xef, 0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0,
	2, 'd', 'b', 8, 'i', 'n', 't', 'e', 'r', 'n', 'a', 'l', 0, IN_A,
	AT(12), IN_A, TTL(0), SIZE(4), 10, 0, 0, 5,
};

/* A resolver that repeats the letters as they were asked, in random case. */
static const u8 random_case[] = {
	0x00, 0x07, 0x81, 0xa0, 0, 1, 0, 3, 0, 0, 0, 1,
	3, 'A', 'p', 'I', 7, 'e', 'X', 'a', 'M', 'p', 'L', 'e', 3, 'C', 'o',
	'm', 0, IN_AAAA,						/* 12 */
	AT(12), IN_CNAME, TTL(3600), SIZE(10), 5, '_', 'e', 'd', 'g', 'e',
	1, 'x', AT(16),							/* 33 */
	5, '_', 'E', 'D', 'G', 'E', 1, 'X', AT(16), IN_CNAME, TTL(30),
	SIZE(6), 3, 'v', '-', '6', AT(24),				/* 55 */
	AT(75), IN_AAAA, TTL(20), SIZE(16),
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	EDNS,
};

/* A name below a DNAME, with signatures and in an order that none promised. */
static const u8 redirected[] = {
	0x00, 0x63, 0x81, 0xa0, 0, 1, 0, 4, 0, 0, 0, 1,
	1, 'a', 3, 'o', 'l', 'd', COM, 0, IN_A,				/* 12 */
	AT(14), IN_DNAME, TTL(100), SIZE(9), 3, 'n', 'e', 'w', COM, 0,	/* 27 */
	AT(14), IN_RRSIG, TTL(100), SIZE(27), 0, 39, 8, 2, 0, 0, 0, 100,
	0x60, 0, 0, 0, 0x50, 0, 0, 0, 0x12, 0x34, 3, 'o', 'l', 'd', COM, 0,
	1, 'a', AT(39), IN_A, TTL(50), SIZE(4), 198, 51, 100, 9,	/* 87 */
	AT(12), IN_CNAME, TTL(40), SIZE(4), 1, 'A', AT(39),		/* 105 */
	EDNS,
};

static const u8 no_data[] = {
	0x00, 0x01, 0x81, 0x80, 0, 1, 0, 0, 0, 1, 0, 0,
	EXAMPLE, COM, 0, IN_AAAA,
	AT(12), IN_SOA, TTL(900), SIZE(29), 2, 'n', 's', AT(12), 1, 'h',
	AT(12), 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5,
};

static const u8 no_name[] = {
	0x00, 0x02, 0x81, 0x83, 0, 1, 0, 1, 0, 0, 0, 0,
	WWW, EXAMPLE, COM, 0, IN_A,
	AT(12), IN_CNAME, TTL(5), SIZE(7), 4, 'g', 'o', 'n', 'e', AT(16),
};

/* What the kernel's neighbours send, with EDNS. */
static const u8 query[] = {
	0x43, 0x21, 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 1,
	WWW, 7, 'E', 'x', 'a', 'm', 'p', 'l', 'e', COM, 0, IN_AAAA,
	EDNS,
};

#define SAMPLE(bytes_)	.name = #bytes_, .bytes = bytes_, .len = sizeof(bytes_)

const struct dns_sample dns_samples[] = {
	[DNS_GOOD] = {
		SAMPLE(good), .question = QUESTION(0x1234, 1, "www.example.com"),
		.result = 2, .found = {
			{ .family = 4, .ttl = 60, .addr = { 192, 0, 2, 1 } },
			{ .family = 4, .ttl = 60, .addr = { 192, 0, 2, 2 } },
		},
	},
	{
		SAMPLE(local), .question = QUESTION(0xbeef, 1, "db.internal"),
		.result = 1, .found = {
			{ .family = 4, .ttl = 0, .addr = { 10, 0, 0, 5 } },
		},
	},
	{
		SAMPLE(random_case), .question = QUESTION(7, 28, "api.example.com"),
		.result = 1, .found = {
			{ .family = 6, .ttl = 20, .addr = {
				0x20, 0x01, 0x0d, 0xb8, [15] = 1 } },
		},
	},
	{
		SAMPLE(redirected), .question = QUESTION(0x63, 1, "a.old.com"),
		.result = 1, .found = {
			{ .family = 4, .ttl = 40, .addr = { 198, 51, 100, 9 } },
		},
	},
	{ SAMPLE(no_data), .question = QUESTION(1, 28, "example.com") },
	{ SAMPLE(no_name), .question = QUESTION(2, 1, "www.example.com") },
	{
		SAMPLE(query), .query = true, .result = -EINVAL,
		.question = QUESTION(0x4321, 28, "www.example.com"),
	},
};

const size_t nr_dns_samples = NR(dns_samples);
