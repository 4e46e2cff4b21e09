// SPDX-License-Identifier: GPL-2.0-only
/*
 * Another network namespace, at the far end of a cable.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include "cable.h"
#include "link.h"
#include "net.h"

/* The far end knows it, and so need not look for the near end. */
#define NEAR_LINK	"02:00:00:00:00:01"

static int go_away(const void *arg)
{
	(void)arg;
	return unshare(CLONE_NEWNET);
}

static int plug_in(const void *arg)
{
	(void)arg;
	net_loopback_up();
	net_set_up("far");
	link_add_address("far", "fd09::2", 64);
	shell("ip neigh add " CABLE_NEAR_V6 " lladdr " NEAR_LINK " dev far");
	return 0;
}

static bool is_plugged_in(const void *arg)
{
	struct ifreq request = { .ifr_name = "near" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int err = ioctl(fd, SIOCGIFFLAGS, &request);

	(void)arg;
	close(fd);
	return !err && request.ifr_flags & IFF_RUNNING;
}

void cable_lay(const struct worker *far)
{
	u32 before = if_nametoindex("near");
	char command[128];

	if (worker_do(far, go_away, NULL))
		die("no network namespace");
	snprintf(command, sizeof(command),
		 "ip link add near address %s type veth peer name far netns %d",
		 NEAR_LINK, far->pid);
	/* The one before goes with the task that was there, but not at once. */
	if (before)
		link_remove(before);
	shell(command);
	/* Who is not there yet is looked for again soon. */
	net_set("ipv4/neigh/near/retrans_time_ms", "100");
	net_set("ipv4/neigh/near/mcast_solicit", "50");
	net_set_up("near");
	worker_do(far, plug_in, NULL);
	if (!await_state(is_plugged_in, NULL, 5))
		die("the cable is broken");
	link_add_address("near", CABLE_NEAR, 24);
	link_add_address("near", CABLE_NEAR_V6, 64);
}

int cable_add_address(const void *arg)
{
	char command[128];

	snprintf(command, sizeof(command), "ip addr add %s dev far",
		 (const char *)arg);
	shell(command);
	return 0;
}
