/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Listening to `fnguard events`.
 */
#ifndef TESTS_GUEST_EVENTS_H
#define TESTS_GUEST_EVENTS_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define EVENT_LINE_SIZE	4096

/**
 * struct events - a running `fnguard events`
 * @pid: its process
 * @fd: what it prints
 * @size: of @text
 * @text: printed, and not looked at yet
 */
struct events {
	pid_t pid;
	int fd;
	size_t size;
	char text[EVENT_LINE_SIZE - 1];
};

/* Starts it, and returns once it is subscribed; to all events, or those of a kind. */
void events_start(struct events *events);
void events_start_of(struct events *events, const char *kind);
void events_stop(struct events *events);

/*
 * One for all rows of a suite, which a row inherits: starting a program for each
 * would take longer than the row. It also tells of the rows before.
 */
#define EVENTS_OF_SUITE(name)						\
	static struct events name;					\
	static void __attribute__((constructor)) start_##name(void)	\
	{								\
		events_start(&name);					\
	}								\
	static_assert(true, "a semicolon follows")

/**
 * events_find() - wait for an event
 * @events: listener
 * @kind: "denied", "bound", ...
 * @about: what its line contains; the path of a cgroup for example
 * @line: filled with the line, empty if none came in time
 *
 * Return: true if one came.
 */
bool events_find(struct events *events, const char *kind, const char *about,
		 char line[EVENT_LINE_SIZE]);

#endif /* TESTS_GUEST_EVENTS_H */
