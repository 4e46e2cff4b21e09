// SPDX-License-Identifier: MIT
/*
 * Network namespaces, and devices by the names that they have there.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "netns.h"

static long number_of(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);

	return *text && !*end && number > 0 && number <= INT_MAX ? number : 0;
}

int fng_netns_open(const char *text)
{
	char path[PATH_MAX];
	int fd;

	if (strchr(text, '/'))
		snprintf(path, sizeof(path), "%s", text);
	else if (number_of(text))
		snprintf(path, sizeof(path), "/proc/%ld/ns/net",
			 number_of(text));
	else
		snprintf(path, sizeof(path), "/run/netns/%s", text);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int find(const char *device)
{
	unsigned int index = if_nametoindex(device);

	return index ? (int)index : -errno;
}

/* Who cannot come back must not go on elsewhere. */
static int find_in(int netns_fd, const char *device)
{
	int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), index;

	if (own < 0)
		return -errno;
	if (setns(netns_fd, CLONE_NEWNET)) {
		index = -errno;
	} else {
		index = find(device);
		if (setns(own, CLONE_NEWNET))
			abort();
	}
	close(own);
	return index;
}

int fng_netns_ifindex(int netns_fd, const char *device)
{
	long index = number_of(device);

	if (index)
		return (int)index;
	return netns_fd < 0 ? find(device) : find_in(netns_fd, device);
}
