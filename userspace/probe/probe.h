/* SPDX-License-Identifier: MIT */
/*
 * Running techniques, unguarded and under a policy.
 */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include <signal.h>

#include <client/client.h>
#include <client/event.h>

#include "technique.h"

/**
 * enum fng_outcome - what became of a technique
 * @FNG_OUTCOME_REFUSED: the guard refused it, and counted that
 * @FNG_OUTCOME_OPEN: nothing that the guard knows of stops it
 * @FNG_OUTCOME_SKIPPED: it does not even work unguarded here
 */
enum fng_outcome {
	FNG_OUTCOME_REFUSED,
	FNG_OUTCOME_OPEN,
	FNG_OUTCOME_SKIPPED,
};

/**
 * struct fng_finding - what is known of a technique after it was tried
 * @technique: which
 * @outcome: enum fng_outcome
 * @reported: an event told of the refusal
 * @err: what the act ended with, as @act of struct fng_technique
 * @rule: where the refusal came from, or ""
 * @reason: why it is open or was skipped, or not reported; or ""
 */
struct fng_finding {
	const struct fng_technique *technique;
	enum fng_outcome outcome;
	bool reported;
	int err;
	char rule[128];
	char reason[160];
};

/**
 * struct fng_probe - a run
 * @client: connection, or NULL to run everything unguarded
 * @policy: name of the loaded policy to try, with @client
 * @timeout: milliseconds that one step of a case may take
 * @stop: set by whoever wants it to end early
 * @stream: events, with @client
 * @cgroup: path of its cgroup, or ""
 * @dir: its directory, or ""
 * @outside: descriptor of a cgroup for cases to flee to
 * @victim: process for cases to attack
 */
struct fng_probe {
	struct fng_client *client;
	const char *policy;
	int timeout;
	const volatile sig_atomic_t *stop;
	struct fng_stream stream;
	char cgroup[64];
	char dir[64];
	int outside;
	pid_t victim;
};

/**
 * fng_probe_open() - make what all cases share
 * @probe: the first four members are the caller's
 *
 * Return: NULL, or what could not be made, with errno set. Close it in either case.
 */
const char *fng_probe_open(struct fng_probe *probe);
void fng_probe_close(struct fng_probe *probe);

/**
 * fng_probe_try() - try a technique unguarded, and if that works, guarded
 * @probe: opened
 * @technique: what to try
 * @finding: filled in
 */
void fng_probe_try(struct fng_probe *probe,
		   const struct fng_technique *technique,
		   struct fng_finding *finding);

/* What an act ended with, as the name of an errno or of a signal. */
const char *fng_answer_name(int err, char *buf, size_t size);

/**
 * struct fng_trial - a case that has been run
 * @prepared: it was able to act
 * @err: of the preparation, or what @act returned
 * @stuck: it did not end in time
 * @died: signal that ended it, or 0
 * @failed: what could not be done for it, or NULL
 */
struct fng_trial {
	bool prepared;
	int err;
	bool stuck;
	int died;
	const char *failed;
};

/* Runs a case in an open cgroup; bound to the probe's policy before it acts. */
void fng_probe_run(struct fng_probe *probe,
		   const struct fng_technique *technique, int cgroup,
		   bool guarded, struct fng_trial *trial);

/* Looks up what the guard counted and told of a cgroup; is it a refusal? */
bool fng_probe_heard(struct fng_probe *probe, u64 cgroup_id,
		     struct fng_finding *finding);

#endif /* PROBE_PROBE_H */
