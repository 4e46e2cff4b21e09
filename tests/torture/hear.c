// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process that listens to events and adds up the refusals that they tell.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <client/event.h>
#include <fnguard/access.h>
#include <guest/common.h>

#include "hear.h"
#include "torture.h"

/* What comes late comes at once. */
#define BUFFER	(1 << 20)

/* Proofs are not refusals, and nobody counts them. */
static bool is_refusal(const struct fng_attrs *attrs)
{
	const u64 canary = FNG_RULE_GUARD | FNG_GUARD_CANARY;

	return fng_attr_number(attrs, FNG_A_KIND) == FNG_EVENT_DENIED &&
	       fng_attr_number(attrs, FNG_A_RULE_ID) != canary;
}

static void hear(const struct fng_event *event, u64 missed, void *data)
{
	volatile struct heard *heard = data;

	heard->missed += missed;
	if (!event) {
		heard->malformed++;
		return;
	}
	if (!heard->events++)
		heard->first = fng_attr_number(&event->attrs, FNG_A_SEQ);
	if (is_refusal(&event->attrs))
		heard->refusals += fng_attr_number(&event->attrs,
						   FNG_A_REPEAT);
}

static void read_some(struct fng_stream *stream, volatile struct heard *heard)
{
	struct pollfd poll_fd = {
		.fd = fng_stream_fd(stream),
		.events = POLLIN,
	};
	int n;

	poll(&poll_fd, 1, 100);
	n = fng_stream_read(stream, hear, (void *)heard);
	if (n == -ENOBUFS)
		heard->overruns++;
	else if (n < 0 && n != -EAGAIN)
		die("events cannot be read: %d", n);
}

static void set_buffer(const struct fng_stream *stream, int size)
{
	if (setsockopt(fng_stream_fd(stream), SOL_SOCKET, SO_RCVBUFFORCE, &size,
		       sizeof(size)))
		die("no buffer of %d bytes", size);
}

static void __attribute__((noreturn)) run(const struct hearer *hearer)
{
	int group = guard_client()->group;
	struct fng_stream stream;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (fng_stream_open(&stream, group))
		die("no events");
	if (hearer->buffer)
		set_buffer(&stream, hearer->buffer);
	hearer->heard->ready = true;
	while (hearer->heard->stalled)
		torture_sleep(10);
	if (hearer->buffer)
		set_buffer(&stream, BUFFER);
	for (;;)
		read_some(&stream, hearer->heard);
}

static bool is_ready(const void *data)
{
	const struct hearer *hearer = data;

	return hearer->heard->ready;
}

void hearer_start(struct hearer *hearer)
{
	hearer->heard = torture_shared(sizeof(*hearer->heard));
	hearer->heard->stalled = hearer->buffer;
	hearer->pid = fork();
	if (hearer->pid < 0)
		die("cannot fork");
	if (!hearer->pid)
		run(hearer);
	if (!torture_await(is_ready, hearer, 10))
		die("nobody listens");
}

void hearer_stop(struct hearer *hearer)
{
	kill(hearer->pid, SIGKILL);
	waitpid(hearer->pid, NULL, 0);
}
