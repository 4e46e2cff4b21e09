// SPDX-License-Identifier: GPL-2.0-only
/*
 * Conversations with name servers that nothing is wrong with go on, whoever had
 * one before; all that they tell is learned, and what is refused of them is
 * counted once.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/prctl.h>

#include "expect.h"
#include "names.h"
#include "net.h"
#include "resolver.h"

/* The resolver may be talked to, but there is no name to learn. */
#define NAMELESS_POLICY							\
	"policy: names\n"						\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules: [ { allow: { to: [" RESOLVER "], ports: [53] } } ]\n"
#define AUDIT_POLICY	STRICT_POLICY "  mode: audit\n"

static const struct target stream = AT(RESOLVER, 53, SOCK_STREAM);
static const struct errand good = { .name = "good.n.test",
				    .to = TO(RESOLVED) };

static int ask_held(const void *arg)
{
	(void)arg;
	return resolver_ask_over(net_held, true, "good.n.test", DNS_A, NULL);
}

static int hold_and_ask(const void *arg)
{
	net_hold_connected(&stream);
	return ask_held(arg);
}

TEST(policies_come_and_go)
{
	struct bench bench;

	errand_prepare();
	guard_load(NAMES_POLICY);
	bench_start(&bench, "names");
	EXPECT_EQ(0, worker_do(&bench.worker, hold_and_ask, NULL));
	guard_load(NAMELESS_POLICY);
	EXPECT_EQ(0, worker_do(&bench.worker, ask_held, NULL));
	guard_load(NAMES_POLICY);
	EXPECT_EQ(0, worker_do(&bench.worker, ask_held, NULL));
	EXPECT_EQ(0, bench_run(&bench, &good));
	bench_end(&bench);
}

/* Too long to be read; the answer comes when all of it has arrived. */
static int ask_at_length(const void *arg)
{
	u8 message[2 + 5000] = { 5000 >> 8, (u8)5000 }, size[2];

	(void)arg;
	net_hold_connected(&stream);
	resolver_write(net_held, message, sizeof(message));
	return errno_of(recv(net_held, size, sizeof(size), MSG_WAITALL));
}

TEST(one_long_question_is_one)
{
	static const struct expected would_refuse = {
		.hook = FNG_HOOK_LOCAL_OUT, .class = FNG_CLASS_EGRESS,
		.line = STRICT_LINE, .audit = true,
	};
	const struct attempt attempt = { .act = ask_at_length };
	struct outcome outcome;

	errand_prepare();
	guard_load(AUDIT_POLICY);
	expect_control(_metadata, &attempt);
	run_guarded("names-strict", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &would_refuse);
}

static void hold_stream(const void *arg)
{
	(void)arg;
	net_hold_connected(&stream);
}

/* TCP sends it several times in that while. */
static int ask_and_wait(const void *arg)
{
	u8 message[512] = { 0 };

	message[1] = resolver_question(message + 2, arg, DNS_A);
	if (write(net_held, message, 2 + message[1]) < 0)
		return errno;
	sleep(1);
	return net_held_error();
}

TEST(a_question_sent_again_is_one)
{
	const struct attempt attempt = { .before = hold_stream,
					 .act = ask_and_wait,
					 .arg = "good.evil.test" };
	struct outcome outcome;

	errand_prepare();
	guard_load(STRICT_POLICY);
	expect_control(_metadata, &attempt);
	run_guarded("names-strict", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &no_question_later);
}

#define CLIENT_PORT	40001

/* No trace of it is left, so the next may have the same port. */
static int ask_from_one_port(const void *arg)
{
	int fd = net_bind("127.0.0.1", CLIENT_PORT, SOCK_STREAM), err;
	const struct linger at_once = { .l_onoff = 1 };
	struct sockaddr_storage to;
	socklen_t size = target_address(&stream, &to);

	(void)arg;
	if (connect(fd, (struct sockaddr *)&to, size))
		return errno;
	err = resolver_ask_over(fd, true, "good.n.test", DNS_A, NULL);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
	return err;
}

TEST(the_unguarded_have_a_port_after_the_guarded)
{
	const struct attempt attempt = { .act = ask_from_one_port };
	struct outcome outcome;

	errand_prepare();
	guard_load(NAMES_POLICY);
	expect_control(_metadata, &attempt);
	run_guarded("names", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
	expect_control(_metadata, &attempt);
	run_guarded("names", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

TEST(an_answer_needs_no_checksum)
{
	const struct attempt attempt = { .act = errand_run, .arg = &good };
	int fd = net_bind(RESOLVER, 53, SOCK_DGRAM), on = 1;
	struct outcome outcome;

	resolver_addresses();
	net_listen(ERRAND_PORT);
	setsockopt(fd, SOL_SOCKET, SO_NO_CHECK, &on, sizeof(on));
	resolver_serve(fd, -1, -1);
	guard_load(NAMES_POLICY);
	expect_control(_metadata, &attempt);
	run_guarded("names", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

#define NR_AT_ONCE	100

/**
 * struct letter - a question, and then its answer
 * @from: who asks
 * @size: of the address
 * @len: bytes of it
 * @bytes: these
 */
struct letter {
	struct sockaddr_in from;
	socklen_t size;
	size_t len;
	u8 bytes[512];
};

static void read_letter(int fd, struct letter *letter)
{
	ssize_t got;

	letter->size = sizeof(letter->from);
	got = recvfrom(fd, letter->bytes, sizeof(letter->bytes) / 2, 0,
		       (struct sockaddr *)&letter->from, &letter->size);
	letter->len = got < 0 ? 0 : got;
}

static void answer_letter(int fd, struct letter *letter, int number)
{
	char address[INET_ADDRSTRLEN];

	snprintf(address, sizeof(address), "203.0.113.%d", number);
	letter->len = resolver_answer(letter->bytes, letter->len, address);
	sendto(fd, letter->bytes, letter->len, 0,
	       (struct sockaddr *)&letter->from, letter->size);
}

/* Answers none before it has read all; each with an address of its own. */
static void answer_many(int fd)
{
	static struct letter letters[NR_AT_ONCE];
	int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		for (i = 0; i < NR_AT_ONCE; i++)
			read_letter(fd, &letters[i]);
		for (i = 0; i < NR_AT_ONCE; i++)
			answer_letter(fd, &letters[i], 1 + i);
	}
}

static bool ask_all(void)
{
	const struct target to = AT(RESOLVER, 53, SOCK_DGRAM);
	struct timeval time = { .tv_sec = 2 * patience() };
	u8 message[512];
	int i;

	net_hold_connected(&to);
	setsockopt(net_held, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
	for (i = 0; i < NR_AT_ONCE; i++)
		if (send(net_held, message,
			 resolver_question(message, "good.n.test", DNS_A),
			 0) < 0)
			return false;
	for (i = 0; i < NR_AT_ONCE; i++)
		if (recv(net_held, message, sizeof(message), 0) < 0)
			return false;
	return true;
}

/* Returns how many addresses could not be reached. */
static int ask_all_and_connect(const void *arg)
{
	char address[INET_ADDRSTRLEN];
	const struct target to = TO(address);
	int i, failed = 0;

	(void)arg;
	if (!ask_all())
		return ENDED_STATUS;
	for (i = 0; i < NR_AT_ONCE; i++) {
		snprintf(address, sizeof(address), "203.0.113.%d", 1 + i);
		failed += !!net_connect(&to);
	}
	return failed;
}

TEST(many_questions_are_under_way)
{
	const struct attempt attempt = { .act = ask_all_and_connect };
	int fd = net_bind(RESOLVER, 53, SOCK_DGRAM);
	struct outcome outcome;

	resolver_addresses();
	net_serve(ERRAND_PORT);
	if (!fork())
		answer_many(fd);
	close(fd);
	guard_load(NAMES_POLICY);
	expect_control(_metadata, &attempt);
	run_guarded("names", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

TEST_HARNESS_MAIN
