// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device that belongs to a VRF, which takes packets over before they are judged
 * and hands them on as its own.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "expect.h"
#include "net.h"
#include "wire.h"

#define VRF	"fngvrf"

/* It may send to one port of the other end's. */
#define POLICY								\
	"policy: vrf\n"							\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - allow:\n"						\
	"        to: [10.9.0.0/24, \"fd09::/64\"]\n"			\
	"        ports: [8000/udp]\n"

WIRE_OF_SUITE(wire_make_talking, wire);

FIXTURE(vrf) {
	bool made;
};

/*
 * @there: the other end of the wire
 */
FIXTURE_VARIANT(vrf) {
	const char *there;
};

FIXTURE_VARIANT_ADD(vrf, v4) {
	.there = "10.9.0.2",
};

FIXTURE_VARIANT_ADD(vrf, v6) {
	.there = "fd09::2",
};

static const FIXTURE_VARIANT(vrf) *row;

/* A device that changes hands loses its addresses of IPv6. */
static bool make_vrf(void)
{
	char command[512];

	if (system("modprobe -q vrf; ip link add " VRF
		   " type vrf table 77 2>/dev/null"))
		return false;
	snprintf(command, sizeof(command),
		 "ip link set " VRF " up && ip link set %s master " VRF " && "
		 "ip addr add fd09::1/64 dev %s nodad", wire.name, wire.name);
	if (system(command))
		die("the VRF has no device");
	return true;
}

FIXTURE_SETUP(vrf)
{
	guard_load(POLICY);
	self->made = make_vrf();
	row = variant;
}

FIXTURE_TEARDOWN(vrf)
{
	if (self->made && system("ip link del " VRF))
		die("the VRF stays");
}

/* Nobody gets into a VRF who does not name it. */
static int open_within(void)
{
	int fd = socket(strchr(row->there, ':') ? AF_INET6 : AF_INET,
			SOCK_DGRAM, 0);

	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, VRF, sizeof(VRF)))
		die("no way into the VRF");
	return fd;
}

static int open_there(u16 port)
{
	int fd;

	wire_enter(&wire);
	fd = net_bind(row->there, port, SOCK_DGRAM);
	wire_leave(&wire);
	return fd;
}

static bool hears(int fd, int milliseconds)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	char data[16];

	return poll(&wait, 1, milliseconds * (int)patience()) == 1 &&
	       read(fd, data, sizeof(data)) > 0;
}

/* Over what was allowed when it was connected. */
static void connect_before(const void *arg)
{
	const struct target to = { .address = row->there,
				   .port = *(const u16 *)arg };
	struct sockaddr_storage address;
	socklen_t size = target_address(&to, &address);

	net_held = open_within();
	if (connect(net_held, (struct sockaddr *)&address, size))
		die("cannot connect");
}

static const u16 allowed_port = 8000, denied_port = 8001;

TEST_F(vrf, works_unguarded)
{
	const struct attempt attempt = { .before = connect_before,
					 .act = net_write_held,
					 .arg = &denied_port };
	int fd;

	if (!self->made)
		SKIP(return, "the kernel has no VRF");
	fd = open_there(denied_port);
	expect_control(_metadata, &attempt);
	EXPECT_TRUE(hears(fd, 3000));
}

TEST_F(vrf, lets_through_what_is_allowed)
{
	const struct attempt attempt = { .before = connect_before,
					 .act = net_write_held,
					 .arg = &allowed_port };
	struct outcome outcome;
	int fd;

	if (!self->made)
		SKIP(return, "the kernel has no VRF");
	fd = open_there(allowed_port);
	run_guarded("vrf", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
	EXPECT_TRUE(hears(fd, 3000));
}

/* A VRF does not tell the sender that something was dropped. */
TEST_F(vrf, stops_what_is_not)
{
	const struct attempt attempt = { .before = connect_before,
					 .act = net_write_held,
					 .arg = &denied_port };
	const struct expected expected = {
		.hook = FNG_HOOK_LOCAL_OUT,
		.class = FNG_CLASS_EGRESS,
	};
	struct outcome outcome;
	int fd;

	if (!self->made)
		SKIP(return, "the kernel has no VRF");
	fd = open_there(denied_port);
	run_guarded("vrf", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	EXPECT_FALSE(hears(fd, 100));
}

TEST_HARNESS_MAIN
