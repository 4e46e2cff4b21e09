/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that open a file, in cgroups that are bound in all sorts of ways.
 */
#ifndef TESTS_GUEST_BOUND_H
#define TESTS_GUEST_BOUND_H

#include "common.h"
#include "worker.h"

/* Makes WORK, with the files a, b, c and d; work_remove() undoes it. */
void bound_setup(void);

/**
 * bound_load() - load a policy about these files
 * @policy: its name
 * @head: more lines of it, or ""
 * @letters: files that may be read; no others may
 */
void bound_load(const char *policy, const char *head, const char *letters);

/**
 * bound_open() - a program opens a file
 * @group: the cgroup that it is started in
 * @name: of the file
 * @outcome: filled in
 *
 * The task is put into the cgroup as it is; it has entered with the program.
 */
void bound_open(const struct group *group, const char *name,
		struct outcome *outcome);

/* The same, for who only wants the errno. */
int bound_errno(const struct group *group, const char *name);

/* Has a worker open one of the files; returns the errno. */
int bound_ask(const struct worker *worker, char letter);

/**
 * struct bound - a binding that was found
 * @template: a template made it
 * @partial: tasks were in the cgroup
 * @dead: the cgroup is gone
 * @labels: as they were given
 * @cgroup: path of the cgroup
 */
struct bound {
	bool template;
	bool partial;
	bool dead;
	char labels[FNG_MAX_LABELS + 1];
	char cgroup[128];
};

/* Is the policy bound to the cgroup? */
bool bound_find(u64 cgroup_id, const char *policy, struct bound *bound);

void bound_unbind(const struct group *group, const char *policy);
void bound_unload(const char *policy);

void guard_status(struct fng_client_status *status);

#endif /* TESTS_GUEST_BOUND_H */
