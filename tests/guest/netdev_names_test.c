// SPDX-License-Identifier: GPL-2.0-only
/*
 * Destinations by name, of a guest behind a bound device: what it is told is
 * believed as what a socket of this host is told would be, and nothing else is.
 */
#include <errno.h>

#include "bound.h"
#include "errand.h"
#include "expect.h"
#include "listed.h"
#include "net.h"
#include "resolver.h"

#define NEAR		"10.9.0.1"
#define NEAR_OTHER	"10.9.0.9"

#define GUEST_RULES							\
	"egress:\n"							\
	"  default: deny\n"						\
	"  resolvers: [" NEAR "]\n"					\
	"  rules:\n"							\
	"    - allow: { host: \"*.n.test\", ports: [8080] }\n"		\
	"    - deny: { host: never.n.test }\n"				\
	"    - allow:\n"						\
	"        { host: \"**.in.test\", answers: any, ports: [8080/tcp] }\n" \
	"    - allow: { to: [" NEAR_OTHER "], ports: [53] }\n"
#define GUARD_POLICY	"policy: netdev-names\n" GUEST_RULES
#define STRICT_POLICY	GUARD_POLICY "  dns: strict\n"
WIRE_OF_SUITE(wire_make_talking, wire);

static void __attribute__((constructor)) prepare(void)
{
	errand_prepare();
	resolver_serve(net_bind(NEAR, 53, SOCK_DGRAM),
		       net_bind(NEAR, 53, SOCK_STREAM),
		       net_bind(NEAR_OTHER, 53, SOCK_DGRAM));
	wire_guest_runs(&wire, "ip route add default via " NEAR " && "
			       "ip -6 route add default via fd09::1");
}

static int run_errand(const void *arg)
{
	struct errand errand = *(const struct errand *)arg;

	errand.server = errand.server ?: NEAR;
	wire_enter(&wire);
	return errand_run(&errand);
}

static int guest_runs(const struct errand *errand)
{
	return in_child(run_errand, errand);
}

FIXTURE(guest) {
	u64 id;
};

FIXTURE_VARIANT(guest) {
	struct errand errand;
	bool allowed;
};

FIXTURE_SETUP(guest)
{
	guard_load(GUARD_POLICY);
}

FIXTURE_TEARDOWN(guest)
{
	bound_unload("netdev-names");
}

#define ROW(row, may, ...)						\
	FIXTURE_VARIANT_ADD(guest, row) {				\
		.errand = { __VA_ARGS__ },		\
		.allowed = may,						\
	}

ROW(good, true, .name = "good.n.test", .to = TO(RESOLVED));
ROW(upper_case, true, .name = "GooD.N.TesT", .to = TO(RESOLVED));
ROW(six, true, .name = "six.n.test", .to = TO(RESOLVED_V6), .type = DNS_AAAA);
ROW(alias, true, .name = "alias.n.test", .to = TO(RESOLVED));
ROW(special_answer, true, .name = "private.in.test", .to = TO(RESOLVED_PRIVATE));

ROW(never_asked, false, .name = NULL, .to = TO(RESOLVED));
ROW(over_tcp, false, .name = "good.n.test", .to = TO(RESOLVED), .tcp = true);
ROW(other_address, false, .name = "good.n.test", .to = TO(RESOLVED_OTHER));
ROW(other_port, false, .name = "good.n.test",
    .to = AT(RESOLVED, ERRAND_PORT + 1, SOCK_STREAM));
ROW(name_without_rule, false, .name = "good.evil.test", .to = TO(RESOLVED));
ROW(name_denied, false, .name = "never.n.test", .to = TO(RESOLVED));
ROW(special_without_word, false, .name = "private.n.test",
    .to = TO(RESOLVED_PRIVATE));
ROW(wrong_id, false, .name = "wrongid.n.test", .to = TO(RESOLVED));
ROW(wrong_name, false, .name = "wrongname.n.test", .to = TO(RESOLVED));
ROW(wrong_type, false, .name = "wrongtype.n.test", .to = TO(RESOLVED));
ROW(a_question, false, .name = "question.n.test", .to = TO(RESOLVED));
ROW(truncated, false, .name = "truncated.n.test", .to = TO(RESOLVED));
ROW(additional, false, .name = "additional.n.test", .to = TO(RESOLVED));
ROW(pointer_loop, false, .name = "pointerloop.n.test", .to = TO(RESOLVED));
ROW(half, false, .name = "half.n.test", .to = TO(RESOLVED));
ROW(from_elsewhere, false, .name = "from.n.test", .to = TO(RESOLVED));
ROW(other_resolver, false, .name = "good.n.test", .to = TO(RESOLVED),
    .server = NEAR_OTHER);

TEST_F(guest, works_unguarded)
{
	EXPECT_EQ(0, guest_runs(&variant->errand));
}

TEST_F(guest, is_judged)
{
	wire_bind(&wire, "netdev-names");
	EXPECT_EQ(variant->allowed ? 0 : ECONNREFUSED,
		  guest_runs(&variant->errand));
	wire_unbind(&wire);
}

static const struct errand good = {
	.name = "good.n.test", .to = TO(RESOLVED),
};
static const struct errand unasked = { .to = TO(RESOLVED) };

/* What was learned belongs to the binding, whatever becomes of its policy. */
TEST(what_was_learned_is_kept)
{
	guard_load(GUARD_POLICY);
	wire_bind(&wire, "netdev-names");
	EXPECT_EQ(ECONNREFUSED, guest_runs(&unasked));
	EXPECT_EQ(0, guest_runs(&good));
	EXPECT_EQ(0, guest_runs(&unasked));
	guard_load("policy: netdev-names\negress: { default: deny }\n");
	EXPECT_EQ(ECONNREFUSED, guest_runs(&unasked));
	guard_load(GUARD_POLICY);
	EXPECT_EQ(0, guest_runs(&unasked));
	wire_unbind(&wire);
	wire_bind(&wire, "netdev-names");
	EXPECT_EQ(ECONNREFUSED, guest_runs(&unasked));
	wire_unbind(&wire);
	bound_unload("netdev-names");
}

TEST(it_is_listed)
{
	u64 id;

	guard_load(GUARD_POLICY);
	id = wire_bind(&wire, "netdev-names");
	EXPECT_EQ(0, listed_names(&wire, id, RESOLVED));
	EXPECT_EQ(0, guest_runs(&good));
	EXPECT_EQ(1, listed_names(&wire, id, RESOLVED));
	wire_unbind(&wire);
	bound_unload("netdev-names");
}

static int ask(const void *arg)
{
	const struct errand *errand = arg;

	wire_enter(&wire);
	return resolver_ask(errand->server, errand->tcp, errand->name, DNS_A,
			    NULL);
}

/* Where names may not be asked for, nobody is asked in a way that hides them. */
TEST(strict)
{
	static const struct errand forbidden = { .name = "good.evil.test",
						 .server = NEAR };
	static const struct errand hidden = { .name = "good.n.test",
					      .server = NEAR, .tcp = true };
	struct outcome outcome = { 0 };
	u64 id;

	guard_load(STRICT_POLICY);
	id = wire_bind(&wire, "netdev-names");
	EXPECT_EQ(0, guest_runs(&good));
	EXPECT_EQ(EHOSTUNREACH, in_child(ask, &forbidden));
	EXPECT_EQ(ECONNREFUSED, in_child(ask, &hidden));
	refusals_read(id, &outcome);
	EXPECT_EQ(1, outcome.nr);
	EXPECT_EQ(FNG_HOOK_NETDEV_INGRESS, outcome.refusals[0].hook);
	EXPECT_EQ(2, outcome.refusals[0].count);
	wire_unbind(&wire);
	bound_unload("netdev-names");
}

TEST_HARNESS_MAIN
