// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations on sockets, all by the loopback device.
 */
#include <unistd.h>
#include <arpa/inet.h>

#include "operations.h"
#include "sockets.h"

/* An address of the loopback device that no policy here allows. */
#define FOREIGN		"127.66.0.1"

/* More by far than any guard here remembers, and one after the other. */
#define FIRST_PORT	2000
#define NR_PORTS	256

const char *net_address = "127.0.0.1";

/* Where the one socket is bound, and the other sends or connects to. */
static struct sockaddr_in udp_address, tcp_address, foreign_address;
static int udp_receiver, udp_sender, udp_connected;
static int receivers[NR_PORTS];
static int listener, foreign_listener, stream[2];
static bool connect_refused;

static void prepare_udp(void)
{
	if (udp_receiver)
		return;
	udp_address = address_of(net_address, 0);
	udp_receiver = bound_socket(SOCK_DGRAM, &udp_address);
	udp_sender = new_socket(SOCK_DGRAM);
	udp_connected = new_socket(SOCK_DGRAM);
}

static void udp_connect(void)
{
	expect(!try_to_connect(udp_connected, &udp_address), "connect");
}

static void udp_send_and_receive(void)
{
	send_byte(udp_sender, &udp_address);
	receive_byte(udp_receiver);
}

static void prepare_receivers(void)
{
	struct sockaddr_in address;
	unsigned int i;

	prepare_udp();
	for (i = 0; i < NR_PORTS && !receivers[i]; i++) {
		address = address_of(net_address, FIRST_PORT + i);
		receivers[i] = bound_socket(SOCK_DGRAM, &address);
	}
}

static unsigned int next_port(void)
{
	static unsigned int last;

	last = (last + 1) % NR_PORTS;
	return last;
}

static void udp_connect_elsewhere(void)
{
	udp_address.sin_port = htons(FIRST_PORT + next_port());
	udp_connect();
}

static void udp_send_elsewhere(void)
{
	unsigned int port = next_port();

	udp_address.sin_port = htons(FIRST_PORT + port);
	send_byte(udp_sender, &udp_address);
	receive_byte(receivers[port]);
}

static void prepare_tcp(void)
{
	if (listener)
		return;
	tcp_address = address_of(net_address, 0);
	listener = listening_socket(&tcp_address);
}

static void connect_own(int ends[2])
{
	ends[0] = new_socket(SOCK_STREAM);
	open_connection(ends, listener, &tcp_address);
}

static void tcp_connection(void)
{
	char byte = 0;
	int ends[2];

	connect_own(ends);
	expect(write(ends[0], &byte, 1) == 1, "write");
	expect(read(ends[1], &byte, 1) == 1, "read");
	close(ends[0]);
	close(ends[1]);
}

static void prepare_stream(void)
{
	if (stream[0]) {
		close(stream[0]);
		close(stream[1]);
	}
	prepare_tcp();
	connect_own(stream);
}

static void tcp_write_and_read(void)
{
	stream_chunk(stream);
}

static void prepare_foreign(void)
{
	foreign_address = address_of(FOREIGN, 0);
	foreign_listener = listening_socket(&foreign_address);
}

/* Somebody listens there, so that only a guard can be who refuses. */
static void connect_foreign(void)
{
	int fd = new_socket(SOCK_STREAM);

	connect_refused = try_to_connect(fd, &foreign_address);
	if (connect_refused)
		expect(errno_is_refusal(), "connect");
	else
		close(accept(foreign_listener, NULL, NULL));
	close(fd);
}

static bool was_connect_refused(void)
{
	return connect_refused;
}

void shift_allocators(int ends[2])
{
	prepare_tcp();
	connect_own(ends);
	expect(write(ends[0], "", 1) == 1, "write");
}

const struct operation net_operations[] = {
	{ .name = "udp_connect", .prepare = prepare_udp, .run = udp_connect },
	{ .name = "udp_send", .prepare = prepare_udp,
	  .run = udp_send_and_receive },
	{ .name = "tcp_connection", .prepare = prepare_tcp,
	  .run = tcp_connection },
	{ .name = "tcp_stream", .prepare = prepare_stream, .renewed = true,
	  .run = tcp_write_and_read },
	{ .name = "denied_connect", .prepare = prepare_foreign,
	  .varies = true, .run = connect_foreign, .refused = was_connect_refused },
	/* After the rows that need the one address. */
	{ .name = "udp_connect_new", .prepare = prepare_udp, .varies = true,
	  .run = udp_connect_elsewhere },
	{ .name = "udp_send_new", .prepare = prepare_receivers, .varies = true,
	  .run = udp_send_elsewhere },
	{ }
};
