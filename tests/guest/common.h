/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the suites share: a function is run in a cgroup that is bound to a policy,
 * and what the kernel counted there is read afterwards.
 *
 * Nothing here fails quietly: what a test depends on and cannot have ends it
 * with a message.
 */
#ifndef TESTS_GUEST_COMMON_H
#define TESTS_GUEST_COMMON_H

#include <stdbool.h>
#include <sys/types.h>

#include <client/client.h>

/* A file system of its own, made and removed by work_make() and work_remove(). */
#define WORK	"/tmp/fng-work"

/* How a function ended that did not return: with a status, or by a signal. */
#define ENDED_STATUS	1000
#define ENDED_SIGNAL	2000

/* What an attempt returns that this kernel is not able to make. */
#define ENDED_UNABLE	3000

#define MAX_REFUSALS	8

/**
 * struct attempt - what is tried, guarded and unguarded
 * @before: prepares it, in the same task, before the cgroup is bound; or NULL
 * @act: tries it
 * @arg: handed to both
 */
struct attempt {
	void (*before)(const void *arg);
	int (*act)(const void *arg);
	const void *arg;
};

/**
 * struct refusal - a row of the ledger
 * @policy: policy
 * @hook: enum fng_hook
 * @class: enum fng_class
 * @rule: rule id
 * @line: of the rule in the policy, 0 if it is not written there
 * @audit: it was not refused but would have been
 * @count: how often
 */
struct refusal {
	char policy[FNG_MAX_POLICY_NAME + 1];
	u32 hook;
	u32 class;
	u32 rule;
	u32 line;
	bool audit;
	u64 count;
};

/**
 * struct outcome - what came of an attempt
 * @err: what @act returned, 0 or an errno; 0 also if it did not return and ended
 *	with status 0, else ENDED_STATUS or ENDED_SIGNAL plus the number
 * @pid: the task
 * @cgroup: path of its cgroup, which is gone
 * @refusals: what was counted for the cgroup
 * @nr: number of them
 */
struct outcome {
	int err;
	pid_t pid;
	char cgroup[128];
	struct refusal refusals[MAX_REFUSALS];
	u32 nr;
};

/**
 * struct group - a cgroup of a test
 * @path: from the v2 root
 * @fd: its directory
 * @id: its id
 */
struct group {
	char path[128];
	int fd;
	u64 id;
};

/* Ends the test with a message and what errno says. */
void die(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/* How many times longer than elsewhere everything may take on this kernel. */
u32 patience(void);

/* Waits until @done says so, for that many seconds of a fast kernel. */
bool await_state(bool (*done)(const void *arg), const void *arg,
		 u32 seconds);

/* The errno of a call that returns -1 on failure; closes what it opened. */
int errno_of(long result);
int errno_of_fd(int fd);

/* Attaches the hooks and proves them, as `fnguard arm` does. */
void guard_arm(struct fng_client *client);

/* The connection of this process; the hooks are attached and proven. */
struct fng_client *guard_client(void);

/* Compiles and loads a policy. */
void guard_load(const char *text);

/* Makes a cgroup below /fnguard.test, or below @parent; and removes it. */
void group_make(struct group *group, const struct group *parent);
void group_remove(const struct group *group);

/* Binds it; removing the cgroup ends the binding. */
void group_bind(const struct group *group, const char *policy);

/**
 * run_unguarded() - the control
 * @attempt: what to try
 * @outcome: filled in
 */
void run_unguarded(const struct attempt *attempt, struct outcome *outcome);

/**
 * run_guarded() - try it under a policy
 * @policy: name of a loaded policy
 * @attempt: what to try
 * @outcome: filled in
 *
 * The task is in its cgroup when that is bound, so it is not entering, and every
 * rule applies to it at once.
 */
void run_guarded(const char *policy, const struct attempt *attempt,
		 struct outcome *outcome);

/**
 * run_in() - try it in a cgroup
 * @group: where
 * @bind: policy to bind once the task has prepared, or NULL
 * @attempt: what to try
 * @outcome: filled in
 */
void run_in(const struct group *group, const char *bind,
	    const struct attempt *attempt, struct outcome *outcome);

/* Does it in a child; as @err of struct outcome. */
int in_child(int (*act)(const void *arg), const void *arg);

/* Reads what was counted for a policy since it was loaded, by rule and hook. */
void totals_read(const char *policy, struct outcome *totals);

/* Reads what was counted for a cgroup. */
void refusals_read(u64 cgroup_id, struct outcome *outcome);

/* How many refusals were counted, of all kinds together. */
u64 outcome_sum(const struct outcome *outcome);

/* What was counted, as lines of comment, for who reads a failure. */
void outcome_print(const struct outcome *outcome);

void work_make(void);
void work_remove(void);

/* Makes a file with that text; makes a directory. */
void make_file(const char *path, const char *text);
void make_dir(const char *path);

/* Copies a program; one that comes with the tests. */
void copy_program(const char *from, const char *to);
void copy_helper(const char *name, const char *to);

/* Runs it in a shell, and fills @said with what it prints; returns its status. */
int run_command(const char *command, char *said, size_t size);

/* Has a shell run it; dies if it fails. */
void shell(const char *command);

#endif /* TESTS_GUEST_COMMON_H */
