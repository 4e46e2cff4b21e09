/* SPDX-License-Identifier: MIT */
/*
 * Activations: one function after the other uses a cgroup of a warm pool.
 */
#ifndef CLIENT_ACTIVATION_H
#define CLIENT_ACTIVATION_H

#include "client.h"

/**
 * struct fng_client_activation - an activation of a cgroup
 * @cgroup_fd: descriptor of the cgroup
 * @policy: name of the policy that it is bound to from then on
 * @name: the host's name of it, or NULL for one that the kernel makes
 * @labels: key=value,key=value, or NULL
 */
struct fng_client_activation {
	int cgroup_fd;
	const char *policy;
	const char *name;
	const char *labels;
};

/**
 * fng_client_cgroup_activate() - let another function use a cgroup
 * @client: connection
 * @activation: how
 *
 * In one step the cgroup is bound to the policy in place of those that it was bound
 * to, and forgets its phases, what it has used of limits, the addresses of names,
 * quarantine, and since when its code may not have changed. What is counted from
 * then on, and told, bears @name.
 *
 * Return: 0, or a negative errno and nothing has changed: -EBUSY if there are tasks
 * in it, -ENOENT if the policy is not loaded.
 */
int fng_client_cgroup_activate(struct fng_client *client,
			       const struct fng_client_activation *activation);

#endif /* CLIENT_ACTIVATION_H */
