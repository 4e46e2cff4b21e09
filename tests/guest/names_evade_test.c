// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where only names count that the rules allow, what is read is what the name
 * server gets: no other name gets through to one that reads something else, to
 * one at another port, or by being written where the first was read.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include "cable.h"
#include "expect.h"
#include "names.h"
#include "net.h"
#include "resolver.h"

#define HEADER		12
#define PAGE		4096

/* Names of one length; the rules allow the first. */
#define SAID		"good.n.test"
#define MEANT		"evil.x.test"
#define FORBIDDEN	"\4evil"

typedef int send_fn(int fd, u8 *bytes, size_t len);

static int send_copy(int fd, u8 *bytes, size_t len)
{
	return errno_of(send(fd, bytes, len, 0));
}

static int send_zerocopy(int fd, u8 *bytes, size_t len)
{
	int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)))
		return ENDED_UNABLE;
	return errno_of(send(fd, bytes, len, MSG_ZEROCOPY));
}

static int send_spliced(int fd, u8 *bytes, size_t len)
{
	struct iovec data = { bytes, len };
	int ends[2];

	if (pipe(ends) || vmsplice(ends[1], &data, 1, 0) < 0)
		return ENDED_UNABLE;
	return errno_of(splice(ends[0], NULL, fd, NULL, len, 0));
}

static u8 *make_page(void)
{
	u8 *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		die("no page");
	return page;
}

/**
 * struct ear - what has reached the name server
 * @fd: where it listens
 * @len: bytes that it got
 * @bytes: these
 */
struct ear {
	int fd;
	size_t len;
	u8 bytes[512];
};

static struct ear ear;

/* Segments that have gone through a router do not arrive. */
#define MIN_TTL		10

static void ear_open(void)
{
	int ttl = MIN_TTL;

	ear.fd = net_bind(RESOLVER, 53, SOCK_STREAM);
	if (setsockopt(ear.fd, SOL_IP, IP_MINTTL, &ttl, sizeof(ttl)) ||
	    listen(ear.fd, 8))
		die("nobody listens");
}

/* All that will come has come, since who sent it has ended. */
static void ear_hear(void)
{
	int fd = accept(ear.fd, NULL, NULL);
	ssize_t got;

	for (ear.len = 0; ear.len < sizeof(ear.bytes); ear.len += got) {
		got = recv(fd, ear.bytes + ear.len,
			   sizeof(ear.bytes) - ear.len, MSG_DONTWAIT);
		if (got <= 0)
			break;
	}
	close(fd);
}

static bool ear_has(const char *text)
{
	return memmem(ear.bytes, ear.len, text, strlen(text));
}

static void hold_stream(void)
{
	const struct target to = AT(RESOLVER, 53, SOCK_STREAM);

	net_hold_connected(&to);
}

/* Long enough for it to be sent again, more than once. */
static void wait_awhile(void)
{
	usleep(700000 * patience());
}

/*
 * The urgent byte is taken out of what is received. It is the length of the
 * first label, and the next byte, a digit, is one that reaches behind the
 * question.
 */
static int ask_urgently(const void *arg)
{
	static const u8 more[] = FORBIDDEN "\4test\0\0\1\0\1";
	u8 message[128] = { 0 };
	char name[64];
	size_t len, first = 2 + HEADER + 1;

	(void)arg;
	memset(name, 's', 46);
	name[0] = '9';
	strcpy(name + 46, ".n.test");
	len = 2 + resolver_question(message + 2, name, DNS_A);
	memcpy(message + len, more, sizeof(more));
	len += sizeof(more) - 1;
	message[1] = len - 2;
	hold_stream();
	if (send(net_held, message, first, MSG_OOB) < 0 ||
	    send(net_held, message + first, len + 1 - first, 0) < 0)
		return errno;
	wait_awhile();
	return net_held_error();
}

/* What is sent gets lost, is changed and sent again. */
static int ask_again(const void *arg)
{
	send_fn *const *how = arg;
	int few = 1, many = 64, err;
	u8 *page = make_page();

	hold_stream();
	page[1] = resolver_question(page + 2, SAID, DNS_A);
	setsockopt(net_held, SOL_IP, IP_TTL, &few, sizeof(few));
	err = (*how)(net_held, page, 2 + page[1]);
	resolver_name(page + 2 + HEADER, MEANT);
	setsockopt(net_held, SOL_IP, IP_TTL, &many, sizeof(many));
	wait_awhile();
	return err ?: net_held_error();
}

FIXTURE(stream) {
};

FIXTURE_VARIANT(stream) {
	const char *policy;
	int (*act)(const void *arg);
	send_fn *how;
	const char *heard;
	bool allowed;
};

FIXTURE_SETUP(stream)
{
	ear_open();
	guard_load(NAMES_POLICY);
	guard_load(STRICT_POLICY);
}

FIXTURE_TEARDOWN(stream)
{
}

FIXTURE_VARIANT_ADD(stream, urgent) {
	.policy = "names-strict", .act = ask_urgently, .heard = FORBIDDEN,
};
FIXTURE_VARIANT_ADD(stream, urgent_and_not_strict) {
	.policy = "names", .act = ask_urgently, .heard = FORBIDDEN,
	.allowed = true,
};
FIXTURE_VARIANT_ADD(stream, sent_again) {
	.policy = "names-strict", .act = ask_again, .how = send_copy,
	.heard = "\4good", .allowed = true,
};
FIXTURE_VARIANT_ADD(stream, zerocopy_sent_again) {
	.policy = "names-strict", .act = ask_again, .how = send_zerocopy,
	.heard = FORBIDDEN,
};
FIXTURE_VARIANT_ADD(stream, spliced_sent_again) {
	.policy = "names-strict", .act = ask_again, .how = send_spliced,
	.heard = FORBIDDEN,
};

TEST_F(stream, works_unguarded)
{
	const struct attempt attempt = { .act = variant->act,
					 .arg = &variant->how };

	expect_control(_metadata, &attempt);
	ear_hear();
	EXPECT_TRUE(ear_has(variant->heard));
}

TEST_F(stream, is_judged)
{
	const struct attempt attempt = { .act = variant->act,
					 .arg = &variant->how };
	struct outcome outcome;

	run_guarded(variant->policy, &attempt, &outcome);
	ear_hear();
	EXPECT_EQ(variant->allowed, ear_has(variant->heard));
	if (variant->allowed) {
		expect_allowed(_metadata, &outcome);
	} else {
		EXPECT_GT(2 + HEADER + 1, ear.len);
		expect_refused(_metadata, &outcome, &no_question_later);
	}
}

/* A name server that cannot be reached yet: what is sent to it waits. */
#define FAR_RESOLVER	"10.9.0.53"
#define FAR_POLICY							\
	"policy: names-far\n"						\
	"egress:\n"							\
	"  default: deny\n"						\
	"  resolvers: [" FAR_RESOLVER "]\n"				\
	"  rules: [ { allow: { host: \"*.n.test\", ports: [8080] } } ]\n" \
	"  dns: strict\n"

static struct worker far;

static int far_listen(const void *arg)
{
	struct timeval time = { .tv_sec = patience() };

	(void)arg;
	ear.fd = net_bind("0.0.0.0", 53, SOCK_DGRAM);
	return setsockopt(ear.fd, SOL_SOCKET, SO_RCVTIMEO, &time,
			  sizeof(time));
}

static int far_has(const void *text)
{
	ssize_t got = recv(ear.fd, ear.bytes, sizeof(ear.bytes), 0);

	ear.len = got < 0 ? 0 : got;
	return ear_has(text);
}

static int change_while_it_waits(const void *arg)
{
	const struct target to = AT(FAR_RESOLVER, 53, SOCK_DGRAM);
	send_fn *const *how = arg;
	u8 *page = make_page();
	int on = 1, err;

	net_hold_connected(&to);
	setsockopt(net_held, SOL_SOCKET, SO_NO_CHECK, &on, sizeof(on));
	err = (*how)(net_held, page, resolver_question(page, SAID, DNS_A));
	resolver_name(page + HEADER, MEANT);
	return err ?: worker_do(&far, cable_add_address, FAR_RESOLVER "/24");
}

FIXTURE(waiting) {
};

FIXTURE_VARIANT(waiting) {
	send_fn *how;
	const char *heard;
};

FIXTURE_SETUP(waiting)
{
	guard_load(FAR_POLICY);
	errand_prepare_alone();
	worker_start(&far);
	cable_lay(&far);
	worker_do(&far, far_listen, NULL);
}

FIXTURE_TEARDOWN(waiting)
{
	worker_end(&far);
}

FIXTURE_VARIANT_ADD(waiting, copy) {
	.how = send_copy, .heard = "\4good",
};
FIXTURE_VARIANT_ADD(waiting, zerocopy) {
	.how = send_zerocopy, .heard = FORBIDDEN,
};

TEST_F(waiting, works_unguarded)
{
	const struct attempt attempt = { .act = change_while_it_waits,
					 .arg = &variant->how };

	expect_control(_metadata, &attempt);
	EXPECT_EQ(1, worker_do(&far, far_has, variant->heard));
}

/* The name server gets what was read, or nothing. */
TEST_F(waiting, is_judged)
{
	const struct attempt attempt = { .act = change_while_it_waits,
					 .arg = &variant->how };
	struct outcome outcome;

	run_guarded("names-far", &attempt, &outcome);
	if (variant->how != send_copy && outcome.err == EPERM) {
		EXPECT_EQ(0, worker_do(&far, far_has, ""));
		expect_refused(_metadata, &outcome, &no_question);
		return;
	}
	EXPECT_EQ(1, worker_do(&far, far_has, "\4good"));
	expect_allowed(_metadata, &outcome);
}

/* The host has the name server listen on another port, and translates. */
#define OTHER_PORT	5353
#define ELSEWHERE_POLICY						\
	"policy: names-elsewhere\n"					\
	"egress:\n"							\
	"  default: deny\n"						\
	"  resolvers: [" ELSEWHERE "]\n"				\
	"  rules:\n"							\
	"    - allow: { host: \"*.n.test\", ports: [8080] }\n"		\
	"    - allow: { to: [127.0.0.0/8, " ELSEWHERE "] }\n"		\
	"  dns: strict\n"

static int ask_elsewhere(const void *arg)
{
	const struct errand *errand = arg;

	return resolver_ask(ELSEWHERE, errand->tcp, errand->name, DNS_A, NULL);
}

FIXTURE(redirected) {
};

FIXTURE_VARIANT(redirected) {
	struct errand errand;
	int (*act)(const void *arg);
	int err;
};

FIXTURE_SETUP(redirected)
{
	guard_load(ELSEWHERE_POLICY);
	errand_prepare_alone();
	errand_translate(OTHER_PORT);
	resolver_serve(net_bind(RESOLVER, OTHER_PORT, SOCK_DGRAM),
		       net_bind(RESOLVER, OTHER_PORT, SOCK_STREAM), -1);
}

FIXTURE_TEARDOWN(redirected)
{
}

#define GOOD	.name = SAID, .to = TO(RESOLVED), .server = ELSEWHERE
#define EVIL	.name = "good.evil.test"

FIXTURE_VARIANT_ADD(redirected, good) {
	.errand = { GOOD }, .act = errand_run,
};
FIXTURE_VARIANT_ADD(redirected, good_over_tcp) {
	.errand = { GOOD, .tcp = true }, .act = errand_run,
};
FIXTURE_VARIANT_ADD(redirected, evil) {
	.errand = { EVIL }, .act = ask_elsewhere, .err = EPERM,
};
FIXTURE_VARIANT_ADD(redirected, evil_over_tcp) {
	.errand = { EVIL, .tcp = true }, .act = ask_elsewhere,
	.err = ECONNREFUSED,
};

TEST_F(redirected, works_unguarded)
{
	const struct attempt attempt = { .act = variant->act,
					 .arg = &variant->errand };

	expect_control(_metadata, &attempt);
}

TEST_F(redirected, is_judged)
{
	const struct attempt attempt = { .act = variant->act,
					 .arg = &variant->errand };
	struct expected refused = no_question;
	struct outcome outcome;

	refused.err = variant->err;
	run_guarded("names-elsewhere", &attempt, &outcome);
	if (variant->err)
		expect_refused(_metadata, &outcome, &refused);
	else
		expect_allowed(_metadata, &outcome);
}

TEST_HARNESS_MAIN
