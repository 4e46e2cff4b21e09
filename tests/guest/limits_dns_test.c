// SPDX-License-Identifier: GPL-2.0-only
/*
 * How often name servers may be asked, and for which names.
 */
#include <errno.h>
#include <linux/udp.h>
#include <string.h>
#include <unistd.h>

#include "errand.h"
#include "expect.h"

#define QUERIES_POLICY							\
	"policy: limits-dns\n"						\
	"limits:\n"							\
	"  dns-queries: 1/h burst 3\n"
#define LABEL_POLICY							\
	"policy: limits-dns\n"						\
	"limits:\n"							\
	"  dns-label: 4\n"
#define BURST	3

static const struct expected no_question = {
	.err = EAGAIN, .hook = FNG_HOOK_LOCAL_OUT, .class = FNG_CLASS_LIMITS,
	.line = 3,
};

/* By TCP the call has succeeded before anybody sees what is asked. */
static const struct expected no_question_later = {
	.err = ETIMEDOUT, .hook = FNG_HOOK_LOCAL_OUT,
	.class = FNG_CLASS_LIMITS, .line = 3,
};

static int ask(const void *name)
{
	return resolver_ask(RESOLVER, false, name, DNS_A, NULL);
}

static int ask_another(const void *name)
{
	return resolver_ask(RESOLVER_OTHER, false, name, DNS_A, NULL);
}

static int ask_by_tcp(const void *name)
{
	return resolver_ask(RESOLVER, true, name, DNS_A, NULL);
}

/* No question at all. */
static int send_garbage(const void *text)
{
	const struct target to = AT(RESOLVER, 53, SOCK_DGRAM);
	int err;

	net_hold_connected(&to);
	err = errno_of(write(net_held, text, strlen(text)));
	close(net_held);
	return err;
}

/* Several messages in one, which the device is left to cut. */
static int send_segments(const void *text)
{
	const struct target to = AT(RESOLVER, 53, SOCK_DGRAM);
	int size = 4, err;

	net_hold_connected(&to);
	err = errno_of(setsockopt(net_held, IPPROTO_UDP, UDP_SEGMENT, &size,
				  sizeof(size))) ?:
	      errno_of(write(net_held, text, strlen(text)));
	close(net_held);
	return err;
}

EVENTS_OF_SUITE(events);

FIXTURE(dns) {
	struct bench bench;
};

FIXTURE_SETUP(dns)
{
	errand_prepare();
}

FIXTURE_TEARDOWN(dns)
{
	bench_end(&self->bench);
}

static void start(struct bench *bench, const char *policy)
{
	guard_load(policy);
	bench_start(bench, "limits-dns");
}

static void try_it(const struct bench *bench, int (*act)(const void *arg),
		   const char *name, struct outcome *outcome)
{
	memset(outcome, 0, sizeof(*outcome));
	outcome->err = worker_do(&bench->worker, act, name);
	refusals_read(bench->group.id, outcome);
}

static void expect_answers(struct __test_metadata *_metadata,
			   const struct bench *bench,
			   int (*act)(const void *arg), int times)
{
	struct outcome outcome;

	while (times--) {
		try_it(bench, act, "good.n.test", &outcome);
		expect_allowed(_metadata, &outcome);
	}
}

TEST(works_unguarded)
{
	static const struct attempt attempts[] = {
		{ .act = ask, .arg = "good.n.test" },
		{ .act = ask_by_tcp, .arg = "good.n.test" },
		{ .act = send_garbage, .arg = "?" },
		{ .act = send_segments, .arg = "twelve bytes" },
	};
	size_t i;

	errand_prepare();
	for (i = 0; i < sizeof(attempts) / sizeof(*attempts); i++)
		expect_control(_metadata, &attempts[i]);
}

TEST_F(dns, as_many_questions_as_the_burst)
{
	struct outcome outcome;

	start(&self->bench, QUERIES_POLICY);
	expect_answers(_metadata, &self->bench, ask, BURST);
	try_it(&self->bench, ask, "good.n.test", &outcome);
	expect_refused(_metadata, &outcome, &no_question);
	EXPECT_EQ(EAGAIN, worker_do(&self->bench.worker, ask_another,
				    "good.n.test"));
	EXPECT_EQ(EAGAIN, worker_do(&self->bench.worker, send_garbage, "?"));
	guard_load(QUERIES_POLICY "version: 2\n");
	EXPECT_EQ(EAGAIN, worker_do(&self->bench.worker, ask, "good.n.test"));
}

/* It may be any number of questions, and uses nothing. */
TEST_F(dns, what_cannot_be_read_is_over_every_rate)
{
	struct outcome outcome;
	int i;

	start(&self->bench, QUERIES_POLICY);
	try_it(&self->bench, send_segments, "twelve bytes", &outcome);
	expect_refused(_metadata, &outcome, &no_question);
	EXPECT_EQ(EAGAIN, worker_do(&self->bench.worker, send_garbage, "?"));
	for (i = 0; i < BURST; i++)
		EXPECT_EQ(0, worker_do(&self->bench.worker, ask,
				       "good.n.test"));
}

TEST_F(dns, as_many_over_tcp)
{
	struct outcome outcome;

	start(&self->bench, QUERIES_POLICY);
	expect_answers(_metadata, &self->bench, ask_by_tcp, BURST);
	try_it(&self->bench, ask_by_tcp, "good.n.test", &outcome);
	expect_refused(_metadata, &outcome, &no_question_later);
}

/* What may not be asked at all costs nothing. */
TEST_F(dns, what_is_strict_refuses_first)
{
	struct outcome outcome;
	int i;

	start(&self->bench, QUERIES_POLICY NAMES_RULES "  dns: strict\n");
	for (i = 0; i < 5; i++)
		EXPECT_EQ(EPERM, worker_do(&self->bench.worker, ask,
					   "good.evil.test"));
	for (i = 0; i < BURST; i++)
		EXPECT_EQ(0, worker_do(&self->bench.worker, ask,
				       "good.n.test"));
	try_it(&self->bench, ask, "good.n.test", &outcome);
	EXPECT_EQ(EAGAIN, outcome.err);
	EXPECT_EQ(6, outcome_sum(&outcome));
}

TEST_F(dns, labels_are_as_long_as_the_policy_says)
{
	struct outcome outcome;

	start(&self->bench, LABEL_POLICY);
	expect_answers(_metadata, &self->bench, ask, 10);
	expect_answers(_metadata, &self->bench, ask_by_tcp, 1);
	try_it(&self->bench, ask, "good.exfil.test", &outcome);
	expect_refused(_metadata, &outcome, &no_question);
	EXPECT_EQ(EAGAIN, worker_do(&self->bench.worker, ask,
				    "good.n.tests"));
	EXPECT_EQ(EAGAIN, worker_do(&self->bench.worker, send_garbage, "?"));
}

TEST_F(dns, labels_over_tcp)
{
	struct outcome outcome;

	start(&self->bench, LABEL_POLICY);
	try_it(&self->bench, ask_by_tcp, "good.exfil.test", &outcome);
	expect_refused(_metadata, &outcome, &no_question_later);
}

TEST_F(dns, audit_refuses_nothing)
{
	struct outcome outcome;
	int i;

	start(&self->bench, "policy: limits-dns\n"
	      "limits: { mode: audit, dns-queries: 0, dns-label: 1 }\n");
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, worker_do(&self->bench.worker, ask,
				       "good.n.test"));
	try_it(&self->bench, ask_by_tcp, "good.n.test", &outcome);
	EXPECT_EQ(0, outcome.err);
	EXPECT_EQ(4, outcome_sum(&outcome));
	EXPECT_TRUE(outcome.refusals[0].audit);
}

TEST_F(dns, a_refusal_names_the_question)
{
	char line[EVENT_LINE_SIZE];
	struct outcome outcome;

	start(&self->bench, LABEL_POLICY);
	try_it(&self->bench, ask, "good.exfil.test", &outcome);
	expect_refused(_metadata, &outcome, &no_question);
	ASSERT_TRUE(events_find(&events, "denied", self->bench.group.path,
				line));
	expect_text(_metadata, line, " local_out " RESOLVER
		    " port 53/udp host good.exfil.test -> EAGAIN ");
	expect_text(_metadata, line, " rule limits dns-label 4 ");
}

TEST_HARNESS_MAIN
