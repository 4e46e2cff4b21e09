// SPDX-License-Identifier: MIT
/*
 * Which addresses are special: the first and the last of each network, and
 * those beside it.
 */
#include "engine_test.h"

/**
 * struct edge - an end of a network, and what is beside it
 * @addr: an address
 * @special: it is special
 */
struct edge {
	const char *addr;
	bool special;
};

static void assert_edges(const struct edge *edges, size_t nr)
{
	struct fng_endpoint end;
	size_t i;

	for (i = 0; i < nr; i++) {
		end = endpoint_of(edges[i].addr, FNG_PROTO_TCP, 443);
		if (fng_address_special(&end) != edges[i].special)
			fail_msg("%s is %s", edges[i].addr,
				 edges[i].special ? "not special" : "special");
	}
}

static void networks_of_ipv4_have_their_edges(void **state)
{
	static const struct edge edges[] = {
		{ "0.0.0.0", true }, { "0.255.255.255", true },
		{ "1.0.0.0", false }, { "8.8.8.8", false },
		{ "9.255.255.255", false }, { "10.0.0.0", true },
		{ "10.255.255.255", true }, { "11.0.0.0", false },
		{ "100.63.255.255", false }, { "100.64.0.0", true },
		{ "100.127.255.255", true }, { "100.128.0.0", false },
		{ "126.255.255.255", false }, { "127.0.0.0", true },
		{ "127.0.0.1", true }, { "127.255.255.255", true },
		{ "128.0.0.0", false }, { "169.253.255.255", false },
		{ "169.254.0.0", true }, { "169.254.169.254", true },
		{ "169.254.255.255", true }, { "169.255.0.0", false },
		{ "172.15.255.255", false }, { "172.16.0.0", true },
		{ "172.31.255.255", true }, { "172.32.0.0", false },
		{ "191.255.255.255", false }, { "192.0.0.0", true },
		{ "192.0.0.255", true }, { "192.0.1.0", false },
		{ "192.167.255.255", false }, { "192.168.0.0", true },
		{ "192.168.255.255", true }, { "192.169.0.0", false },
		{ "198.17.255.255", false }, { "198.18.0.0", true },
		{ "198.19.255.255", true }, { "198.20.0.0", false },
		{ "203.0.113.1", false }, { "223.255.255.255", false },
		{ "224.0.0.0", true }, { "239.255.255.255", true },
		{ "240.0.0.0", true }, { "255.255.255.255", true },
	};

	(void)state;
	assert_edges(edges, NR(edges));
}

#define ONES	":ffff:ffff:ffff:ffff"

static void networks_of_ipv6_have_their_edges(void **state)
{
	static const struct edge edges[] = {
		{ "::", true }, { "::1", true }, { "::2", true },
		{ "0:ffff:ffff:ffff" ONES, true }, { "1::", false },
		{ "64:ff9a:ffff:ffff" ONES, false },
		{ "64:ff9b:0:ffff" ONES, false }, { "64:ff9b:1::", true },
		{ "64:ff9b:1:ffff" ONES, true }, { "64:ff9b:2::", false },
		{ "ff:ffff:ffff:ffff" ONES, false }, { "100::", true },
		{ "100::ffff:ffff:ffff:ffff", true },
		{ "100:0:0:1::", false }, { "100:0:1::", false },
		{ "2000:ffff:ffff:ffff" ONES, false }, { "2001::", true },
		{ "2001:0:1::", true }, { "2001:1ff:ffff:ffff" ONES, true },
		{ "2001:200::", false }, { "2001:db8::1", false },
		{ "2001:4860:4860::8888", false },
		{ "fbff:ffff:ffff:ffff" ONES, false }, { "fc00::", true },
		{ "fd00::1", true }, { "fdff:ffff:ffff:ffff" ONES, true },
		{ "fe00::", false }, { "fe7f:ffff:ffff:ffff" ONES, false },
		{ "fe80::", true }, { "febf:ffff:ffff:ffff" ONES, true },
		{ "fec0::", true }, { "feff:ffff:ffff:ffff" ONES, true },
		{ "ff00::", true }, { "ff02::fb", true },
		{ "ffff:ffff:ffff:ffff" ONES, true },
	};

	(void)state;
	assert_edges(edges, NR(edges));
}

/* What is wrapped counts, where a gateway would unwrap it. */
static void wrapped_addresses_are_unwrapped(void **state)
{
	static const struct edge edges[] = {
		{ "::ffff:0.0.0.0", true }, { "::ffff:10.0.0.1", true },
		{ "::ffff:8.8.8.8", false },
		{ "::ffff:255.255.255.255", true },
		{ "::fffe:8.8.8.8", true }, { "::1:0:8.8.8.8", true },
		{ "::8.8.8.8", true }, { "::1:ffff:8.8.8.8", true },
		{ "0:0:0:1::ffff:8.8.8.8", true },
		{ "1::ffff:10.0.0.1", false },
		{ "64:ff9b::0.0.0.0", true }, { "64:ff9b::10.0.0.1", true },
		{ "64:ff9b::169.254.169.254", true },
		{ "64:ff9b::8.8.8.8", false },
		{ "64:ff9b::255.255.255.255", true },
		{ "64:ff9b::1:10.0.0.1", false },
		{ "64:ff9b:0:0:1::10.0.0.1", false },
		{ "64:ff9b:0:1::10.0.0.1", false },
		{ "64:ff9b:1::8.8.8.8", true },
		{ "2002:a00:1::", true }, { "2002:aff:ffff::1", true },
		{ "2002:808:808::", false }, { "2002:808:808::a00:1", false },
		{ "2002:808:808:a00:1::", false }, { "2002::", true },
		{ "2002:a9fe:a9fe::1", true }, { "2002:ffff:ffff::", true },
		{ "2001:ffff:ffff:ffff" ONES, false }, { "2003::", false },
		{ "2003:a00:1::", false }, { "2001:0:808:808::1", true },
	};

	(void)state;
	assert_edges(edges, NR(edges));
}

/* Port and protocol do not matter, nor do bytes behind an IPv4 address. */
static void only_the_address_counts(void **state)
{
	struct fng_endpoint end;
	u8 proto;

	(void)state;
	for (proto = 0; proto <= FNG_NR_PROTOS; proto++) {
		end = endpoint_of("8.8.8.8", proto, proto * 1000);
		memset(end.addr + 4, 0xff, 12);
		assert_false(fng_address_special(&end));
		end = endpoint_of("10.8.8.8", proto, proto * 1000);
		assert_true(fng_address_special(&end));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(networks_of_ipv4_have_their_edges),
		cmocka_unit_test(networks_of_ipv6_have_their_edges),
		cmocka_unit_test(wrapped_addresses_are_unwrapped),
		cmocka_unit_test(only_the_address_counts),
	};

	return cmocka_run_group_tests_name("engine_address", tests, NULL, NULL);
}
