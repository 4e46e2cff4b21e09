// SPDX-License-Identifier: GPL-2.0-only
/*
 * Templates of network devices: what they never bind, and how many.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <net/if.h>

#include "control.h"
#include "events.h"
#include "expect.h"
#include "listed.h"

#define NAME	"ttap-1"

EVENTS_OF_SUITE(events);

static void run_on(const struct wire *wire, const char *format)
{
	char command[256];

	snprintf(command, sizeof(command), format, wire->name);
	shell(command);
}

static void expect_told(struct __test_metadata *_metadata, const char *kind,
			const char *about, const char *text)
{
	char line[EVENT_LINE_SIZE];

	ASSERT_TRUE(events_find(&events, kind, about, line));
	expect_text(_metadata, line, text);
}

FIXTURE(unbound) {
	struct wire wire;
	struct listed search;
};

FIXTURE_SETUP(unbound)
{
}

FIXTURE_TEARDOWN(unbound)
{
	wire_remove(&self->wire);
	listed_unload("tdev", NULL);
}

static const char wide_policy[] =
	"policy: tdev\n"
	"attach: { interface: ['*'] }\n"
	"egress: { default: deny }\n";

static const char named_policy[] =
	"policy: tdev\n"
	"attach: { interface: ['*', " NAME "] }\n"
	"egress: { default: deny }\n";

static void add_uplink(const struct wire *wire, int family)
{
	if (family == 6)
		run_on(wire,
		       "echo 0 >/proc/sys/net/ipv6/conf/%s/disable_ipv6");
	run_on(wire, family == 6 ? "ip -6 route add default dev %s" :
				   "ip route add default dev %s metric 900");
}

static void check_uplink(struct __test_metadata *_metadata,
			 struct wire *wire, struct listed *search)
{
	guard_load(wide_policy);
	EXPECT_TRUE(listed_arrives(wire));
	EXPECT_STREQ("", listed_policies(wire, search));
	expect_told(_metadata, "skipped", NAME, "default route");
	guard_load(named_policy);
	EXPECT_FALSE(listed_arrives(wire));
	EXPECT_STREQ("tdev ", listed_policies(wire, search));
}

TEST_F(unbound, uplink)
{
	wire_make_named(&self->wire, NAME);
	shell("ip route add default dev lo metric 100");
	add_uplink(&self->wire, 4);
	check_uplink(_metadata, &self->wire, &self->search);
	shell("ip route del default dev lo metric 100");
}

TEST_F(unbound, uplink_of_ipv6)
{
	wire_make_named(&self->wire, NAME);
	add_uplink(&self->wire, 6);
	check_uplink(_metadata, &self->wire, &self->search);
}

/* Whoever is bound could announce itself as the way to the world. */
TEST_F(unbound, uplink_afterwards)
{
	guard_load(wide_policy);
	wire_make_named(&self->wire, NAME);
	EXPECT_FALSE(listed_arrives(&self->wire));
	add_uplink(&self->wire, 4);
	guard_load(wide_policy);
	EXPECT_FALSE(listed_arrives(&self->wire));
	listed_rename(&self->wire, "ttap-2");
	EXPECT_FALSE(listed_arrives(&self->wire));
}

/* Not every device can be bound; the others are, whatever they are called. */
TEST_F(unbound, loopback)
{
	struct listed search = { .ifindex = if_nametoindex("lo") };

	guard_load(wide_policy);
	EXPECT_EQ(0, fng_client_netdev_list(guard_client(), listed_look, &search));
	EXPECT_EQ(0, search.nr);
	expect_told(_metadata, "skipped", "tdev", "lo: ");
}

static void fill_up(u32 nr)
{
	FILE *batch = fopen("/run/batch", "w");

	for (u32 i = 0; i < nr; i++)
		fprintf(batch, "link add tmany-%u type dummy\n", i);
	fclose(batch);
	shell("ip -batch /run/batch");
}

static const char many_policy[] =
	"policy: tdev\n"
	"attach: { interface: ['tmany-*', 'ttap-*'] }\n"
	"egress: { default: deny }\n";

static const char other_policy[] =
	"policy: tdev-other\n"
	"attach: { interface: [tother] }\n"
	"egress: { default: deny }\n";

/* What cannot be judged is not made, not renamed, and not set up. */
TEST_F_TIMEOUT(unbound, limit_of_devices, 600)
{
	char command[128], line[EVENT_LINE_SIZE];
	u32 free = FNG_MAX_DEVICES;
	struct events skipped;

	if (system("modprobe -q dummy"))
		SKIP(return, "the kernel has no such devices");
	wire_make(&self->wire);
	guard_load(many_policy);
	fill_up(free);
	EXPECT_EQ(free, control_status().nr_devices);
	EXPECT_NE(0, system("ip link add tmany-x type dummy 2>/dev/null"));
	run_on(&self->wire, "ip link set %s down");
	snprintf(command, sizeof(command),
		 "ip link set %s name " NAME " 2>/dev/null", self->wire.name);
	EXPECT_NE(0, system(command));
	shell("ip link del tmany-0");
	shell("ip link add tmany-x type dummy");
	EXPECT_EQ(free, control_status().nr_devices);
	shell("ip link add tother type dummy");
	/* Who has heard of thousands that are bound may hear no more. */
	events_start_of(&skipped, "skipped");
	guard_load(other_policy);
	EXPECT_TRUE(events_find(&skipped, "skipped", "4096 devices", line));
	expect_text(_metadata, line, "tother");
	events_stop(&skipped);
	EXPECT_NE(0, system("ip link set tother up 2>/dev/null"));
	EXPECT_EQ(0, listed_unload("tdev", NULL));
	EXPECT_EQ(0, control_status().nr_devices);
	listed_unload("tdev-other", NULL);
	shell("modprobe -r dummy");
}

TEST_HARNESS_MAIN
