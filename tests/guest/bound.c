// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that open a file, in cgroups that are bound in all sorts of ways.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <client/cgroup.h>

#include "bound.h"

void bound_setup(void)
{
	work_make();
	make_file("a", "");
	make_file("b", "");
	make_file("c", "");
	make_file("d", "");
	copy_helper("helper_open", "open");
}

void bound_load(const char *policy, const char *head, const char *letters)
{
	char text[1024];
	int n;

	n = snprintf(text, sizeof(text),
		     "policy: %s\n%sfiles:\n  default: deny\n", policy, head);
	if (*letters)
		n += snprintf(text + n, sizeof(text) - n, "  rules:\n");
	for (; *letters; letters++)
		n += snprintf(text + n, sizeof(text) - n,
			      "    - { path: " WORK "/%c, allow: [read] }\n",
			      *letters);
	guard_load(text);
}

static int execute_open(const void *arg)
{
	char *argv[] = { "open", (char *)arg, NULL }, *envp[] = { NULL };

	return errno_of(execve(WORK "/open", argv, envp));
}

void bound_open(const struct group *group, const char *name,
		struct outcome *outcome)
{
	const struct attempt attempt = { .act = execute_open, .arg = name };

	run_in(group, NULL, &attempt, outcome);
	if (outcome->err > ENDED_STATUS && outcome->err < ENDED_SIGNAL)
		outcome->err -= ENDED_STATUS;
}

int bound_errno(const struct group *group, const char *name)
{
	struct outcome outcome;

	bound_open(group, name, &outcome);
	return outcome.err;
}

static void __attribute__((noreturn)) answer_all(int ask, int answer)
{
	char name[2] = "";
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(ask, name, 1) == 1) {
		err = errno_of_fd(open(name, O_RDONLY | O_CLOEXEC));
		if (write(answer, &err, sizeof(err)) != sizeof(err))
			break;
	}
	_exit(0);
}

void opener_start(struct opener *opener)
{
	int ask[2], answer[2];

	if (pipe2(ask, O_CLOEXEC) || pipe2(answer, O_CLOEXEC))
		die("no pipes");
	opener->pid = fork();
	if (opener->pid < 0)
		die("cannot fork");
	if (!opener->pid)
		answer_all(ask[0], answer[1]);
	close(ask[0]);
	close(answer[1]);
	opener->ask = ask[1];
	opener->answer = answer[0];
}

void opener_move(const struct opener *opener, const struct group *group)
{
	if (fng_cgroup_move(group->fd, opener->pid))
		die("cannot move the task to %s", group->path);
}

int opener_ask(const struct opener *opener, char letter)
{
	int err;

	if (write(opener->ask, &letter, 1) != 1 ||
	    read(opener->answer, &err, sizeof(err)) != sizeof(err))
		die("the task does not answer");
	return err;
}

void opener_end(struct opener *opener)
{
	if (!opener->pid)
		return;
	kill(opener->pid, SIGKILL);
	waitpid(opener->pid, NULL, 0);
	close(opener->ask);
	close(opener->answer);
	opener->pid = 0;
}

/**
 * struct search - a binding that is looked for
 * @cgroup_id: of this cgroup
 * @policy: to this policy
 * @found: it was there
 * @bound: as it was found
 */
struct search {
	u64 cgroup_id;
	const char *policy;
	bool found;
	struct bound bound;
};

static int compare(const struct fng_client_binding *binding, void *data)
{
	struct search *search = data;
	struct bound *bound = &search->bound;

	if (binding->cgroup_id != search->cgroup_id ||
	    strcmp(binding->policy, search->policy))
		return 0;
	search->found = true;
	bound->template = binding->template;
	bound->partial = binding->partial;
	bound->dead = binding->dead;
	snprintf(bound->labels, sizeof(bound->labels), "%s",
		 binding->labels ?: "");
	snprintf(bound->cgroup, sizeof(bound->cgroup), "%s",
		 binding->cgroup ?: "");
	return 0;
}

bool bound_find(u64 cgroup_id, const char *policy, struct bound *bound)
{
	struct search search = { .cgroup_id = cgroup_id, .policy = policy };

	if (fng_client_binding_list(guard_client(), compare, &search))
		die("no list of bindings: %s", guard_client()->error);
	*bound = search.bound;
	return search.found;
}

void bound_unbind(const struct group *group, const char *policy)
{
	const struct fng_client_binding binding = {
		.cgroup_fd = group->fd,
		.policy = policy,
	};

	if (fng_client_unbind(guard_client(), &binding))
		die("%s was not unbound: %s", group->path,
		    guard_client()->error);
}

void bound_unload(const char *policy)
{
	struct fng_client *client = guard_client();
	struct fng_client_status status;

	guard_status(&status);
	if (fng_client_policy_unload(client, &status.policy_gen, policy, NULL))
		die("%s was not unloaded: %s", policy, client->error);
}

void guard_status(struct fng_client_status *status)
{
	if (fng_client_status(guard_client(), false, status))
		die("no status: %s", guard_client()->error);
}
