// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is there for the policies in force is theirs: no candidate takes it away, or
 * changes what they see.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <client/refusals.h>

#include "candidate.h"
#include "control.h"
#include "errand.h"
#include "exempt.h"
#include "expect.h"
#include "net.h"
#include "resolver.h"

#define POLICY	"candidate"

/* More than a cgroup keeps of addresses, and of questions. */
#define NR_NAMES	600
#define NR_QUESTIONS	300

#define ALLOWS	"files: { default: allow }\n"
#define DENIES	"files: { default: deny }\n"
#define HOSTS(host)							\
	"egress: { default: deny, resolvers: [" RESOLVER "],\n"		\
	"  rules: [ { allow: { host: \"" host "\", ports: [8080] } } ] }\n"

/*
 * A name server: each answer is another address, from FIRST on. What begins with
 * "mute" has none, and "late" none before the next question that has.
 */
#define FIRST	"11.0.0.1"

static const struct target told_first = {
	.address = FIRST, .port = 8080, .type = SOCK_DGRAM,
};

/**
 * struct call - a question, and who has asked it
 * @bytes: the question, and then the answer
 * @len: bytes of it
 * @from: who
 */
struct call {
	u8 bytes[1024];
	ssize_t len;
	struct sockaddr_in from;
};

static void answer(int fd, struct call *call, u32 number)
{
	struct in_addr address = { htonl(0x0b000000 + number) };
	size_t size = resolver_answer(call->bytes, call->len,
				      inet_ntoa(address));

	sendto(fd, call->bytes, size, 0, (void *)&call->from,
	       sizeof(call->from));
}

static bool begins_with(const struct call *call, const char *label)
{
	return !memcmp(call->bytes + 13, label, strlen(label));
}

static void __attribute__((noreturn)) serve(int fd)
{
	struct call call, late = { .len = 0 };
	u32 number = 1;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		socklen_t size = sizeof(call.from);

		call.len = recvfrom(fd, call.bytes, 512, 0, (void *)&call.from,
				    &size);
		if (call.len < 20 || begins_with(&call, "mute"))
			continue;
		if (begins_with(&call, "late")) {
			late = call;
			continue;
		}
		if (late.len)
			answer(fd, &late, number++);
		late.len = 0;
		answer(fd, &call, number++);
	}
}

/* Returns the process, to be killed. */
static pid_t serve_names(void)
{
	int fd = net_bind(RESOLVER, 53, SOCK_DGRAM);
	pid_t pid = fork();

	if (!pid)
		serve(fd);
	close(fd);
	return pid;
}

static int asker(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(53) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, RESOLVER, &to.sin_addr);
	if (connect(fd, (void *)&to, sizeof(to)))
		die("no name server");
	return fd;
}

static int ask_one(const void *name)
{
	return resolver_ask(RESOLVER, false, name, DNS_A, NULL);
}

/* Of a domain. */
static int ask_many(const void *domain)
{
	int fd = asker(), i, err = 0;
	char name[32];

	for (i = 0; i < NR_NAMES && !err; i++) {
		snprintf(name, sizeof(name), "n%d.%s", i,
			 (const char *)domain);
		err = resolver_ask_over(fd, false, name, DNS_A, NULL);
	}
	close(fd);
	return err;
}

/* Asks once, then for much that nobody answers, and then the first is answered. */
static int ask_late(const void *arg)
{
	u8 question[512];
	int fd = asker(), others = asker(), i, err;
	char name[32];

	(void)arg;
	if (send(fd, question, resolver_question(question, "late.n.test", DNS_A), 0) < 0)
		return errno;
	for (i = 0; i < NR_QUESTIONS; i++) {
		snprintf(name, sizeof(name), "mute%d.c.test", i);
		send(others, question, resolver_question(question, name, DNS_A), 0);
	}
	err = ask_one("now.c.test");
	if (!err && recv(fd, question, sizeof(question), 0) < 0)
		err = errno;
	close(fd);
	close(others);
	return err;
}

FIXTURE(beside) {
	struct group group;
	struct worker worker;
};

FIXTURE_SETUP(beside)
{
	candidate_setup(&self->group, &self->worker);
}

FIXTURE_TEARDOWN(beside)
{
	candidate_teardown(&self->group, &self->worker);
	candidate_forget(POLICY);
}

static void begin(struct __test_metadata *_metadata, FIXTURE_DATA(beside) *self,
		  const char *active, const char *candidate)
{
	ASSERT_EQ(0, candidate_load(POLICY, 1, active, false));
	group_bind(&self->group, POLICY);
	ASSERT_EQ(0, candidate_load(POLICY, 2, candidate, true));
}

static int may_connect(const FIXTURE_DATA(beside) *self)
{
	return worker_do(&self->worker, net_connect, &told_first);
}

TEST_F(beside, names_take_no_place_from_names)
{
	pid_t server = serve_names();

	begin(_metadata, self, HOSTS("*.n.test"), HOSTS("*.c.test"));
	EXPECT_EQ(ECONNREFUSED, may_connect(self));
	ASSERT_EQ(0, worker_do(&self->worker, ask_one, "one.n.test"));
	EXPECT_NE(ECONNREFUSED, may_connect(self));
	ASSERT_EQ(0, worker_do(&self->worker, ask_many, "c.test"));
	EXPECT_NE(ECONNREFUSED, may_connect(self));
	kill(server, SIGKILL);
}

TEST_F(beside, questions_take_no_place_from_questions)
{
	pid_t server = serve_names();

	begin(_metadata, self, HOSTS("*.n.test"), HOSTS("*.c.test"));
	ASSERT_EQ(0, worker_do(&self->worker, ask_late, NULL));
	EXPECT_NE(ECONNREFUSED, may_connect(self));
	kill(server, SIGKILL);
}

/* What was asked for beside is believed once its policy is in force. */
TEST_F(beside, names_are_believed_once_promoted)
{
	pid_t server = serve_names();

	begin(_metadata, self, HOSTS("*.n.test"), HOSTS("*.c.test"));
	ASSERT_EQ(0, worker_do(&self->worker, ask_one, "one.c.test"));
	EXPECT_EQ(ECONNREFUSED, may_connect(self));
	EXPECT_LE(1, candidate_see(POLICY).would.would_allow);
	EXPECT_EQ(0, candidate_see(POLICY).would.would_deny);
	EXPECT_EQ(0, candidate_promote(POLICY, 0));
	EXPECT_NE(ECONNREFUSED, may_connect(self));
	kill(server, SIGKILL);
}

/* While nobody in force believes names, anybody may have said what they are. */
TEST_F(beside, names_are_asked_for_anew_where_nobody_was_watched)
{
	pid_t server = serve_names();

	begin(_metadata, self, "egress: { default: allow }\n", HOSTS("*.c.test"));
	EXPECT_NE(ECONNREFUSED, may_connect(self));
	EXPECT_EQ(1, candidate_see(POLICY).would.would_deny);
	ASSERT_EQ(0, worker_do(&self->worker, ask_one, "one.c.test"));
	EXPECT_NE(ECONNREFUSED, may_connect(self));
	EXPECT_EQ(1, candidate_see(POLICY).would.would_deny);
	EXPECT_EQ(0, candidate_promote(POLICY, 0));
	EXPECT_EQ(ECONNREFUSED, may_connect(self));
	kill(server, SIGKILL);
}

/* What is not believed any more is not asked again before policies have changed. */
TEST_F(beside, connections_are_not_asked_again)
{
	static const struct target to = { .address = FIRST, .port = 8080,
					  .type = SOCK_STREAM };
	pid_t server = serve_names();

	net_add_network("lo:1", FIRST);
	net_listen(8080);
	ASSERT_EQ(0, candidate_load(POLICY, 1, HOSTS("*.n.test"), false));
	group_bind(&self->group, POLICY);
	ASSERT_EQ(0, worker_do(&self->worker, ask_one, "one.n.test"));
	ASSERT_EQ(0, worker_do(&self->worker, errand_hold, &to));
	ASSERT_EQ(0, worker_do(&self->worker, ask_many, "n.test"));
	EXPECT_EQ(ECONNREFUSED, may_connect(self));
	ASSERT_EQ(0, candidate_load(POLICY, 2, ALLOWS, true));
	ASSERT_EQ(0, candidate_drop(POLICY));
	usleep(300000);
	ASSERT_FALSE(errand_has_ended(&self->worker));
	ASSERT_EQ(0, candidate_load(POLICY, 3, HOSTS("*.n.test"), false));
	EXPECT_TRUE(await_state(errand_has_ended, &self->worker, 5));
	kill(server, SIGKILL);
}

#define ONLY(denied)							\
	"files: { default: allow, rules: [{ path: " WORK "/" denied ", deny: [all] }] }\n"

static int open_b(void)
{
	return errno_of_fd(open(WORK "/b", O_RDONLY | O_CLOEXEC));
}

/* For two seconds; returns how often one was refused, or the other was not. */
static int open_both(const void *arg)
{
	time_t end = time(NULL) + 2;
	int wrong = 0;

	(void)arg;
	while (time(NULL) <= end)
		wrong += candidate_open(NULL) || open_b() != EACCES;
	return wrong;
}

static void come_and_go(struct __test_metadata *_metadata, u32 version)
{
	struct fng_client_load trial = { .within = 60 };
	u64 generation;

	EXPECT_EQ(0, candidate_load(POLICY, version, ONLY("a"), true));
	EXPECT_EQ(0, candidate_drop(POLICY));
	EXPECT_EQ(0, candidate_load(POLICY, version, ONLY("a"), true));
	EXPECT_EQ(0, candidate_load(POLICY, version, ONLY("b"), true));
	EXPECT_EQ(0, candidate_promote(POLICY, 60));
	EXPECT_EQ(0, version % 2 ?
		  fng_client_policy_rollback(guard_client(), &generation) :
		  fng_client_policy_confirm(guard_client(), &generation));
	EXPECT_EQ(0, control_load_as("policy: " POLICY "\n" ONLY("b"), &trial));
	EXPECT_EQ(0, fng_client_policy_rollback(guard_client(), &generation));
}

/* Whoever judges meanwhile does by what is in force, before and after. */
TEST_F(beside, comes_and_goes)
{
	u32 version = 3;
	int status;
	pid_t pid;

	begin(_metadata, self, ONLY("b"), ONLY("a"));
	pid = fork();
	if (!pid)
		_exit(!!worker_do(&self->worker, open_both, NULL));
	while (!waitpid(pid, &status, WNOHANG))
		come_and_go(_metadata, version++);
	EXPECT_EQ(0, status);
	EXPECT_LT(4, version);
}

static int open_for_writing(const void *arg)
{
	(void)arg;
	return errno_of_fd(open(WORK "/a", O_WRONLY | O_CLOEXEC));
}

static s64 change_time(void)
{
	struct stat stat;

	if (lstat(WORK "/a", &stat))
		die("the file is gone");
	return stat.st_ctim.tv_sec * 1000000000ll + stat.st_ctim.tv_nsec;
}

/* Others may go by the change times of files. */
TEST_F(beside, files_do_not_change)
{
	s64 before = change_time();

	begin(_metadata, self, "exec: { default: allow }\n",
	      "exec: { default: allow, modified: deny }\n");
	usleep(20000);
	EXPECT_EQ(0, worker_do(&self->worker, open_for_writing, NULL));
	EXPECT_EQ(before, change_time());
	EXPECT_EQ(0, candidate_promote(POLICY, 0));
	EXPECT_EQ(0, worker_do(&self->worker, open_for_writing, NULL));
	EXPECT_LT(before, change_time());
}

TEST_F(beside, is_none_of_those_that_judge)
{
	struct fng_client_subject subject;

	begin(_metadata, self, ALLOWS, DENIES);
	ASSERT_EQ(0, fng_client_subject(guard_client(), self->group.id,
					&subject));
	EXPECT_EQ(1, subject.nr);
	EXPECT_EQ(1, subject.applied[0].version);
}

/* It would not refuse that now, either. */
TEST_F(beside, refuses_nothing_of_who_is_exempt)
{
	begin(_metadata, self, ALLOWS, DENIES);
	exempt_begin(&self->group, 3600);
	EXPECT_EQ(0, worker_do(&self->worker, candidate_open, NULL));
	EXPECT_EQ(0, candidate_see(POLICY).would.would_deny);
	EXPECT_EQ(0, candidate_counts(&self->group).would_deny);
	exempt_end(&self->group);
	EXPECT_EQ(0, worker_do(&self->worker, candidate_open, NULL));
	EXPECT_EQ(1, candidate_see(POLICY).would.would_deny);
	/* Nor would it allow what is allowed. */
	ASSERT_EQ(0, candidate_load(POLICY, 3, DENIES, false));
	ASSERT_EQ(0, candidate_load(POLICY, 4, ALLOWS, true));
	exempt_begin(&self->group, 3600);
	EXPECT_EQ(0, worker_do(&self->worker, candidate_open, NULL));
	EXPECT_EQ(0, candidate_see(POLICY).would.would_allow);
	exempt_end(&self->group);
}

TEST_F(beside, refuses_nothing_of_who_is_entering)
{
	struct worker launcher;

	begin(_metadata, self, ALLOWS, DENIES);
	worker_start(&launcher);
	worker_move(&launcher, &self->group);
	EXPECT_EQ(0, worker_do(&launcher, candidate_open, NULL));
	EXPECT_EQ(0, candidate_see(POLICY).would.would_deny);
	EXPECT_EQ(0, candidate_promote(POLICY, 0));
	EXPECT_EQ(0, worker_do(&launcher, candidate_open, NULL));
	EXPECT_EQ(EACCES, worker_do(&self->worker, candidate_open, NULL));
	worker_end(&launcher);
}

TEST_HARNESS_MAIN
