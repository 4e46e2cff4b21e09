/* SPDX-License-Identifier: MIT */
/*
 * Watching the kernel module: its events, and whether it is there.
 */
#ifndef AGENT_WATCH_H
#define AGENT_WATCH_H

#include <client/client.h>
#include <client/event.h>
#include "log.h"
#include "sentry.h"

/**
 * struct fng_watch - what the agent watches
 * @log: where everything goes
 * @sentry: what looks for attacks in events
 * @client: control connection; not open unless @connected
 * @stream: events; not open unless @connected
 * @connected: the module is there
 * @status: last known state of the guard
 * @events: events written or counted since the start
 */
struct fng_watch {
	struct fng_log *log;
	struct fng_sentry *sentry;
	struct fng_client client;
	struct fng_stream stream;
	bool connected;
	struct fng_client_status status;
	u64 events;
};

/**
 * fng_watch_connect() - subscribe to events and declare ourselves the agent
 * @watch: not connected
 *
 * Return: 0 or a negative errno; @client.error says why.
 */
int fng_watch_connect(struct fng_watch *watch);
void fng_watch_disconnect(struct fng_watch *watch);

/* Reads all events that are there. Returns 0 or a negative errno. */
int fng_watch_read(struct fng_watch *watch);

/* Asks for the state; fails if the module is gone. */
int fng_watch_check(struct fng_watch *watch);

#endif /* AGENT_WATCH_H */
