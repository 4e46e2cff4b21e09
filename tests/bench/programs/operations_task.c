// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations that make tasks and programs.
 */
#include <unistd.h>
#include <sys/wait.h>

#include "operations.h"

#define PROGRAM_STATIC	"/srv/shop/nothing"
#define PROGRAM_DYNAMIC	"/srv/shop/nothing-dynamic"

static void wait_for(pid_t pid)
{
	int status;

	expect(pid >= 0, "fork");
	expect(waitpid(pid, &status, 0) == pid && !status, "child");
}

static void fork_and_wait(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	wait_for(pid);
}

/* What posix_spawn() and most shells do: no memory is copied. */
static void execute(char *path)
{
	char *const none[] = { NULL };
	char *const arguments[] = { path, NULL };
	pid_t pid = vfork();

	if (!pid) {
		execve(path, arguments, none);
		_exit(1);
	}
	wait_for(pid);
}

static void execute_static(void)
{
	execute(PROGRAM_STATIC);
}

static void execute_dynamic(void)
{
	execute(PROGRAM_DYNAMIC);
}

const struct operation task_operations[] = {
	{ .name = "exec_static", .run = execute_static, .varies = true },
	{ .name = "exec_dynamic", .run = execute_dynamic, .varies = true },
	{ .name = "fork", .run = fork_and_wait, .varies = true },
	{ }
};
