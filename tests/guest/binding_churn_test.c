// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many cgroups that live for a moment: nothing is left of them but counts of
 * what was refused.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "bound.h"
#include "expect.h"

#define POLICY		"churn-cgroups"
/* On a kernel that takes its time, so many fewer. */
#define MANY		500
#define SECONDS		120
#define WAIT_SECONDS	30

/**
 * struct rows - rows of the ledger
 * @nr: number of them
 * @count: what they count
 */
struct rows {
	u64 nr;
	u64 count;
};

FIXTURE(many) {
	struct group parent;
	struct fng_client_status before;
	struct rows rows;
	pid_t listener;
};

/* Rows are kept for who listens, so somebody has to. */
static pid_t listen_idly(void)
{
	pid_t pid = fork();
	int null = open("/dev/null", O_WRONLY);

	if (pid)
		return pid;
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	execlp("fnguard", "fnguard", "events", NULL);
	_exit(1);
}

/* To be cloned into a cgroup takes no grace period, as being moved does. */
static pid_t start_inside(const struct group *group)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = group->fd,
	};
	pid_t pid = syscall(SYS_clone3, &args, sizeof(args));

	if (pid)
		return pid;
	execl(WORK "/open", "open", WORK "/b", NULL);
	_exit(1);
}

static void live_and_die(const struct group *parent)
{
	struct group group;
	int status;
	pid_t pid;

	group_make(&group, parent);
	group_bind(&group, POLICY);
	pid = start_inside(&group);
	if (waitpid(pid, &status, 0) != pid || status != EACCES << 8)
		die("%s was not guarded: %x", group.path, status);
	group_remove(&group);
}

static u64 number_in(const struct group *group, const char *file,
		     const char *key)
{
	char text[512] = "", *found;
	int fd = openat(group->fd, file, O_RDONLY | O_CLOEXEC);

	if (read(fd, text, sizeof(text) - 1) < 0)
		die("cannot read %s", file);
	close(fd);
	found = strstr(text, key);
	if (!found)
		die("no %s in %s", key, file);
	return strtoull(found + strlen(key), NULL, 10);
}

static int add_row(const struct fng_client_counter *counter, void *data)
{
	struct rows *rows = data;

	rows->nr += !counter->rest;
	rows->count += counter->count;
	return 0;
}

static struct rows rows_of(const char *policy)
{
	struct rows rows = { 0 };

	if (fng_client_counters(guard_client(), policy, NULL, add_row, &rows))
		die("no counters: %s", guard_client()->error);
	return rows;
}

/* A cgroup that the kernel cannot free is one that somebody holds. */
static bool cgroups_are_gone(const void *arg)
{
	const FIXTURE_DATA(many) *self = arg;
	struct fng_client_status now;

	guard_status(&now);
	return now.nr_bindings <= self->before.nr_bindings &&
	       now.nr_subjects <= self->before.nr_subjects + 1 &&
	       !now.nr_entering &&
	       !number_in(&self->parent, "cgroup.stat",
			  "nr_dying_descendants ");
}

static bool rows_are_gone(const void *arg)
{
	const FIXTURE_DATA(many) *self = arg;

	return rows_of(NULL).nr <= self->rows.nr;
}

FIXTURE_SETUP(many)
{
	bound_setup();
	bound_load(POLICY, "", "a");
	group_make(&self->parent, NULL);
	guard_status(&self->before);
	self->rows = rows_of(NULL);
	self->listener = listen_idly();
}

FIXTURE_TEARDOWN(many)
{
	kill(self->listener, SIGTERM);
	waitpid(self->listener, NULL, 0);
	group_remove(&self->parent);
	work_remove();
}

/* Their counts are kept as long as their policy, or until there is no room. */
TEST_F_TIMEOUT(many, leave_nothing_but_counts, SECONDS)
{
	u32 many = MANY / patience();
	struct rows rows;
	u32 i;

	for (i = 0; i < many; i++)
		live_and_die(&self->parent);
	EXPECT_TRUE(await_state(cgroups_are_gone, self, WAIT_SECONDS));
	rows = rows_of(POLICY);
	EXPECT_EQ(many, rows.nr);
	EXPECT_EQ(many, rows.count);
	bound_unload(POLICY);
	EXPECT_TRUE(await_state(rows_are_gone, self, WAIT_SECONDS));
}

TEST_HARNESS_MAIN
