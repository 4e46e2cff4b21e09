// SPDX-License-Identifier: MIT
/*
 * fnguard run: a command in a cgroup of its own, bound to a policy before its
 * first instruction.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <client/cgroup.h>
#include "load.h"
#include "output.h"
#include "session.h"

/**
 * struct job - the command and what is made for it
 * @client: connection
 * @policy: name of the policy
 * @parent: cgroup to create its cgroup in
 * @labels: of the binding, may be empty
 * @options: how to compile
 * @cgroup: path of its cgroup, empty before it exists
 * @fd: its cgroup
 * @argv: the command
 */
struct job {
	struct fng_client client;
	char policy[FNG_MAX_POLICY_NAME + 1];
	const char *parent;
	char labels[FNG_MAX_LABELS + 1];
	struct fng_offline options;
	char cgroup[512];
	int fd;
	char **argv;
};

static const int forwarded[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1,
				 SIGUSR2 };

static volatile pid_t child;

/* What a terminal sends goes to the whole group: the command has it already. */
static void forward(int signal, siginfo_t *info, void *context)
{
	(void)context;
	if (child > 0 && info->si_code != SI_KERNEL)
		kill(child, signal);
}

static int load_file(struct job *job, const char *path)
{
	struct fng_offline policy;
	int result;

	result = fng_load_read(&policy, &job->options, path);
	if (!result) {
		strcpy(job->policy, policy.image.meta->name);
		result = fng_load_unless_there(&job->client, &policy);
	}
	fng_offline_free(&policy);
	return result;
}

static int seen(const struct fng_client_policy *policy, void *data)
{
	(void)policy;
	(void)data;
	return 0;
}

static int find_policy(struct job *job, const char *policy)
{
	int err;

	if (fng_load_is_file(policy))
		return load_file(job, policy);
	if (job->options.nr_params) {
		fng_output_error("--set is for policy files; %s is a loaded policy",
				 policy);
		return FNG_EXIT_USAGE;
	}
	err = fng_client_policy_get(&job->client, policy, seen, NULL);
	if (err == -ENOENT)
		return fng_load_unknown(policy);
	snprintf(job->policy, sizeof(job->policy), "%s", policy);
	return fng_session_failed(&job->client, err);
}

static int make_cgroup(struct job *job)
{
	struct fng_client_binding binding = {
		.policy = job->policy,
		.labels = *job->labels ? job->labels : NULL,
	};
	const char *mount = fng_cgroup_mount();
	char path[sizeof(job->cgroup)];

	if (mount && !strncmp(job->parent, mount, strlen(mount)))
		job->parent += strlen(mount);
	snprintf(path, sizeof(path), "/%s/%s-%d",
		 job->parent + strspn(job->parent, "/"), job->policy, getpid());
	job->fd = fng_cgroup_create(path);
	if (job->fd < 0) {
		fng_output_error("cannot create the cgroup %s: %s", path,
				 strerror(-job->fd));
		return FNG_EXIT_FAILED;
	}
	strcpy(job->cgroup, path);
	binding.cgroup_fd = job->fd;
	return fng_session_failed(&job->client, fng_client_bind(&job->client,
								&binding));
}

/*
 * It moves itself, so that it is entering until it executes the command, and
 * its cgroup is its own from the first instruction of that.
 */
static void become(struct job *job, const sigset_t *signals)
{
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	err = fng_cgroup_move(job->fd, 0);
	if (err) {
		fprintf(stderr, "fnguard: cannot enter the cgroup %s: %s\n",
			job->cgroup, strerror(-err));
		_exit(125);
	}
	sigprocmask(SIG_SETMASK, signals, NULL);
	execvp(job->argv[0], job->argv);
	err = errno;
	fprintf(stderr, "fnguard: cannot execute %s: %s\n", job->argv[0],
		strerror(err));
	_exit(err == ENOENT ? 127 : 126);
}

static int await(void)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return FNG_EXIT_FAILED;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
				     WEXITSTATUS(status);
}

/* Signals wait until there is somebody to forward them to. */
static int run_command(struct job *job)
{
	struct sigaction action = {
		.sa_sigaction = forward,
		.sa_flags = SA_SIGINFO | SA_RESTART,
	};
	sigset_t mask, before;
	size_t i;

	sigfillset(&action.sa_mask);
	sigemptyset(&mask);
	for (i = 0; i < sizeof(forwarded) / sizeof(*forwarded); i++)
		sigaddset(&mask, forwarded[i]);
	sigprocmask(SIG_BLOCK, &mask, &before);
	child = fork();
	if (child < 0) {
		fng_output_error("cannot fork: %s", strerror(errno));
		return FNG_EXIT_FAILED;
	}
	if (!child)
		become(job, &before);
	for (i = 0; i < sizeof(forwarded) / sizeof(*forwarded); i++)
		sigaction(forwarded[i], &action, NULL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return await();
}

static void clean_up(struct job *job)
{
	int err;

	if (*job->cgroup) {
		close(job->fd);
		err = fng_cgroup_destroy(job->cgroup);
		if (err)
			fng_output_note("cannot remove the cgroup %s: %s",
					job->cgroup, strerror(-err));
	}
	fng_client_close(&job->client);
}

static int read_options(int argc, char **argv, struct job *job)
{
	static const struct option options[] = {
		{ "label", required_argument, NULL, 'l' },
		FNG_OFFLINE_OPTIONS,
		{ "cgroup-parent", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	const char *wrong;
	int c;

	while ((c = fng_cli_getopt(argc, argv, options)) != -1) {
		wrong = NULL;
		if (c == 'p')
			job->parent = optarg;
		else if (c == 'l')
			wrong = fng_label_add(job->labels, optarg);
		else
			fng_offline_option(&job->options, c, argv);
		if (wrong)
			return fng_cli_usage(argv, "%s: \"%s\"", wrong, optarg);
	}
	fng_cli_args(argc, argv, 2, -1);
	return FNG_EXIT_DONE;
}

int fng_cmd_run(int argc, char **argv)
{
	struct job job = { .parent = "/fnguard.run" };
	int result;

	result = read_options(argc, argv, &job);
	if (result)
		return result;
	job.argv = argv + optind + 1;
	result = fng_session_open(&job.client);
	if (!result)
		result = find_policy(&job, argv[optind]);
	if (!result)
		result = make_cgroup(&job);
	if (!result) {
		fflush(stdout);
		result = run_command(&job);
	}
	clean_up(&job);
	return result;
}
