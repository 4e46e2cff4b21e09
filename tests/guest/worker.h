/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process that runs while policies come and go, and does what it is told.
 */
#ifndef TESTS_GUEST_WORKER_H
#define TESTS_GUEST_WORKER_H

#include "common.h"

/**
 * struct worker - a running task
 * @pid: the task; 0 once it has ended
 * @ask: where it is told what to do
 * @answer: where it says how it went
 */
struct worker {
	pid_t pid;
	int ask;
	int answer;
};

/* Starts it in the caller's cgroup, on the caller's CPUs; moves it; ends it. */
void worker_start(struct worker *worker);
void worker_move(const struct worker *worker, const struct group *group);
void worker_end(struct worker *worker);

/* Has it make an attempt; @arg must have been there before it was started. */
int worker_do(const struct worker *worker, int (*act)(const void *arg),
	      const void *arg);

#endif /* TESTS_GUEST_WORKER_H */
