// SPDX-License-Identifier: MIT
/*
 * Watching the kernel module.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <client/names.h>
#include "watch.h"

/* Messages read in one go, before others get their turn. */
#define BURST	64

static void tell_lost(struct fng_watch *watch, const char *where, u64 count)
{
	struct fng_json *json = fng_log_begin("lost");

	fng_json_string(json, "where", where);
	if (count)
		fng_json_number(json, "count", count);
	fng_log_end(watch->log);
}

static void tell_event(const struct fng_event *event, u64 missed, void *data)
{
	struct fng_watch *watch = data;
	struct fng_json *json;

	if (missed)
		tell_lost(watch, "stream", missed);
	watch->events++;
	if (!event) {
		tell_lost(watch, "malformed", 1);
		return;
	}
	json = fng_log_line();
	fng_event_json(event, json);
	fng_log_write(watch->log);
	fng_sentry_event(watch->sentry, event, json);
}

static void put_rule(struct fng_json *json,
		     const struct fng_client_counter *counter)
{
	char buf[64];
	const char *rule = fng_rule_name(counter->rule, buf, sizeof(buf));

	fng_json_string(json, "hook", fng_hook_name(counter->hook));
	fng_json_string(json, "class", fng_class_name(counter->class));
	fng_json_number(json, "rule_id", counter->rule);
	if (rule || counter->rule_text)
		fng_json_string(json, "rule", rule ?: counter->rule_text);
	if (!counter->rule_file)
		return;
	fng_json_string(json, "rule_file", counter->rule_file);
	fng_json_number(json, "rule_line", counter->rule_line);
}

static int tell_counter(const struct fng_client_counter *counter, void *data)
{
	struct fng_watch *watch = data;
	struct fng_json *json = fng_log_begin("counter");

	fng_json_string(json, "policy", counter->policy);
	fng_json_number(json, "version", counter->version);
	if (counter->cgroup)
		fng_json_string(json, "cgroup", counter->cgroup);
	fng_json_number(json, "cgroup_id", counter->cgroup_id);
	if (!counter->rest)
		put_rule(json, counter);
	if (counter->audit)
		fng_json_true(json, "audit");
	if (counter->observed)
		fng_json_true(json, "observed");
	if (counter->would_deny)
		fng_json_true(json, "candidate_would_deny");
	if (counter->would_allow)
		fng_json_true(json, "candidate_would_allow");
	if (counter->entering)
		fng_json_true(json, "entering");
	fng_json_number(json, "count", counter->count);
	fng_json_number(json, "reported", counter->reported);
	fng_log_end(watch->log);
	return 0;
}

/* Events are gone, but the counters are exact: they say what was missed. */
static int resync(struct fng_watch *watch)
{
	tell_lost(watch, "socket", 0);
	return fng_client_counters(&watch->client, NULL, NULL, tell_counter,
				   watch);
}

int fng_watch_connect(struct fng_watch *watch)
{
	int err;

	err = fng_client_open(&watch->client);
	if (!err)
		err = fng_stream_open(&watch->stream, watch->client.group);
	if (err && !watch->client.error[0])
		snprintf(watch->client.error, sizeof(watch->client.error),
			 "cannot subscribe to events: %s", strerror(-err));
	if (!err)
		err = fng_client_status(&watch->client, true, &watch->status);
	if (err) {
		fng_watch_disconnect(watch);
		return err;
	}
	watch->connected = true;
	return 0;
}

void fng_watch_disconnect(struct fng_watch *watch)
{
	fng_stream_close(&watch->stream);
	fng_client_close(&watch->client);
	watch->connected = false;
}

int fng_watch_read(struct fng_watch *watch)
{
	int i, n;

	for (i = 0; i < BURST; i++) {
		n = fng_stream_read(&watch->stream, tell_event, watch);
		if (n == -ENOBUFS)
			n = resync(watch);
		if (n == -EAGAIN || n == -EINTR)
			return 0;
		if (n < 0)
			return n;
	}
	return 0;
}

int fng_watch_check(struct fng_watch *watch)
{
	return fng_client_status(&watch->client, false, &watch->status);
}
