/* SPDX-License-Identifier: MIT */
/*
 * What was refused last, and by what a cgroup is judged.
 */
#ifndef CLIENT_REFUSALS_H
#define CLIENT_REFUSALS_H

#include "client.h"
#include "event.h"

/* Told each as an event with a count; it is valid until the call returns. */
typedef int (*fng_client_refusal_fn)(const struct fng_event *refusal,
				     void *data);

/**
 * fng_client_refusals() - read what the kernel remembers of refusals
 * @client: connection
 * @fn: called for each
 * @data: handed to @fn
 * @unkept: set to how often something was refused that found no room
 */
int fng_client_refusals(struct fng_client *client, fng_client_refusal_fn fn,
			void *data, u64 *unkept);

/**
 * struct fng_client_applied - a policy that applies to a cgroup
 * @policy: its name
 * @phase: the phase of it that the cgroup is in; empty for what it starts in
 * @version: its version
 */
struct fng_client_applied {
	char policy[FNG_MAX_POLICY_NAME + 1];
	char phase[FNG_MAX_PHASE_NAME + 1];
	u32 version;
};

/**
 * struct fng_client_subject - by what a cgroup is judged
 * @nr: number of @applied
 * @applied: policies, in the order in which they judge
 * @seconds: for which rules only tell there; 0 if they refuse
 * @quarantined: nothing may be executed or sent
 * @excess: it cannot be judged, and everything is refused
 */
struct fng_client_subject {
	u32 nr;
	struct fng_client_applied applied[FNG_MAX_APPLIED];
	u32 seconds;
	bool quarantined;
	bool excess;
};

/**
 * fng_client_subject() - ask by what a cgroup is judged
 * @client: connection
 * @cgroup_id: the cgroup
 * @subject: filled
 *
 * Return: 0, -ENODEV if it was removed, or another negative errno.
 */
int fng_client_subject(struct fng_client *client, u64 cgroup_id,
		       struct fng_client_subject *subject);

#endif /* CLIENT_REFUSALS_H */
