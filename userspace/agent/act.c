// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <client/cgroup.h>
#include <client/names.h>
#include "act.h"

static void say(char *outcome, const char *what, const char *why)
{
	snprintf(outcome, FNG_OUTCOME_SIZE, "%s: %s", what, why);
}

static void say_errno(char *outcome, int err)
{
	say(outcome, "failed", fng_errno_name(err) ?: "unknown error");
}

/* The path of a process' cgroup; false if it cannot be known. */
static bool cgroup_of(const char *proc, char *path, size_t size)
{
	FILE *file = fopen(proc, "re");
	bool found = false;

	while (file && !found && fgets(path, size, file))
		found = !strncmp(path, "0::/", 4);
	if (file)
		fclose(file);
	if (!found)
		return false;
	path[strcspn(path, "\n")] = '\0';
	memmove(path, path + 3, strlen(path + 3) + 1);
	return true;
}

/* Is the process in the cgroup, or below? So is what cannot be known. */
static bool holds(const char *cgroup, const char *proc)
{
	char path[PATH_MAX + 8];
	size_t size = strlen(cgroup);

	if (!strcmp(cgroup, "/") || !cgroup_of(proc, path, sizeof(path)))
		return true;
	return !strncmp(path, cgroup, size) &&
	       (!path[size] || path[size] == '/');
}

static int write_file(int dir, const char *name)
{
	int fd = openat(dir, name, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, "1", 1) != 1)
		err = errno;
	close(fd);
	return err;
}

/* The path may be another cgroup's by now. */
static int act_on(const char *path, u64 id, const char *name)
{
	int dir = fng_cgroup_open(path), err;

	if (dir < 0)
		return -dir;
	err = fng_cgroup_id(dir) == id ? write_file(dir, name) : ESTALE;
	close(dir);
	return err;
}

void fng_act(const struct fng_finding *finding, char *outcome)
{
	const struct fng_detect_event *event = finding->event;
	bool kill = finding->rule->action == FNG_DETECT_KILL;
	char path[PATH_MAX];
	int err;

	if (event->kind != FNG_EVENT_DENIED) {
		say(outcome, "not done", "nothing was refused");
		return;
	}
	if (!event->cgroup.at || event->cgroup.size >= sizeof(path)) {
		say(outcome, "not done", "there is no such cgroup");
		return;
	}
	memcpy(path, event->cgroup.at, event->cgroup.size);
	path[event->cgroup.size] = '\0';
	if (holds(path, "/proc/self/cgroup") || holds(path, "/proc/1/cgroup")) {
		say(outcome, "not done", "it holds the agent or PID 1");
		return;
	}
	err = act_on(path, event->cgroup_id,
		     kill ? "cgroup.kill" : "cgroup.freeze");
	if (err)
		say_errno(outcome, err);
	else
		strcpy(outcome, "done");
}
