// SPDX-License-Identifier: MIT
/*
 * The verifier on names of hosts and on resolvers, field by field.
 */
#include <stdlib.h>

#include "engine_breakage.h"

#define META(field_) .section = FNG_SECTION_META, \
	FIELD(fng_image_meta, 0, field_)
#define HSTATE(index, field_) .section = FNG_SECTION_HOST_STATES, \
	FIELD(fng_image_state, index, field_)
#define HTRANS(index, field_) .section = FNG_SECTION_HOST_TRANS, \
	FIELD(fng_image_trans, index, field_)
#define HOST(index, field_) .section = FNG_SECTION_HOSTS, \
	FIELD(fng_image_host, index, field_)
#define RESOLVER(index, byte) .section = FNG_SECTION_RESOLVERS, .width = 1, \
	.at = (index) * sizeof(struct fng_image_resolver) + (byte)
#define ADDR(byte)	(offsetof(struct fng_image_resolver, addr) + (byte))

/* Records of SAMPLE_FULL that the table below speaks of. */
#define FULL_NR_HOSTS		2
#define FULL_NR_PORTSETS	7

static const struct breakage breakages[] = {
	/* section table */
	{ "half a state", SPAN(HOST_STATES, size), .value = 24,
	  .reason = "a section's size does not fit its records" },
	{ "half a host", SPAN(HOSTS, size), .value = 12,
	  .reason = "a section's size does not fit its records" },
	{ "half a resolver", SPAN(RESOLVERS, size), .value = 30,
	  .reason = "a section's size does not fit its records" },
	{ "resolvers beyond the end", SPAN(RESOLVERS, size), .value = 2000,
	  .reason = "a section ends beyond the image" },

	/* meta */
	{ "dns", META(dns), .value = FNG_NR_EFFECTS,
	  .reason = "dns has no known effect" },
	{ "dns without egress", META(dns), .sample = SAMPLE_SPARSE,
	  .value = FNG_NR_EFFECTS, .reason = "dns has no known effect" },
	{ "dns rule", META(dns_rule), .value = FULL_NR_RULES,
	  .reason = "dns has no rule" },
	{ "dns rule none", META(dns_rule), .value = FNG_RULE_NONE,
	  .reason = "dns has no rule" },
	{ "dns rule without egress", META(dns_rule), .sample = SAMPLE_SPARSE,
	  .value = FULL_NR_RULES, .reason = "dns has no rule" },

	/* automaton */
	{ "name base", HSTATE(1, base), .value = 0x10000,
	  .reason = "a state's slots lie beyond the table" },
	{ "name default", HSTATE(1, dflt), .value = 0x10000,
	  .reason = "a state's default is no state" },
	{ "name handed over", HSTATE(1, dflt), .value = FNG_STATE_BASE | 1,
	  .reason = "a state's default is no state" },
	{ "name accept", HSTATE(1, accept), .value = FULL_NR_HOSTS + 1,
	  .reason = "a state accepts nothing that there is" },
	{ "name any", HSTATE(1, any), .value = 1,
	  .reason = "a state without paths has masks" },
	{ "name every", HSTATE(1, every), .value = 1,
	  .reason = "a state without paths has masks" },
	{ "name deny", HSTATE(1, deny), .value = 1,
	  .reason = "a state without paths has masks" },
	{ "dead name state left", HSTATE(0, dflt), .value = 1,
	  .reason = "the dead state is left" },
	{ "dead name state matches", HSTATE(0, accept), .value = 1,
	  .reason = "the dead state accepts something" },
	{ "name next", HTRANS(0, next), .value = 0x10000,
	  .reason = "a transition leads to no state" },
	{ "name check", HTRANS(0, check), .value = 0x10000,
	  .reason = "a transition is owned by no state" },

	/* hosts */
	{ "host ports one too high", HOST(0, portset), .value = FULL_NR_PORTSETS,
	  .reason = "a host has no set of ports" },
	{ "host ports", HOST(FULL_NR_HOSTS - 1, portset),
	  .value = FNG_HOST_NO_PORTS, .reason = "a host has no set of ports" },
	{ "special ports one too high", HOST(FULL_NR_HOSTS - 1, special),
	  .value = FULL_NR_PORTSETS, .reason = "a host has no set of ports" },
	{ "special ports", HOST(0, special), .value = FNG_HOST_NO_PORTS - 1,
	  .reason = "a host has no set of ports" },

	/* resolvers */
	{ "resolver of no family", RESOLVER(0, 0), .value = 0,
	  .reason = "a resolver has no address" },
	{ "resolver of another family", RESOLVER(2, 0), .value = 10,
	  .reason = "a resolver has no address" },
	{ "resolver reserved", RESOLVER(0, 1), .value = 1,
	  .reason = "a reserved field is not zero" },
	{ "resolver reserved at the end", RESOLVER(2, 3), .value = 0x80,
	  .reason = "a reserved field is not zero" },
	{ "resolver too long", RESOLVER(0, ADDR(4)), .value = 1,
	  .reason = "a resolver's address is too long" },
	{ "resolver too long at the end", RESOLVER(1, ADDR(15)), .value = 1,
	  .reason = "a resolver's address is too long" },
	{ "resolver of IPv6 as IPv4", RESOLVER(2, 0), .value = 4,
	  .reason = "a resolver's address is too long",
	  .blamed = 2 * sizeof(struct fng_image_resolver) + ADDR(15) },
	{ "resolver twice", RESOLVER(1, ADDR(3)), .value = 2,
	  .reason = "resolvers are out of order",
	  .blamed = sizeof(struct fng_image_resolver) },
	{ "resolvers swapped", RESOLVER(0, ADDR(3)), .value = 4,
	  .reason = "resolvers are out of order",
	  .blamed = sizeof(struct fng_image_resolver) },
};

static void a_verified_image_has_its_hosts(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);

	(void)state;
	assert_int_equal(s.image.nr_hosts, FULL_NR_HOSTS);
	assert_int_equal(s.image.nr_portsets, FULL_NR_PORTSETS);
	assert_int_equal(s.image.nr_resolvers, 3);
	assert_int_equal(s.image.resolvers[2].family, 6);
	assert_int_equal(s.image.meta->dns_rule, FULL_DNS);
	assert_true(s.image.host.nr_states > FNG_STATE_START);
	subject_free(&s);
}

/* What is not there can be walked: it matches nothing. */
static void no_hosts_are_walked(void **state)
{
	struct subject s = subject_sample(SAMPLE_SPARSE);

	(void)state;
	assert_int_equal(s.image.host.nr_states, 0);
	assert_non_null(s.image.host.states);
	assert_null(fng_host_find(&s.image, "example.com", 11));
	assert_null(fng_host_find(&s.image, "", 0));
	subject_free(&s);
}

static void dns_that_refuses_nothing_needs_no_rule(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_image_meta *meta = (void *)(s.blob.data +
				image_offset(s.blob, FNG_SECTION_META));

	(void)state;
	meta->dns = FNG_EFFECT_ALLOW;
	meta->dns_rule = FNG_RULE_NONE;
	assert_accepted(s.blob, &s.image);
	subject_free(&s);
}

/* Nothing would look at them. */
static void an_absent_class_has_no_hosts(void **state)
{
	struct image_blob blob;
	struct image_builder b;
	u32 resolver;

	(void)state;
	for (resolver = 0; resolver < 2; resolver++) {
		image_begin(&b, "absent");
		image_absent(&b, FNG_CLASS_EGRESS);
		image_accept(&b, 0, 0, 0);
		image_portset(&b);
		if (resolver)
			image_resolver(&b, "10.0.0.2");
		else
			image_host(&b, 0, FNG_HOST_NO_PORTS);
		blob = image_end(&b);
		assert_refused(blob, EINVAL,
			       resolver ? "an absent class has resolvers" :
					  "an absent class has hosts",
			       image_offset(blob, resolver ?
						  FNG_SECTION_RESOLVERS :
						  FNG_SECTION_HOSTS));
		image_free(blob);
	}
}

/* No bit of a byte of an IPv4 address is beyond it. */
static void resolvers_may_have_any_address(void **state)
{
	static const char *const addrs[] = {
		"0.0.0.0", "0.0.0.1", "0.255.0.0", "255.255.255.255", "::",
		"::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	};
	struct image_builder b;
	struct subject s;
	size_t i;

	(void)state;
	image_begin(&b, "resolvers");
	image_accept(&b, 0, 0, 0);
	image_portset(&b);
	for (i = 0; i < NR(addrs); i++)
		image_resolver(&b, addrs[i]);
	s = subject_of(image_end(&b));
	assert_int_equal(s.image.nr_resolvers, NR(addrs));
	subject_free(&s);
}

/* A state may accept any of them, and hosts need no names. */
static void every_host_can_be_accepted(void **state)
{
	static const char *const names[] = { "/a", "/b", "/c" };
	const struct fng_image_host *host;
	struct image_builder b;
	struct subject s;
	u32 i;

	(void)state;
	image_begin(&b, "hosts");
	image_accept(&b, 0, 0, 0);
	image_portset(&b);
	for (i = 0; i < NR(names); i++)
		image_name(&b, names[i], IMAGE_EXACT,
			   image_host(&b, 0, i ? 0 : FNG_HOST_NO_PORTS));
	s = subject_of(image_end(&b));
	for (i = 0; i < NR(names); i++) {
		host = fng_host_find(&s.image, names[i] + 1, 1);
		assert_ptr_equal(host, &s.image.hosts[i]);
	}
	subject_free(&s);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(a_verified_image_has_its_hosts),
		cmocka_unit_test(no_hosts_are_walked),
		cmocka_unit_test(dns_that_refuses_nothing_needs_no_rule),
		cmocka_unit_test(an_absent_class_has_no_hosts),
		cmocka_unit_test(resolvers_may_have_any_address),
		cmocka_unit_test(every_host_can_be_accepted),
	};

	return RUN_BREAKAGES("engine_verify_hosts", breakages, others);
}
