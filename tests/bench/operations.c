// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is measured. Nothing here may fail: a figure of an operation that was
 * refused is not one.
 */
#include <fcntl.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "operations.h"

#define FILE_PATH	"/srv/shop/app/pay/lib/prices.json"
#define PROGRAM_PATH	"/srv/shop/nothing"
#define CHUNK		4096

/* Where the one socket is bound, and the other sends or connects to. */
static struct sockaddr_in udp_address, tcp_address;
static int udp_receiver, udp_sender, udp_connected;
static int listener, stream[2];

static void open_and_close(void)
{
	int fd = open(FILE_PATH, O_RDONLY | O_CLOEXEC);

	expect(fd >= 0, "open");
	close(fd);
}

static int new_socket(int type)
{
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	expect(fd >= 0, "socket");
	return fd;
}

/* A socket at a free port of the loopback device. */
static int bound_socket(int type, struct sockaddr_in *address)
{
	socklen_t size = sizeof(*address);
	int fd = new_socket(type);

	address->sin_family = AF_INET;
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	expect(!bind(fd, (struct sockaddr *)address, size), "bind");
	expect(!getsockname(fd, (struct sockaddr *)address, &size),
	       "getsockname");
	return fd;
}

static void connect_to(int fd, const struct sockaddr_in *address)
{
	expect(!connect(fd, (const struct sockaddr *)address, sizeof(*address)),
	       "connect");
}

static void prepare_udp(void)
{
	if (udp_receiver)
		return;
	udp_receiver = bound_socket(SOCK_DGRAM, &udp_address);
	udp_sender = new_socket(SOCK_DGRAM);
	udp_connected = new_socket(SOCK_DGRAM);
}

static void udp_connect(void)
{
	connect_to(udp_connected, &udp_address);
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
	listener = bound_socket(SOCK_STREAM, &tcp_address);
	expect(!listen(listener, 16), "listen");
}

static void open_connection(int ends[2])
{
	ends[0] = new_socket(SOCK_STREAM);
	connect_to(ends[0], &tcp_address);
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
	prepare_tcp();
	open_connection(stream);
}

static void tcp_write_and_read(void)
{
	static char chunk[CHUNK];

	expect(write(stream[0], chunk, CHUNK) == CHUNK, "write");
	expect(recv(stream[1], chunk, CHUNK, MSG_WAITALL) == CHUNK, "recv");
}

static void execute(void)
{
	char *const none[] = { NULL };
	char *const arguments[] = { PROGRAM_PATH, NULL };
	int status;
	pid_t pid = fork();

	expect(pid >= 0, "fork");
	if (!pid) {
		execve(PROGRAM_PATH, arguments, none);
		_exit(1);
	}
	expect(waitpid(pid, &status, 0) == pid && !status, "execve");
}

void shift_allocators(int ends[2])
{
	prepare_tcp();
	open_connection(ends);
	expect(write(ends[0], "", 1) == 1, "write");
}

static void nothing(void)
{
}

const struct operation operations[] = {
	{ "nothing", NULL, nothing },
	{ "open", NULL, open_and_close },
	{ "udp_connect", prepare_udp, udp_connect },
	{ "udp_send", prepare_udp, udp_send_and_receive },
	{ "tcp_connection", prepare_tcp, tcp_connection },
	{ "tcp_write", prepare_stream, tcp_write_and_read },
	{ "exec", NULL, execute },
};

const unsigned int nr_operations = sizeof(operations) / sizeof(operations[0]);
