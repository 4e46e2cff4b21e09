// SPDX-License-Identifier: MIT
/*
 * What the guard says of a case: its counters, and its events.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "probe.h"

/* How long events may take; the kernel sends them in batches. */
#define PATIENCE 5000

/**
 * struct row - a refusal that was counted, and then told
 * @cgroup_id: cgroup of the case
 * @found: something was counted
 * @audit: the first that was found was allowed, since the policy only audits
 * @hook: enum fng_hook
 * @rule: rule id
 * @finding: where the rule is written
 * @told: an event told it
 * @lost: events did not arrive
 */
struct row {
	u64 cgroup_id;
	bool found;
	bool audit;
	u32 hook;
	u32 rule;
	struct fng_finding *finding;
	bool told;
	bool lost;
};

static void name_rule(const struct fng_client_counter *counter,
		      struct fng_finding *finding)
{
	size_t size = sizeof(finding->rule);
	char buf[64];

	if (counter->rule_file)
		snprintf(finding->rule, size, "%s:%u", counter->rule_file,
			 counter->rule_line);
	else
		snprintf(finding->rule, size, "%s",
			 fng_rule_name(counter->rule, buf, sizeof(buf)) ?:
				 counter->rule_text			?:
				 "unknown");
}

/* One that refused counts more than one that only audits. */
static int note(const struct fng_client_counter *counter, void *data)
{
	struct row *row = data;

	if (!fng_client_counter_refuses(counter) || !counter->count ||
	    (row->found && (!row->audit || counter->audit)))
		return 0;
	row->found = true;
	row->audit = counter->audit;
	row->hook = counter->hook;
	row->rule = counter->rule;
	name_rule(counter, row->finding);
	return 0;
}

static void compare(const struct fng_event *event, u64 missed, void *data)
{
	struct row *row = data;

	if (missed)
		row->lost = true;
	if (!event ||
	    fng_attr_number(&event->attrs, FNG_A_KIND) != FNG_EVENT_DENIED ||
	    fng_attr_number(&event->attrs, FNG_A_CGROUP_ID) != row->cgroup_id)
		return;
	if (fng_attr_number(&event->attrs, FNG_A_HOOK_ID) == row->hook &&
	    fng_attr_number(&event->attrs, FNG_A_RULE_ID) == row->rule)
		row->told = true;
}

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void await_event(struct fng_probe *probe, struct row *row)
{
	struct pollfd fd = { fng_stream_fd(&probe->stream), POLLIN, 0 };
	long end = now() + PATIENCE, left;
	int n;

	while (!row->told && !*probe->stop) {
		n = fng_stream_read(&probe->stream, compare, row);
		if (n == -ENOBUFS)
			row->lost = true;
		if (n != -EAGAIN)
			continue;
		left = end - now();
		if (left <= 0)
			return;
		poll(&fd, 1, left);
	}
}

bool fng_probe_heard(struct fng_probe *probe, u64 cgroup_id,
		     struct fng_finding *finding)
{
	struct row row = { .cgroup_id = cgroup_id, .finding = finding };
	size_t size = sizeof(finding->reason);

	if (fng_client_counters(probe->client, NULL, &cgroup_id, note, &row)) {
		snprintf(finding->reason, size, "no counters: %.120s",
			 probe->client->error);
		return false;
	}
	if (!row.found)
		return false;
	if (row.audit) {
		strcpy(finding->reason, "the policy only audits it");
		return false;
	}
	await_event(probe, &row);
	finding->reported = row.told;
	if (!row.told)
		strcpy(finding->reason,
		       row.lost ? "events were lost" : "no event told it");
	return true;
}
