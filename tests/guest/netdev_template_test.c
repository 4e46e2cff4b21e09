// SPDX-License-Identifier: GPL-2.0-only
/*
 * Templates of network devices: what they bind, when, and what ends that.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>

#include "bound.h"
#include "control.h"
#include "events.h"
#include "expect.h"
#include "link.h"
#include "listed.h"
#include "net.h"

#define NAME	"ttap-1"

static const char guard_policy[] =
	"policy: tdev\n"
	"attach: { interface: ['ttap-*'] }\n"
	"egress: { default: deny }\n";

static const char open_policy[] =
	"policy: tdev\n"
	"version: 2\n"
	"attach: { interface: ['ttap-*'] }\n"
	"egress: { default: allow }\n";

/* The same, but for others. */
static const char elsewhere_policy[] =
	"policy: tdev\n"
	"version: 3\n"
	"attach: { interface: ['other-*'] }\n"
	"egress: { default: deny }\n";

static const char lax_policy[] =
	"policy: tdev-lax\n"
	"attach: { interface: ['tlax-*'] }\n"
	"egress: { default: allow }\n";

static const char second_policy[] =
	"policy: tdev-second\n"
	"attach: { interface: ['ttap-?', 'tlax-*'] }\n"
	"egress: { default: deny }\n";

static const char by_hand_policy[] =
	"policy: tdev-hand\n"
	"egress: { default: allow }\n";

EVENTS_OF_SUITE(events);

static void expect_said(struct __test_metadata *_metadata, const char *text)
{
	const char *error = guard_client()->error;

	EXPECT_NE(NULL, strstr(error, text)) {
		TH_LOG("no \"%s\" in: %s", text, error);
	}
}

static void expect_told(struct __test_metadata *_metadata, const char *kind,
			const char *about, const char *text)
{
	char line[EVENT_LINE_SIZE];

	ASSERT_TRUE(events_find(&events, kind, about, line));
	expect_text(_metadata, line, text);
}

FIXTURE(template) {
	struct wire wire;
	struct listed search;
};

FIXTURE_SETUP(template)
{
}

FIXTURE_TEARDOWN(template)
{
	static const char *const names[] = {
		"tdev", "tdev-lax", "tdev-second", "tdev-hand"
	};

	wire_remove(&self->wire);
	for (u32 i = 0; i < ARRAY_SIZE(names); i++)
		listed_unload(names[i], NULL);
}

TEST_F(template, there_before)
{
	struct fng_client_netdev netdev = { .netns_fd = -1 };

	wire_make_named(&self->wire, NAME);
	netdev.ifindex = self->wire.ifindex;
	EXPECT_TRUE(listed_arrives(&self->wire));
	guard_load(guard_policy);
	EXPECT_FALSE(listed_arrives(&self->wire));
	EXPECT_STREQ("tdev ", listed_policies(&self->wire, &self->search));
	EXPECT_TRUE(self->search.template);
	EXPECT_STREQ(NAME, self->search.name);
	expect_told(_metadata, "bound", "device " NAME,
		    "attach.interface matches " NAME);
	EXPECT_EQ(-ENOENT, fng_client_netdev_unbind(guard_client(), &netdev));
	expect_said(_metadata, "ends with its policy");
	EXPECT_FALSE(listed_arrives(&self->wire));
	EXPECT_EQ(0, listed_unload("tdev", NULL));
	EXPECT_TRUE(listed_arrives(&self->wire));
	EXPECT_STREQ("", listed_policies(&self->wire, &self->search));
	expect_told(_metadata, "unbound", "device " NAME, "policy tdev");
}

TEST_F(template, appears_later)
{
	struct outcome outcome = { 0 };

	guard_load(guard_policy);
	wire_make_named(&self->wire, NAME);
	EXPECT_FALSE(listed_arrives(&self->wire));
	EXPECT_STREQ("tdev ", listed_policies(&self->wire, &self->search));
	refusals_read(self->search.id, &outcome);
	EXPECT_EQ(1, outcome_sum(&outcome));
}

TEST_F(template, made_again)
{
	struct wire again;
	u64 id;

	guard_load(guard_policy);
	wire_make_named(&self->wire, NAME);
	listed_policies(&self->wire, &self->search);
	id = self->search.id;
	wire_remove(&self->wire);
	expect_told(_metadata, "device-removed", "device " NAME, "policy tdev");
	wire_make_named(&again, NAME);
	EXPECT_FALSE(listed_arrives(&again));
	EXPECT_STREQ("tdev ", listed_policies(&again, &self->search));
	EXPECT_NE(id, self->search.id);
}

TEST_F(template, renamed)
{
	u64 id;

	guard_load(guard_policy);
	guard_load(lax_policy);
	wire_make(&self->wire);
	EXPECT_TRUE(listed_arrives(&self->wire));
	EXPECT_STREQ("", listed_policies(&self->wire, &self->search));
	listed_rename(&self->wire, NAME);
	EXPECT_FALSE(listed_arrives(&self->wire));
	EXPECT_STREQ("tdev ", listed_policies(&self->wire, &self->search));
	id = self->search.id;
	/* A name that nobody matches changes nothing, nor does a load then. */
	listed_rename(&self->wire, "tnone-1");
	EXPECT_FALSE(listed_arrives(&self->wire));
	guard_load(guard_policy);
	EXPECT_FALSE(listed_arrives(&self->wire));
	EXPECT_STREQ("tdev ", listed_policies(&self->wire, &self->search));
	EXPECT_STREQ("tnone-1", self->search.name);
	/* Nor one that the same policy matches. */
	listed_rename(&self->wire, "ttap-2");
	listed_policies(&self->wire, &self->search);
	EXPECT_EQ(id, self->search.id);
	listed_rename(&self->wire, "tlax-1");
	EXPECT_STREQ("tdev-lax ", listed_policies(&self->wire, &self->search));
	EXPECT_TRUE(listed_arrives(&self->wire));
}

static int new_namespace(const struct wire *wire)
{
	int fd;

	if (unshare(CLONE_NEWNET))
		die("no network namespace");
	fd = open("/proc/thread-self/ns/net", O_RDONLY);
	wire_leave(wire);
	return fd;
}

/* The end of a pair goes to where guests are, and is the guest's there. */
TEST_F(template, moved)
{
	struct wire there;

	guard_load(guard_policy);
	wire_make_named(&self->wire, NAME);
	there = self->wire;
	there.host_ns = new_namespace(&self->wire);
	EXPECT_FALSE(listed_arrives(&self->wire));
	link_move(self->wire.ifindex, there.host_ns);
	expect_told(_metadata, "unbound", "device " NAME, "policy tdev");
	wire_leave(&there);
	net_set_up(NAME);
	usleep(200000);
	EXPECT_TRUE(listed_arrives(&there));
	link_move(if_nametoindex(NAME), self->wire.host_ns);
	wire_leave(&self->wire);
	net_set_up(NAME);
	usleep(200000);
	EXPECT_FALSE(listed_arrives(&self->wire));
	self->wire.ifindex = if_nametoindex(NAME);
	EXPECT_STREQ("tdev ", listed_policies(&self->wire, &self->search));
}

/* What has no other end is moved with whoever serves the guest. */
TEST_F(template, tap_moved)
{
	struct ifreq request = {
		.ifr_name = NAME, .ifr_flags = IFF_TAP | IFF_NO_PI,
	};
	struct listed search;
	int fd, there;

	self->wire.host_ns = open("/proc/thread-self/ns/net", O_RDONLY);
	shell("modprobe -q tun");
	guard_load(guard_policy);
	fd = open("/dev/net/tun", O_RDWR);
	ASSERT_EQ(0, ioctl(fd, TUNSETIFF, &request));
	strcpy(self->wire.name, NAME);
	self->wire.ifindex = if_nametoindex(NAME);
	EXPECT_STREQ("tdev ", listed_policies(&self->wire, &self->search));
	there = new_namespace(&self->wire);
	link_move(self->wire.ifindex, there);
	EXPECT_STREQ("tdev ", listed_policies(&self->wire, &search));
	EXPECT_EQ(self->search.id, search.id);
	close(fd);
	close(there);
}

/* Names are chosen by whoever is there, and are the host's only here. */
TEST_F(template, other_namespaces)
{
	struct listed search = { 0 };

	guard_load(guard_policy);
	wire_make(&self->wire);
	wire_guest_runs(&self->wire,
			"ip link set eth0 down && ip link set eth0 name " NAME);
	wire_enter(&self->wire);
	search.ifindex = if_nametoindex(NAME);
	wire_leave(&self->wire);
	EXPECT_EQ(0, control_status().nr_devices);
	fng_client_netdev_list(guard_client(), listed_look, &search);
	EXPECT_EQ(0, search.nr);
}

TEST_F(template, policy_replaced)
{
	u64 id;

	guard_load(guard_policy);
	wire_make_named(&self->wire, NAME);
	EXPECT_FALSE(listed_arrives(&self->wire));
	listed_policies(&self->wire, &self->search);
	id = self->search.id;
	guard_load(open_policy);
	EXPECT_TRUE(listed_arrives(&self->wire));
	EXPECT_STREQ("tdev ", listed_policies(&self->wire, &self->search));
	EXPECT_EQ(id, self->search.id);
	guard_load(elsewhere_policy);
	EXPECT_TRUE(listed_arrives(&self->wire));
	EXPECT_STREQ("", listed_policies(&self->wire, &self->search));
	guard_load(guard_policy);
	EXPECT_FALSE(listed_arrives(&self->wire));
}

/* An heir takes over what somebody has bound, and its own templates match. */
TEST_F(template, unloaded_for_an_heir)
{
	guard_load(guard_policy);
	guard_load(by_hand_policy);
	wire_make_named(&self->wire, NAME);
	EXPECT_FALSE(listed_arrives(&self->wire));
	EXPECT_EQ(0, listed_unload("tdev", "tdev-hand"));
	EXPECT_TRUE(listed_arrives(&self->wire));
	EXPECT_STREQ("", listed_policies(&self->wire, &self->search));
	guard_load(guard_policy);
	guard_load(second_policy);
	EXPECT_EQ(0, listed_unload("tdev", "tdev-second"));
	EXPECT_FALSE(listed_arrives(&self->wire));
	EXPECT_STREQ("tdev-second ", listed_policies(&self->wire, &self->search));
}

/* All that match apply, as with cgroups. */
TEST_F(template, two)
{
	guard_load(open_policy);
	wire_make_named(&self->wire, NAME);
	EXPECT_TRUE(listed_arrives(&self->wire));
	guard_load(second_policy);
	EXPECT_FALSE(listed_arrives(&self->wire));
	EXPECT_STREQ("tdev tdev-second ", listed_policies(&self->wire, &self->search));
	EXPECT_EQ(0, listed_unload("tdev", NULL));
	EXPECT_FALSE(listed_arrives(&self->wire));
	EXPECT_STREQ("tdev-second ", listed_policies(&self->wire, &self->search));
	guard_load(open_policy);
	EXPECT_EQ(0, listed_unload("tdev-second", NULL));
	EXPECT_TRUE(listed_arrives(&self->wire));
	EXPECT_STREQ("tdev ", listed_policies(&self->wire, &self->search));
}

TEST_F(template, more_than_can_apply)
{
	char text[256], name[16];

	wire_make_named(&self->wire, NAME);
	for (int i = 0; i < 9; i++) {
		EXPECT_TRUE(listed_arrives(&self->wire));
		snprintf(text, sizeof(text),
			 "policy: tdev-%d\n"
			 "attach: { interface: [" NAME "] }\n"
			 "egress: { default: allow }\n", i);
		guard_load(text);
	}
	EXPECT_FALSE(listed_arrives(&self->wire));
	for (int i = 0; i < 9; i++) {
		snprintf(name, sizeof(name), "tdev-%d", i);
		EXPECT_EQ(0, listed_unload(name, NULL));
	}
	EXPECT_TRUE(listed_arrives(&self->wire));
}

TEST_F(template, by_hand)
{
	struct fng_client_netdev netdev = {
		.netns_fd = -1, .policy = "tdev-hand",
	};

	guard_load(guard_policy);
	guard_load(by_hand_policy);
	wire_make_named(&self->wire, NAME);
	netdev.ifindex = self->wire.ifindex;
	EXPECT_FALSE(listed_arrives(&self->wire));
	wire_bind(&self->wire, "tdev-hand");
	EXPECT_TRUE(listed_arrives(&self->wire));
	EXPECT_STREQ("tdev-hand ", listed_policies(&self->wire, &self->search));
	EXPECT_FALSE(self->search.template);
	EXPECT_EQ(-EEXIST, fng_client_netdev_bind(guard_client(), &netdev));
	/* Neither a load nor a name takes it away. */
	guard_load(guard_policy);
	listed_rename(&self->wire, "ttap-2");
	EXPECT_TRUE(listed_arrives(&self->wire));
	wire_unbind(&self->wire);
	EXPECT_FALSE(listed_arrives(&self->wire));
	EXPECT_STREQ("tdev ", listed_policies(&self->wire, &self->search));
	EXPECT_TRUE(self->search.template);
}

TEST_HARNESS_MAIN
