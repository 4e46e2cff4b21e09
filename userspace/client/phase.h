/* SPDX-License-Identifier: MIT */
/*
 * Phases of policies that cgroups are in.
 */
#ifndef CLIENT_PHASE_H
#define CLIENT_PHASE_H

#include "client.h"

/**
 * struct fng_client_phase - the phase of a policy that a cgroup is in
 * @cgroup_id: cgroup
 * @cgroup: its path, or NULL if it is gone
 * @policy: policy
 * @phase: name of the phase; NULL before any was entered
 * @seconds: for how long it is in it
 * @next: name of the next phase, or NULL
 * @enter: enum fng_enter of @next
 */
struct fng_client_phase {
	u64 cgroup_id;
	const char *cgroup;
	const char *policy;
	const char *phase;
	u32 seconds;
	const char *next;
	u32 enter;
};

/**
 * fng_client_phase_enter() - have a cgroup enter a phase of a policy
 * @client: connection
 * @cgroup_fd: descriptor of the cgroup
 * @policy: name of the policy
 * @phase: name of the phase
 *
 * Return: 0 or a negative errno: -EALREADY if it is in it, -EINVAL if it is in a
 * later one, -ENOENT if there is no such policy or phase for it.
 */
int fng_client_phase_enter(struct fng_client *client, int cgroup_fd,
			   const char *policy, const char *phase);

typedef int (*fng_client_phase_fn)(const struct fng_client_phase *phase,
				   void *data);

/* Calls @fn for every cgroup and policy with phases. */
int fng_client_phase_list(struct fng_client *client, fng_client_phase_fn fn,
			  void *data);

#endif /* CLIENT_PHASE_H */
