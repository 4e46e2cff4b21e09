// SPDX-License-Identifier: MIT
/*
 * Names of hosts: which are found, and what their addresses may be talked to.
 */
#include <stdio.h>
#include <stdlib.h>

#include "engine_test.h"

#define TCP	FNG_PROTO_TCP
#define UDP	FNG_PROTO_UDP
#define SCTP	FNG_PROTO_SCTP
#define ICMP	FNG_PROTO_ICMP
#define OTHER	FNG_PROTO_OTHER

/* Hosts of SAMPLE_FULL. */
#define API	0
#define INSIDE	1
#define NONE	-1

/* The name is alone in its allocation: whoever reads beside it is caught. */
static const struct fng_image_host *find(const struct subject *s,
					 const char *name, size_t len)
{
	const struct fng_image_host *host;
	char *alone = malloc(len);

	assert_true(alone || !len);
	if (len)
		memcpy(alone, name, len);
	host = fng_host_find(&s->image, alone, len);
	free(alone);
	return host;
}

static void names_are_found_label_by_label(void **state)
{
	static const struct {
		const char *name;
		u32 len;
		int host;
	} rows[] = {
#define NAME(text)	text, sizeof(text) - 1
		{ NAME("api.example.com"), API },
		{ NAME("example.com"), NONE },
		{ NAME("com"), NONE },
		{ NAME(""), NONE },
		{ NAME("."), NONE },
		{ NAME("api.example.com."), NONE },
		{ NAME("api..example.com"), NONE },
		{ NAME("v2.api.example.com"), NONE },
		{ NAME("xapi.example.com"), NONE },
		{ NAME("apix.example.com"), NONE },
		{ NAME("ap.example.com"), NONE },
		{ NAME("pi.example.com"), NONE },
		{ NAME("api.example.co"), NONE },
		{ NAME("api.example.comx"), NONE },
		{ NAME("api.examplecom"), NONE },
		{ NAME("api/example/com"), NONE },
		{ NAME("api.com.example"), NONE },
		{ NAME("com.example.api"), NONE },
		{ NAME("API.example.com"), NONE },
		{ NAME("api.example.com\0"), NONE },
		{ NAME("api.example\0.com"), NONE },
		{ "api.example.comx", 15, API },
		{ NAME("a.inside.example"), INSIDE },
		{ NAME("b.a.inside.example"), INSIDE },
		{ NAME("\xff.inside.example"), INSIDE },
		{ NAME("evilx.inside.example"), INSIDE },
		{ NAME("evi.inside.example"), INSIDE },
		{ NAME("x.evil.inside.example"), INSIDE },
		{ NAME("evil.inside.example"), NONE },
		{ NAME("inside.example"), NONE },
		{ NAME("a.outside.example"), NONE },
		{ NAME("inside.example.com"), NONE },
#undef NAME
	};
	struct subject s = subject_sample(SAMPLE_FULL);
	const struct fng_image_host *host;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		host = find(&s, rows[i].name, rows[i].len);
		if (host != (rows[i].host == NONE ? NULL :
						    &s.image.hosts[rows[i].host]))
			fail_msg("%s: host %d", rows[i].name,
				 host ? (int)(host - s.image.hosts) : NONE);
	}
	subject_free(&s);
}

/* The longest name that there is, with as many labels as it can have. */
static void the_longest_name_is_found(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	char name[FNG_MAX_HOST_NAME];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(name); i++)
		name[i] = i % 2 ? '.' : 'a';
	assert_null(find(&s, name, sizeof(name)));
	memcpy(name + sizeof(name) - 15, ".inside.example", 15);
	assert_ptr_equal(find(&s, name, sizeof(name)), &s.image.hosts[INSIDE]);
	memset(name, 'a', sizeof(name) - 15);
	assert_ptr_equal(find(&s, name, sizeof(name)), &s.image.hosts[INSIDE]);
	memset(name, 'a', sizeof(name));
	assert_null(find(&s, name, sizeof(name)));
	subject_free(&s);
}

/* Each of many names is found, and nothing between or beside them. */
static void many_names_are_told_apart(void **state)
{
	struct image_builder b;
	char text[64];
	struct subject s;
	u32 i;

	(void)state;
	image_begin(&b, "many");
	image_accept(&b, 0, 0, 0);
	image_portset(&b);
	for (i = 0; i < 500; i++) {
		snprintf(text, sizeof(text), "/net/d%u/h%u", i % 7, i);
		image_name(&b, text, IMAGE_EXACT,
			   image_host(&b, 0, FNG_HOST_NO_PORTS));
	}
	s = subject_of(image_end(&b));
	for (i = 0; i < 501; i++) {
		snprintf(text, sizeof(text), "h%u.d%u.net", i, i % 7);
		assert_ptr_equal(find(&s, text, strlen(text)),
				 i < 500 ? &s.image.hosts[i] : NULL);
		snprintf(text, sizeof(text), "h%u.d%u.net", i, (i + 1) % 7);
		assert_null(find(&s, text, strlen(text)));
	}
	subject_free(&s);
}

static void addresses_of_a_host_are_decided_by_its_ports(void **state)
{
	static const struct {
		u32 host;
		const char *addr;
		u8 proto;
		u16 port;
		bool allowed;
	} rows[] = {
		{ API, "203.0.113.1", TCP, 443, true },
		{ API, "203.0.113.1", TCP, 442, false },
		{ API, "203.0.113.1", TCP, 444, false },
		{ API, "203.0.113.1", UDP, 443, false },
		{ API, "203.0.113.1", ICMP, 0, false },
		{ API, "203.0.113.1", OTHER, 0, false },
		{ API, "2001:db8::1", TCP, 443, true },
		{ API, "10.0.0.1", TCP, 443, false },
		{ API, "169.254.169.254", TCP, 443, false },
		{ API, "::ffff:127.0.0.1", TCP, 443, false },
		{ API, "::1", TCP, 443, false },
		{ INSIDE, "203.0.113.1", TCP, 0, true },
		{ INSIDE, "203.0.113.1", TCP, 80, true },
		{ INSIDE, "203.0.113.1", TCP, 8079, true },
		{ INSIDE, "203.0.113.1", TCP, 8080, false },
		{ INSIDE, "203.0.113.1", TCP, 8081, true },
		{ INSIDE, "203.0.113.1", TCP, 65535, true },
		{ INSIDE, "203.0.113.1", UDP, 53, true },
		{ INSIDE, "203.0.113.1", UDP, 54, false },
		{ INSIDE, "203.0.113.1", SCTP, 9, true },
		{ INSIDE, "203.0.113.1", SCTP, 80, false },
		{ INSIDE, "203.0.113.1", ICMP, 0, true },
		/* Whatever the caller took for its port. */
		{ INSIDE, "203.0.113.1", ICMP, 443, true },
		{ INSIDE, "203.0.113.1", OTHER, 0, false },
		{ INSIDE, "203.0.113.1", OTHER + 1, 0, false },
		{ INSIDE, "10.0.0.1", TCP, 80, true },
		{ INSIDE, "10.0.0.1", TCP, 79, false },
		{ INSIDE, "10.0.0.1", TCP, 81, false },
		{ INSIDE, "10.0.0.1", UDP, 53, false },
		{ INSIDE, "10.0.0.1", ICMP, 0, true },
		{ INSIDE, "10.0.0.1", OTHER, 0, false },
		{ INSIDE, "fd00::1", TCP, 80, true },
		{ INSIDE, "fd00::1", TCP, 8079, false },
	};
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_endpoint end;
	struct fng_decision d, before;
	size_t i;

	(void)state;
	fng_class_default(&s.image, FNG_CLASS_EGRESS, &before);
	for (i = 0; i < NR(rows); i++) {
		end = endpoint_of(rows[i].addr, rows[i].proto, rows[i].port);
		d = before;
		fng_host_decide(&s.image, &s.image.hosts[rows[i].host], &end,
				&d);
		if (d.refused == rows[i].allowed)
			fail_msg("host %u at %s, protocol %u, port %u: %s",
				 rows[i].host, rows[i].addr, rows[i].proto,
				 rows[i].port, d.refused ? "refused" : "allowed");
		assert_int_equal(d.class, FNG_CLASS_EGRESS);
		assert_int_equal(d.rule, d.refused ? FULL_EGRESS_DEFAULT :
				 rows[i].host == API ? FULL_API : FULL_INSIDE);
	}
	subject_free(&s);
}

static void refusals_are_open_where_no_rule_is(void **state)
{
	static const struct {
		const char *addr;
		u16 port;
		bool open;
	} rows[] = {
		{ "203.0.113.1", 443, true },
		{ "10.0.0.1", 442, true },
		{ "10.0.0.1", 443, false },
		{ "10.0.0.1", 80, false },
		{ "169.254.169.254", 443, false },
	};
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_endpoint end;
	struct fng_decision d;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		end = endpoint_of(rows[i].addr, TCP, rows[i].port);
		fng_egress_decide(&s.image, &end, &d);
		assert_int_equal(fng_egress_open(&s.image, &d), rows[i].open);
	}
	subject_free(&s);
}

static void names_are_asked_for_as_dns_says(void **state)
{
	static const struct {
		enum sample sample;
		u32 dns;
		const char *name;
		bool refused;
	} rows[] = {
		{ SAMPLE_FULL, FNG_EFFECT_DENY, "api.example.com", false },
		{ SAMPLE_FULL, FNG_EFFECT_DENY, "x.inside.example", false },
		{ SAMPLE_FULL, FNG_EFFECT_DENY, "evil.inside.example", true },
		{ SAMPLE_FULL, FNG_EFFECT_DENY, "example.com", true },
		{ SAMPLE_FULL, FNG_EFFECT_DENY, "", true },
		{ SAMPLE_FULL, FNG_EFFECT_ALLOW, "example.com", false },
		{ SAMPLE_FULL, FNG_EFFECT_ALLOW, "api.example.com", false },
		{ SAMPLE_SPARSE, FNG_EFFECT_DENY, "example.com", false },
	};
	struct fng_image_meta *meta;
	struct fng_decision d;
	struct subject s;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		s = subject_sample(rows[i].sample);
		meta = (void *)(s.blob.data +
				image_offset(s.blob, FNG_SECTION_META));
		meta->dns = rows[i].dns;
		assert_accepted(s.blob, &s.image);
		fng_dns_decide(&s.image, rows[i].name, strlen(rows[i].name),
			       &d);
		if (d.refused != rows[i].refused)
			fail_msg("row %zu: %s", i,
				 d.refused ? "refused" : "allowed");
		assert_int_equal(d.class, FNG_CLASS_EGRESS);
		assert_int_equal(d.rule, meta->dns_rule);
		subject_free(&s);
	}
}

static void resolvers_are_known_by_all_of_their_address(void **state)
{
	static const struct {
		const char *addr;
		bool known;
	} rows[] = {
		{ "10.0.0.2", true },
		{ "10.0.0.3", true },
		{ "fd00::2", true },
		{ "10.0.0.1", false },
		{ "10.0.0.4", false },
		{ "11.0.0.2", false },
		{ "fd00::3", false },
		{ "fd00:0:0:1::2", false },
		{ "fc00::2", false },
		{ "a00:2::", false },
		{ "0.0.0.0", false },
		{ "::", false },
	};
	struct subject s = subject_sample(SAMPLE_FULL);
	struct subject none = subject_sample(SAMPLE_SPARSE);
	struct fng_endpoint end;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		end = endpoint_of(rows[i].addr, UDP, 53);
		if (fng_resolver_known(&s.image, &end) != rows[i].known)
			fail_msg("%s", rows[i].addr);
		assert_false(fng_resolver_known(&none.image, &end));
	}
	subject_free(&s);
	subject_free(&none);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found_label_by_label),
		cmocka_unit_test(the_longest_name_is_found),
		cmocka_unit_test(many_names_are_told_apart),
		cmocka_unit_test(addresses_of_a_host_are_decided_by_its_ports),
		cmocka_unit_test(refusals_are_open_where_no_rule_is),
		cmocka_unit_test(names_are_asked_for_as_dns_says),
		cmocka_unit_test(resolvers_are_known_by_all_of_their_address),
	};

	return cmocka_run_group_tests_name("engine_host", tests, NULL, NULL);
}
