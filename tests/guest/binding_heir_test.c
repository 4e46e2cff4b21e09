// SPDX-License-Identifier: GPL-2.0-only
/*
 * A policy takes over the bindings of another while a function runs: there is no
 * moment at which neither applies, and none at which both do.
 *
 * Eight policies apply to the function, as many as can. One of them is bound to
 * its cgroup and to all above it, so that there is no single binding to exchange.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <client/cgroup.h>

#include "bound.h"
#include "expect.h"

#define ROUNDS		50
#define NR_OTHERS	(FNG_MAX_APPLIED - 1)
#define DEPTH		8
/*
 * Cgroups below the function's: each change has to forget what applies to them.
 * On a kernel that takes its time, so many fewer.
 */
#define MANY_BELOW	1000

/* Either is the other's heir. */
static const char *const policies[] = { "heir-a", "heir-b" };

/**
 * struct watch - what a function notices that goes on opening two files
 * @go: it may start
 * @rounds: how often it has opened both
 * @refused: how often the file was refused that every policy allows
 * @allowed: how often the one was not that the policies of the test deny
 */
struct watch {
	bool go;
	u64 rounds;
	u64 refused;
	u64 allowed;
};

FIXTURE(heir) {
	struct group chain[DEPTH];
	struct group below[MANY_BELOW];
	int nr_below;
	struct watch *watch;
	pid_t pid;
};

static void __attribute__((noreturn)) watch_files(struct watch *watch)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!__atomic_load_n(&watch->go, __ATOMIC_ACQUIRE))
		usleep(1000);
	for (;; __atomic_add_fetch(&watch->rounds, 1, __ATOMIC_RELEASE)) {
		watch->refused += !!errno_of_fd(open("a", O_RDONLY));
		watch->allowed += !errno_of_fd(open("b", O_RDONLY));
	}
}

static struct watch *share_watch(void)
{
	struct watch *watch;

	watch = mmap(NULL, sizeof(*watch), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (watch == MAP_FAILED)
		die("no shared memory");
	return watch;
}

/* The others allow both files. */
static void bind_others(const struct group *group)
{
	char name[16];
	int i;

	for (i = 0; i < NR_OTHERS; i++) {
		snprintf(name, sizeof(name), "heir-other-%d", i);
		bound_load(name, "", "ab");
		group_bind(group, name);
	}
}

static void make_groups(FIXTURE_DATA(heir) *self)
{
	int i;

	for (i = 0; i < DEPTH; i++)
		group_make(&self->chain[i], i ? &self->chain[i - 1] : NULL);
	self->nr_below = MANY_BELOW / patience();
	for (i = 0; i < self->nr_below; i++)
		group_make(&self->below[i], &self->chain[DEPTH - 1]);
}

static void bind_all(FIXTURE_DATA(heir) *self)
{
	int i;

	bind_others(&self->chain[0]);
	for (i = 0; i < DEPTH; i++)
		group_bind(&self->chain[i], policies[0]);
}

/* The task is there before anything is bound, so that every rule applies to it. */
FIXTURE_SETUP(heir)
{
	bound_setup();
	bound_load(policies[0], "", "a");
	bound_load(policies[1], "", "a");
	make_groups(self);
	self->watch = share_watch();
	self->pid = fork();
	if (self->pid < 0)
		die("cannot fork");
	if (!self->pid)
		watch_files(self->watch);
	if (fng_cgroup_move(self->chain[DEPTH - 1].fd, self->pid))
		die("cannot move the task");
	bind_all(self);
}

/* What is only removed stays bound for some seconds. */
FIXTURE_TEARDOWN(heir)
{
	int i;

	kill(self->pid, SIGKILL);
	waitpid(self->pid, NULL, 0);
	for (i = self->nr_below; i--; )
		group_remove(&self->below[i]);
	for (i = DEPTH; i--; ) {
		bound_unbind(&self->chain[i], NULL);
		group_remove(&self->chain[i]);
	}
	work_remove();
}

/* It opens both files some more times. */
static void await_rounds(const struct watch *watch)
{
	u64 wanted = __atomic_load_n(&watch->rounds, __ATOMIC_ACQUIRE) + 10;

	while (__atomic_load_n(&watch->rounds, __ATOMIC_ACQUIRE) < wanted)
		usleep(1000);
}

static void hand_over(const char *from, const char *to)
{
	struct fng_client *client = guard_client();
	struct fng_client_status status;

	guard_status(&status);
	if (fng_client_policy_unload(client, &status.policy_gen, from, to))
		die("%s was not unloaded: %s", from, client->error);
}

TEST_F(heir, is_never_met_beside_the_other)
{
	struct watch *watch = self->watch;
	int i;

	__atomic_store_n(&watch->go, true, __ATOMIC_RELEASE);
	await_rounds(watch);
	for (i = 0; i < ROUNDS / (int)patience(); i++) {
		hand_over(policies[i % 2], policies[!(i % 2)]);
		await_rounds(watch);
		bound_load(policies[i % 2], "", "a");
	}
	EXPECT_EQ(0, watch->refused);
	EXPECT_EQ(0, watch->allowed);
}

static bool is_bound(const struct group *group, const char *policy)
{
	struct bound bound;

	return bound_find(group->id, policy, &bound);
}

TEST_F(heir, has_every_binding)
{
	struct fng_client_status before, after;

	group_bind(&self->chain[1], policies[1]);
	guard_status(&before);
	hand_over(policies[0], policies[1]);
	guard_status(&after);
	EXPECT_EQ(before.nr_bindings - 1, after.nr_bindings);
	EXPECT_LT(before.binding_gen, after.binding_gen);
	EXPECT_TRUE(is_bound(&self->chain[0], policies[1]));
	EXPECT_TRUE(is_bound(&self->chain[DEPTH - 1], policies[1]));
	EXPECT_TRUE(is_bound(&self->chain[1], policies[1]));
	EXPECT_FALSE(is_bound(&self->chain[0], policies[0]));
	EXPECT_FALSE(is_bound(&self->chain[1], policies[0]));
}

/* What was handed over is not the policy's any more when it is loaded again. */
TEST_F(heir, keeps_the_bindings)
{
	struct fng_client_binding binding = {
		.cgroup_fd = self->below[0].fd,
		.policy = policies[0],
	};
	struct fng_client_status status;

	hand_over(policies[0], policies[1]);
	EXPECT_EQ(-ENOENT, fng_client_bind(guard_client(), &binding));
	bound_load(policies[0], "", "");
	EXPECT_EQ(0, bound_errno(&self->chain[DEPTH - 1], "a"));
	bound_unload(policies[0]);
	guard_status(&status);
	EXPECT_EQ(NR_OTHERS + DEPTH, status.nr_bindings);
}

TEST_HARNESS_MAIN
