// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a function says itself in the place of a name server is not believed,
 * whatever way it has found to be heard; what a name server says in the same
 * place is, unless a function was caught there before.
 */
#include <errno.h>
#include <unistd.h>
#include <netinet/in.h>

#include "cable.h"
#include "expect.h"
#include "names.h"
#include "net.h"
#include "resolver.h"

/* It may talk to itself. */
#define LOOPBACK_POLICY							\
	"policy: names-loopback\n" NAMES_RULES				\
	"    - allow: { to: [127.0.0.0/8] }\n"

/* What leaves for ELSEWHERE is from HERE. */
#define HERE		"203.0.113.1"
#define ELSEWHERE_POLICY						\
	"policy: names-elsewhere\n"					\
	"egress:\n"							\
	"  default: deny\n"						\
	"  resolvers: [" ELSEWHERE "]\n"				\
	"  rules:\n"							\
	"    - allow: { host: \"*.n.test\", ports: [8080] }\n"		\
	"    - allow: { to: [127.0.0.0/8, " HERE ", " ELSEWHERE "] }\n"

#define GOOD	.name = "good.n.test", .to = TO(RESOLVED)

static struct errand errand = { GOOD };

#define COOKIES	"/proc/sys/net/ipv4/tcp_syncookies"

FIXTURE(forge) {
};

FIXTURE_VARIANT(forge) {
	const char *policy;
	const char *name;
	const char *server;
	bool tcp;
	bool cookies;
};

FIXTURE_SETUP(forge)
{
	guard_load(variant->policy);
	errand_prepare_alone();
	/* Always, as if too many connections were half open. */
	if (variant->cookies && access(COOKIES, W_OK))
		SKIP(return, "the kernel has no SYN cookies");
	if (variant->cookies)
		net_set("ipv4/tcp_syncookies", "2");
	if (variant->server)
		errand_translate(53);
	errand.server = variant->server;
	errand.tcp = variant->tcp;
}

FIXTURE_TEARDOWN(forge)
{
}

#define ALONE		.policy = NAMES_POLICY, .name = "names"
#define LOOPBACK	.policy = LOOPBACK_POLICY, .name = "names-loopback"
#define TRANSLATED							\
	.policy = ELSEWHERE_POLICY, .name = "names-elsewhere",		\
	.server = ELSEWHERE

FIXTURE_VARIANT_ADD(forge, stream_with_cookies) {
	ALONE, .tcp = true, .cookies = true,
};
FIXTURE_VARIANT_ADD(forge, datagram_to_itself) {
	LOOPBACK,
};
FIXTURE_VARIANT_ADD(forge, stream_to_itself) {
	LOOPBACK, .tcp = true,
};
FIXTURE_VARIANT_ADD(forge, stream_to_itself_with_cookies) {
	LOOPBACK, .tcp = true, .cookies = true,
};
FIXTURE_VARIANT_ADD(forge, translated_datagram) {
	TRANSLATED,
};
FIXTURE_VARIANT_ADD(forge, translated_stream) {
	TRANSLATED, .tcp = true,
};

/* The function is its own resolver, and says what it likes. */
static int forge_and_connect(const void *arg)
{
	resolver_start();
	return errand_run(arg);
}

TEST_F(forge, works_unguarded)
{
	const struct attempt attempt = { .act = forge_and_connect,
					 .arg = &errand };

	expect_control(_metadata, &attempt);
}

TEST_F(forge, is_not_believed)
{
	const struct attempt attempt = { .act = forge_and_connect,
					 .arg = &errand };
	struct outcome outcome;

	run_guarded(variant->name, &attempt, &outcome);
	expect_refused(_metadata, &outcome, &no_connect);
}

TEST_F(forge, somebody_else_is_believed)
{
	const struct attempt attempt = { .act = errand_run,
					 .arg = &errand };
	struct outcome outcome;

	resolver_start();
	run_guarded(variant->name, &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

/* A function whose tasks are in two network namespaces. */
#define FAR_RESOLVER	"fd09::53"
#define ASKER_PORT	40000
#define FAR_POLICY							\
	"policy: names-far\n"						\
	"egress:\n"							\
	"  default: deny\n"						\
	"  resolvers: [\"" FAR_RESOLVER "\"]\n"				\
	"  rules:\n"							\
	"    - allow: { host: \"*.n.test\", ports: [8080] }\n"		\
	"    - allow: { to: [\"" CABLE_NEAR_V6 "\"] }\n"

static const struct target far_resolver = AT(FAR_RESOLVER, 53, SOCK_DGRAM);
static const struct target asker = AT(CABLE_NEAR_V6, ASKER_PORT, SOCK_DGRAM);
static const struct target resolved = TO(RESOLVED);
static struct worker far;

/* What is going to be asked, for who has to answer it unheard. */
static u8 message[512];
static size_t message_len;

/* It takes no privilege to use an address that is not there. */
static int answer_unheard(const void *arg)
{
	int fd = socket(AF_INET6, SOCK_DGRAM, 0), on = 1;
	struct sockaddr_storage from, to;
	socklen_t size = target_address(&far_resolver, &from);
	size_t len = resolver_answer(message, message_len, RESOLVED);

	(void)arg;
	if (setsockopt(fd, SOL_IP, IP_FREEBIND, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&from, size))
		return ENDED_UNABLE;
	target_address(&asker, &to);
	return errno_of(sendto(fd, message, len, 0, (struct sockaddr *)&to,
			       size));
}

static int ask_and_answer(const void *arg)
{
	int fd = net_bind(CABLE_NEAR_V6, ASKER_PORT, SOCK_DGRAM), err;
	struct timeval time = { .tv_sec = patience() };
	struct sockaddr_storage to;
	socklen_t size = target_address(&far_resolver, &to);

	(void)arg;
	if (sendto(fd, message, message_len, 0, (struct sockaddr *)&to,
		   size) < 0)
		return ENDED_STATUS + errno;
	err = worker_do(&far, answer_unheard, NULL);
	if (err == ENDED_UNABLE)
		return err;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
	if (!err && recv(fd, message, sizeof(message), 0) < 0)
		return ENDED_STATUS + ETIMEDOUT;
	return net_connect(&resolved);
}

/* Who is far away is of the same cgroup, and was there when it was bound. */
static void run_in_two_namespaces(const char *policy, struct outcome *outcome)
{
	const struct attempt attempt = { .act = ask_and_answer };
	struct group group;

	message_len = resolver_question(message, "good.n.test", DNS_A);
	group_make(&group, NULL);
	worker_start(&far);
	cable_lay(&far);
	worker_move(&far, &group);
	run_in(&group, policy, &attempt, outcome);
	worker_end(&far);
	group_remove(&group);
}

static int answer_as_it_should(const void *arg)
{
	(void)arg;
	cable_add_address(FAR_RESOLVER "/64 nodad");
	resolver_serve(net_bind(FAR_RESOLVER, 53, SOCK_DGRAM), -1, -1);
	return 0;
}

static const struct expected no_posing = {
	.err = EPERM, .hook = FNG_HOOK_LOCAL_OUT, .class = FNG_CLASS_SUBJECT,
	.rule = FNG_RULE_GUARD | FNG_GUARD_POSES,
};

/* The answer may be refused as well, or only not be believed. */
static void expect_disbelief(struct __test_metadata *_metadata,
			     const struct outcome *outcome)
{
	u32 i;

	EXPECT_EQ(ECONNREFUSED, outcome->err);
	ASSERT_LE(1, outcome->nr);
	ASSERT_GE(2, outcome->nr);
	for (i = 0; i < outcome->nr; i++)
		expect_row(_metadata, &outcome->refusals[i],
			   (int)outcome->refusals[i].hook == no_connect.hook ?
			   &no_connect : &no_posing);
}

TEST(from_another_namespace)
{
	struct outcome outcome;

	guard_load(FAR_POLICY);
	errand_prepare_alone();
	run_in_two_namespaces(NULL, &outcome);
	expect_allowed(_metadata, &outcome);
	run_in_two_namespaces("names-far", &outcome);
	expect_disbelief(_metadata, &outcome);
}

TEST(from_another_namespace_of_somebody_else)
{
	static const struct errand to_far = { GOOD, .server = FAR_RESOLVER };
	const struct attempt attempt = { .act = errand_run, .arg = &to_far };
	struct outcome outcome;

	guard_load(FAR_POLICY);
	errand_prepare_alone();
	worker_start(&far);
	cable_lay(&far);
	worker_do(&far, answer_as_it_should, NULL);
	run_guarded("names-far", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
	worker_end(&far);
}

TEST_HARNESS_MAIN
