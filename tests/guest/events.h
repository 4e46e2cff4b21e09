/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Listening to `fnguard events`.
 */
#ifndef TESTS_GUEST_EVENTS_H
#define TESTS_GUEST_EVENTS_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#define EVENT_LINE_SIZE	4096

/**
 * struct events - a running `fnguard events`
 * @pid: its process
 * @out: what it prints
 */
struct events {
	pid_t pid;
	FILE *out;
};

/* Starts it, and returns once it is subscribed. */
void events_start(struct events *events);
void events_stop(struct events *events);

/**
 * events_find() - wait for an event
 * @events: listener
 * @kind: "denied", "bound", ...
 * @about: what its line contains; the path of a cgroup for example
 * @line: filled with the line, empty if none came for ten seconds
 *
 * Return: true if one came.
 */
bool events_find(struct events *events, const char *kind, const char *about,
		 char line[EVENT_LINE_SIZE]);

#endif /* TESTS_GUEST_EVENTS_H */
