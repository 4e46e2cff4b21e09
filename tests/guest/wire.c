// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pair of Ethernet devices.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include "link.h"
#include "net.h"
#include "wire.h"

/* The guest's end; there is no other in its namespace. */
#define GUEST_END	"eth0"

/* Milliseconds that a frame may take on a fast kernel. */
#define SOON		2000

static int open_namespace(void)
{
	int fd = open("/proc/thread-self/ns/net", O_RDONLY);

	if (fd < 0)
		die("no network namespace");
	return fd;
}

void wire_enter(const struct wire *wire)
{
	if (setns(wire->guest_ns, CLONE_NEWNET))
		die("cannot enter the guest's namespace");
}

void wire_leave(const struct wire *wire)
{
	if (setns(wire->host_ns, CLONE_NEWNET))
		die("cannot leave the guest's namespace");
}

void wire_guest_runs(const struct wire *wire, const char *command)
{
	wire_enter(wire);
	shell(command);
	wire_leave(wire);
}

static void make_namespaces(struct wire *wire)
{
	wire->host_ns = open_namespace();
	if (unshare(CLONE_NEWNET))
		die("no network namespace");
	wire->guest_ns = open_namespace();
	wire_leave(wire);
}

static void make_ends(struct wire *wire)
{
	make_namespaces(wire);
	if (!*wire->name)
		snprintf(wire->name, sizeof(wire->name), "fng%d", getpid());
	link_add_veth(wire->name, GUEST_END, wire->guest_ns);
	wire->ifindex = if_nametoindex(wire->name);
}

static void set_up(const struct wire *wire)
{
	net_set_up(wire->name);
	wire_enter(wire);
	net_set_up(GUEST_END);
	wire_leave(wire);
}

void wire_make(struct wire *wire)
{
	wire_make_named(wire, "");
}

void wire_make_named(struct wire *wire, const char *name)
{
	snprintf(wire->name, sizeof(wire->name), "%s", name);
	make_ends(wire);
	link_silence(wire->name);
	wire_enter(wire);
	link_silence(GUEST_END);
	wire_leave(wire);
	set_up(wire);
}

void wire_make_talking(struct wire *wire)
{
	*wire->name = '\0';
	make_ends(wire);
	link_add_address(wire->name, "10.9.0.1", 24);
	link_add_address(wire->name, "10.9.0.9", 24);
	link_add_address(wire->name, "fd09::1", 64);
	link_add_address(wire->name, "fd09::9", 64);
	wire_enter(wire);
	net_loopback_up();
	link_add_address(GUEST_END, "10.9.0.2", 24);
	link_add_address(GUEST_END, "fd09::2", 64);
	wire_leave(wire);
	set_up(wire);
}

void wire_remove(const struct wire *wire)
{
	u32 ifindex = if_nametoindex(wire->name);

	if (ifindex)
		link_remove(ifindex);
}

u64 wire_bind(const struct wire *wire, const char *policy)
{
	struct fng_client_netdev netdev = {
		.netns_fd = -1, .ifindex = wire->ifindex, .policy = policy,
	};

	if (fng_client_netdev_bind(guard_client(), &netdev))
		die("%s was not bound: %s", wire->name, guard_client()->error);
	return netdev.id;
}

void wire_unbind(const struct wire *wire)
{
	struct fng_client_netdev netdev = {
		.netns_fd = -1, .ifindex = wire->ifindex,
	};

	if (fng_client_netdev_unbind(guard_client(), &netdev))
		die("%s was not unbound: %s", wire->name,
		    guard_client()->error);
}

static int open_at(const char *name, u16 type)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(type),
		.sll_ifindex = if_nametoindex(name),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 || !address.sll_ifindex ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)))
		die("no socket for frames at %s", name);
	return fd;
}

int wire_open(const struct wire *wire, bool guest, u16 type)
{
	int fd;

	if (!guest)
		return open_at(wire->name, type);
	wire_enter(wire);
	fd = open_at(GUEST_END, type);
	wire_leave(wire);
	return fd;
}

void wire_send(int fd, const void *frame, size_t size)
{
	/* What the device of this end refuses is refused for good. */
	if (write(fd, frame, size) != (ssize_t)size && errno != ENOBUFS)
		die("the frame was not sent");
}

static bool is_same_source(const struct ethhdr *a, const struct ethhdr *b)
{
	return !memcmp(a->h_source, b->h_source, ETH_ALEN);
}

static bool hears_within(int fd, const void *frame, int milliseconds)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	union {
		struct ethhdr header;
		char bytes[2048];
	} heard;

	while (poll(&wait, 1, milliseconds) == 1)
		if (read(fd, &heard, sizeof(heard)) >= ETH_HLEN &&
		    is_same_source(&heard.header, frame))
			return true;
	return false;
}

bool wire_hears(int fd, const void *frame)
{
	return hears_within(fd, frame, SOON * patience());
}

bool wire_heard(int fd, const void *frame)
{
	return hears_within(fd, frame, 0);
}
