// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations between this host and a network namespace that stands for a guest,
 * by a link whose end on the host may be bound to a policy.
 */
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "operations.h"
#include "sockets.h"

/* The namespaces in the program that is inside, which could not find them. */
#define GUEST_FD	201
#define HOST_FD		202

/* The host, as the policy allows it, as it does not, and as nobody may know it. */
#define HOST		"10.77.0.1"
#define HOST_UNNAMED	"10.77.0.3"
#define HOST_FOREIGN	"10.77.0.4"
#define GUEST		"10.77.0.2"
/* Where the guest may be reached. */
#define SERVED		7000

static struct sockaddr_in host_address, served_address, foreign_address;
static int host_receiver, guest_sender, guest_receiver, host_sender;
static int foreign_receiver, out[2], in[2];
static bool datagram_refused;

static void hold(const char *path, int as)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	expect(fd >= 0, path);
	expect(dup2(fd, as) == as, "dup2");
}

void link_reach(void)
{
	if (fcntl(GUEST_FD, F_GETFD) >= 0)
		return;
	hold("/run/netns/guest", GUEST_FD);
	hold("/proc/self/ns/net", HOST_FD);
}

static void go_to(int namespace)
{
	expect(!setns(namespace, CLONE_NEWNET), "setns");
}

static int guest_socket(int type)
{
	int fd;

	go_to(GUEST_FD);
	fd = new_socket(type);
	go_to(HOST_FD);
	return fd;
}

static void prepare_datagrams(void)
{
	struct sockaddr_in own = address_of(HOST_UNNAMED, 0);

	if (host_receiver)
		return;
	host_address = address_of(HOST, 0);
	foreign_address = address_of(HOST_FOREIGN, 0);
	served_address = address_of(GUEST, SERVED);
	host_receiver = bound_socket(SOCK_DGRAM, &host_address);
	foreign_receiver = bound_socket(SOCK_DGRAM, &foreign_address);
	host_sender = bound_socket(SOCK_DGRAM, &own);
	guest_sender = guest_socket(SOCK_DGRAM);
	go_to(GUEST_FD);
	guest_receiver = bound_socket(SOCK_DGRAM, &served_address);
	go_to(HOST_FD);
}

static void datagram_out(void)
{
	send_byte(guest_sender, &host_address);
	receive_byte(host_receiver);
}

static void datagram_in(void)
{
	send_byte(host_sender, &served_address);
	receive_byte(guest_receiver);
}

/* The sender is not told. What is not there once the call is over never comes. */
static void datagram_to_foreign(void)
{
	char byte;

	send_byte(guest_sender, &foreign_address);
	datagram_refused = recv(foreign_receiver, &byte, 1, MSG_DONTWAIT) != 1;
}

static bool was_datagram_refused(void)
{
	return datagram_refused;
}

static void close_both(int ends[2])
{
	if (!ends[0])
		return;
	close(ends[0]);
	close(ends[1]);
}

static void prepare_stream_out(void)
{
	static struct sockaddr_in address;
	static int listener;

	if (!listener) {
		address = address_of(HOST, 0);
		listener = listening_socket(&address);
	}
	close_both(out);
	out[0] = guest_socket(SOCK_STREAM);
	open_connection(out, listener, &address);
}

static int guest_listener(struct sockaddr_in *address)
{
	int fd;

	go_to(GUEST_FD);
	fd = listening_socket(address);
	go_to(HOST_FD);
	return fd;
}

static void prepare_stream_in(void)
{
	struct sockaddr_in address = address_of(GUEST, SERVED);
	struct sockaddr_in own = address_of(HOST_UNNAMED, 0);
	static int listener;

	if (!listener)
		listener = guest_listener(&address);
	close_both(in);
	in[0] = bound_socket(SOCK_STREAM, &own);
	open_connection(in, listener, &address);
}

static void stream_out(void)
{
	stream_chunk(out);
}

static void stream_in(void)
{
	stream_chunk(in);
}

const struct operation link_operations[] = {
	{ .name = "link_udp_out", .prepare = prepare_datagrams,
	  .run = datagram_out },
	{ .name = "link_udp_in", .prepare = prepare_datagrams,
	  .run = datagram_in },
	/* One connection of many is 2 % cheaper than the others, by chance. */
	{ .name = "link_stream_out", .prepare = prepare_stream_out,
	  .renewed = true, .varies = true, .run = stream_out },
	{ .name = "link_stream_in", .prepare = prepare_stream_in,
	  .renewed = true, .varies = true, .run = stream_in },
	{ .name = "link_denied", .prepare = prepare_datagrams,
	  .varies = true, .run = datagram_to_foreign,
	  .refused = was_datagram_refused },
	{ }
};
