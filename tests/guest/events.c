// SPDX-License-Identifier: GPL-2.0-only
/*
 * Listening to `fnguard events`.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

#include "common.h"
#include "events.h"

/* It says this once nothing can be missed any more. */
#define SUBSCRIBED	"waiting for events"

static void __attribute__((noreturn)) become(int out)
{
	if (dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0)
		die("cannot redirect");
	execlp("fnguard", "fnguard", "events", "--timeout", "10", NULL);
	die("cannot execute fnguard");
}

static void await_subscription(struct events *events)
{
	char line[EVENT_LINE_SIZE];

	while (fgets(line, sizeof(line), events->out))
		if (strstr(line, SUBSCRIBED))
			return;
	die("fnguard events did not subscribe");
}

void events_start(struct events *events)
{
	int out[2];

	if (pipe(out))
		die("no pipe");
	events->pid = fork();
	if (events->pid < 0)
		die("cannot fork");
	if (!events->pid)
		become(out[1]);
	close(out[1]);
	events->out = fdopen(out[0], "r");
	if (!events->out)
		die("no stream");
	await_subscription(events);
}

void events_stop(struct events *events)
{
	fclose(events->out);
	kill(events->pid, SIGTERM);
	waitpid(events->pid, NULL, 0);
}

/* The kind is the second word, after the time. */
static bool is_kind(const char *line, const char *kind)
{
	const char *word = strchr(line, ' ');
	size_t length = strlen(kind);

	return word && !strncmp(word + 1, kind, length) &&
	       (word[1 + length] == ' ' || word[1 + length] == '\n');
}

bool events_find(struct events *events, const char *kind, const char *about,
		 char line[EVENT_LINE_SIZE])
{
	while (fgets(line, EVENT_LINE_SIZE, events->out))
		if (is_kind(line, kind) && strstr(line, about))
			return true;
	line[0] = '\0';
	return false;
}
