// SPDX-License-Identifier: MIT
/*
 * One case: a child that prepares, is guarded, acts, and tells how it went.
 *
 * It is bound while it is in its cgroup: a task that is moved into a guarded one
 * would be entering until it executes something, and judged by few rules.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <client/cgroup.h>

#include "probe.h"

/**
 * struct talk - between a case and who runs it
 * @err: errno of the preparation, or what the act returned
 * @to: pipe to the case
 * @from: pipe from the case, a byte after each step
 *
 * Pipes, since sending on a socket may be refused.
 */
struct talk {
	int *err;
	int to[2];
	int from[2];
};

static int enter(const struct fng_probe *probe, int cgroup)
{
	int err = fng_cgroup_move(cgroup, 0);

	if (err)
		return -err;
	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("fnguard-probe", probe->dir, "tmpfs", 0,
		  "size=4m,mode=0755") ||
	    chdir(probe->dir))
		return errno;
	return 0;
}

/* What it executes may have something to say. */
static int be_silent(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), fd;

	if (null < 0)
		return errno;
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(null, fd) < 0)
			return errno;
	close(null);
	return 0;
}

static int prepare(struct fng_probe *probe, struct fng_case *c, int cgroup)
{
	int err = enter(probe, cgroup) ?: be_silent();

	c->page = mmap(NULL, FNG_PROBE_PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!err && c->page == MAP_FAILED)
		err = errno;
	if (!err && c->technique->prepare)
		err = c->technique->prepare(c);
	return err;
}

static _Noreturn void become(struct fng_probe *probe,
			     const struct fng_technique *technique, int cgroup,
			     const struct talk *talk)
{
	struct fng_case c = {
		.technique = technique,
		.dir = probe->dir,
		.pid = getpid(),
		.victim = probe->victim,
		.outside = probe->outside,
		.fd = -1,
	};
	char byte = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	*talk->err = prepare(probe, &c, cgroup);
	if (write(talk->from[1], &byte, 1) != 1 || *talk->err ||
	    read(talk->to[0], &byte, 1) != 1)
		_exit(0);
	*talk->err = technique->act(&c);
	if (write(talk->from[1], &byte, 1) != 1)
		_exit(1);
	_exit(0);
}

/* Waits for a step of the case; false if it died, or takes too long. */
static bool await(const struct fng_probe *probe, int pidfd,
		  const struct talk *talk, struct fng_trial *trial)
{
	struct pollfd fds[] = { { talk->from[0], POLLIN, 0 },
				{ pidfd, POLLIN, 0 } };
	char byte;
	int n;

	do
		n = poll(fds, 2, probe->timeout);
	while (n < 0 && errno == EINTR && !*probe->stop);
	if (n > 0 && fds[0].revents & POLLIN)
		return read(talk->from[0], &byte, 1) == 1;
	trial->stuck = !n;
	return false;
}

static const char *guard(struct fng_probe *probe, int cgroup)
{
	struct fng_client_binding binding = {
		.cgroup_fd = cgroup,
		.policy = probe->policy,
	};

	return fng_client_bind(probe->client, &binding) ? probe->client->error :
							  NULL;
}

static void lead(struct fng_probe *probe, int pidfd, int cgroup, bool guarded,
		 const struct talk *talk, struct fng_trial *trial)
{
	if (!await(probe, pidfd, talk, trial) || *talk->err)
		return;
	if (guarded)
		trial->failed = guard(probe, cgroup);
	if (trial->failed)
		return;
	trial->prepared = true;
	if (write(talk->to[1], "", 1) == 1)
		await(probe, pidfd, talk, trial);
}

/* What it left running dies with its cgroup. */
static void reap(pid_t pid, struct fng_trial *trial)
{
	siginfo_t info = { .si_pid = 0 };
	int status;

	/* One that has written its last byte may still be about to end. */
	if (!waitid(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT) &&
	    info.si_pid == pid && info.si_code != CLD_EXITED)
		trial->died = info.si_status;
	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
}

static void start(struct fng_probe *probe,
		  const struct fng_technique *technique, int cgroup,
		  bool guarded, const struct talk *talk,
		  struct fng_trial *trial)
{
	pid_t pid = fork();
	int pidfd;

	if (pid < 0) {
		trial->failed = "cannot fork";
		return;
	}
	if (!pid)
		become(probe, technique, cgroup, talk);
	pidfd = syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0)
		trial->failed = "cannot watch a process";
	else
		lead(probe, pidfd, cgroup, guarded, talk, trial);
	reap(pid, trial);
	close(pidfd);
	trial->err = *talk->err;
}

static void close_pipe(int *pipe)
{
	close(pipe[0]);
	close(pipe[1]);
}

void fng_probe_run(struct fng_probe *probe,
		   const struct fng_technique *technique, int cgroup,
		   bool guarded, struct fng_trial *trial)
{
	struct talk talk = { .to = { -1, -1 }, .from = { -1, -1 } };

	*trial = (struct fng_trial){ .prepared = false };
	talk.err = mmap(NULL, sizeof(*talk.err), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (talk.err == MAP_FAILED || pipe2(talk.to, O_CLOEXEC) ||
	    pipe2(talk.from, O_CLOEXEC))
		trial->failed = "no memory or no pipes";
	else
		start(probe, technique, cgroup, guarded, &talk, trial);
	close_pipe(talk.to);
	close_pipe(talk.from);
	if (talk.err != MAP_FAILED)
		munmap(talk.err, sizeof(*talk.err));
}
