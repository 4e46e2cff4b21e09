/* SPDX-License-Identifier: MIT */
/*
 * Detection in the agent: events go by, findings are written to its log.
 */
#ifndef AGENT_SENTRY_H
#define AGENT_SENTRY_H

#include <client/event.h>
#include <detect/engine.h>
#include "log.h"

/* Files and directories of rules that can be named. */
#define FNG_SENTRY_PATHS	16

/**
 * struct fng_sentry - detection
 * @log: where findings go
 * @paths: where rules come from
 * @nr_paths: number of @paths; nothing is looked for if it is 0
 * @act: actions of rules are taken, not only told
 * @rules: the rules
 * @detect: their engine
 * @told: evictions that the log knows of
 */
struct fng_sentry {
	struct fng_log *log;
	const char *paths[FNG_SENTRY_PATHS];
	size_t nr_paths;
	bool act;
	struct fng_detect_rules rules;
	struct fng_detect detect;
	u64 told;
};

/**
 * fng_sentry_load() - read the rules, again if there are some
 * @sentry: with paths
 *
 * Prints diagnostics to standard error. If something is wrong, the rules that
 * there were stay. Otherwise what they have seen is forgotten.
 *
 * Return: 0, -EINVAL if rules are invalid, or another negative errno.
 */
int fng_sentry_load(struct fng_sentry *sentry);
void fng_sentry_free(struct fng_sentry *sentry);

/**
 * fng_sentry_event() - look at an event
 * @sentry: detection
 * @event: the event
 * @json: the same as JSON
 */
void fng_sentry_event(struct fng_sentry *sentry, const struct fng_event *event,
		      const struct fng_json *json);

/* Tells what had to be forgotten; to be called now and then. */
void fng_sentry_settle(struct fng_sentry *sentry);

#endif /* AGENT_SENTRY_H */
