/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process that listens to events and adds up the refusals that they tell.
 */
#ifndef TESTS_TORTURE_HEAR_H
#define TESTS_TORTURE_HEAR_H

#include <stdbool.h>
#include <sys/types.h>

#include <fnguard/types.h>

/**
 * struct heard - what a listener has heard
 * @ready: it is subscribed
 * @stalled: it does not read, as long as who started it says so
 * @events: events of all kinds
 * @first: number of the first of them, 0 if there was none
 * @missed: events that it knows it has missed, by their numbers
 * @refusals: accesses that were refused, as told
 * @overruns: times that the kernel said its buffer was full
 * @malformed: events that could not be read
 */
struct heard {
	bool ready;
	bool stalled;
	u64 events;
	u64 first;
	u64 missed;
	u64 refusals;
	u64 overruns;
	u64 malformed;
};

/**
 * struct hearer - a listener
 * @pid: its process
 * @buffer: bytes of its receive buffer while it is stalled, 0 for as many as an
 *	agent has
 * @heard: what it has heard so far
 */
struct hearer {
	pid_t pid;
	int buffer;
	volatile struct heard *heard;
};

/* Starts it, and returns once it is subscribed; ends it. */
void hearer_start(struct hearer *hearer);
void hearer_stop(struct hearer *hearer);

#endif /* TESTS_TORTURE_HEAR_H */
