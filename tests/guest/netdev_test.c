// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bindings of network devices: which are made, what becomes of them when devices
 * and policies change, and how they end.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>

#include "bound.h"
#include "control.h"
#include "expect.h"
#include "layouts.h"
#include "link.h"
#include "listed.h"
#include "net.h"
#include "wire.h"

#define GUARD_POLICY							\
	"policy: netdev\n"						\
	"egress: { default: deny }\n"

#define OPEN_POLICY							\
	"policy: netdev\n"						\
	"version: 2\n"							\
	"egress: { default: allow }\n"

#define AUDIT_POLICY							\
	"policy: netdev\n"						\
	"mode: audit\n"							\
	"egress: { default: deny }\n"

#define BARE_POLICY							\
	"policy: netdev\n"						\
	"memory: { write-exec: deny }\n"

#define HEIR_POLICY							\
	"policy: netdev-heir\n"						\
	"egress: { default: deny }\n"

static const struct layout refused = {
	V4("10.9.0.1"), TCP(8000, TH_SYN_ONLY)
};

FIXTURE(netdev) {
	struct wire wire;
};

FIXTURE_SETUP(netdev)
{
	guard_load(GUARD_POLICY);
	wire_make(&self->wire);
}

FIXTURE_TEARDOWN(netdev)
{
	close(self->wire.guest_ns);
}

/* Sends the frame that the policy refuses; does it arrive? */
static bool passes(const struct wire *wire, int host_end)
{
	int guest_end = wire_open(wire, true, 0);
	u8 bytes[FRAME_SIZE];
	bool heard;

	wire_send(guest_end, bytes, frame_make(&refused, bytes));
	usleep(20000);
	heard = wire_heard(host_end, bytes);
	close(guest_end);
	return heard;
}

static u64 refusals(u64 id)
{
	struct outcome outcome = { 0 };

	refusals_read(id, &outcome);
	return outcome_sum(&outcome);
}

struct search {
	u64 id;
	bool found;
	struct fng_client_netdev netdev;
	char policy[64];
};

static int look_at(const struct fng_client_netdev *netdev, void *data)
{
	struct search *search = data;

	if (netdev->id != search->id)
		return 0;
	search->found = true;
	search->netdev = *netdev;
	strcpy(search->policy, netdev->policy);
	return 0;
}

static bool is_listed(u64 id, struct search *search)
{
	memset(search, 0, sizeof(*search));
	search->id = id;
	if (fng_client_netdev_list(guard_client(), look_at, search))
		die("no list: %s", guard_client()->error);
	return search->found;
}

TEST_F(netdev, bound_and_unbound)
{
	struct fng_client_status status = control_status();
	u32 before = status.nr_devices;
	struct search search;
	u64 id;

	EXPECT_TRUE(listed_arrives(&self->wire));
	id = wire_bind(&self->wire, "netdev");
	EXPECT_FALSE(listed_arrives(&self->wire));
	EXPECT_FALSE(listed_arrives(&self->wire));
	EXPECT_EQ(2, refusals(id));
	ASSERT_TRUE(is_listed(id, &search));
	EXPECT_EQ(self->wire.ifindex, search.netdev.ifindex);
	EXPECT_STREQ(self->wire.name, search.netdev.name);
	EXPECT_STREQ("netdev", search.policy);
	EXPECT_EQ(before + 1, control_status().nr_devices);
	wire_unbind(&self->wire);
	EXPECT_TRUE(listed_arrives(&self->wire));
	EXPECT_FALSE(is_listed(id, &search));
	EXPECT_EQ(before, control_status().nr_devices);
	EXPECT_EQ(2, refusals(id));
}

static int try_bind(u32 ifindex, int netns, const char *policy)
{
	struct fng_client_netdev netdev = {
		.netns_fd = netns, .ifindex = ifindex, .policy = policy,
	};

	return fng_client_netdev_bind(guard_client(), &netdev);
}

static void expect_said(struct __test_metadata *_metadata, const char *text)
{
	const char *error = guard_client()->error;

	EXPECT_NE(NULL, strstr(error, text)) {
		TH_LOG("no \"%s\" in: %s", text, error);
	}
}

/* A device of IP alone, which is there as long as the descriptor. */
static u32 make_tun(void)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd;

	shell("modprobe -q tun");
	fd = open("/dev/net/tun", O_RDWR);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request))
		die("no tun device");
	return if_nametoindex(request.ifr_name);
}

TEST_F(netdev, refused_bindings)
{
	u32 ifindex = self->wire.ifindex;

	EXPECT_EQ(-ENODEV, try_bind(999999, -1, "netdev"));
	expect_said(_metadata, "no device of that number");
	EXPECT_EQ(-EINVAL, try_bind(if_nametoindex("lo"), -1, "netdev"));
	expect_said(_metadata, "loopback");
	EXPECT_EQ(-EINVAL, try_bind(make_tun(), -1, "netdev"));
	expect_said(_metadata, "Ethernet");
	EXPECT_EQ(-ENOENT, try_bind(ifindex, -1, "netdev-none"));
	expect_said(_metadata, "load it first");
	EXPECT_EQ(-EINVAL, try_bind(ifindex, 0, "netdev"));
	expect_said(_metadata, "network namespace");
	EXPECT_EQ(-EBADF, try_bind(ifindex, 999, "netdev"));
	EXPECT_EQ(-ERANGE, try_bind(0, -1, "netdev"));
	EXPECT_EQ(0, try_bind(ifindex, -1, "netdev"));
	EXPECT_EQ(-EEXIST, try_bind(ifindex, -1, "netdev"));
	expect_said(_metadata, "already bound");
	wire_unbind(&self->wire);
}

/* Its ways are the other way round. */
TEST_F(netdev, macvtap)
{
	char command[128];

	snprintf(command, sizeof(command),
		 "ip link add link %s name fngturned type macvtap 2>/dev/null",
		 self->wire.name);
	if (system(command))
		SKIP(return, "the kernel has no such devices");
	EXPECT_EQ(-EOPNOTSUPP, try_bind(if_nametoindex("fngturned"), -1,
					"netdev"));
	expect_said(_metadata, "macvtap");
}

TEST_F(netdev, refused_unbindings)
{
	struct fng_client_netdev netdev = {
		.netns_fd = -1, .ifindex = self->wire.ifindex,
	};

	EXPECT_EQ(-ENOENT, fng_client_netdev_unbind(guard_client(), &netdev));
	expect_said(_metadata, "not bound");
	netdev.ifindex = 999999;
	EXPECT_EQ(-ENODEV, fng_client_netdev_unbind(guard_client(), &netdev));
}

TEST_F(netdev, attributes_are_needed)
{
	const u32 index = self->wire.ifindex;
	const struct piece none[] = { { 0 } };
	const struct piece only_index[] = {
		{ FNG_A_IFINDEX, &index, sizeof(index) }, { 0 }
	};
	const struct piece only_policy[] = {
		{ FNG_A_POLICY_NAME, "netdev", 7 }, { 0 }
	};
	struct fng_client *client = guard_client();

	EXPECT_EQ(-EINVAL, control_send(client, FNG_CMD_NETDEV_BIND, 0, none));
	EXPECT_EQ(-EINVAL, control_send(client, FNG_CMD_NETDEV_BIND, 0,
					only_index));
	EXPECT_EQ(-EINVAL, control_send(client, FNG_CMD_NETDEV_BIND, 0,
					only_policy));
	EXPECT_EQ(-EINVAL, control_send(client, FNG_CMD_NETDEV_UNBIND, 0,
					none));
	EXPECT_EQ(-EINVAL, control_send(client, FNG_CMD_NETDEV_UNBIND, 0,
					only_policy));
}

TEST_F(netdev, follows_its_name)
{
	u64 id = wire_bind(&self->wire, "netdev");
	struct search search;

	listed_rename(&self->wire, "fngother");
	EXPECT_FALSE(listed_arrives(&self->wire));
	EXPECT_EQ(1, refusals(id));
	ASSERT_TRUE(is_listed(id, &search));
	EXPECT_STREQ("fngother", search.netdev.name);
	wire_unbind(&self->wire);
}

static u32 inode_of(int fd)
{
	char path[64], target[64] = "";
	unsigned int inode = 0;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (readlink(path, target, sizeof(target) - 1) < 0 ||
	    sscanf(target, "net:[%u]", &inode) != 1)
		die("not a namespace: %s", target);
	return inode;
}

/* Nothing opens on the way, nor there, nor on the way back. */
TEST_F(netdev, follows_to_another_namespace)
{
	struct wire there = self->wire;
	struct search search;
	int host_end;
	u64 id;

	/* The third one plays the host's part. */
	if (unshare(CLONE_NEWNET))
		die("no network namespace");
	there.host_ns = open("/proc/thread-self/ns/net", O_RDONLY);
	wire_leave(&self->wire);
	id = wire_bind(&self->wire, "netdev");
	link_move(self->wire.ifindex, there.host_ns);
	wire_leave(&there);
	net_set_up(there.name);
	usleep(200000);
	host_end = wire_open(&there, false, ETH_P_IP);
	EXPECT_FALSE(passes(&there, host_end));
	wire_leave(&self->wire);
	EXPECT_EQ(1, refusals(id));
	ASSERT_TRUE(is_listed(id, &search));
	EXPECT_EQ(inode_of(there.host_ns), search.netdev.netns);
	EXPECT_EQ(-ENODEV, try_bind(self->wire.ifindex, -1, "netdev"));
	EXPECT_EQ(-EEXIST, try_bind(search.netdev.ifindex, there.host_ns,
				    "netdev"));
	search.netdev.netns_fd = there.host_ns;
	EXPECT_EQ(0, fng_client_netdev_unbind(guard_client(), &search.netdev));
	wire_leave(&there);
	EXPECT_TRUE(passes(&there, host_end));
	wire_leave(&self->wire);
}

TEST_F(netdev, bound_in_another_namespace)
{
	struct fng_client_netdev netdev = {
		.netns_fd = self->wire.guest_ns, .policy = "netdev",
	};
	struct search search;

	wire_enter(&self->wire);
	netdev.ifindex = if_nametoindex("eth0");
	wire_leave(&self->wire);
	ASSERT_EQ(0, fng_client_netdev_bind(guard_client(), &netdev));
	EXPECT_STREQ("eth0", netdev.name);
	ASSERT_TRUE(is_listed(netdev.id, &search));
	EXPECT_EQ(inode_of(self->wire.guest_ns), search.netdev.netns);
	EXPECT_EQ(0, fng_client_netdev_unbind(guard_client(), &netdev));
}

struct ended {
	u64 id;
};

static bool has_ended(const void *arg)
{
	const struct ended *ended = arg;
	struct search search;

	return !is_listed(ended->id, &search);
}

/* Another of the same name is another device. */
TEST_F(netdev, ends_with_the_device)
{
	struct wire again = self->wire;
	struct events events;
	char line[EVENT_LINE_SIZE];
	struct ended ended;

	events_start(&events);
	ended.id = wire_bind(&self->wire, "netdev");
	wire_remove(&self->wire);
	EXPECT_TRUE(has_ended(&ended));
	ASSERT_TRUE(events_find(&events, "device-removed", "netdev", line));
	expect_text(_metadata, line, self->wire.name);
	events_stop(&events);
	wire_make(&again);
	EXPECT_STREQ(self->wire.name, again.name);
	EXPECT_TRUE(listed_arrives(&again));
	bound_unload("netdev");
	close(again.guest_ns);
}

TEST_F(netdev, ends_with_the_namespace)
{
	struct ended ended = { .id = wire_bind(&self->wire, "netdev") };

	close(self->wire.guest_ns);
	EXPECT_TRUE(await_state(has_ended, &ended, 10));
	self->wire.guest_ns = -1;
}

static int unload(const char *name, const char *heir)
{
	struct fng_client *client = guard_client();
	u64 generation = control_status().policy_gen;

	return fng_client_policy_unload(client, &generation, name, heir);
}

TEST_F(netdev, follows_its_policy)
{
	u64 id = wire_bind(&self->wire, "netdev");

	EXPECT_FALSE(listed_arrives(&self->wire));
	guard_load(OPEN_POLICY);
	EXPECT_TRUE(listed_arrives(&self->wire));
	guard_load(GUARD_POLICY);
	EXPECT_FALSE(listed_arrives(&self->wire));
	EXPECT_EQ(2, refusals(id));
	EXPECT_EQ(-EBUSY, unload("netdev", NULL));
	expect_said(_metadata, "devices");
	EXPECT_FALSE(listed_arrives(&self->wire));
	wire_unbind(&self->wire);
	EXPECT_EQ(0, unload("netdev", NULL));
}

TEST_F(netdev, goes_to_an_heir)
{
	u64 id = wire_bind(&self->wire, "netdev");
	struct outcome totals;
	struct search search;

	guard_load(HEIR_POLICY);
	EXPECT_EQ(0, unload("netdev", "netdev-heir"));
	ASSERT_TRUE(is_listed(id, &search));
	EXPECT_STREQ("netdev-heir", search.policy);
	EXPECT_FALSE(listed_arrives(&self->wire));
	totals_read("netdev-heir", &totals);
	EXPECT_EQ(1, outcome_sum(&totals));
	EXPECT_EQ(-EBUSY, unload("netdev-heir", NULL));
	wire_unbind(&self->wire);
	EXPECT_EQ(0, unload("netdev-heir", NULL));
}

TEST_F(netdev, audit_counts_and_passes)
{
	struct outcome outcome = { 0 };
	u64 id;

	guard_load(AUDIT_POLICY);
	id = wire_bind(&self->wire, "netdev");
	EXPECT_TRUE(listed_arrives(&self->wire));
	refusals_read(id, &outcome);
	ASSERT_EQ(1, outcome.nr);
	EXPECT_TRUE(outcome.refusals[0].audit);
	EXPECT_EQ(1, outcome.refusals[0].count);
	EXPECT_EQ(FNG_HOOK_NETDEV_INGRESS, outcome.refusals[0].hook);
	wire_unbind(&self->wire);
}

TEST_F(netdev, sections_that_are_missing_refuse_nothing)
{
	u64 id;

	guard_load(BARE_POLICY);
	id = wire_bind(&self->wire, "netdev");
	EXPECT_TRUE(listed_arrives(&self->wire));
	EXPECT_EQ(0, refusals(id));
	wire_unbind(&self->wire);
}

/* Nothing else is guarded then, so the hooks have to be proven again. */
TEST_F(netdev, disarming_ends_it)
{
	struct ended ended = { .id = wire_bind(&self->wire, "netdev") };

	EXPECT_FALSE(listed_arrives(&self->wire));
	ASSERT_EQ(0, fng_client_disarm(guard_client(), "a test"));
	EXPECT_TRUE(has_ended(&ended));
	EXPECT_TRUE(listed_arrives(&self->wire));
	shell("fnguard arm >/dev/null");
	EXPECT_TRUE(listed_arrives(&self->wire));
}

TEST_HARNESS_MAIN
