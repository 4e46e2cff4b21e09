/* SPDX-License-Identifier: MIT */
/*
 * An engine of detection with one rule, and events to show it.
 */
#ifndef UNIT_DETECT_DRIVE_H
#define UNIT_DETECT_DRIVE_H

#include <detect/engine.h>

#define SECOND	1000000000ull

/* An hour after the machine was started. */
#define START	(3600 * SECOND)

extern struct fng_detect detect;
extern struct fng_detect_rules detect_rules;

/**
 * struct detect_seen - what was found since the engine began
 * @nr: findings
 * @last: the last of them
 */
struct detect_seen {
	u32 nr;
	struct fng_finding last;
};

extern struct detect_seen seen;

/* Ends what was, and begins with one rule, given by its keys. */
void begin_with(const char *rule, u32 states);
void begin(const char *rule);
/* For the end of a group of tests. */
int end(void **state);

/* A refused connect, so many seconds after START. */
struct fng_detect_event refusal(double seconds);

/* Returns how many findings there are of it. */
u32 show(const struct fng_detect_event *event);

#endif /* UNIT_DETECT_DRIVE_H */
