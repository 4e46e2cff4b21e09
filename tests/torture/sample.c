// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trying the numbers from 1 on: all of them if there is time, else some.
 */
#include <stdio.h>
#include <stdlib.h>

#include <guest/common.h>

#include "sample.h"
#include "torture.h"

/* What one command allocates may differ by a few from time to time. */
#define MAX_BEYOND	50

static u32 *shuffled(u32 nr)
{
	u32 *numbers = calloc(nr + 1, sizeof(*numbers)), i, other;

	if (!numbers)
		die("no memory");
	for (i = 0; i < nr; i++) {
		other = torture_random(i + 1);
		numbers[i] = numbers[other];
		numbers[other] = i + 1;
	}
	return numbers;
}

static void go_on(u32 n, bool (*try)(u32 n, void *data), void *data)
{
	u32 end = n + MAX_BEYOND;

	while (n < end && try(n, data))
		n++;
}

void sample(const char *what, u32 total, bool (*try)(u32 n, void *data),
	    void *data)
{
	u32 *numbers = shuffled(total), i, hits = 0;

	for (i = 0; i < total && (!hits || torture_goes_on()); i++)
		hits += try(numbers[i], data);
	if (i == total)
		go_on(total + 1, try, data);
	free(numbers);
	printf("# %s: %u of %u allocations failed%s\n", what, hits, total,
	       i < total ? ", a sample: there was no time for more" : "");
}
