// SPDX-License-Identifier: GPL-2.0-only
/*
 * Listening to `fnguard events`.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "common.h"
#include "events.h"

/* It says this once nothing can be missed any more. */
#define SUBSCRIBED	"waiting for events"

/* How long an event may be on its way. */
#define WAIT_MS		10000

/* However the listener to it ends, it must not stay behind. */
static void __attribute__((noreturn)) become(int out, const char *kind)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0)
		die("cannot redirect");
	execlp("fnguard", "fnguard", "events", kind ? "--kind" : NULL, kind,
	       NULL);
	die("cannot execute fnguard");
}

/* Waits for more; false if none comes in time, or there will be none. */
static bool more(struct events *events)
{
	struct pollfd fd = { events->fd, POLLIN, 0 };
	ssize_t n;

	if (events->size == sizeof(events->text))
		die("a line of an event is too long");
	if (poll(&fd, 1, WAIT_MS * patience()) <= 0)
		return false;
	n = read(events->fd, events->text + events->size,
		 sizeof(events->text) - events->size);
	if (n <= 0)
		return false;
	events->size += n;
	return true;
}

static bool next_line(struct events *events, char line[EVENT_LINE_SIZE])
{
	size_t length;
	char *end;

	while (!(end = memchr(events->text, '\n', events->size)))
		if (!more(events))
			return false;
	length = end + 1 - events->text;
	memcpy(line, events->text, length);
	line[length] = '\0';
	events->size -= length;
	memmove(events->text, end + 1, events->size);
	return true;
}

static void await_subscription(struct events *events)
{
	char line[EVENT_LINE_SIZE];

	while (next_line(events, line))
		if (strstr(line, SUBSCRIBED))
			return;
	die("fnguard events did not subscribe");
}

void events_start_of(struct events *events, const char *kind)
{
	int out[2];

	if (pipe2(out, O_CLOEXEC))
		die("no pipe");
	events->pid = fork();
	if (events->pid < 0)
		die("cannot fork");
	if (!events->pid)
		become(out[1], kind);
	close(out[1]);
	events->fd = out[0];
	events->size = 0;
	await_subscription(events);
}

void events_start(struct events *events)
{
	events_start_of(events, NULL);
}

void events_stop(struct events *events)
{
	close(events->fd);
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
	while (next_line(events, line))
		if (is_kind(line, kind) && strstr(line, about))
			return true;
	line[0] = '\0';
	return false;
}
