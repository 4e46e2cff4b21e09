/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Candidates of policies, and what is told of them.
 */
#ifndef TESTS_GUEST_CANDIDATE_H
#define TESTS_GUEST_CANDIDATE_H

#include <client/load.h>

#include "worker.h"

#define CANDIDATE_PROGRAM	WORK "/true"

/* A group with a worker in it, in WORK; its bindings go with it. */
void candidate_setup(struct group *group, struct worker *worker);
void candidate_teardown(struct group *group, struct worker *worker);

/* Acts: opening the file a, and executing a program. */
int candidate_open(const void *arg);
int candidate_execute(const void *arg);

/**
 * struct counts - what was counted for a cgroup
 * @denied: what was refused
 * @would_deny: what a candidate would have refused
 * @would_allow: what a candidate would have allowed
 * @other: anything else
 * @class: of the last of the candidates' rows
 * @version: of the policy of that
 */
struct counts {
	u64 denied;
	u64 would_deny;
	u64 would_allow;
	u64 other;
	u32 class;
	u32 version;
};

struct counts candidate_counts(const struct group *group);

/**
 * struct seen - a policy, as it is told
 * @version: its version, 0 if it is not loaded
 * @candidate: that of its candidate, 0 if there is none
 * @would: what it would do
 */
struct seen {
	u32 version;
	u32 candidate;
	struct fng_client_candidate would;
};

struct seen candidate_see(const char *policy);

/*
 * Loads a policy, or a candidate; promotes one, within so many seconds or 0; drops
 * one. These return a negative errno.
 */
int candidate_load(const char *policy, u32 version, const char *rest,
		   bool candidate);
int candidate_promote(const char *policy, u32 within);
int candidate_drop(const char *policy);

/* Unloads the policy if it is there. */
void candidate_forget(const char *policy);

#endif /* TESTS_GUEST_CANDIDATE_H */
