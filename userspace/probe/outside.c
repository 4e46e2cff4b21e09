// SPDX-License-Identifier: MIT
/*
 * Somebody outside of the cgroup of a case, for it to talk to.
 */
#include <errno.h>
#include <signal.h>
#include <unistd.h>
#include <sys/prctl.h>

#include <client/cgroup.h>

#include "technique.h"

static _Noreturn void become(struct fng_case *c,
			     int (*make)(struct fng_case *c), int answer)
{
	int err = -fng_cgroup_move(c->outside, 0);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!err)
		err = make(c);
	if (write(answer, &err, sizeof(err)) != sizeof(err))
		_exit(1);
	for (;;)
		pause();
}

int fng_probe_have_outside(struct fng_case *c, int (*make)(struct fng_case *c))
{
	int answer[2], err = ECHILD;
	pid_t pid;

	if (pipe(answer))
		return errno;
	pid = fork();
	if (!pid)
		become(c, make, answer[1]);
	close(answer[1]);
	if (pid < 0 || read(answer[0], &err, sizeof(err)) != sizeof(err))
		err = ECHILD;
	close(answer[0]);
	return err;
}
