// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that talks by sockets of its own, behind a bound device, and others that
 * talk to it. Its kernel finds its neighbours as any does.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/time.h>

#include "bound.h"
#include "expect.h"
#include "layouts.h"
#include "link.h"
#include "net.h"
#include "wire.h"

WIRE_OF_SUITE(wire_make_talking, wire);

#define MAX_SERVED	16

static int open_server(u16 port, int type)
{
	const struct sockaddr_in6 any = { .sin6_family = AF_INET6,
					  .sin6_port = htons(port) };
	int fd = socket(AF_INET6, type, 0), on = 1;

	if (setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&any, sizeof(any)) ||
	    (type == SOCK_STREAM && listen(fd, 8)))
		die("port %u cannot be served", port);
	return fd;
}

/* From the address that was asked. */
static void answer_datagram(int fd)
{
	char byte = '!', control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	struct iovec data = { &byte, 1 };
	struct sockaddr_storage peer;
	struct msghdr message = {
		.msg_name = &peer, .msg_namelen = sizeof(peer),
		.msg_iov = &data, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};

	if (recvmsg(fd, &message, 0) == 1)
		sendmsg(fd, &message, 0);
}

static void answer(int fd)
{
	int connection = accept(fd, NULL, NULL);

	if (connection < 0) {
		answer_datagram(fd);
		return;
	}
	if (write(connection, "!", 1) != 1)
		die("nobody is there to be answered");
	close(connection);
}

static void __attribute__((noreturn)) answer_all(struct pollfd *fds, size_t nr)
{
	size_t i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		poll(fds, nr, -1);
		for (i = 0; i < nr; i++)
			if (fds[i].revents)
				answer(fds[i].fd);
	}
}

/* Answers a byte by another on these ports, over TCP and UDP, until the suite ends. */
static void serve_ports(const u16 *ports, size_t nr)
{
	struct pollfd fds[MAX_SERVED];
	size_t i;

	for (i = 0; i < 2 * nr; i++)
		fds[i] = (struct pollfd) {
			.fd = open_server(ports[i / 2], i % 2 ? SOCK_DGRAM :
								SOCK_STREAM),
			.events = POLLIN,
		};
	if (!fork())
		answer_all(fds, 2 * nr);
	for (i = 0; i < 2 * nr; i++)
		close(fds[i].fd);
}

static void __attribute__((constructor)) serve(void)
{
	static const u16 ports[] = { 53, 8000, 8001 };
	static const u16 guest_ports[] = { 8080, 8081, 5353, 5354 };

	serve_ports(ports, ARRAY_SIZE(ports));
	wire_enter(&wire);
	serve_ports(guest_ports, ARRAY_SIZE(guest_ports));
	wire_leave(&wire);
}

#define GUARD_POLICY							\
	"policy: netdev-talk\n"						\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - allow:\n"						\
	"        to: [10.9.0.1, \"fd09::1\"]\n"				\
	"        ports: [8000/tcp, 53/udp, icmp]\n"			\
	"listen: { default: deny, allow: [8080/tcp, 5353/udp] }\n"

FIXTURE(talk) {
};

FIXTURE_VARIANT(talk) {
	bool guest;
	struct target target;
	bool refused;
};

#define ROW(name, is_guest, is_refused, ...)				\
	FIXTURE_VARIANT_ADD(talk, name) {				\
		.guest = is_guest, .refused = is_refused,		\
		.target = { __VA_ARGS__ },				\
	}

ROW(tcp, true, false, "10.9.0.1", 8000, SOCK_STREAM);
ROW(tcp_port, true, true, "10.9.0.1", 8001, SOCK_STREAM);
ROW(tcp_address, true, true, "10.9.0.9", 8000, SOCK_STREAM);
ROW(udp, true, false, "10.9.0.1", 53, SOCK_DGRAM);
ROW(udp_address, true, true, "10.9.0.9", 53, SOCK_DGRAM);
ROW(v6_tcp, true, false, "fd09::1", 8000, SOCK_STREAM);
ROW(v6_tcp_port, true, true, "fd09::1", 8001, SOCK_STREAM);
ROW(v6_tcp_address, true, true, "fd09::9", 8000, SOCK_STREAM);
ROW(v6_udp, true, false, "fd09::1", 53, SOCK_DGRAM);
ROW(v6_udp_address, true, true, "fd09::9", 53, SOCK_DGRAM);
ROW(served_tcp, false, false, "10.9.0.2", 8080, SOCK_STREAM);
ROW(served_tcp_port, false, true, "10.9.0.2", 8081, SOCK_STREAM);
ROW(served_udp, false, false, "10.9.0.2", 5353, SOCK_DGRAM);
ROW(served_udp_port, false, true, "10.9.0.2", 5354, SOCK_DGRAM);
ROW(served_v6_tcp, false, false, "fd09::2", 8080, SOCK_STREAM);
ROW(served_v6_tcp_port, false, true, "fd09::2", 8081, SOCK_STREAM);
ROW(served_v6_udp, false, false, "fd09::2", 5353, SOCK_DGRAM);
ROW(served_v6_udp_port, false, true, "fd09::2", 5354, SOCK_DGRAM);

/* Sends a byte and waits for one, not for as long as TCP would. */
static int exchange(const struct target *target)
{
	const struct timeval limit = { .tv_sec = patience() };
	int fd = socket(target_family(target), target->type, 0);
	struct sockaddr_storage address;
	socklen_t size = target_address(target, &address);
	char byte;

	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		die("it would wait for long");
	if (connect(fd, (struct sockaddr *)&address, size) ||
	    write(fd, "?", 1) != 1 || read(fd, &byte, 1) != 1)
		return errno;
	return 0;
}

static int talk(const void *arg)
{
	const FIXTURE_VARIANT(talk) *variant = arg;

	if (variant->guest)
		wire_enter(&wire);
	return exchange(&variant->target);
}

/*
 * Who was a neighbour of the guest in the row before is probed seconds later, and
 * that is judged as well.
 */
FIXTURE_SETUP(talk)
{
	wire_guest_runs(&wire, "ip neigh flush all >/dev/null");
	guard_load(GUARD_POLICY);
}

FIXTURE_TEARDOWN(talk)
{
	bound_unload("netdev-talk");
}

TEST_F(talk, works_unguarded)
{
	EXPECT_EQ(0, in_child(talk, variant));
}

/* A guest is told at once, as by the one that it asks for or a router on the way. */
static int told_errno(const struct target *target)
{
	if (target->type == SOCK_STREAM)
		return ECONNREFUSED;
	return target_family(target) == AF_INET6 ? EACCES : EHOSTUNREACH;
}

/* Who is not told tries again, as often as he likes. */
TEST_F(talk, is_judged)
{
	bool told = variant->guest;
	u64 id = wire_bind(&wire, "netdev-talk");
	struct outcome outcome = { 0 };
	int err = in_child(talk, variant);

	refusals_read(id, &outcome);
	if (variant->refused) {
		EXPECT_NE(0, err);
		if (told)
			EXPECT_EQ(told_errno(&variant->target), err);
		EXPECT_EQ(1, outcome.nr);
		EXPECT_EQ(variant->guest ? FNG_HOOK_NETDEV_INGRESS :
					   FNG_HOOK_NETDEV_EGRESS,
			  outcome.refusals[0].hook);
		EXPECT_LE(1, outcome.refusals[0].count);
		if (told)
			EXPECT_EQ(1, outcome.refusals[0].count);
	} else {
		EXPECT_EQ(0, err);
		EXPECT_EQ(0, outcome.nr);
	}
	if (!_metadata->passed)
		outcome_print(&outcome);
	wire_unbind(&wire);
}

/**
 * struct tap - what a microVM has in place of a cable: its monitor writes each
 * frame of the guest to a descriptor, and reads those to it
 * @fd: of the monitor
 * @wire: the device, for what is done to one
 */
struct tap {
	int fd;
	struct wire wire;
};

static void tap_make(struct tap *tap)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };

	if (system("modprobe -q tun"))
		die("no tap devices");
	tap->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	if (tap->fd < 0 || ioctl(tap->fd, TUNSETIFF, &request))
		die("no tap device");
	strcpy(tap->wire.name, request.ifr_name);
	tap->wire.ifindex = if_nametoindex(request.ifr_name);
	link_silence(tap->wire.name);
	net_set_up(tap->wire.name);
}

static bool tap_passes_out(const struct tap *tap, const struct layout *layout)
{
	int host_end = wire_open(&tap->wire, false, ETH_P_IP);
	u8 bytes[FRAME_SIZE];
	bool heard;

	wire_send(tap->fd, bytes, frame_make(layout, bytes));
	usleep(20000);
	heard = wire_heard(host_end, bytes);
	close(host_end);
	return heard;
}

static bool tap_passes_in(const struct tap *tap, const struct layout *layout)
{
	int host_end = wire_open(&tap->wire, false, 0);
	u8 bytes[FRAME_SIZE];

	wire_send(host_end, bytes, frame_make(layout, bytes));
	close(host_end);
	return wire_heard(tap->fd, bytes);
}

/* The tap writer is a stand-in for a microVM: its frames are what is judged. */
TEST(microvm)
{
	static const struct layout allowed = {
		V4("10.9.0.1"), TCP(8000, TH_SYN_ONLY)
	}, denied = {
		V4("10.9.0.9"), TCP(8000, TH_SYN_ONLY)
	}, served = {
		TO_V4("10.9.0.9"), TCP(8080, TH_SYN_ONLY)
	}, unserved = {
		TO_V4("10.9.0.9"), TCP(8081, TH_SYN_ONLY)
	};
	struct outcome outcome = { 0 };
	struct tap tap;
	u64 id;

	guard_load(GUARD_POLICY);
	tap_make(&tap);
	EXPECT_TRUE(tap_passes_out(&tap, &denied));
	EXPECT_TRUE(tap_passes_in(&tap, &unserved));
	id = wire_bind(&tap.wire, "netdev-talk");
	EXPECT_TRUE(tap_passes_out(&tap, &allowed));
	EXPECT_FALSE(tap_passes_out(&tap, &denied));
	EXPECT_TRUE(tap_passes_in(&tap, &served));
	EXPECT_FALSE(tap_passes_in(&tap, &unserved));
	refusals_read(id, &outcome);
	EXPECT_EQ(2, outcome.nr);
	EXPECT_EQ(2, outcome_sum(&outcome));
	/* Its monitor ends, and the device with it. */
	close(tap.fd);
	bound_unload("netdev-talk");
}

TEST_HARNESS_MAIN
