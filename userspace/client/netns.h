/* SPDX-License-Identifier: MIT */
/*
 * Network namespaces, and devices by the names that they have there.
 */
#ifndef CLIENT_NETNS_H
#define CLIENT_NETNS_H

/**
 * fng_netns_open() - open a network namespace
 * @text: a path, the id of a process, or a name as `ip netns` gives it
 *
 * Return: a file descriptor, or a negative errno.
 */
int fng_netns_open(const char *text);

/**
 * fng_netns_ifindex() - number of a device
 * @netns_fd: namespace that it is in, or -1: the caller's
 * @device: its name, or the number itself
 *
 * The calling thread goes there for a moment.
 *
 * Return: the number, or a negative errno.
 */
int fng_netns_ifindex(int netns_fd, const char *device);

#endif /* CLIENT_NETNS_H */
