// SPDX-License-Identifier: GPL-2.0-only
/*
 * measure ROOT CGROUP ROUNDS OPERATION...: what operations cost a task that sees
 * ROOT as its root and is in CGROUP, a directory, or "-" for the one it is in.
 * Prints a line "OPERATION COST" for each.
 *
 * The clock counts instructions, see scripts/vm --icount. The least of all
 * rounds is the one that nothing else ran in. What reading the clock costs is
 * part of every figure; "nothing" tells how much that is.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "operations.h"

/* Stands for the root once that is left behind. */
#define INSIDE	"-"

/* Where this program is, below each root. */
#define SELF	"/srv/shop/measure"

/* How often everything is repeated with the allocators in another state. */
#define SHIFTS	48

void expect(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC_RAW, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

static double round_cost(const struct operation *operation)
{
	double start = now();

	operation->run();
	return now() - start;
}

static double least_of(const struct operation *operation, unsigned int rounds)
{
	double least = round_cost(operation), cost;

	while (--rounds) {
		cost = round_cost(operation);
		if (cost < least)
			least = cost;
	}
	return least;
}

static double cost_of(const struct operation *operation, unsigned int rounds)
{
	int held[SHIFTS][2];
	double least, cost;
	unsigned int i;

	if (operation->prepare)
		operation->prepare();
	/* Until caches are filled and patched code has settled. */
	least = least_of(operation, rounds);
	for (i = 0; i < SHIFTS; i++) {
		shift_allocators(held[i]);
		cost = least_of(operation, rounds);
		if (cost < least)
			least = cost;
	}
	while (i--) {
		close(held[i][0]);
		close(held[i][1]);
	}
	return least;
}

static const struct operation *find(const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_operations; i++)
		if (!strcmp(operations[i].name, name))
			return &operations[i];
	fprintf(stderr, "measure: no operation %s\n", name);
	exit(2);
}

static void measure(unsigned int rounds, char **names)
{
	for (; *names; names++)
		printf("%s %.0f\n", *names, cost_of(find(*names), rounds));
}

/* The file that a task is moved into a cgroup by, or -1. */
static int open_cgroup(const char *cgroup)
{
	char path[256];
	int fd;

	if (!strcmp(cgroup, "-"))
		return -1;
	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	expect(fd >= 0, path);
	return fd;
}

/*
 * Who was moved into a guarded cgroup is entering it until it executes something,
 * and is not judged like others before.
 */
static void enter(char **argv)
{
	int fd = open_cgroup(argv[2]);

	expect(!chroot(argv[1]) && !chdir("/"), argv[1]);
	expect(fd < 0 || write(fd, "0", 1) == 1, argv[2]);
	argv[1] = INSIDE;
	execv(SELF, argv);
	expect(0, SELF);
}

int main(int argc, char **argv)
{
	if (argc < 5) {
		fprintf(stderr, "Usage: measure ROOT CGROUP ROUNDS OPERATION...\n");
		return 2;
	}
	if (strcmp(argv[1], INSIDE))
		enter(argv);
	measure(strtoul(argv[3], NULL, 10), argv + 4);
	return 0;
}
