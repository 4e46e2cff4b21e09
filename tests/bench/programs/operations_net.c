// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations on sockets, all by the loopback device.
 */
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "operations.h"

#define CHUNK		4096
/* An address of the loopback device that no policy here allows. */
#define FOREIGN		"127.66.0.1"

/* Where the one socket is bound, and the other sends or connects to. */
static struct sockaddr_in udp_address, tcp_address, foreign_address;
static int udp_receiver, udp_sender, udp_connected;
static int listener, foreign_listener, stream[2];
static bool connect_refused;

static int new_socket(int type)
{
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	expect(fd >= 0, "socket");
	return fd;
}

/* A socket at a free port of that address. */
static int bound_socket(int type, const char *host, struct sockaddr_in *address)
{
	socklen_t size = sizeof(*address);
	int fd = new_socket(type);

	address->sin_family = AF_INET;
	address->sin_addr.s_addr = inet_addr(host);
	expect(!bind(fd, (struct sockaddr *)address, size), "bind");
	expect(!getsockname(fd, (struct sockaddr *)address, &size),
	       "getsockname");
	return fd;
}

static int try_to_connect(int fd, const struct sockaddr_in *address)
{
	return connect(fd, (const struct sockaddr *)address, sizeof(*address));
}

static void prepare_udp(void)
{
	if (udp_receiver)
		return;
	udp_receiver = bound_socket(SOCK_DGRAM, "127.0.0.1", &udp_address);
	udp_sender = new_socket(SOCK_DGRAM);
	udp_connected = new_socket(SOCK_DGRAM);
}

static void udp_connect(void)
{
	expect(!try_to_connect(udp_connected, &udp_address), "connect");
}

static void udp_send_and_receive(void)
{
	char byte = 0;

	expect(sendto(udp_sender, &byte, 1, 0, (struct sockaddr *)&udp_address,
		      sizeof(udp_address)) == 1, "sendto");
	expect(recv(udp_receiver, &byte, 1, 0) == 1, "recv");
}

static void prepare_tcp(void)
{
	if (listener)
		return;
	listener = bound_socket(SOCK_STREAM, "127.0.0.1", &tcp_address);
	expect(!listen(listener, 16), "listen");
}

static void open_connection(int ends[2])
{
	ends[0] = new_socket(SOCK_STREAM);
	expect(!try_to_connect(ends[0], &tcp_address), "connect");
	ends[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	expect(ends[1] >= 0, "accept");
}

static void tcp_connection(void)
{
	char byte = 0;
	int ends[2];

	open_connection(ends);
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
	open_connection(stream);
}

static void tcp_write_and_read(void)
{
	static char chunk[CHUNK];

	expect(write(stream[0], chunk, CHUNK) == CHUNK, "write");
	expect(recv(stream[1], chunk, CHUNK, MSG_WAITALL) == CHUNK, "recv");
}

static void prepare_foreign(void)
{
	foreign_listener = bound_socket(SOCK_STREAM, FOREIGN, &foreign_address);
	expect(!listen(foreign_listener, 16), "listen");
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
	open_connection(ends);
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
	{ }
};
