// SPDX-License-Identifier: GPL-2.0-only
/*
 * What becomes of a binding when its policy is replaced or unloaded, and when its
 * cgroup is removed.
 */
#include <unistd.h>

#include <client/cgroup.h>

#include "bound.h"
#include "expect.h"
#include "net.h"

#define POLICY		"end"
#define HEIR		"end-heir"
/* The collector comes by every five seconds. */
#define WAIT_SECONDS	20

FIXTURE(end) {
	struct group group;
	struct worker opener;
};

/* The task was there before, so that every rule applies to it. */
FIXTURE_SETUP(end)
{
	bound_setup();
	bound_load(POLICY, "version: 1\n", "a");
	bound_load(HEIR, "", "b");
	group_make(&self->group, NULL);
	worker_start(&self->opener);
	worker_move(&self->opener, &self->group);
	ASSERT_EQ(0, bound_ask(&self->opener, 'b'));
	group_bind(&self->group, POLICY);
}

/* What is only removed stays bound for some seconds. */
FIXTURE_TEARDOWN(end)
{
	const struct fng_client_binding all = { .cgroup_fd = self->group.fd };

	fng_client_unbind(guard_client(), &all);
	worker_end(&self->opener);
	group_remove(&self->group);
	work_remove();
}

TEST_F(end, replacement_is_in_force_at_once)
{
	struct worker *opener = &self->opener;

	EXPECT_EQ(0, bound_ask(opener, 'a'));
	EXPECT_EQ(EACCES, bound_ask(opener, 'b'));
	bound_load(POLICY, "version: 2\n", "b");
	EXPECT_EQ(EACCES, bound_ask(opener, 'a'));
	EXPECT_EQ(0, bound_ask(opener, 'b'));
	bound_load(POLICY, "version: 3\n", "a");
	EXPECT_EQ(0, bound_ask(opener, 'a'));
	EXPECT_EQ(EACCES, bound_ask(opener, 'b'));
}

static int count_bindings(const struct fng_client_policy *policy, void *data)
{
	*(u32 *)data = policy->nr_bindings;
	return 0;
}

static u32 nr_bindings(const char *policy)
{
	u32 nr = 0;

	if (fng_client_policy_get(guard_client(), policy, count_bindings, &nr))
		die("%s is not loaded", policy);
	return nr;
}

TEST_F(end, replacement_keeps_the_binding)
{
	struct fng_client_status before, after;

	EXPECT_EQ(1, nr_bindings(POLICY));
	guard_status(&before);
	bound_load(POLICY, "version: 2\n", "b");
	guard_status(&after);
	EXPECT_EQ(before.binding_gen, after.binding_gen);
	EXPECT_EQ(before.nr_bindings, after.nr_bindings);
	EXPECT_EQ(1, nr_bindings(POLICY));
}

/* Nobody listens, so nothing may be forgotten. */
TEST_F(end, replacement_keeps_the_counts)
{
	struct fng_client_status before, after;
	struct outcome outcome;

	guard_status(&before);
	EXPECT_EQ(EACCES, bound_ask(&self->opener, 'b'));
	bound_load(POLICY, "version: 2\n", "a");
	EXPECT_EQ(EACCES, bound_ask(&self->opener, 'b'));
	EXPECT_EQ(EACCES, bound_ask(&self->opener, 'c'));
	refusals_read(self->group.id, &outcome);
	EXPECT_EQ(3, outcome_sum(&outcome));
	guard_status(&after);
	EXPECT_EQ(before.denied + 3, after.denied);
}

TEST_F(end, replacement_keeps_who_is_entering)
{
	struct fng_client_status status;
	struct worker entering;

	worker_start(&entering);
	worker_move(&entering, &self->group);
	EXPECT_EQ(0, bound_ask(&entering, 'b'));
	bound_load(POLICY, "version: 2\n", "");
	EXPECT_EQ(0, bound_ask(&entering, 'b'));
	EXPECT_EQ(EACCES, bound_ask(&self->opener, 'b'));
	guard_status(&status);
	EXPECT_EQ(1, status.nr_entering);
	worker_end(&entering);
}

TEST_F(end, bound_policy_is_not_unloaded)
{
	struct fng_client *client = guard_client();
	struct fng_client_status before, after;
	u64 generation;

	guard_status(&before);
	generation = before.policy_gen;
	EXPECT_EQ(-EBUSY, fng_client_policy_unload(client, &generation, POLICY,
						   NULL));
	expect_text(_metadata, client->error, "The policy is bound");
	EXPECT_EQ(-ENOENT, fng_client_policy_unload(client, &generation, POLICY,
						    "nobody"));
	EXPECT_EQ(-ENOENT, fng_client_policy_unload(client, &generation, POLICY,
						    POLICY));
	expect_text(_metadata, client->error, "another one that is loaded");
	guard_status(&after);
	EXPECT_EQ(before.policy_gen, after.policy_gen);
	EXPECT_EQ(before.nr_policies, after.nr_policies);
	EXPECT_EQ(EACCES, bound_ask(&self->opener, 'b'));
	bound_unbind(&self->group, NULL);
	bound_unload(POLICY);
	EXPECT_EQ(0, bound_ask(&self->opener, 'b'));
}

TEST_F(end, another_policy_takes_over)
{
	struct fng_client_status status;
	struct bound bound;

	guard_status(&status);
	EXPECT_EQ(0, fng_client_policy_unload(guard_client(),
					      &status.policy_gen, POLICY,
					      HEIR));
	EXPECT_TRUE(bound_find(self->group.id, HEIR, &bound));
	EXPECT_FALSE(bound_find(self->group.id, POLICY, &bound));
	EXPECT_EQ(1, nr_bindings(HEIR));
	EXPECT_EQ(EACCES, bound_ask(&self->opener, 'a'));
	EXPECT_EQ(0, bound_ask(&self->opener, 'b'));
}

static bool is_dead(const void *arg)
{
	struct bound bound;

	return bound_find(*(const u64 *)arg, POLICY, &bound) && bound.dead;
}

static bool is_forgotten(const void *arg)
{
	struct bound bound;

	return !bound_find(*(const u64 *)arg, POLICY, &bound);
}

TEST(cgroup_is_removed)
{
	char line[EVENT_LINE_SIZE];
	struct fng_client_status before, after;
	struct events events;
	struct group group;

	bound_setup();
	bound_load(POLICY, "", "a");
	guard_status(&before);
	group_make(&group, NULL);
	group_bind(&group, POLICY);
	EXPECT_EQ(EACCES, bound_errno(&group, "b"));
	events_start(&events);
	group_remove(&group);
	EXPECT_TRUE(await_state(is_forgotten, &group.id, WAIT_SECONDS));
	EXPECT_TRUE(events_find(&events, "cgroup-died", group.path, line));
	expect_text(_metadata, line, " policy " POLICY " ");
	events_stop(&events);
	guard_status(&after);
	EXPECT_GE(before.nr_bindings, after.nr_bindings);
	bound_unload(POLICY);
	work_remove();
}

static int socket_of(const struct group *group)
{
	int root = fng_cgroup_open("/"), fd;

	if (fng_cgroup_move(group->fd, 0))
		die("cannot enter the cgroup");
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fng_cgroup_move(root, 0))
		die("cannot leave the cgroup");
	close(root);
	return fd;
}

static int send_from(int fd)
{
	const struct target target = { .address = "127.9.0.1", .port = 8000 };
	struct sockaddr_storage address;
	socklen_t size = target_address(&target, &address);

	return errno_of(sendto(fd, "?", 1, 0, (struct sockaddr *)&address,
			       size));
}

/* Whoever holds a function's socket sends for the function, dead or alive. */
TEST(socket_outlives_its_cgroup)
{
	struct group group;
	int fd;

	net_listen(8000);
	guard_load("policy: " POLICY "\n"
		   "egress: { default: deny }\n");
	group_make(&group, NULL);
	fd = socket_of(&group);
	EXPECT_EQ(0, send_from(fd));
	group_bind(&group, POLICY);
	EXPECT_EQ(EPERM, send_from(fd));
	group_remove(&group);
	EXPECT_TRUE(await_state(is_dead, &group.id, WAIT_SECONDS));
	EXPECT_EQ(EPERM, send_from(fd));
	close(fd);
	EXPECT_TRUE(await_state(is_forgotten, &group.id, WAIT_SECONDS));
}

TEST_HARNESS_MAIN
