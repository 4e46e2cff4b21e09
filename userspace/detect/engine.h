/* SPDX-License-Identifier: MIT */
/*
 * Rules and events: what has been seen of which rule, and findings.
 *
 * Times are those of the events, in ns since boot: a step of the wall clock
 * does nothing. Nothing is allocated but at the start.
 */
#ifndef DETECT_ENGINE_H
#define DETECT_ENGINE_H

#include <detect/event.h>
#include <detect/state.h>

/* States that are remembered at once, of 1.6 KiB each. */
#define FNG_DETECT_STATES	16384

/**
 * struct fng_detect - an engine
 * @rules: its rules, which are the caller's
 * @table: what is remembered
 * @findings: number of findings
 */
struct fng_detect {
	const struct fng_detect_rules *rules;
	struct fng_detect_table table;
	u64 findings;
};

/**
 * struct fng_finding - a rule has been met
 * @rule: which
 * @event: event that completed it
 * @count: events that it took
 * @first: time of the first of them, in ns since boot
 * @last: time of the last
 * @suppressed: events between the last finding of the same and this one that
 *	were told of by neither
 */
struct fng_finding {
	const struct fng_detect_rule *rule;
	const struct fng_detect_event *event;
	u64 count;
	u64 first;
	u64 last;
	u64 suppressed;
};

/* Told of each finding. */
typedef void (*fng_finding_fn)(const struct fng_finding *finding, void *data);

/* False if there is no memory. @states is a power of two. */
bool fng_detect_init(struct fng_detect *detect,
		     const struct fng_detect_rules *rules, u32 states);
void fng_detect_free(struct fng_detect *detect);

/**
 * fng_detect_event() - show an event to all rules
 * @detect: engine
 * @event: the event
 * @fn: called for each finding
 * @data: handed to @fn
 */
void fng_detect_event(struct fng_detect *detect,
		      const struct fng_detect_event *event, fng_finding_fn fn,
		      void *data);

#endif /* DETECT_ENGINE_H */
