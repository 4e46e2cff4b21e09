/* SPDX-License-Identifier: MIT */
/*
 * Cgroups of the v2 hierarchy, by path.
 */
#ifndef CLIENT_CGROUP_H
#define CLIENT_CGROUP_H

#include <fnguard/types.h>

/* Where the v2 hierarchy is mounted; NULL if it is not. */
const char *fng_cgroup_mount(void);

/**
 * fng_cgroup_open() - open a cgroup
 * @path: from the v2 root as in policies ("/openfaas-fn/api-1"), or as the file
 *	system shows it ("/sys/fs/cgroup/openfaas-fn/api-1")
 *
 * Return: a file descriptor, or a negative errno; -EMEDIUMTYPE if there is such
 * a directory and it is not a cgroup, -ENODEV if there is no v2 hierarchy.
 */
int fng_cgroup_open(const char *path);

/**
 * fng_cgroup_create() - create a cgroup, parents included, and open it
 * @path: from the v2 root
 *
 * Return: a file descriptor, or a negative errno; -EEXIST if it is there.
 */
int fng_cgroup_create(const char *path);

/* Removes a cgroup, by its path from the v2 root; it must be empty. */
int fng_cgroup_remove(const char *path);

/* Removes a cgroup that may still have tasks: kills them, waits, removes. */
int fng_cgroup_destroy(const char *path);

/* Id of an open cgroup, as the kernel module reports it; 0 on failure. */
u64 fng_cgroup_id(int fd);

/* Moves a process, 0 for the caller, into an open cgroup. */
int fng_cgroup_move(int fd, int pid);

#endif /* CLIENT_CGROUP_H */
