/* SPDX-License-Identifier: MIT */
/*
 * What the kernel has learned: of cgroups, what addresses names have; of policies
 * that learn, what was done.
 */
#ifndef CLIENT_LEARNED_H
#define CLIENT_LEARNED_H

#include <client/client.h>

/**
 * struct fng_client_learned - an address of a name that a cgroup was told
 * @cgroup_id: the cgroup; 0 of devices
 * @cgroup: its path, or NULL if it is gone
 * @device_id: binding of a device that a guest is behind, or 0
 * @device: name of the device, or NULL if it is gone
 * @name: the name
 * @address: the address, as text
 * @resolver: who told it, as text
 * @ttl: seconds for which it is still believed; 0 if it is no more
 * @hits: how often it was looked up to allow something
 */
struct fng_client_learned {
	u64 cgroup_id;
	const char *cgroup;
	u64 device_id;
	const char *device;
	const char *name;
	const char *address;
	const char *resolver;
	u32 ttl;
	u32 hits;
};

typedef int (*fng_client_learned_fn)(const struct fng_client_learned *learned,
				     void *data);

/* Calls @fn for all of a cgroup, or of every cgroup if @cgroup_id is 0. */
int fng_client_learned(struct fng_client *client, u64 cgroup_id,
		       fng_client_learned_fn fn, void *data);

/**
 * struct fng_client_act - what was done under a policy that learns
 * @kind: enum fng_act_kind, which says what of the rest there is
 * @class: enum fng_class
 * @number: as there
 * @rule: rule id
 * @access: FNG_ACCESS_*
 * @name: name of a file or Unix socket, NUL-terminated; or ""
 * @target: another one
 * @address: as text, or ""
 * @port: host order
 * @proto: enum fng_proto
 * @host: a name of the address, or what was asked about; or ""
 */
struct fng_client_act {
	u32 kind;
	u32 class;
	u32 number;
	u32 rule;
	u32 access;
	const char *name;
	const char *target;
	const char *address;
	u16 port;
	u32 proto;
	const char *host;
};

typedef int (*fng_client_act_fn)(const struct fng_client_act *act, void *data);

/**
 * fng_client_learn() - read what was done under a policy that learns
 * @client: connection
 * @policy: its name
 * @fn: called for each act
 * @data: handed to @fn
 * @unkept: set to how often something was done that found no room
 *
 * Return: 0, -ENOENT if there is no such policy, -ENODATA if it does not learn, or
 * another negative errno.
 */
int fng_client_learn(struct fng_client *client, const char *policy,
		     fng_client_act_fn fn, void *data, u64 *unkept);

#endif /* CLIENT_LEARNED_H */
