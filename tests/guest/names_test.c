// SPDX-License-Identifier: GPL-2.0-only
/*
 * Destinations by name: what name servers say is believed if it is an answer, from
 * a resolver of the policy's, to what was asked; and nothing else is.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>

#include "errand.h"
#include "expect.h"
#include "names.h"
#include "net.h"
#include "resolver.h"

/* The same resolver, and other names. */
#define OTHER_POLICY							\
	"policy: names\n"						\
	"egress:\n"							\
	"  resolvers: [" RESOLVER "]\n"					\
	"  rules: [ { allow: { host: \"**.in.test\", ports: [8080] } } ]\n"
/* The same names, and another resolver. */
#define DISTRUST_POLICY							\
	"policy: names\n"						\
	"egress:\n"							\
	"  resolvers: [" RESOLVER_OTHER "]\n"				\
	"  rules: [ { allow: { host: \"*.n.test\", ports: [8080] } } ]\n"

FIXTURE(names) {
};

FIXTURE_VARIANT(names) {
	struct errand errand;
	bool allowed;
};

FIXTURE_SETUP(names)
{
	errand_prepare();
	guard_load(NAMES_POLICY);
}

FIXTURE_TEARDOWN(names)
{
}

#define ROW(row, may, ...)						\
	FIXTURE_VARIANT_ADD(names, row) {				\
		.errand = { __VA_ARGS__ },				\
		.allowed = may,						\
	}
/* What a good resolver says. */
ROW(good, true, .name = "good.n.test", .to = TO(RESOLVED));
ROW(good_over_tcp, true, .name = "good.n.test", .to = TO(RESOLVED), .tcp = true);
ROW(upper_case, true, .name = "GooD.N.TesT", .to = TO(RESOLVED));
ROW(mapped, true, .name = "good.n.test", .to = TO("::ffff:" RESOLVED));
ROW(datagrams, true, .name = "good.n.test", .to = UDP(RESOLVED));
ROW(six, true, .name = "six.n.test", .to = TO(RESOLVED_V6), .type = DNS_AAAA);
ROW(alias, true, .name = "alias.n.test", .to = TO(RESOLVED));
ROW(alias_over_tcp, true, .name = "alias.n.test", .to = TO(RESOLVED), .tcp = true);
ROW(alias_unordered, true, .name = "unordered.n.test", .to = TO(RESOLVED));
ROW(no_time, true, .name = "notime.n.test", .to = TO(RESOLVED));
ROW(forever, true, .name = "forever.n.test", .to = TO(RESOLVED));
ROW(special_answer, true, .name = "private.in.test", .to = TO(RESOLVED_PRIVATE));
ROW(deep_name, true, .name = "good.a.b.in.test", .to = TO(RESOLVED));
ROW(beside_another, true, .name = "otherowner.n.test", .to = TO(RESOLVED_OTHER));

/* What is not allowed, though a good resolver says it. */
ROW(never_asked, false, .name = NULL, .to = TO(RESOLVED));
ROW(other_address, false, .name = "good.n.test", .to = TO(RESOLVED_OTHER));
ROW(other_port, false, .name = "good.n.test", .to = AT(RESOLVED, ERRAND_PORT + 1, SOCK_STREAM));
ROW(name_without_rule, false, .name = "good.evil.test", .to = TO(RESOLVED));
ROW(name_denied, false, .name = "never.n.test", .to = TO(RESOLVED));
ROW(one_label, false, .name = "good", .to = TO(RESOLVED));
ROW(two_labels, false, .name = "good.a.n.test", .to = TO(RESOLVED));
ROW(special_without_word, false, .name = "private.n.test", .to = TO(RESOLVED_PRIVATE));
ROW(mapped_answer, false, .name = "mapped.n.test", .to = TO(RESOLVED_PRIVATE),
    .type = DNS_AAAA);
ROW(six_for_four, false, .name = "six.n.test", .to = TO(RESOLVED_V6));

/* What a hostile one says, or somebody else. */
ROW(wrong_id, false, .name = "wrongid.n.test", .to = TO(RESOLVED));
ROW(wrong_name, false, .name = "wrongname.n.test", .to = TO(RESOLVED));
ROW(wrong_type, false, .name = "wrongtype.n.test", .to = TO(RESOLVED));
ROW(failure, false, .name = "failure.n.test", .to = TO(RESOLVED));
ROW(a_question, false, .name = "question.n.test", .to = TO(RESOLVED));
ROW(truncated, false, .name = "truncated.n.test", .to = TO(RESOLVED));
ROW(authority, false, .name = "authority.n.test", .to = TO(RESOLVED));
ROW(additional, false, .name = "additional.n.test", .to = TO(RESOLVED));
ROW(other_owner, false, .name = "otherowner.n.test", .to = TO(RESOLVED));
ROW(alias_loop, false, .name = "loop.n.test", .to = TO(RESOLVED));
ROW(pointer_loop, false, .name = "pointerloop.n.test", .to = TO(RESOLVED));
ROW(half, false, .name = "half.n.test", .to = TO(RESOLVED));
ROW(short_address, false, .name = "shortaddress.n.test", .to = TO(RESOLVED));
ROW(nothing, false, .name = "nothing.n.test", .to = TO(RESOLVED));
ROW(much, false, .name = "much.n.test", .to = TO(RESOLVED), .tcp = true);
ROW(from_elsewhere, false, .name = "from.n.test", .to = TO(RESOLVED));
ROW(other_resolver, false, .name = "good.n.test", .to = TO(RESOLVED),
    .server = RESOLVER_OTHER);

TEST_F(names, works_unguarded)
{
	const struct attempt attempt = { .act = errand_run,
					 .arg = &variant->errand };

	expect_control(_metadata, &attempt);
}

TEST_F(names, is_judged)
{
	const struct attempt attempt = { .act = errand_run,
					 .arg = &variant->errand };
	struct outcome outcome;

	run_guarded("names", &attempt, &outcome);
	if (variant->allowed)
		expect_allowed(_metadata, &outcome);
	else
		expect_refused(_metadata, &outcome, &no_connect);
}

static const struct errand good = { .name = "good.n.test",
				    .to = TO(RESOLVED) };
static const struct errand unasked = { .to = TO(RESOLVED) };

/* Addresses belong to the cgroup that asked. */
TEST(another_cgroup_has_learned_nothing)
{
	const struct attempt asks = { .act = errand_run, .arg = &good };
	const struct attempt only = { .act = errand_run, .arg = &unasked };
	struct outcome outcome;

	errand_prepare();
	guard_load(NAMES_POLICY);
	run_guarded("names", &asks, &outcome);
	expect_allowed(_metadata, &outcome);
	run_guarded("names", &only, &outcome);
	expect_refused(_metadata, &outcome, &no_connect);
}

/* The same address may have several names, and a name several addresses. */
TEST(what_was_learned_is_kept)
{
	static const struct errand both = {
		.name = "otherowner.n.test", .to = TO(RESOLVED_OTHER),
	};
	static const struct errand other = { .to = TO(RESOLVED_OTHER) };
	static const struct errand none = { .name = "nothing.n.test",
					    .to = TO(RESOLVED) };
	static const struct errand denied = { .name = "never.n.test",
					      .to = TO(RESOLVED) };
	static const struct errand third = { .to = TO("203.0.113.9") };
	struct bench bench;

	errand_prepare();
	guard_load(NAMES_POLICY);
	bench_start(&bench, "names");
	EXPECT_EQ(ECONNREFUSED, bench_run(&bench, &unasked));
	EXPECT_EQ(0, bench_run(&bench, &good));
	EXPECT_EQ(0, bench_run(&bench, &unasked));
	EXPECT_EQ(0, bench_run(&bench, &both));
	EXPECT_EQ(0, bench_run(&bench, &other));
	EXPECT_EQ(0, bench_run(&bench, &none));
	EXPECT_EQ(0, bench_run(&bench, &denied));
	EXPECT_EQ(ECONNREFUSED, bench_run(&bench, &third));
	bench_end(&bench);
}

/* What was said is remembered, and each policy makes its own of it. */
TEST(a_new_policy_judges_what_was_learned)
{
	struct bench bench;

	errand_prepare();
	guard_load(NAMES_POLICY);
	bench_start(&bench, "names");
	EXPECT_EQ(0, bench_run(&bench, &good));
	guard_load(OTHER_POLICY);
	EXPECT_EQ(ECONNREFUSED, bench_run(&bench, &unasked));
	guard_load(DISTRUST_POLICY);
	EXPECT_EQ(ECONNREFUSED, bench_run(&bench, &unasked));
	guard_load(NAMES_POLICY);
	EXPECT_EQ(0, bench_run(&bench, &unasked));
	bench_end(&bench);
}

/* Each policy has to believe it. */
TEST(every_policy_that_applies_judges_it)
{
	struct bench bench;

	errand_prepare();
	guard_load(NAMES_POLICY);
	guard_load(STRICT_POLICY);
	bench_start(&bench, "names");
	group_bind(&bench.group, "names-strict");
	EXPECT_EQ(ECONNREFUSED, bench_run(&bench, &unasked));
	EXPECT_EQ(0, bench_run(&bench, &good));
	guard_load(OTHER_POLICY);
	EXPECT_EQ(ECONNREFUSED, bench_run(&bench, &good));
	bench_end(&bench);
}

/* The shortest time for which an answer is believed, and a little more. */
#define LAPSE	(30 + 3)

TEST(an_answer_lapses)
{
	static const struct errand short_lived = { .name = "notime.n.test",
						   .to = TO(RESOLVED) };
	struct bench bench;

	if (patience() > 1)
		SKIP(return, "time passes as elsewhere");
	errand_prepare();
	guard_load(NAMES_POLICY);
	bench_start(&bench, "names");
	EXPECT_EQ(0, bench_run(&bench, &short_lived));
	EXPECT_EQ(0, bench_run(&bench, &unasked));
	sleep(LAPSE);
	EXPECT_EQ(ECONNREFUSED, bench_run(&bench, &unasked));
	EXPECT_EQ(0, bench_run(&bench, &short_lived));
	bench_end(&bench);
}

TEST(an_event_tells_the_name)
{
	static const struct errand other_port = {
		.name = "good.n.test",
		.to = AT(RESOLVED, ERRAND_PORT + 1, SOCK_STREAM),
	};
	const struct attempt attempt = { .act = errand_run,
					 .arg = &other_port };
	struct outcome outcome;
	struct events events;

	errand_prepare();
	guard_load(NAMES_POLICY);
	events_start(&events);
	run_guarded("names", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &no_connect);
	expect_event(_metadata, &events, &outcome, &no_connect,
		     RESOLVED " port 8081/tcp host good.n.test");
	events_stop(&events);
}

/* Libraries try each address with a datagram socket before they choose one. */
static int send_where_only_streams_may(const void *arg)
{
	static const struct errand errand = {
		.name = "private.in.test", .to = UDP(RESOLVED_PRIVATE),
	};
	int err = errand_run(&errand);

	(void)arg;
	if (err)
		return ENDED_STATUS + err;
	net_hold_connected(&errand.to);
	return net_write_held(NULL);
}

TEST(a_datagram_is_judged_when_it_is_sent)
{
	const struct attempt attempt = { .act = send_where_only_streams_may };
	struct outcome outcome;

	errand_prepare();
	guard_load(NAMES_POLICY);
	run_unguarded(&attempt, &outcome);
	expect_allowed(_metadata, &outcome);
	run_guarded("names", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &no_question);
}

/* More addresses than a cgroup may learn. */
#define MANY	600

static int ask_many(const void *arg)
{
	char name[32];
	int i, err = 0;

	(void)arg;
	for (i = 0; i < MANY && !err; i++) {
		snprintf(name, sizeof(name), "good.a%d.in.test", i);
		err = resolver_ask(RESOLVER, false, name, DNS_A, NULL);
	}
	return err;
}

TEST(too_many_addresses)
{
	char line[EVENT_LINE_SIZE];
	struct bench bench;
	struct events events;

	errand_prepare();
	guard_load(NAMES_POLICY);
	events_start(&events);
	bench_start(&bench, "names");
	EXPECT_EQ(0, worker_do(&bench.worker, ask_many, NULL));
	EXPECT_TRUE(events_find(&events, "evicted", bench.group.path, line));
	EXPECT_EQ(0, bench_run(&bench, &good));
	bench_end(&bench);
	events_stop(&events);
}

TEST_HARNESS_MAIN
