// SPDX-License-Identifier: GPL-2.0-only
/*
 * pair [-r ROOT] [-g CGROUP] [-p PROFILE] [-n TIMES] OPERATION...: what an operation
 * costs when one processor does it, and when two do it at once. Prints a line
 * "OPERATION COST-OF-ONE COST-OF-TWO" for each.
 *
 * With two processors, the clock counts the instructions of both, so that a cost is
 * what an operation takes altogether, waiting for the other processor included.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <sys/wait.h>

#include "enter.h"
#include "operations.h"

/* The least of them is the one that nothing else ran in. */
#define ATTEMPTS	8

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC_RAW, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	expect(!sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
}

/* Says that it is ready, works once the other end of @start is closed. */
static void work(const struct operation *operation, int cpu,
		 unsigned int times, int ready, int start)
{
	char byte = 0;

	stay_on(cpu);
	if (operation->prepare)
		operation->prepare();
	operation->run();
	expect(write(ready, &byte, 1) == 1, "ready");
	expect(!read(start, &byte, 1), "start");
	while (times--)
		operation->run();
	_exit(0);
}

static void start_worker(const struct operation *operation, int cpu,
			 unsigned int times, int ready[2], int start[2])
{
	pid_t pid = fork();

	expect(pid >= 0, "fork");
	if (pid)
		return;
	close(start[1]);
	work(operation, cpu, times, ready[1], start[0]);
}

static double attempt(const struct operation *operation, int workers,
		      unsigned int times)
{
	int ready[2], start[2], i, status;
	double began;
	char byte;

	expect(!pipe(ready) && !pipe(start), "pipe");
	for (i = 0; i < workers; i++)
		start_worker(operation, i, times, ready, start);
	for (i = 0; i < workers; i++)
		expect(read(ready[0], &byte, 1) == 1, "ready");
	began = now();
	close(start[1]);
	for (i = 0; i < workers; i++)
		expect(wait(&status) > 0 && !status, "worker");
	began = (now() - began) / workers / times;
	close(start[0]);
	close(ready[0]);
	close(ready[1]);
	return began;
}

static double least_of(const struct operation *operation, int workers,
		       unsigned int times)
{
	double least = attempt(operation, workers, times), cost;
	int i;

	for (i = 1; i < ATTEMPTS; i++) {
		cost = attempt(operation, workers, times);
		if (cost < least)
			least = cost;
	}
	return least;
}

int main(int argc, char **argv)
{
	const struct operation *operation;
	unsigned int times = 1000;
	int option;

	while ((option = getopt(argc, argv, PLACE_OPTIONS "n:")) >= 0) {
		if (option == 'n')
			times = strtoul(optarg, NULL, 10);
		else if (!place_option(option, optarg))
			return 2;
	}
	enter_place(argv);
	for (; optind < argc; optind++) {
		operation = operation_find(argv[optind]);
		printf("%s %.0f %.0f\n", operation->name,
		       least_of(operation, 1, times),
		       least_of(operation, 2, times));
	}
	return 0;
}
