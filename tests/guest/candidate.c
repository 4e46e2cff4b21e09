// SPDX-License-Identifier: GPL-2.0-only
/*
 * Candidates of policies, and what is told of them.
 */
#include <fcntl.h>
#include <stdio.h>

#include "bound.h"
#include "candidate.h"
#include "control.h"
#include "errand.h"

int candidate_open(const void *arg)
{
	(void)arg;
	return errno_of_fd(open(WORK "/a", O_RDONLY | O_CLOEXEC));
}

int candidate_execute(const void *arg)
{
	(void)arg;
	return errand_execute(CANDIDATE_PROGRAM);
}

static int add_counter(const struct fng_client_counter *counter, void *data)
{
	struct counts *counts = data;

	if (fng_client_counter_refuses(counter)) {
		*(counter->audit ? &counts->other : &counts->denied) +=
			counter->count;
		return 0;
	}
	if (counter->would_deny)
		counts->would_deny += counter->count;
	else if (counter->would_allow)
		counts->would_allow += counter->count;
	else
		counts->other += counter->count;
	counts->class = counter->class;
	counts->version = counter->version;
	return 0;
}

struct counts candidate_counts(const struct group *group)
{
	struct counts counts = { 0 };

	if (fng_client_counters(guard_client(), NULL, &group->id, add_counter,
				&counts))
		die("no counters: %s", guard_client()->error);
	return counts;
}

static int note(const struct fng_client_policy *policy, void *data)
{
	struct seen *seen = data;

	seen->version = policy->version;
	if (!policy->candidate)
		return 0;
	seen->candidate = policy->candidate->version;
	seen->would = *policy->candidate;
	return 0;
}

struct seen candidate_see(const char *policy)
{
	struct seen seen = { 0 };

	fng_client_policy_get(guard_client(), policy, note, &seen);
	return seen;
}

int candidate_load(const char *policy, u32 version, const char *rest,
		bool candidate)
{
	struct fng_client_load how = { .candidate = candidate };
	char text[1024];

	snprintf(text, sizeof(text), "policy: %s\nversion: %u\n%s", policy,
		 version, rest);
	return control_load_as(text, &how);
}

int candidate_promote(const char *policy, u32 within)
{
	struct fng_client_load how = {
		.generation = control_status().policy_gen,
		.within = within,
	};

	return fng_client_policy_promote(guard_client(), &how, policy);
}

int candidate_drop(const char *policy)
{
	u64 generation = control_status().policy_gen;

	return fng_client_candidate_unload(guard_client(), &generation, policy);
}

void candidate_forget(const char *policy)
{
	u64 generation = control_status().policy_gen;

	fng_client_policy_unload(guard_client(), &generation, policy, NULL);
}

void candidate_setup(struct group *group, struct worker *worker)
{
	bound_setup();
	copy_helper("helper_true", CANDIDATE_PROGRAM);
	group_make(group, NULL);
	worker_start(worker);
	worker_move(worker, group);
}

/* Bindings of removed cgroups are counted for a while. */
void candidate_teardown(struct group *group, struct worker *worker)
{
	const struct fng_client_binding all = { .cgroup_fd = group->fd };

	fng_client_unbind(guard_client(), &all);
	worker_end(worker);
	group_remove(group);
	work_remove();
}
