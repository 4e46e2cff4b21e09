// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bindings that are refused, with a sentence, and change nothing.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include <client/cgroup.h>

#include "bound.h"
#include "expect.h"

#define POLICY	"refused"

/* Is there an agent? */
static pid_t agent;

static int root_cgroup(void)
{
	int fd = fng_cgroup_open("/");

	if (fd < 0)
		die("no root cgroup");
	return fd;
}

static void move(int pid, int fd)
{
	if (fng_cgroup_move(fd, pid))
		die("cannot move %d", pid);
}

FIXTURE(refused) {
	struct group group;
	struct group child;
	int root;
};

FIXTURE_VARIANT(refused) {
	/* Returns a descriptor of the cgroup that is to be bound. */
	int (*prepare)(FIXTURE_DATA(refused) *self);
	const char *policy;
	int err;
	const char *said;
};

static int group_itself(FIXTURE_DATA(refused) *self)
{
	return self->group.fd;
}

static int bound_already(FIXTURE_DATA(refused) *self)
{
	group_bind(&self->group, POLICY);
	return self->group.fd;
}

static int root_itself(FIXTURE_DATA(refused) *self)
{
	return self->root;
}

static int with_caller(FIXTURE_DATA(refused) *self)
{
	move(0, self->child.fd);
	return self->child.fd;
}

static int above_caller(FIXTURE_DATA(refused) *self)
{
	move(0, self->child.fd);
	return self->group.fd;
}

static int with_init(FIXTURE_DATA(refused) *self)
{
	move(1, self->child.fd);
	return self->child.fd;
}

static int above_init(FIXTURE_DATA(refused) *self)
{
	move(1, self->child.fd);
	return self->group.fd;
}

static void __attribute__((noreturn)) be_agent(int ready)
{
	struct fng_client_status status;

	if (fng_client_status(guard_client(), true, &status) ||
	    write(ready, "", 1) != 1)
		_exit(1);
	pause();
	_exit(0);
}

/* An agent that runs in the child cgroup. */
static int above_agent(FIXTURE_DATA(refused) *self)
{
	char byte;
	int ready[2];

	if (pipe(ready))
		die("no pipe");
	agent = fork();
	if (!agent)
		be_agent(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		die("no agent");
	move(agent, self->child.fd);
	return self->group.fd;
}

static int removed(FIXTURE_DATA(refused) *self)
{
	struct group gone;
	int fd;

	(void)self;
	group_make(&gone, NULL);
	fd = dup(gone.fd);
	group_remove(&gone);
	return fd;
}

static int not_a_cgroup(FIXTURE_DATA(refused) *self)
{
	(void)self;
	return open("/proc", O_RDONLY | O_DIRECTORY);
}

static int not_open(FIXTURE_DATA(refused) *self)
{
	(void)self;
	return 1000;
}

/* A hierarchy of its own, of the first version. */
static int other_hierarchy(FIXTURE_DATA(refused) *self)
{
	(void)self;
	make_dir("hierarchy");
	if (mount("none", "hierarchy", "cgroup", 0, "none,name=refused"))
		die("no other hierarchy");
	return open("hierarchy", O_RDONLY | O_DIRECTORY);
}

#define ROW(name, how, what, number, text)				\
	FIXTURE_VARIANT_ADD(refused, name) {				\
		.prepare = how,						\
		.policy = what,						\
		.err = number,						\
		.said = text,						\
	}

ROW(unknown_policy, group_itself, "nobody", ENOENT,
	"No policy of that name is loaded");
ROW(bound_already, bound_already, POLICY, EEXIST,
	"already bound to this cgroup");
ROW(root, root_itself, POLICY, EPERM, "The root cgroup is never bound");
ROW(with_caller, with_caller, POLICY, EPERM, "holds the caller");
ROW(above_caller, above_caller, POLICY, EPERM, "holds the caller");
ROW(with_init, with_init, POLICY, EPERM, "holds PID 1");
ROW(above_init, above_init, POLICY, EPERM, "holds PID 1");
ROW(above_agent, above_agent, POLICY, EPERM, "holds the agent");
ROW(removed, removed, POLICY, ENODEV, "The cgroup was removed");
ROW(not_a_cgroup, not_a_cgroup, POLICY, EBADF, "directory of cgroup v2");
ROW(not_open, not_open, POLICY, EBADF, "directory of cgroup v2");
ROW(other_hierarchy, other_hierarchy, POLICY, EBADF,
	"directory of cgroup v2");

FIXTURE_SETUP(refused)
{
	bound_setup();
	bound_load(POLICY, "", "a");
	group_make(&self->group, NULL);
	group_make(&self->child, &self->group);
	self->root = root_cgroup();
}

FIXTURE_TEARDOWN(refused)
{
	move(0, self->root);
	move(1, self->root);
	if (agent)
		kill(agent, SIGKILL);
	umount2("hierarchy", MNT_DETACH);
	group_remove(&self->child);
	group_remove(&self->group);
	work_remove();
}

TEST_F(refused, changes_nothing)
{
	struct fng_client_binding binding = { .policy = variant->policy };
	struct fng_client_status before, after;
	struct fng_client *client = guard_client();
	int err;

	binding.cgroup_fd = variant->prepare(self);
	guard_status(&before);
	err = fng_client_bind(client, &binding);
	EXPECT_EQ(-variant->err, err);
	expect_text(_metadata, client->error, variant->said);
	guard_status(&after);
	EXPECT_EQ(before.binding_gen, after.binding_gen);
	EXPECT_EQ(before.nr_bindings, after.nr_bindings);
}

TEST_HARNESS_MAIN
