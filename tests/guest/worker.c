// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process that runs while policies come and go, and does what it is told.
 */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <client/cgroup.h>

#include "worker.h"

/**
 * struct request - what a worker is told to do
 * @act: an attempt
 * @arg: its argument
 */
struct request {
	int (*act)(const void *arg);
	const void *arg;
};

static void __attribute__((noreturn)) serve(int ask, int answer)
{
	struct request request;
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(ask, &request, sizeof(request)) == sizeof(request)) {
		err = request.act(request.arg);
		if (write(answer, &err, sizeof(err)) != sizeof(err))
			break;
	}
	_exit(0);
}

void worker_start(struct worker *worker)
{
	int ask[2], answer[2];

	if (pipe2(ask, O_CLOEXEC) || pipe2(answer, O_CLOEXEC))
		die("no pipes");
	worker->pid = fork();
	if (worker->pid < 0)
		die("cannot fork");
	if (!worker->pid)
		serve(ask[0], answer[1]);
	close(ask[0]);
	close(answer[1]);
	worker->ask = ask[1];
	worker->answer = answer[0];
}

void worker_move(const struct worker *worker, const struct group *group)
{
	if (fng_cgroup_move(group->fd, worker->pid))
		die("cannot move the task to %s", group->path);
}

int worker_do(const struct worker *worker, int (*act)(const void *arg),
	      const void *arg)
{
	const struct request request = { .act = act, .arg = arg };
	int err;

	if (write(worker->ask, &request, sizeof(request)) != sizeof(request) ||
	    read(worker->answer, &err, sizeof(err)) != sizeof(err))
		die("the task does not answer");
	return err;
}

void worker_end(struct worker *worker)
{
	if (!worker->pid)
		return;
	kill(worker->pid, SIGKILL);
	waitpid(worker->pid, NULL, 0);
	close(worker->ask);
	close(worker->answer);
	worker->pid = 0;
}
