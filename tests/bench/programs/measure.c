// SPDX-License-Identifier: GPL-2.0-only
/*
 * measure [-r ROOT] [-g CGROUP] [-p PROFILE] [-n ROUNDS] [-m] [-l] [-s] [-k NUMBER]
 * [-a ADDRESS] OPERATION...: what operations cost a task that sees ROOT as its root, is
 * in CGROUP, a directory, and confined by PROFILE of AppArmor. Prints a line "OPERATION
 * COST" for each, and another one "OPERATION refused" or "OPERATION allowed" where a
 * guard is to refuse. -m prints the middle of all rounds. -l is for operations by a link to a guest, -s for those on names;
 * -k asks for so many names first, and -a has sockets at ADDRESS.
 *
 * The clock counts instructions, see scripts/vm --icount. The least of all
 * rounds is the one that nothing else ran in. Operations that no two rounds of
 * are alike have a least one by chance, and a lower quartile that repeats. What
 * reading the clock costs is part of every figure; "nothing" tells how much that is.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "enter.h"
#include "operations.h"

/* How often everything is repeated with the allocators in another state. */
#define SHIFTS	48

static unsigned int rounds = 20, names;
static bool middle;

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

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

static double cost_of(const struct operation *operation, unsigned int times)
{
	double *costs = calloc(SHIFTS * times, sizeof(*costs));
	unsigned int i, k, nr = 0;
	int held[SHIFTS][2];
	double cost;

	expect(costs, "calloc");
	if (operation->prepare)
		operation->prepare();
	/* Until caches are filled and patched code has settled. */
	for (k = 0; k < times; k++)
		round_cost(operation);
	for (i = 0; i < SHIFTS; i++) {
		shift_allocators(held[i]);
		if (operation->renewed)
			operation->prepare();
		for (k = 0; k < times; k++)
			costs[nr++] = round_cost(operation);
	}
	while (i--) {
		close(held[i][0]);
		close(held[i][1]);
	}
	qsort(costs, nr, sizeof(*costs), compare);
	cost = costs[middle ? nr / 2 : operation->varies ? nr / 4 : 0];
	free(costs);
	return cost;
}

static void measure(const char *name)
{
	const struct operation *operation = operation_find(name);

	printf("%s %.0f\n", name,
	       cost_of(operation, operation->varies ? 1 + rounds / 4 : rounds));
	if (operation->refused)
		printf("%s %s\n", name,
		       operation->refused() ? "refused" : "allowed");
}

static bool take_option(int option, char *value)
{
	switch (option) {
	case 'n':
		rounds = strtoul(value, NULL, 10);
		break;
	case 'm':
		middle = true;
		break;
	case 'l':
		link_reach();
		break;
	case 's':
		names_serve();
		break;
	case 'k':
		names = strtoul(value, NULL, 10);
		break;
	case 'a':
		net_address = value;
		break;
	default:
		return place_option(option, value);
	}
	return true;
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, PLACE_OPTIONS "n:mlsk:a:")) >= 0)
		if (!take_option(option, optarg))
			return 2;
	enter_place(argv);
	names_learn(names);
	for (; optind < argc; optind++)
		measure(argv[optind]);
	return 0;
}
