// SPDX-License-Identifier: GPL-2.0-only
/*
 * A scenario: its time, its random choices, what it has done and whether what it
 * promises held.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/mman.h>

#include <guest/common.h>

#include "torture.h"

#define SECOND_NS	1000000000ULL

/* More than these say nothing new. */
#define MAX_COMPLAINTS	20

static const char *scenario = "?";
static u64 seconds, end, share_end;
static u64 choices;
static u32 complaints;

u64 torture_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND_NS + now.tv_nsec;
}

void torture_begin(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');

	if (argc != 3)
		die("usage: %s SECONDS SEED", argv[0]);
	scenario = slash ? slash + 1 : argv[0];
	seconds = strtoull(argv[1], NULL, 10);
	choices = strtoull(argv[2], NULL, 10) * 2 + 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
}

void torture_start(void)
{
	end = torture_now() + seconds * SECOND_NS;
	share_end = end;
}

u64 torture_left(void)
{
	u64 now = torture_now();

	return now < share_end ? share_end - now : 0;
}

bool torture_goes_on(void)
{
	return torture_left();
}

void torture_share(u32 parts)
{
	share_end = end;
	share_end = torture_now() + torture_left() / parts;
}

void torture_share_end(void)
{
	share_end = end;
}

/* xorshift64*; its state is never 0. */
u32 torture_random(u32 below)
{
	choices ^= choices >> 12;
	choices ^= choices << 25;
	choices ^= choices >> 27;
	return ((choices * 0x2545f4914f6cdd1dULL) >> 33) % below;
}

void torture_sleep(u32 milliseconds)
{
	const struct timespec pause = {
		.tv_sec = milliseconds / 1000,
		.tv_nsec = milliseconds % 1000 * 1000000,
	};

	nanosleep(&pause, NULL);
}

bool torture_check(bool held, const char *format, ...)
{
	va_list args;

	if (held || complaints++ >= MAX_COMPLAINTS)
		return held;
	printf("# %s: ", scenario);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	return held;
}

void torture_work(const char *what, u64 count)
{
	printf("# %s: %llu %s\n", scenario, (unsigned long long)count, what);
	torture_check(count, "nothing was done: no %s", what);
}

int torture_skip(const char *why)
{
	printf("ok %s: # SKIP %s\n", scenario, why);
	return 0;
}

int torture_end(const char *promise)
{
	printf("%s %s: %s\n", complaints ? "not ok" : "ok", scenario, promise);
	return complaints ? 1 : 0;
}

bool torture_await(bool (*done)(const void *data), const void *data,
		   u32 seconds)
{
	u64 until = torture_now() + seconds * patience() * SECOND_NS;

	while (!done(data)) {
		if (torture_now() > until)
			return false;
		torture_sleep(50);
	}
	return true;
}

void *torture_shared(unsigned long size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		die("no shared memory");
	return memory;
}
