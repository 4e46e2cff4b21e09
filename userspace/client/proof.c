// SPDX-License-Identifier: MIT
/*
 * The proof that every hook refuses.
 *
 * A child in a cgroup of its own drives the hooks one after the other, and the
 * kernel is told which one is to refuse it. The child says what it saw; what the
 * kernel saw comes with the end of the proof. Both have to agree.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "canary.h"
#include "cgroup.h"
#include "exchange.h"
#include "names.h"
#include "proof.h"

#define LOCK_FILE	"/run/fnguard-proof.lock"
/* How long one step may take; emulated machines are slow. */
#define STEP_TIMEOUT	20000

/**
 * struct session - a proof that is running
 * @client: connection
 * @proof: where the result goes
 * @lock: file that keeps proofs from running into each other
 * @name: path of the canary cgroup, empty before it exists
 * @cgroup: the canary cgroup
 * @dir: where the canary mounts its file system, empty before it exists
 * @pid: the canary
 * @to: pipe to it
 * @from: pipe from it
 *
 * Pipes and not sockets, since sending on a socket is one of the things that the
 * canary is refused.
 */
struct session {
	struct fng_client *client;
	struct fng_proof *proof;
	int lock;
	char name[64];
	int cgroup;
	char dir[64];
	pid_t pid;
	int to;
	int from;
};

/**
 * struct answer - what the canary says
 * @err: errno, 0, or FNG_CANARY_UNTRIED
 * @what: when preparing: what could not be done, or ""
 */
struct answer {
	int err;
	char what[64];
};

static _Noreturn void canary(int cgroup, const char *dir, int in, int out)
{
	struct answer answer = { .err = 0 };
	struct fng_canary canary;
	const char *what;
	int hook;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	what = fng_canary_prepare(&canary, cgroup, dir);
	if (what) {
		answer.err = errno;
		snprintf(answer.what, sizeof(answer.what), "%s", what);
	}
	while (write(out, &answer, sizeof(answer)) == sizeof(answer)) {
		if (read(in, &hook, sizeof(hook)) != sizeof(hook))
			break;
		answer.err = fng_canary_step(&canary, hook);
	}
	_exit(0);
}

static int hear(struct session *session, struct answer *answer)
{
	struct pollfd fd = { session->from, POLLIN, 0 };
	int n;

	do
		n = poll(&fd, 1, STEP_TIMEOUT);
	while (n < 0 && errno == EINTR);
	if (!n)
		return fng_client_fail(session->client, -ETIMEDOUT,
				       "the canary does not answer");
	if (read(session->from, answer, sizeof(*answer)) != sizeof(*answer))
		return fng_client_fail(session->client, -ECHILD,
				       "the canary died");
	return 0;
}

static int make_places(struct session *session)
{
	static const char *const places[] = { "/run", "/tmp", "/var/tmp" };
	size_t i;

	snprintf(session->name, sizeof(session->name), "/fnguard-canary-%d",
		 getpid());
	session->cgroup = fng_cgroup_create(session->name);
	if (session->cgroup < 0) {
		session->name[0] = '\0';
		return fng_client_fail(session->client, session->cgroup,
				       "cannot create the canary cgroup: %s",
				       strerror(-session->cgroup));
	}
	for (i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(session->dir, sizeof(session->dir),
			 "%s/fnguard-canary-XXXXXX", places[i]);
		if (mkdtemp(session->dir))
			return 0;
	}
	session->dir[0] = '\0';
	return fng_client_fail(session->client, -errno,
			       "cannot make a directory for the canary: %s",
			       strerror(errno));
}

static void await_move(int in)
{
	char go;

	if (read(in, &go, 1) != 1)
		_exit(1);
}

/* It is moved while it waits, so that all it makes is made in its cgroup. */
static int start_canary(struct session *session)
{
	int to[2], from[2], err;

	if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC))
		return fng_client_fail(session->client, -errno, "%s",
				       strerror(errno));
	session->to = to[1];
	session->from = from[0];
	session->pid = fork();
	if (!session->pid) {
		close(to[1]);
		close(from[0]);
		await_move(to[0]);
		canary(session->cgroup, session->dir, to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	if (session->pid < 0)
		return fng_client_fail(session->client, -errno,
				       "cannot fork: %s", strerror(errno));
	err = fng_cgroup_move(session->cgroup, session->pid);
	if (err || write(session->to, "", 1) != 1)
		return fng_client_fail(session->client, err ?: -EPIPE,
				       "cannot move the canary into its cgroup: %s",
				       strerror(-err));
	return 0;
}

static int await_canary(struct session *session)
{
	struct answer answer;
	int err = hear(session, &answer);

	if (err || !answer.what[0])
		return err;
	return fng_client_fail(session->client, -answer.err ?: -EIO,
			       "the canary could not %s: %s", answer.what,
			       strerror(answer.err));
}

static const char refused[] = "refused with EPERM";

static void note(struct session *session, int hook, int err)
{
	char *seen = session->proof->hook[hook].seen;
	size_t size = sizeof(session->proof->hook[hook].seen);

	if (err == EPERM)
		snprintf(seen, size, "%s", refused);
	else if (err == FNG_CANARY_UNTRIED)
		snprintf(seen, size, "it could not be tried");
	else if (err)
		snprintf(seen, size, "refused with %s instead of EPERM",
			 fng_errno_name(err) ?: "an unknown error");
	else
		snprintf(seen, size, "the call was allowed");
}

static int drive(struct session *session, int hook)
{
	struct answer answer;
	int err;

	err = fng_client_arm(session->client, session->cgroup, hook);
	if (err)
		return err;
	if (write(session->to, &hook, sizeof(hook)) != sizeof(hook))
		return fng_client_fail(session->client, -EPIPE,
				       "the canary died before the hook %s",
				       fng_hook_name(hook));
	err = hear(session, &answer);
	if (!err)
		note(session, hook, answer.err);
	return err;
}

static int drive_all(struct session *session)
{
	struct fng_client_status status;
	int hook, err;

	err = fng_client_status(session->client, false, &status);
	for (hook = 0; hook < FNG_NR_HOOKS && !err; hook++) {
		if (status.absent[hook] || FNG_HOOK_IS_NETDEV(hook))
			session->proof->hook[hook].result = FNG_PROOF_ABSENT;
		else
			err = drive(session, hook);
	}
	return err;
}

/* A kernel that did not notice a hook says which one in @complaint. */
static bool agreed(struct session *session, int hook, const char *complaint)
{
	char *seen = session->proof->hook[hook].seen;

	if (strcmp(seen, refused))
		return false;
	if (!complaint || !strstr(complaint, fng_hook_name(hook)))
		return true;
	strcpy(seen, "refused with EPERM, but not by the hook");
	return false;
}

/* What the canary saw and what the kernel noted have to agree. */
static int conclude(struct session *session)
{
	struct fng_client *client = session->client;
	struct fng_client_status status;
	char why[FNG_CLIENT_TEXT_SIZE];
	int hook, proven, err;

	proven = fng_client_prove(client);
	strcpy(why, client->error);
	err = fng_client_status(client, false, &status);
	if (err)
		return err;
	strcpy(client->error, why);
	for (hook = 0; hook < FNG_NR_HOOKS; hook++) {
		if (session->proof->hook[hook].result == FNG_PROOF_ABSENT)
			continue;
		if (agreed(session, hook, proven ? why : NULL) &&
		    (proven || status.proven[hook]))
			session->proof->hook[hook].result = FNG_PROOF_PROVEN;
		else if (!proven)
			proven = fng_client_fail(client, -ENOMSG,
						 "the hook %s did not refuse: %s",
						 fng_hook_name(hook),
						 session->proof->hook[hook].seen);
	}
	return proven;
}

/*
 * The first arming comes before the canary is in its cgroup: from then on no
 * policy but only the hook of the step refuses it anything.
 */
static int run(struct session *session)
{
	int err;

	err = make_places(session);
	if (!err)
		err = fng_client_arm(session->client, session->cgroup,
				     FNG_HOOK_KERNEL_LOAD_DATA);
	if (err)
		return err;
	session->proof->attached = true;
	err = start_canary(session);
	if (!err)
		err = await_canary(session);
	if (!err)
		err = drive_all(session);
	if (!err)
		return conclude(session);
	return err;
}

/* A proof that is not ended would keep the hooks refusing a cgroup. */
static void abandon(struct session *session)
{
	char why[FNG_CLIENT_TEXT_SIZE];

	strcpy(why, session->client->error);
	fng_client_prove(session->client);
	strcpy(session->client->error, why);
}

static void clean_up(struct session *session)
{
	if (session->pid > 0) {
		kill(session->pid, SIGKILL);
		waitpid(session->pid, NULL, 0);
		close(session->to);
		close(session->from);
	}
	if (session->dir[0])
		rmdir(session->dir);
	if (session->name[0]) {
		close(session->cgroup);
		fng_cgroup_destroy(session->name);
	}
	if (session->lock >= 0)
		close(session->lock);
}

int fng_proof_run(struct fng_client *client, struct fng_proof *proof)
{
	struct session session = { .client = client, .proof = proof };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before;
	int err;

	memset(proof, 0, sizeof(*proof));
	session.lock = open(LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (session.lock >= 0)
		flock(session.lock, LOCK_EX);
	/* A canary that dies is an answer, not a reason to die with it. */
	sigaction(SIGPIPE, &ignore, &before);
	err = run(&session);
	sigaction(SIGPIPE, &before, NULL);
	if (err && proof->attached && err != -ENOMSG)
		abandon(&session);
	clean_up(&session);
	return err;
}
