// SPDX-License-Identifier: GPL-2.0-only
/*
 * Phases: what a cgroup may do from the moment at which it enters one, in each way
 * in which it can, and that there is no way back.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/socket.h>

#include <client/phase.h>

#include "bound.h"
#include "control.h"
#include "errand.h"
#include "expect.h"

#define POLICY		"phased"
#define PORT		8021

/* Line 9 is what a phase says of exec. */
#define HEAD								\
	"policy: " POLICY "\n"						\
	"exec: { default: deny, allow: [" WORK "/*] }\n"		\
	"files:\n"							\
	"  default: allow\n"						\
	"  rules: [ { path: " WORK "/d, deny: [all] } ]\n"		\
	"egress: { default: allow }\n"					\
	"phases:\n"							\
	"  serve:\n"
#define NO_EXEC	"    exec: { allow: [] }\n"
#define QUIET								\
	"  quiet:\n"							\
	"    egress: { default: deny }\n"

static const struct target stream = TO("127.1.0.1");

static int open_listener(int type)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(PORT),
	};
	int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)))
		die("the port is taken");
	return fd;
}

static int do_listen(const void *arg)
{
	(void)arg;
	net_held = open_listener(SOCK_STREAM);
	return errno_of(listen(net_held, 1));
}

/* The port would be the kernel's to choose. */
static int do_listen_anywhere(const void *arg)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int err = errno_of(listen(fd, 1));

	(void)arg;
	close(fd);
	return err;
}

/* Nobody has come. */
static int do_accept(const void *arg)
{
	(void)arg;
	return errno_of_fd(accept(net_held, NULL, NULL));
}

static int do_bind_datagram(const void *arg)
{
	(void)arg;
	close(open_listener(SOCK_DGRAM));
	return 0;
}

static int do_listen_unix(const void *arg)
{
	const sa_family_t any = AF_UNIX;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), err;

	(void)arg;
	err = errno_of(bind(fd, (const struct sockaddr *)&any, sizeof(any))) ?:
	      errno_of(listen(fd, 1));
	close(fd);
	return err;
}

static void __attribute__((constructor)) prepare(void)
{
	net_listen(ERRAND_PORT);
}

EVENTS_OF_SUITE(events);

FIXTURE(phase) {
	struct bench bench;
};

FIXTURE_SETUP(phase)
{
	bound_setup();
	copy_helper("helper_true", "true");
	guard_load(HEAD NO_EXEC QUIET);
	bench_start(&self->bench, POLICY);
}

FIXTURE_TEARDOWN(phase)
{
	bench_end(&self->bench);
	work_remove();
}

static int run(const struct bench *bench)
{
	return worker_do(&bench->worker, errand_execute, WORK "/true");
}

static int connects(const struct bench *bench)
{
	return worker_do(&bench->worker, net_connect, &stream);
}

static int enter(const struct bench *bench, const char *phase)
{
	return fng_client_phase_enter(guard_client(), bench->group.fd, POLICY,
				      phase);
}

/**
 * struct listed - what is listed of a cgroup
 * @id: the cgroup
 * @nr: rows of it
 * @phase: name of the phase that it is in, or empty
 * @next: of the next one, or empty
 */
struct listed {
	u64 id;
	u32 nr;
	char phase[FNG_MAX_PHASE_NAME + 1];
	char next[FNG_MAX_PHASE_NAME + 1];
};

static int note(const struct fng_client_phase *phase, void *data)
{
	struct listed *listed = data;

	if (phase->cgroup_id != listed->id || strcmp(phase->policy, POLICY))
		return 0;
	listed->nr++;
	snprintf(listed->phase, sizeof(listed->phase), "%s",
		 phase->phase ?: "");
	snprintf(listed->next, sizeof(listed->next), "%s", phase->next ?: "");
	return 0;
}

static struct listed list(const struct group *group)
{
	struct listed listed = { .id = group->id };

	if (fng_client_phase_list(guard_client(), note, &listed))
		die("no list: %s", guard_client()->error);
	return listed;
}

static bool is_in(const struct bench *bench, const char *phase)
{
	struct listed listed = list(&bench->group);

	return listed.nr == 1 && !strcmp(listed.phase, phase);
}

TEST_F(phase, begins_by_command_and_is_one_way)
{
	const struct bench *bench = &self->bench;
	char line[EVENT_LINE_SIZE];
	struct outcome outcome;
	struct listed listed;

	EXPECT_EQ(0, run(bench));
	EXPECT_TRUE(is_in(bench, ""));
	ASSERT_EQ(0, enter(bench, "serve"));
	EXPECT_EQ(EACCES, run(bench));
	EXPECT_EQ(0, connects(bench));
	EXPECT_EQ(0, bound_ask(&bench->worker, 'a'));
	EXPECT_EQ(EACCES, bound_ask(&bench->worker, 'd'));
	refusals_read(bench->group.id, &outcome);
	EXPECT_EQ(2, outcome.nr);
	EXPECT_EQ(2, outcome_sum(&outcome));
	listed = list(&bench->group);
	EXPECT_STREQ("serve", listed.phase);
	EXPECT_STREQ("quiet", listed.next);
	EXPECT_TRUE(events_find(&events, "phase", bench->group.path, line));
	expect_text(_metadata, line, " policy " POLICY " phase serve ");
	expect_text(_metadata, line, ": command ");
	EXPECT_TRUE(events_find(&events, "denied", WORK "/true", line));
	expect_text(_metadata, line, " by " POLICY " phase serve rule ");
	expect_text(_metadata, line, bench->group.path);

	EXPECT_EQ(-EALREADY, enter(bench, "serve"));
	expect_text(_metadata, guard_client()->error, "already");
	ASSERT_EQ(0, enter(bench, "quiet"));
	EXPECT_EQ(ECONNREFUSED, connects(bench));
	EXPECT_EQ(EACCES, run(bench));
	EXPECT_EQ(-EINVAL, enter(bench, "serve"));
	expect_text(_metadata, guard_client()->error, "no way back");
	EXPECT_EQ(ECONNREFUSED, connects(bench));
	EXPECT_TRUE(is_in(bench, "quiet"));
}

static void expect_entered(struct __test_metadata *_metadata,
			   const struct bench *bench, const char *why)
{
	char line[EVENT_LINE_SIZE];

	EXPECT_EQ(EACCES, run(bench));
	EXPECT_TRUE(is_in(bench, "serve"));
	EXPECT_TRUE(events_find(&events, "phase", bench->group.path, line));
	expect_text(_metadata, line, " phase serve ");
	expect_text(_metadata, line, why);
}

TEST_F(phase, begins_when_the_function_listens)
{
	const struct bench *bench = &self->bench;

	guard_load(HEAD "    enter: listen\n" NO_EXEC QUIET);
	EXPECT_EQ(0, worker_do(&bench->worker, do_bind_datagram, NULL));
	EXPECT_EQ(0, worker_do(&bench->worker, do_listen_unix, NULL));
	EXPECT_EQ(0, run(bench));
	EXPECT_EQ(0, worker_do(&bench->worker, do_listen, NULL));
	expect_entered(_metadata, bench, ": listen ");
	/* It goes no further by that. */
	EXPECT_EQ(EAGAIN, worker_do(&bench->worker, do_accept, NULL));
	EXPECT_EQ(0, connects(bench));
}

/* What it is refused, it does not do. */
TEST_F(phase, does_not_begin_with_a_refusal)
{
	const struct bench *bench = &self->bench;

	guard_load(HEAD "    enter: listen\n" NO_EXEC
		   "listen: { default: deny }\n");
	EXPECT_EQ(EPERM, worker_do(&bench->worker, do_listen_anywhere, NULL));
	EXPECT_EQ(0, run(bench));
	EXPECT_TRUE(is_in(bench, ""));
}

TEST_F(phase, begins_when_the_function_accepts)
{
	const struct bench *bench = &self->bench;

	guard_load(HEAD "    enter: accept\n" NO_EXEC QUIET);
	EXPECT_EQ(0, worker_do(&bench->worker, do_listen, NULL));
	EXPECT_EQ(0, run(bench));
	EXPECT_EQ(EAGAIN, worker_do(&bench->worker, do_accept, NULL));
	expect_entered(_metadata, bench, ": accept ");
}

static void jump(time_t seconds)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_sec += seconds;
	if (clock_settime(CLOCK_REALTIME, &now))
		die("the clock cannot be set");
}

/* The time of day jumps back and forth; that since boot does not. */
TEST_F_TIMEOUT(phase, begins_after_a_time_whatever_the_clock_says, 300)
{
	struct bench bench;

	guard_load(HEAD "    enter: 15s\n" NO_EXEC
		   "  quiet: { enter: 15s, egress: { default: deny } }\n");
	bench_start(&bench, POLICY);
	EXPECT_EQ(0, run(&bench));
	jump(3600);
	jump(-7200);
	EXPECT_EQ(0, run(&bench));
	EXPECT_TRUE(is_in(&bench, ""));
	sleep(16);
	jump(3600);
	/* It has done nothing meanwhile. */
	EXPECT_EQ(EACCES, run(&bench));
	EXPECT_TRUE(is_in(&bench, "serve"));
	sleep(16);
	EXPECT_EQ(ECONNREFUSED, connects(&bench));
	EXPECT_TRUE(is_in(&bench, "quiet"));
	bench_end(&bench);
}

/* Time leads from one phase to the next alone, an event to its own at once. */
TEST_F(phase, can_be_passed_over)
{
	const struct bench *bench = &self->bench;

	guard_load(HEAD "    enter: 1h\n" NO_EXEC
		   "  quiet: { enter: listen, egress: { default: deny } }\n");
	EXPECT_EQ(0, run(bench));
	EXPECT_EQ(0, worker_do(&bench->worker, do_listen, NULL));
	EXPECT_EQ(EACCES, run(bench));
	EXPECT_EQ(ECONNREFUSED, connects(bench));
	EXPECT_EQ(-EINVAL, enter(bench, "serve"));
}

TEST_F(phase, that_audits_only_tells)
{
	const struct bench *bench = &self->bench;
	char line[EVENT_LINE_SIZE];
	struct outcome outcome;

	guard_load(HEAD "    mode: audit\n" NO_EXEC QUIET);
	ASSERT_EQ(0, enter(bench, "serve"));
	EXPECT_EQ(0, run(bench));
	EXPECT_TRUE(events_find(&events, "would-deny", bench->group.path, line));
	expect_text(_metadata, line, " by " POLICY " phase serve rule ");
	/* What was in force stays so. */
	EXPECT_EQ(EACCES, bound_ask(&bench->worker, 'd'));
	/* Executed and mapped, and what both are against. */
	refusals_read(bench->group.id, &outcome);
	EXPECT_EQ(4, outcome.nr);
	/* Who comes to a phase that enforces is refused both. */
	ASSERT_EQ(0, enter(bench, "quiet"));
	EXPECT_EQ(EACCES, run(bench));
	EXPECT_EQ(ECONNREFUSED, connects(bench));
}

TEST_F(phase, outlives_policies_by_its_name)
{
	const struct bench *bench = &self->bench;

	ASSERT_EQ(0, enter(bench, "serve"));
	guard_load(HEAD NO_EXEC QUIET);
	EXPECT_EQ(EACCES, run(bench));
	EXPECT_TRUE(is_in(bench, "serve"));
	/* Another one is before it. */
	guard_load("policy: " POLICY "\n"
		   "exec: { default: allow }\n"
		   "egress: { default: allow }\n"
		   "phases:\n"
		   "  first: { unix: { default: deny } }\n"
		   "  serve: { exec: { default: deny } }\n"
		   "  last: { egress: { default: deny } }\n");
	EXPECT_TRUE(is_in(bench, "serve"));
	EXPECT_EQ(EACCES, run(bench));
	EXPECT_EQ(0, connects(bench));
	EXPECT_EQ(-EINVAL, enter(bench, "first"));
	/* It is gone: the last is the one that allows least. */
	guard_load("policy: " POLICY "\n"
		   "exec: { default: allow }\n"
		   "egress: { default: allow }\n"
		   "phases:\n"
		   "  first: { exec: { default: deny } }\n"
		   "  last: { egress: { default: deny } }\n");
	EXPECT_EQ(EACCES, run(bench));
	EXPECT_EQ(ECONNREFUSED, connects(bench));
	/* There are none, and then there are again. */
	guard_load("policy: " POLICY "\nexec: { default: allow }\n");
	EXPECT_EQ(0, run(bench));
	EXPECT_EQ(0, list(&bench->group).nr);
	guard_load(HEAD NO_EXEC QUIET);
	EXPECT_EQ(EACCES, run(bench));
	/* Neither does unbinding end it. */
	bound_unbind(&bench->group, NULL);
	EXPECT_EQ(0, run(bench));
	group_bind(&bench->group, POLICY);
	EXPECT_EQ(EACCES, run(bench));
}

TEST_F(phase, ends_connections_that_it_does_not_allow)
{
	const struct bench *bench = &self->bench;

	ASSERT_EQ(0, worker_do(&bench->worker, errand_hold, &stream));
	ASSERT_EQ(0, enter(bench, "serve"));
	EXPECT_EQ(0, connects(bench));
	EXPECT_FALSE(errand_has_ended(&bench->worker));
	ASSERT_EQ(0, enter(bench, "quiet"));
	EXPECT_TRUE(await_state(errand_has_ended, &bench->worker, 10));
}

TEST_F(phase, is_of_that_cgroup_and_those_below)
{
	const struct bench *bench = &self->bench;
	struct bench above, below;

	guard_load(HEAD "    enter: listen\n" NO_EXEC QUIET);
	group_make(&above.group, NULL);
	group_make(&below.group, &above.group);
	worker_start(&above.worker);
	worker_start(&below.worker);
	worker_move(&above.worker, &above.group);
	worker_move(&below.worker, &below.group);
	group_bind(&above.group, POLICY);
	EXPECT_EQ(0, run(&below));
	EXPECT_EQ(0, worker_do(&below.worker, do_listen, NULL));
	EXPECT_EQ(EACCES, run(&below));
	EXPECT_EQ(0, run(&above));
	EXPECT_EQ(0, run(bench));
	ASSERT_EQ(0, enter(&above, "quiet"));
	EXPECT_EQ(ECONNREFUSED, connects(&above));
	EXPECT_EQ(ECONNREFUSED, connects(&below));
	EXPECT_EQ(0, connects(bench));
	bench_end(&below);
	bench_end(&above);
}

/* Each of two policies is in a phase of its own, and both refuse. */
TEST_F(phase, is_of_that_policy)
{
	const struct bench *bench = &self->bench;

	guard_load("policy: phased-other\n"
		   "egress: { default: allow }\n"
		   "phases: { serve: { egress: { default: deny } } }\n");
	group_bind(&bench->group, "phased-other");
	ASSERT_EQ(0, enter(bench, "serve"));
	EXPECT_EQ(EACCES, run(bench));
	EXPECT_EQ(0, connects(bench));
	EXPECT_EQ(0, fng_client_phase_enter(guard_client(), bench->group.fd,
					    "phased-other", "serve"));
	EXPECT_EQ(ECONNREFUSED, connects(bench));
}

TEST_F(phase, is_refused_where_there_is_none)
{
	const struct bench *bench = &self->bench;
	const struct piece both[] = {
		{ FNG_A_POLICY_NAME, POLICY, sizeof(POLICY) },
		{ FNG_A_PHASE, "serve", 6 },
		{ 0, NULL, 0 },
	};
	const char *const name = "01234567890123456789012345678901";
	struct group other;

	EXPECT_EQ(-ENOENT, enter(bench, "nothing"));
	expect_text(_metadata, guard_client()->error, "no phase of that name");
	EXPECT_EQ(-ENOENT, fng_client_phase_enter(guard_client(),
						  bench->group.fd, "nothing",
						  "serve"));
	expect_text(_metadata, guard_client()->error, "No policy of that name");
	EXPECT_EQ(-EINVAL, enter(bench, name));
	EXPECT_EQ(-EINVAL, control_send(guard_client(), FNG_CMD_PHASE, 0, both));
	expect_text(_metadata, guard_client()->error, "must name the cgroup");
	EXPECT_EQ(-EINVAL, control_send(guard_client(), FNG_CMD_PHASE, 0, NULL));
	group_make(&other, NULL);
	EXPECT_EQ(-ENOENT, fng_client_phase_enter(guard_client(), other.fd,
						  POLICY, "serve"));
	group_remove(&other);
	EXPECT_EQ(0, run(bench));
}

/* Refusals of phases are counted by phase, and all of them told. */
TEST_F(phase, has_counters_of_its_own)
{
	const struct bench *bench = &self->bench;
	struct outcome totals;

	EXPECT_EQ(EACCES, bound_ask(&bench->worker, 'd'));
	ASSERT_EQ(0, enter(bench, "serve"));
	EXPECT_EQ(EACCES, bound_ask(&bench->worker, 'd'));
	EXPECT_EQ(EACCES, bound_ask(&bench->worker, 'd'));
	totals_read(POLICY, &totals);
	EXPECT_EQ(2, totals.nr);
	EXPECT_EQ(3, outcome_sum(&totals));
	EXPECT_EQ(totals.refusals[0].line, totals.refusals[1].line);
}

TEST_HARNESS_MAIN
