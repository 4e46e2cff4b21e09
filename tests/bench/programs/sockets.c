// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets of IPv4.
 */
#include <unistd.h>
#include <arpa/inet.h>

#include "operations.h"
#include "sockets.h"

#define CHUNK	4096

struct sockaddr_in address_of(const char *host, unsigned int port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = inet_addr(host),
	};

	return address;
}

int new_socket(int type)
{
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	expect(fd >= 0, "socket");
	return fd;
}

int bound_socket(int type, struct sockaddr_in *address)
{
	socklen_t size = sizeof(*address);
	int fd = new_socket(type);

	expect(!bind(fd, (struct sockaddr *)address, size), "bind");
	expect(!getsockname(fd, (struct sockaddr *)address, &size),
	       "getsockname");
	return fd;
}

int try_to_connect(int fd, const struct sockaddr_in *address)
{
	return connect(fd, (const struct sockaddr *)address, sizeof(*address));
}

int listening_socket(struct sockaddr_in *address)
{
	int fd = bound_socket(SOCK_STREAM, address);

	expect(!listen(fd, 16), "listen");
	return fd;
}

void open_connection(int ends[2], int listener,
		     const struct sockaddr_in *address)
{
	expect(!try_to_connect(ends[0], address), "connect");
	ends[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	expect(ends[1] >= 0, "accept");
}

void send_byte(int from, const struct sockaddr_in *to)
{
	char byte = 0;

	expect(sendto(from, &byte, 1, 0, (const struct sockaddr *)to,
		      sizeof(*to)) == 1, "sendto");
}

void receive_byte(int fd)
{
	char byte;

	expect(recv(fd, &byte, 1, 0) == 1, "recv");
}

void stream_chunk(const int ends[2])
{
	static char chunk[CHUNK];

	expect(write(ends[0], chunk, CHUNK) == CHUNK, "write");
	expect(recv(ends[1], chunk, CHUNK, MSG_WAITALL) == CHUNK, "recv");
}
