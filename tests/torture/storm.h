/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processes that do the same things over and over, as fast as they can, and keep
 * the score.
 */
#ifndef TESTS_TORTURE_STORM_H
#define TESTS_TORTURE_STORM_H

#include <guest/common.h>

#define STORM_MAX_TASKS	8
#define STORM_MAX_DEEDS	16

/* What may come of a deed. */
#define STORM_PASSES	1
#define STORM_REFUSED	2
#define STORM_EITHER	(STORM_PASSES | STORM_REFUSED)

/**
 * struct deed - what is done, and what may come of it
 * @what: for messages
 * @act: does it; returns 0, an errno, or less than 0 for a signal that ended a program
 * @arg: handed to @act
 * @refusal: errno of a refusal
 * @may: STORM_*
 */
struct deed {
	const char *what;
	int (*act)(const void *arg);
	const void *arg;
	int refusal;
	u32 may;
};

/**
 * struct score - how often a deed ended how
 * @passed: it was done
 * @refused: it was refused as a refusal should be
 * @short_of: memory, or room in a buffer, was what it was short of
 * @strange: it failed otherwise
 * @strange_err: how, the last time
 * @slowest: nanoseconds that it took at most
 */
struct score {
	u64 passed;
	u64 refused;
	u64 short_of;
	u64 strange;
	int strange_err;
	u64 slowest;
};

struct storm_board;

/**
 * struct storm - some processes, all with the same deeds
 * @group: the cgroup they enter, or NULL
 * @deeds: what they do
 * @nr_deeds: number of them
 * @nr_tasks: number of processes
 * @cpu: where they run, or -1
 * @hungry: they may run short of memory
 * @board: the score
 * @pids: the processes
 */
struct storm {
	const struct group *group;
	const struct deed *deeds;
	u32 nr_deeds;
	u32 nr_tasks;
	int cpu;
	bool hungry;
	struct storm_board *board;
	pid_t pids[STORM_MAX_TASKS];
};

/*
 * Starts the processes, which enter their cgroup and wait there, so that it can
 * be bound: then every rule applies to them at once. Lets them go; each does all
 * deeds at least once. Has them wait again. Ends them.
 */
void storm_start(struct storm *storm);
void storm_go(struct storm *storm);
void storm_rest(struct storm *storm);
void storm_stop(struct storm *storm);

/* Keeps this process and its children on a CPU. */
void storm_pin(int cpu);

/* The score of one deed; of all. Also while the storm goes on. */
struct score storm_score(const struct storm *storm, u32 deed);
struct score storm_total(const struct storm *storm);

/* Holds the score against what may be, and prints it. */
void storm_judge(const struct storm *storm);

#endif /* TESTS_TORTURE_STORM_H */
