/* SPDX-License-Identifier: MIT */
/*
 * Events: the record, its JSON, and the stream they come in.
 */
#ifndef CLIENT_EVENT_H
#define CLIENT_EVENT_H

#include <fnguard/limits.h>
#include "attr.h"
#include "json.h"

struct mnl_socket;

/**
 * struct fng_event - an event, in place
 * @attrs: its checked attributes; they point into the received message
 * @verdict: nests of FNG_A_VERDICT
 * @nr_verdicts: number of them
 */
struct fng_event {
	struct fng_attrs attrs;
	const struct nlattr *verdict[FNG_MAX_APPLIED];
	u32 nr_verdicts;
};

/**
 * fng_event_parse() - check and index one event
 * @event: filled in; valid as long as @data
 * @data: contents of a FNG_A_EVENT
 * @size: bytes of it
 *
 * Return: 0, or -EBADMSG if it is malformed.
 */
int fng_event_parse(struct fng_event *event, const void *data, size_t size);

/* Room for any event as JSON. */
#define FNG_EVENT_JSON_SIZE	(256 << 10)

/* Appends an event as a JSON object. */
void fng_event_json(const struct fng_event *event, struct fng_json *json);

/* Writes a time as 2026-01-31T23:59:59.123456789Z into a buffer of this size. */
#define FNG_TIME_SIZE		40
char *fng_time_text(u64 ns, char *text);

/* The name of a rule that is not written in a policy; NULL if it is. */
const char *fng_rule_name(u32 rule, char *buf, size_t size);

/**
 * struct fng_stream - events as they come
 * @sock: libmnl's socket
 * @seq: number of the last event; 0 before the first
 */
struct fng_stream {
	struct mnl_socket *sock;
	u64 seq;
};

/**
 * fng_event_fn - told of each event
 * @event: the event; NULL if a malformed one was received
 * @missed: number of events that should have come before this one and did not
 * @data: as handed to fng_stream_read()
 */
typedef void (*fng_event_fn)(const struct fng_event *event, u64 missed,
			     void *data);

/**
 * fng_stream_open() - subscribe to events
 * @stream: filled in
 * @group: multicast group, from struct fng_client
 *
 * Return: 0, or a negative errno; -EPERM without the capabilities.
 */
int fng_stream_open(struct fng_stream *stream, int group);
void fng_stream_close(struct fng_stream *stream);

/* To be polled for input. */
int fng_stream_fd(const struct fng_stream *stream);

/**
 * fng_stream_read() - read one message of the kernel, which may hold many events
 * @stream: stream
 * @fn: called for each event
 * @data: handed to @fn
 *
 * Does not wait and does not allocate.
 *
 * Return: number of events, -EAGAIN if there is nothing to read, -ENOBUFS if
 * the kernel had to drop messages because they were not read fast enough, or
 * another negative errno.
 */
int fng_stream_read(struct fng_stream *stream, fng_event_fn fn, void *data);

/**
 * fng_stream_message() - read events from a received message
 * @stream: keeps the number of the last event
 * @message: netlink messages
 * @size: bytes of them
 * @fn: called for each event
 * @data: handed to @fn
 *
 * Return: number of events.
 */
int fng_stream_message(struct fng_stream *stream, const void *message,
		       size_t size, fng_event_fn fn, void *data);

#endif /* CLIENT_EVENT_H */
