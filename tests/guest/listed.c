// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that templates bind.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_ether.h>

#include <client/learned.h>

#include "control.h"
#include "layouts.h"
#include "listed.h"

static const struct layout refused = {
	V4("10.9.0.1"), TCP(8000, TH_SYN_ONLY)
};

bool listed_arrives(const struct wire *wire)
{
	int host_end = wire_open(wire, false, ETH_P_IP);
	int guest_end = wire_open(wire, true, 0);
	u8 bytes[FRAME_SIZE];
	bool heard;

	wire_send(guest_end, bytes, frame_make(&refused, bytes));
	usleep(20000);
	heard = wire_heard(host_end, bytes);
	close(guest_end);
	close(host_end);
	return heard;
}

int listed_look(const struct fng_client_netdev *netdev, void *data)
{
	struct listed *listed = data;

	if (netdev->ifindex != listed->ifindex)
		return 0;
	listed->nr++;
	listed->template = netdev->template;
	listed->id = netdev->id;
	strcpy(listed->name, netdev->name);
	strncat(listed->policies, netdev->policy, 64);
	strcat(listed->policies, " ");
	return 0;
}

const char *listed_policies(const struct wire *wire, struct listed *listed)
{
	memset(listed, 0, sizeof(*listed));
	listed->ifindex = wire->ifindex;
	if (fng_client_netdev_list(guard_client(), listed_look, listed))
		die("no list: %s", guard_client()->error);
	return listed->policies;
}

void listed_rename(struct wire *wire, const char *name)
{
	char command[128];

	snprintf(command, sizeof(command),
		 "ip link set %1$s down && ip link set %1$s name %2$s && "
		 "ip link set %2$s up", wire->name, name);
	shell(command);
	strcpy(wire->name, name);
	usleep(200000);
}

/**
 * struct told - what a guest was told
 * @wire: the guest's
 * @id: of its binding
 * @address: an address
 * @nr: how many names it has
 */
struct told {
	const struct wire *wire;
	u64 id;
	const char *address;
	u32 nr;
};

static int count(const struct fng_client_learned *learned, void *data)
{
	struct told *told = data;

	told->nr += learned->device_id == told->id && !learned->cgroup_id &&
		    !strcmp(learned->device, told->wire->name) &&
		    !strcmp(learned->address, told->address);
	return 0;
}

u32 listed_names(const struct wire *wire, u64 id, const char *address)
{
	struct told told = { wire, id, address, 0 };

	if (fng_client_learned(guard_client(), 0, count, &told))
		die("no list: %s", guard_client()->error);
	return told.nr;
}

int listed_unload(const char *name, const char *heir)
{
	struct fng_client *client = guard_client();
	u64 generation = control_status().policy_gen;

	return fng_client_policy_unload(client, &generation, name, heir);
}
