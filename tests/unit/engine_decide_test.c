// SPDX-License-Identifier: MIT
/*
 * What an image that was made by hand decides, at the edges of its records.
 */
#include <stdlib.h>

#include "engine_test.h"

#define TCP	FNG_PROTO_TCP
#define UDP	FNG_PROTO_UDP
#define SCTP	FNG_PROTO_SCTP
#define ICMP	FNG_PROTO_ICMP
#define OTHER	FNG_PROTO_OTHER
#define DEFAULT	true, FULL_EGRESS_DEFAULT

static void destinations_are_decided_by_their_ranges(void **state)
{
	static const struct {
		const char *addr;
		u8 proto;
		u16 port;
		bool refused;
		u32 rule;
	} rows[] = {
		{ "10.0.0.0", TCP, 443, false, FULL_WEB },
		{ "10.255.255.255", TCP, 443, false, FULL_WEB },
		{ "9.255.255.255", TCP, 443, DEFAULT },
		{ "11.0.0.0", TCP, 443, DEFAULT },
		{ "255.255.255.239", TCP, 443, DEFAULT },
		{ "255.255.255.240", TCP, 443, false, FULL_WEB },
		{ "255.255.255.255", TCP, 443, false, FULL_WEB },
		{ "10.0.0.1", TCP, 80, true, FULL_METADATA },
		{ "10.0.0.1", TCP, 442, DEFAULT },
		{ "10.0.0.1", TCP, 444, DEFAULT },
		{ "10.0.0.1", TCP, 7999, DEFAULT },
		{ "10.0.0.1", TCP, 8000, false, FULL_WEB },
		{ "10.0.0.1", TCP, 8100, false, FULL_WEB },
		{ "10.0.0.1", TCP, 8101, DEFAULT },
		{ "10.0.0.1", UDP, 53, false, FULL_WEB },
		{ "10.0.0.1", UDP, 443, DEFAULT },
		/* No range of its own: that of ICMP comes next. */
		{ "10.0.0.1", SCTP, 0, DEFAULT },
		/* Whatever the caller took for its port. */
		{ "10.0.0.1", ICMP, 0, false, FULL_WEB },
		{ "10.0.0.1", ICMP, 443, false, FULL_WEB },
		{ "10.0.0.1", OTHER, 0, DEFAULT },
		{ "127.0.0.1", OTHER, 0, DEFAULT },
		{ "169.254.169.254", OTHER, 0, true, FULL_METADATA },
		{ "169.254.169.253", TCP, 1, DEFAULT },
		{ "169.254.169.254", TCP, 1, true, FULL_METADATA },
		{ "169.254.169.255", TCP, 1, DEFAULT },
		{ "0.0.0.0", TCP, 1, false, FULL_LOCAL },
		{ "0.0.0.1", TCP, 1, DEFAULT },
		{ "::", TCP, 1, false, FULL_LOCAL },
		{ "::1", TCP, 65535, false, FULL_LOCAL },
		{ "::2", TCP, 1, DEFAULT },
		{ "::ffff:0.0.0.0", TCP, 1, false, FULL_LOCAL },
		{ "::ffff:10.1.2.3", TCP, 443, false, FULL_WEB },
		{ "::fffe:10.1.2.3", TCP, 443, DEFAULT },
		{ "::1:ffff:10.1.2.3", TCP, 443, DEFAULT },
		{ "1::ffff:10.1.2.3", TCP, 443, DEFAULT },
		{ "fcff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", TCP, 443, DEFAULT },
		{ "fd00::", TCP, 443, false, FULL_WEB },
		{ "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", TCP, 443, false,
		  FULL_WEB },
		{ "fe00::", TCP, 443, DEFAULT },
		{ "fe80::1:7fff:ffff:ffff:ffff", TCP, 1, DEFAULT },
		{ "fe80::1:8000:0:0:0", TCP, 1, true, FULL_METADATA },
		{ "fe80::1:8000:0:0:ff", TCP, 1, true, FULL_METADATA },
		{ "fe80::1:8000:0:0:100", TCP, 1, DEFAULT },
		{ "fe80:0:0:2:8000::", TCP, 1, DEFAULT },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", TCP, 1, false,
		  FULL_LOCAL },
	};
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_endpoint end;
	struct fng_decision d;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		end = endpoint_of(rows[i].addr, rows[i].proto, rows[i].port);
		fng_egress_decide(&s.image, &end, &d);
		if (d.refused != rows[i].refused || d.rule != rows[i].rule)
			fail_msg("%s, protocol %u, port %u: %s by rule %u",
				 rows[i].addr, rows[i].proto, rows[i].port,
				 d.refused ? "refused" : "allowed", d.rule);
		assert_int_equal(d.class, FNG_CLASS_EGRESS);
	}
	subject_free(&s);
}

/* By any protocol, at any port; a part that has the address answers alone. */
static void addresses_are_reachable_if_some_port_is(void **state)
{
	static const struct {
		enum sample sample;
		const char *addr;
		bool reachable;
	} rows[] = {
		{ SAMPLE_FULL, "10.0.0.1", true },
		{ SAMPLE_FULL, "11.0.0.0", false },
		{ SAMPLE_FULL, "0.0.0.0", true },
		{ SAMPLE_FULL, "169.254.169.254", false },
		{ SAMPLE_FULL, "::ffff:169.254.169.254", false },
		{ SAMPLE_FULL, "::ffff:10.0.0.1", true },
		{ SAMPLE_FULL, "fd00::1", true },
		{ SAMPLE_FULL, "fe80::1:8000:0:0:1", false },
		{ SAMPLE_FULL, "2001:db8::1", false },
		{ SAMPLE_SPARSE, "169.254.169.254", true },
		{ SAMPLE_OVER, "10.1.0.1", true },
		{ SAMPLE_OVER, "10.2.0.1", false },
		{ SAMPLE_OVER, "10.3.0.1", true },
		{ SAMPLE_OVER, "169.254.169.254", false },
		{ SAMPLE_OVER, "11.0.0.0", false },
		{ SAMPLE_OVER, "fd00:1::1", true },
		{ SAMPLE_OVER, "fd00:2::1", true },
	};
	struct fng_endpoint end;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		struct subject s = subject_sample(rows[i].sample);

		end = endpoint_of(rows[i].addr, OTHER, 0);
		if (fng_egress_reachable(&s.image, &end) != rows[i].reachable)
			fail_msg("%s of %s", rows[i].addr,
				 sample_name(rows[i].sample));
		subject_free(&s);
	}
}

/* Any port of any protocol that is allowed is one. */
static void one_port_is_enough_to_be_reachable(void **state)
{
	struct fng_endpoint end = endpoint_of("10.0.0.1", OTHER, 0);
	struct image_builder b;
	u8 proto, other;

	(void)state;
	for (proto = 0; proto <= OTHER; proto++) {
		struct subject s;

		image_begin(&b, "reachable");
		image_accept(&b, 0, 0, 0);
		image_v4(&b, 0x0a000001, 0x0a000001, image_portset(&b));
		for (other = 0; other < OTHER; other++)
			image_port(&b, other, 9, 9, other == proto ?
				   FNG_EFFECT_ALLOW : FNG_EFFECT_DENY, 0);
		image_portset(&b);
		image_port(&b, TCP, 9, 9, FNG_EFFECT_ALLOW, 0);
		s = subject_of(image_end(&b));
		assert_int_equal(fng_egress_reachable(&s.image, &end),
				 proto < OTHER);
		subject_free(&s);
	}
}

/* What denies every port of every protocol leaves nothing to a default. */
static void one_port_that_is_left_is_enough(void **state)
{
	static const struct {
		u16 first;
		u16 last;
		u16 again;
		bool reachable;
	} rows[] = {
		{ 0, 65535, 0, false },
		{ 1, 65535, 0, true },
		{ 0, 65534, 0, true },
		{ 0, 99, 100, false },
		{ 0, 99, 101, true },
	};
	struct fng_endpoint end = endpoint_of("10.0.0.1", OTHER, 0);
	struct image_builder b;
	u8 proto, other;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows) * OTHER; i++) {
		struct subject s;

		proto = i % OTHER;
		image_begin(&b, "reachable");
		image_accept(&b, 0, 0, 0);
		b.classes[FNG_CLASS_EGRESS].dflt = FNG_EFFECT_ALLOW;
		image_v4(&b, 0x0a000001, 0x0a000001, image_portset(&b));
		for (other = 0; other < OTHER; other++) {
			bool tried = other == proto;
			u16 last = tried ? rows[i / OTHER].last : 65535;

			image_port(&b, other, tried ? rows[i / OTHER].first : 0,
				   last, FNG_EFFECT_DENY, 0);
			if (tried && rows[i / OTHER].again)
				image_port(&b, other, rows[i / OTHER].again,
					   65535, FNG_EFFECT_DENY, 0);
		}
		s = subject_of(image_end(&b));
		assert_int_equal(fng_egress_reachable(&s.image, &end),
				 rows[i / OTHER].reachable);
		subject_free(&s);
	}
}

#undef DEFAULT
#define DEFAULT	true, FULL_LISTEN_DEFAULT

static void ports_are_decided_by_their_set(void **state)
{
	static const struct {
		u8 proto;
		u16 port;
		bool refused;
		u32 rule;
	} rows[] = {
		{ TCP, 7999, DEFAULT },
		{ TCP, 8000, false, FULL_LISTEN },
		{ TCP, 8079, false, FULL_LISTEN },
		{ TCP, 8080, true, FULL_DEAF },
		{ TCP, 8081, false, FULL_LISTEN },
		{ TCP, 8100, false, FULL_LISTEN },
		{ TCP, 8101, DEFAULT },
		{ TCP, 0, DEFAULT },
		{ UDP, 0, false, FULL_LISTEN },
		{ UDP, 1, DEFAULT },
		{ SCTP, 0, false, FULL_LISTEN },
		{ SCTP, 9, false, FULL_LISTEN },
		{ SCTP, 10, DEFAULT },
		{ OTHER, 0, DEFAULT },
		{ OTHER, 8000, DEFAULT },
	};
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_decision d;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		fng_listen_decide(&s.image, rows[i].proto, rows[i].port, &d);
		if (d.refused != rows[i].refused || d.rule != rows[i].rule)
			fail_msg("protocol %u, port %u: %s by rule %u",
				 rows[i].proto, rows[i].port,
				 d.refused ? "refused" : "allowed", d.rule);
		assert_int_equal(d.class, FNG_CLASS_LISTEN);
		assert_int_equal(fng_listen_names(&s.image, rows[i].proto,
						  rows[i].port),
				 !d.refused);
	}
	subject_free(&s);
}

static void without_listen_no_port_is_named(void **state)
{
	struct subject s = subject_sample(SAMPLE_SPARSE);
	u8 proto;

	(void)state;
	for (proto = 0; proto < FNG_NR_PROTOS; proto++)
		assert_false(fng_listen_names(&s.image, proto, 8080));
	subject_free(&s);
}

static void without_listen_every_port_is_allowed(void **state)
{
	struct subject s = subject_sample(SAMPLE_SPARSE);
	struct fng_decision d;
	u8 proto;

	(void)state;
	for (proto = 0; proto < FNG_NR_PROTOS; proto++) {
		fng_listen_decide(&s.image, proto, 8080, &d);
		assert_false(d.refused);
		assert_int_equal(d.rule, FNG_RULE_NONE);
	}
	subject_free(&s);
}

#undef DEFAULT
#define DEFAULT	true, FULL_UNIX_DEFAULT

static void peers_are_decided_by_their_names(void **state)
{
	static const struct {
		const char *name;
		u32 len;
		bool refused;
		u32 rule;
	} rows[] = {
#define NAME(text)	text, sizeof(text) - 1
		{ NAME("@fn-a"), false, FULL_PEERS },
		{ NAME("@fn-"), DEFAULT },
		{ NAME("@fn-\0"), false, FULL_PEERS },
		{ NAME("@\0fn-a"), DEFAULT },
		{ NAME("@fn-/\xff"), false, FULL_PEERS },
		{ NAME("/fn-a"), DEFAULT },
		{ NAME(FNG_PEER_HOST "/run/log"), false, FULL_PEERS },
		{ NAME("/run/log"), DEFAULT },
		{ NAME("@" FNG_PEER_HOST "/run/log"), DEFAULT },
		{ NAME("/run/docker/s"), true, FULL_DOCKER },
		{ NAME(FNG_PEER_HOST "/run/docker/s"), DEFAULT },
		{ NAME(""), DEFAULT },
#undef NAME
	};
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_decision d;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		fng_name_decide(&s.image, rows[i].name, rows[i].len,
				FNG_ACCESS_UNIX, &d);
		if (d.refused != rows[i].refused || d.rule != rows[i].rule)
			fail_msg("%s: %s by rule %u", rows[i].name,
				 d.refused ? "refused" : "allowed", d.rule);
		assert_int_equal(d.class, FNG_CLASS_UNIX);
		assert_int_equal(d.access, d.refused ? FNG_ACCESS_UNIX : 0);
	}
	subject_free(&s);
}

/* A socket keeps its name; a directory may go, with which one that is denied goes. */
static void names_of_peers_are_not_won(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_decision d;

	(void)state;
	fng_subtree_decide(&s.image, path_state(&s.image, "/run/docker/"), &d);
	assert_false(d.refused);
	fng_peer_gain_decide(&s.image, path_state(&s.image, "/run/x"), &d);
	assert_true(d.refused);
	assert_int_equal(d.rule, FULL_UNIX_DEFAULT);
	fng_peer_gain_decide(&s.image, path_state(&s.image, "@fn-x"), &d);
	assert_false(d.refused);
	subject_free(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(destinations_are_decided_by_their_ranges),
		cmocka_unit_test(addresses_are_reachable_if_some_port_is),
		cmocka_unit_test(one_port_is_enough_to_be_reachable),
		cmocka_unit_test(one_port_that_is_left_is_enough),
		cmocka_unit_test(ports_are_decided_by_their_set),
		cmocka_unit_test(without_listen_no_port_is_named),
		cmocka_unit_test(without_listen_every_port_is_allowed),
		cmocka_unit_test(peers_are_decided_by_their_names),
		cmocka_unit_test(names_of_peers_are_not_won),
	};

	return cmocka_run_group_tests_name("engine_decide", tests, NULL, NULL);
}
