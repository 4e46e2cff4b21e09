// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a name server may be asked, where the policy says that only names count
 * that its rules allow.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <netinet/udp.h>

#include "errand.h"
#include "expect.h"
#include "names.h"
#include "net.h"
#include "resolver.h"

FIXTURE(strict) {
};

FIXTURE_VARIANT(strict) {
	int (*act)(const void *arg);
	const char *name;
	int err;
};

FIXTURE_SETUP(strict)
{
	errand_prepare();
	guard_load(STRICT_POLICY);
}

FIXTURE_TEARDOWN(strict)
{
}

static int ask_by_datagram(const void *name)
{
	return resolver_ask(RESOLVER, false, name, DNS_A, NULL);
}

static int ask_another_type(const void *name)
{
	return resolver_ask(RESOLVER, false, name, 16, NULL);
}

static int datagram_to_resolver(void)
{
	const struct target to = AT(RESOLVER, 53, SOCK_DGRAM);

	net_hold_connected(&to);
	return net_held;
}

/* Data behind the question, or no question at all. */
static int send_garbage(const void *name)
{
	u8 message[600] = { 0 };

	memcpy(message + 20, name, strlen(name));
	return errno_of(write(datagram_to_resolver(), message,
			      sizeof(message)));
}

static int send_little(const void *name)
{
	(void)name;
	return errno_of(write(datagram_to_resolver(), "?", 1));
}

/* The first is a good one, and the device would cut them apart. */
static int send_two_at_once(const void *name)
{
	int fd = datagram_to_resolver(), size;
	u8 message[512];
	size_t len;

	len = resolver_question(message, "good.n.test", DNS_A);
	size = len;
	len += resolver_question(message + len, name, DNS_A);
	if (setsockopt(fd, SOL_UDP, UDP_SEGMENT, &size, sizeof(size)))
		return ENDED_UNABLE;
	return errno_of(write(fd, message, len));
}

FIXTURE_VARIANT_ADD(strict, allowed_name) {
	.act = ask_by_datagram, .name = "good.n.test",
};
FIXTURE_VARIANT_ADD(strict, allowed_name_of_another_type) {
	.act = ask_another_type, .name = "good.n.test",
};
FIXTURE_VARIANT_ADD(strict, other_name) {
	.act = ask_by_datagram, .name = "good.evil.test", .err = EPERM,
};
FIXTURE_VARIANT_ADD(strict, other_name_of_another_type) {
	.act = ask_another_type, .name = "good.evil.test", .err = EPERM,
};
FIXTURE_VARIANT_ADD(strict, denied_name) {
	.act = ask_by_datagram, .name = "never.n.test", .err = EPERM,
};
FIXTURE_VARIANT_ADD(strict, garbage) {
	.act = send_garbage, .name = "secret", .err = EPERM,
};
FIXTURE_VARIANT_ADD(strict, little) {
	.act = send_little, .name = "", .err = EPERM,
};
FIXTURE_VARIANT_ADD(strict, two_at_once) {
	.act = send_two_at_once, .name = "good.evil.test", .err = EPERM,
};

TEST_F(strict, works_unguarded)
{
	const struct attempt attempt = { .act = variant->act,
					 .arg = variant->name };

	expect_control(_metadata, &attempt);
}

TEST_F(strict, is_judged)
{
	const struct attempt attempt = { .act = variant->act,
					 .arg = variant->name };
	struct outcome outcome;

	run_guarded("names-strict", &attempt, &outcome);
	if (outcome.err == ENDED_UNABLE)
		SKIP(return, "the kernel cannot do this");
	if (variant->err)
		expect_refused(_metadata, &outcome, &no_question);
	else
		expect_allowed(_metadata, &outcome);
}

/* Over TCP the call has succeeded before anybody sees what is asked. */
TEST(strict_over_tcp)
{
	static const struct errand other = {
		.name = "good.evil.test", .to = TO(RESOLVED), .tcp = true,
	};
	static const struct errand fine = {
		.name = "good.n.test", .to = TO(RESOLVED), .tcp = true,
	};
	const struct attempt asks_other = { .act = errand_run,
					    .arg = &other };
	const struct attempt asks = { .act = errand_run, .arg = &fine };
	struct expected refused = no_question_later;
	struct outcome outcome;

	errand_prepare();
	guard_load(STRICT_POLICY);
	run_guarded("names-strict", &asks, &outcome);
	expect_allowed(_metadata, &outcome);
	run_unguarded(&asks_other, &outcome);
	expect_allowed(_metadata, &outcome);
	run_guarded("names-strict", &asks_other, &outcome);
	refused.err = ENDED_STATUS + ECONNREFUSED;
	expect_refused(_metadata, &outcome, &refused);
}

TEST(a_question_refused_is_an_event)
{
	const struct attempt attempt = { .act = ask_by_datagram,
					 .arg = "secret.evil.test" };
	char line[EVENT_LINE_SIZE];
	struct outcome outcome;
	struct events events;

	errand_prepare();
	guard_load(STRICT_POLICY);
	events_start(&events);
	run_guarded("names-strict", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &no_question);
	ASSERT_TRUE(events_find(&events, "denied", outcome.cgroup, line));
	expect_text(_metadata, line, " local_out " RESOLVER
		    " port 53/udp host secret.evil.test -> ");
	expect_text(_metadata, line, " rule egress dns strict ");
	events_stop(&events);
}

TEST_HARNESS_MAIN
