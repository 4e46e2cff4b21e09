// SPDX-License-Identifier: GPL-2.0-only
/*
 * One function after the other uses a cgroup: nothing is left of what is remembered
 * of the one before.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/stat.h>

#include <client/activation.h>
#include <client/learned.h>
#include <client/phase.h>

#include "bound.h"
#include "control.h"
#include "drift.h"
#include "errand.h"
#include "exempt.h"
#include "expect.h"

#define POLICY	"pooled"
#define HEAD								\
	"policy: " POLICY "\n"						\
	"exec: { default: deny, allow: [" WORK "/*] }\n"		\
	"files:\n"							\
	"  default: allow\n"						\
	"  rules: [ { path: " WORK "/b, deny: [all] } ]\n"

#define MODIFIED							\
	"policy: " POLICY "\n"						\
	"exec: { default: deny, allow: [" WORK "/*], modified: deny }\n"

EVENTS_OF_SUITE(events);

FIXTURE(activate) {
	struct group group;
};

FIXTURE_SETUP(activate)
{
	bound_setup();
	copy_helper("helper_true", "true");
	guard_load(HEAD);
	group_make(&self->group, NULL);
	group_bind(&self->group, POLICY);
}

FIXTURE_TEARDOWN(activate)
{
	group_remove(&self->group);
	work_remove();
}

static int activate_with(const struct group *group, const char *policy,
			 const char *name, const char *labels)
{
	const struct fng_client_activation activation = {
		.cgroup_fd = group->fd,
		.policy = policy,
		.name = name,
		.labels = labels,
	};

	return fng_client_cgroup_activate(guard_client(), &activation);
}

static int activate(const struct group *group, const char *name)
{
	return activate_with(group, POLICY, name, NULL);
}

static int reads(const struct group *group, const char *name)
{
	return bound_errno(group, name);
}

TEST_F(activate, refused_while_there_are_tasks)
{
	const struct group *group = &self->group;
	struct fng_client_status before;
	struct group below;
	struct worker worker;
	struct bound bound;

	group_make(&below, group);
	worker_start(&worker);
	worker_move(&worker, &below);
	before = control_status();
	EXPECT_EQ(-EBUSY, activate(group, "one"));
	expect_text(_metadata, guard_client()->error, "There are tasks");
	worker_move(&worker, group);
	EXPECT_EQ(-EBUSY, activate(group, "one"));
	EXPECT_TRUE(control_unchanged(&before));
	EXPECT_TRUE(bound_find(group->id, POLICY, &bound));
	worker_end(&worker);
	EXPECT_EQ(0, activate(group, "one"));
	group_remove(&below);
}

TEST_F(activate, takes_the_place_of_other_bindings)
{
	const struct group *group = &self->group;
	char line[EVENT_LINE_SIZE];
	struct bound bound;

	bound_load("pooled-other", "", "a");
	group_bind(group, "pooled-other");
	EXPECT_EQ(EACCES, reads(group, "c"));
	ASSERT_EQ(0, activate_with(group, POLICY, "pay:7", "tenant=acme"));
	EXPECT_EQ(0, reads(group, "c"));
	EXPECT_FALSE(bound_find(group->id, "pooled-other", &bound));
	ASSERT_TRUE(bound_find(group->id, POLICY, &bound));
	EXPECT_STREQ("tenant=acme", bound.labels);
	EXPECT_FALSE(bound.partial);
	EXPECT_TRUE(events_find(&events, "activated", group->path, line));
	expect_text(_metadata, line, " policy " POLICY " ");
	expect_text(_metadata, line, " activation pay:7 ");
	/* Labels are of who is there, not of who was. */
	ASSERT_EQ(0, activate_with(group, "pooled-other", NULL, NULL));
	EXPECT_EQ(EACCES, reads(group, "c"));
	EXPECT_FALSE(bound_find(group->id, POLICY, &bound));
	ASSERT_TRUE(bound_find(group->id, "pooled-other", &bound));
	EXPECT_STREQ("", bound.labels);
	EXPECT_TRUE(events_find(&events, "activated", group->path, line));
	expect_text(_metadata, line, " activation #");
}

TEST_F(activate, binds_what_was_not_bound)
{
	struct group group;

	group_make(&group, NULL);
	EXPECT_EQ(0, reads(&group, "b"));
	ASSERT_EQ(0, activate(&group, "one"));
	EXPECT_EQ(EACCES, reads(&group, "b"));
	group_remove(&group);
}

static int enter(const struct group *group, const char *phase)
{
	return fng_client_phase_enter(guard_client(), group->fd, POLICY, phase);
}

TEST_F(activate, begins_before_any_phase)
{
	const struct group *group = &self->group;

	guard_load(HEAD "phases: { serve: { files: { default: deny } } }\n");
	ASSERT_EQ(0, enter(group, "serve"));
	EXPECT_EQ(EACCES, reads(group, "a"));
	/* The control: binding it anew is not enough. */
	bound_unbind(group, POLICY);
	group_bind(group, POLICY);
	EXPECT_EQ(EACCES, reads(group, "a"));
	ASSERT_EQ(0, activate(group, "one"));
	EXPECT_EQ(0, reads(group, "a"));
	EXPECT_EQ(0, enter(group, "serve"));
	EXPECT_EQ(EACCES, reads(group, "a"));
}

/* The same of a cgroup below, whose state is its own. */
TEST_F(activate, is_of_those_below_too)
{
	const struct group *group = &self->group;
	struct group below;

	guard_load(HEAD "phases: { serve: { files: { default: deny } } }\n");
	group_make(&below, group);
	ASSERT_EQ(0, enter(&below, "serve"));
	EXPECT_EQ(EACCES, reads(&below, "a"));
	EXPECT_EQ(0, reads(group, "a"));
	ASSERT_EQ(0, activate(group, "one"));
	EXPECT_EQ(0, reads(&below, "a"));
	group_remove(&below);
}

static int run(const struct group *group)
{
	const struct attempt attempt = {
		.act = (int (*)(const void *))drift_run,
		.arg = WORK "/true",
	};
	struct outcome outcome;

	run_in(group, NULL, &attempt, &outcome);
	return outcome.err;
}

TEST_F(activate, has_the_whole_budget)
{
	const struct group *group = &self->group;

	guard_load(HEAD "limits: { open: 2/h burst 2 }\n");
	EXPECT_EQ(0, reads(group, "a"));
	EXPECT_EQ(0, reads(group, "a"));
	EXPECT_EQ(EAGAIN, reads(group, "a"));
	/* The control: a policy that takes its place is not enough. */
	guard_load(HEAD "limits: { open: 2/h burst 2 }\n");
	EXPECT_EQ(EAGAIN, reads(group, "a"));
	ASSERT_EQ(0, activate(group, "one"));
	EXPECT_EQ(0, reads(group, "a"));
	EXPECT_EQ(0, reads(group, "a"));
	EXPECT_EQ(EAGAIN, reads(group, "a"));
}

TEST_F(activate, is_in_no_quarantine)
{
	const struct group *group = &self->group;

	guard_load(HEAD "response: { quarantine: 2 denials / 1h }\n");
	EXPECT_EQ(EACCES, reads(group, "b"));
	EXPECT_EQ(0, reads(group, "a"));
	EXPECT_EQ(EACCES, reads(group, "b"));
	EXPECT_EQ(EACCES, reads(group, "a"));
	ASSERT_EQ(0, activate(group, "one"));
	EXPECT_EQ(0, reads(group, "a"));
	/* What led there is forgotten as well. */
	EXPECT_EQ(EACCES, reads(group, "b"));
	EXPECT_EQ(0, reads(group, "a"));
}

/* It was for the function before, and not for what is above. */
TEST_F(activate, is_not_exempt)
{
	const struct group *group = &self->group;
	struct exempt exempt;
	struct group below;

	group_make(&below, group);
	exempt_begin(group, 600);
	exempt_begin(&below, 600);
	EXPECT_EQ(0, reads(group, "b"));
	ASSERT_EQ(0, activate(&below, "one"));
	EXPECT_FALSE(exempt_find(below.id, &exempt));
	EXPECT_TRUE(exempt_find(group->id, &exempt));
	EXPECT_EQ(0, reads(&below, "b"));
	exempt_begin(&below, 600);
	ASSERT_EQ(0, activate(group, "two"));
	EXPECT_FALSE(exempt_find(group->id, &exempt));
	EXPECT_EQ(0, exempt.nr);
	EXPECT_EQ(EACCES, reads(group, "b"));
	EXPECT_EQ(EACCES, reads(&below, "b"));
	group_remove(&below);
}

TEST_F(activate, begins_with_the_code_that_is_there)
{
	const struct group *group = &self->group;

	guard_load(MODIFIED);
	drift_settle();
	ASSERT_EQ(0, activate(group, "one"));
	EXPECT_EQ(0, run(group));
	drift_settle();
	copy_helper("helper_true", "true");
	EXPECT_EQ(EACCES, run(group));
	drift_settle();
	ASSERT_EQ(0, activate(group, "two"));
	EXPECT_EQ(0, run(group));
}

/* Where ticks begin with the second, one in so many changes is at a whole one. */
static bool change_on_the_second(void)
{
	struct timespec now;
	struct stat status;
	u32 i;

	for (i = 0; i < 100; i++) {
		clock_gettime(CLOCK_REALTIME_COARSE, &now);
		if (now.tv_nsec) {
			usleep((1000000000 - now.tv_nsec) / 2000);
			continue;
		}
		copy_helper("helper_true", "true");
		if (!stat(WORK "/true", &status) && !status.st_ctim.tv_nsec)
			return true;
	}
	return false;
}

TEST_F(activate, begins_with_the_code_of_this_second)
{
	const struct group *group = &self->group;

	guard_load(MODIFIED);
	if (!change_on_the_second())
		SKIP(return, "seconds do not begin with a tick");
	drift_settle();
	ASSERT_EQ(0, activate(group, "one"));
	EXPECT_EQ(0, run(group));
}

static const struct errand asked = {
	.name = "good.n.test", .to = TO(RESOLVED),
};

static int count(const struct fng_client_learned *learned, void *data)
{
	(void)learned;
	++*(u32 *)data;
	return 0;
}

static u32 nr_names(const struct group *group)
{
	u32 nr = 0;

	if (fng_client_learned(guard_client(), group->id, count, &nr))
		die("no names: %s", guard_client()->error);
	return nr;
}

TEST_F(activate, knows_no_names)
{
	struct bench bench;

	errand_prepare();
	guard_load("policy: " POLICY "\n" NAMES_RULES);
	bench_start(&bench, POLICY);
	bench_run(&bench, &asked);
	EXPECT_LT(0, nr_names(&bench.group));
	worker_end(&bench.worker);
	EXPECT_LT(0, nr_names(&bench.group));
	ASSERT_EQ(0, activate(&bench.group, "one"));
	EXPECT_EQ(0, nr_names(&bench.group));
	group_remove(&bench.group);
}

static const struct errand refused = { .to = TO(RESOLVED_OTHER) };

static int ask_late(const void *unused)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(53) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	u8 question[512];
	size_t len = resolver_question(question, "good.n.test", DNS_A);

	(void)unused;
	inet_pton(AF_INET, RESOLVER, &to.sin_addr);
	return sendto(fd, question, len, 0, (struct sockaddr *)&to,
		      sizeof(to)) < 0 ? errno : 0;
}

/*
 * Somebody asks, ends, is perhaps followed by another, and only then answered;
 * returns how many names are known then.
 */
static u32 known_late(struct __test_metadata *_metadata, int server,
		      bool followed)
{
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	struct bench bench;
	u8 message[512];
	ssize_t len;
	u32 nr;

	bench_start(&bench, POLICY);
	EXPECT_EQ(0, worker_do(&bench.worker, ask_late, NULL));
	worker_end(&bench.worker);
	if (followed) {
		EXPECT_EQ(0, activate(&bench.group, "next"));
		worker_start(&bench.worker);
		worker_move(&bench.worker, &bench.group);
		EXPECT_EQ(ECONNREFUSED, bench_run(&bench, &refused));
	}
	len = recvfrom(server, message, sizeof(message), MSG_DONTWAIT,
		       (struct sockaddr *)&from, &size);
	ASSERT_LT(0, len);
	len = resolver_answer(message, len, RESOLVED);
	EXPECT_EQ(len, sendto(server, message, len, 0,
			      (struct sockaddr *)&from, size));
	nr = nr_names(&bench.group);
	if (followed)
		worker_end(&bench.worker);
	group_remove(&bench.group);
	return nr;
}

TEST_F(activate, knows_no_name_that_was_asked_for_before)
{
	int server;

	net_loopback_up();
	guard_load("policy: " POLICY "\n" NAMES_RULES);
	server = net_bind(RESOLVER, 53, SOCK_DGRAM);
	EXPECT_LT(0, known_late(_metadata, server, false));
	EXPECT_EQ(0, known_late(_metadata, server, true));
	close(server);
}

/**
 * struct counted - what was counted of an activation
 * @name: of the activation; NULL for none
 * @count: how often something was refused
 */
struct counted {
	const char *name;
	u64 count;
};

static int add(const struct fng_client_counter *counter, void *data)
{
	struct counted *counted = data;

	if (!counted->name != !counter->activation)
		return 0;
	if (!counted->name || !strcmp(counted->name, counter->activation))
		counted->count += counter->count;
	return 0;
}

static u64 counted(const struct group *group, const char *name)
{
	struct counted counted = { .name = name };

	if (fng_client_counters(guard_client(), NULL, &group->id, add,
				&counted))
		die("no counters: %s", guard_client()->error);
	return counted.count;
}

TEST_F(activate, is_counted_by_its_name)
{
	const struct group *group = &self->group;
	char line[EVENT_LINE_SIZE];

	EXPECT_EQ(EACCES, reads(group, "b"));
	ASSERT_EQ(0, activate(group, "first"));
	EXPECT_EQ(EACCES, reads(group, "b"));
	EXPECT_EQ(EACCES, reads(group, "b"));
	EXPECT_TRUE(events_find(&events, "denied", " activation first ", line));
	expect_text(_metadata, line, group->path);
	ASSERT_EQ(0, activate(group, "second"));
	EXPECT_EQ(EACCES, reads(group, "b"));
	EXPECT_EQ(EACCES, reads(group, "b"));
	EXPECT_EQ(EACCES, reads(group, "b"));
	EXPECT_TRUE(events_find(&events, "denied", " activation second ", line));
	EXPECT_EQ(1, counted(group, NULL));
	EXPECT_EQ(2, counted(group, "first"));
	EXPECT_EQ(3, counted(group, "second"));
	/* Rows are of a version of the policy; the name is of the cgroup. */
	guard_load(HEAD);
	EXPECT_EQ(EACCES, reads(group, "b"));
	EXPECT_LE(1, counted(group, "second"));
}

TEST_F(activate, leaves_everything_if_it_fails)
{
	static const char *const names[] = { "", "a b", "a=b", "\n", "\xc3\xa4" };
	const struct group *group = &self->group;
	struct fng_client_status before;
	struct bound bound;
	size_t i;

	guard_load(HEAD "phases: { serve: { files: { default: deny } } }\n");
	ASSERT_EQ(0, activate_with(group, POLICY, "one", "tenant=acme"));
	ASSERT_EQ(0, enter(group, "serve"));
	before = control_status();
	EXPECT_EQ(-ENOENT, activate_with(group, "nothing", "two", NULL));
	expect_text(_metadata, guard_client()->error, "No policy of that name");
	EXPECT_EQ(-EINVAL, activate_with(group, POLICY, "two", "no labels"));
	expect_text(_metadata, guard_client()->error, "Labels are");
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		EXPECT_EQ(-EINVAL, activate(group, names[i]));
		expect_text(_metadata, guard_client()->error,
			    "The name of an activation");
	}
	EXPECT_EQ(-EINVAL, control_send(guard_client(), FNG_CMD_ACTIVATE, 0,
					NULL));
	EXPECT_TRUE(control_unchanged(&before));
	ASSERT_TRUE(bound_find(group->id, POLICY, &bound));
	EXPECT_STREQ("tenant=acme", bound.labels);
	EXPECT_EQ(EACCES, reads(group, "a"));
	EXPECT_EQ(1, counted(group, "one"));
}

TEST_HARNESS_MAIN
