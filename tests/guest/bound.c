// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that open a file, in cgroups that are bound in all sorts of ways.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

static int open_letter(const void *arg)
{
	return errno_of_fd(open(arg, O_RDONLY | O_CLOEXEC));
}

int bound_ask(const struct worker *worker, char letter)
{
	static const char names[][2] = { "a", "b", "c", "d" };

	return worker_do(worker, open_letter, names[letter - 'a']);
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
