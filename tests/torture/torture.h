/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A scenario: its time, its random choices, what it has done and whether what it
 * promises held.
 */
#ifndef TESTS_TORTURE_TORTURE_H
#define TESTS_TORTURE_TORTURE_H

#include <stdbool.h>

#include <fnguard/types.h>

/* Takes "SCENARIO SECONDS SEED" from the command line. */
void torture_begin(int argc, char **argv);

/* All is set up: the time starts. */
void torture_start(void);

/* Is there time left? */
bool torture_goes_on(void);

/* Nanoseconds since some moment, and until the time is up. */
u64 torture_now(void);
u64 torture_left(void);

/* Limits what follows to a share of the time that is left; lifts the limit. */
void torture_share(u32 parts);
void torture_share_end(void);

/* A choice that the seed repeats; who forks chooses from the same sequence. */
u32 torture_random(u32 below);

void torture_sleep(u32 milliseconds);

/**
 * torture_check() - a promise
 * @held: it was kept; otherwise the scenario has failed
 * @format: what was seen instead
 *
 * Return: @held.
 */
bool torture_check(bool held, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Says how much of something was done; to have done nothing is a failure. */
void torture_work(const char *what, u64 count);

/* Says that this kernel cannot do it; returns the exit status. */
int torture_skip(const char *why);

/* Prints the verdict, as a line of TAP; returns the exit status. */
int torture_end(const char *promise);

/* Waits until @done says so, for that many seconds of a fast kernel. */
bool torture_await(bool (*done)(const void *data), const void *data,
		   u32 seconds);

/* Memory that children share; zeroed. */
void *torture_shared(unsigned long size);

#endif /* TESTS_TORTURE_TORTURE_H */
