// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets and destinations.
 */
#include <errno.h>
#include <signal.h>
#include <net/if.h>
#include <netinet/ip_icmp.h>
#include <netinet/icmp6.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <linux/ipv6.h>

#include "common.h"
#include "net.h"

int net_held = -1;

int target_family(const struct target *target)
{
	return strchr(target->address, ':') ? AF_INET6 : AF_INET;
}

static void parse(const char *text, int family, void *address)
{
	if (inet_pton(family, text, address) != 1)
		die("not an address: %s", text);
}

socklen_t target_address(const struct target *target,
			 struct sockaddr_storage *address)
{
	struct sockaddr_in6 *sin6 = (void *)address;
	struct sockaddr_in *sin = (void *)address;
	socklen_t size = sizeof(*sin);

	memset(address, 0, sizeof(*address));
	address->ss_family = target_family(target);
	if (address->ss_family == AF_INET6) {
		size = sizeof(*sin6);
		sin6->sin6_port = htons(target->port);
		parse(target->address, AF_INET6, &sin6->sin6_addr);
	} else {
		sin->sin_port = htons(target->port);
		parse(target->address, AF_INET, &sin->sin_addr);
	}
	if (target->unspec)
		address->ss_family = AF_UNSPEC;
	return target->size ?: size;
}

static int open_socket(const struct target *target)
{
	int fd = socket(target_family(target), target->type,
			target->protocol);

	if (fd < 0)
		die("no socket for %s", target->address);
	return fd;
}

int net_connect(const void *arg)
{
	int fd = open_socket(arg);
	struct sockaddr_storage address;
	socklen_t size = target_address(arg, &address);

	return errno_of(connect(fd, (struct sockaddr *)&address, size));
}

static int send_flags(const struct target *target, int flags)
{
	int fd = open_socket(target);
	struct sockaddr_storage address;
	socklen_t size = target_address(target, &address);

	return errno_of(sendto(fd, "?", 1, flags, (struct sockaddr *)&address,
			       size));
}

int net_send(const void *arg)
{
	return send_flags(arg, 0);
}

int net_send_fastopen(const void *arg)
{
	return send_flags(arg, MSG_FASTOPEN);
}

/* connect() only takes a note, and the first write opens the connection. */
int net_connect_fastopen(const void *arg)
{
	int fd = open_socket(arg), on = 1;
	struct sockaddr_storage address;
	socklen_t size = target_address(arg, &address);

	if (setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &on, sizeof(on)))
		die("no fast open");
	if (connect(fd, (struct sockaddr *)&address, size))
		return errno;
	return errno_of(write(fd, "?", 1));
}

/* Two messages at once; arg is two targets. */
int net_send_mmsg(const void *arg)
{
	const struct target *targets = arg;
	struct sockaddr_storage address[2];
	struct iovec data = { "?", 1 };
	struct mmsghdr messages[2] = {};
	int sent, i;

	for (i = 0; i < 2; i++) {
		messages[i].msg_hdr.msg_name = &address[i];
		messages[i].msg_hdr.msg_namelen = target_address(&targets[i],
								 &address[i]);
		messages[i].msg_hdr.msg_iov = &data;
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	sent = sendmmsg(open_socket(targets), messages, 2, 0);
	return sent == 1 ? NET_SENT_ONE : errno_of(sent);
}

int net_ping(const void *arg)
{
	struct icmphdr echo = { .type = target_family(arg) == AF_INET ?
				ICMP_ECHO : ICMP6_ECHO_REQUEST };
	int fd = open_socket(arg);
	struct sockaddr_storage address;
	socklen_t size = target_address(arg, &address);

	return errno_of(sendto(fd, &echo, sizeof(echo), 0,
			       (struct sockaddr *)&address, size));
}

void net_hold_connected(const void *arg)
{
	struct sockaddr_storage address;
	socklen_t size = target_address(arg, &address);

	net_held = open_socket(arg);
	if (connect(net_held, (struct sockaddr *)&address, size))
		die("cannot connect");
}

int net_write_held(const void *arg)
{
	(void)arg;
	return errno_of(write(net_held, "?", 1));
}

int net_held_error(void)
{
	int err;
	socklen_t size = sizeof(err);

	if (getsockopt(net_held, SOL_SOCKET, SO_ERROR, &err, &size))
		die("the socket is gone");
	return err;
}

int net_disconnect_held(const void *arg)
{
	struct sockaddr address = { .sa_family = AF_UNSPEC };

	(void)arg;
	return errno_of(connect(net_held, &address, sizeof(address)));
}

void net_set_up(const char *name)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { 0 };

	strcpy(request.ifr_name, name);
	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request))
		die("no device %s", name);
	request.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &request))
		die("the device %s cannot be set up", name);
	close(fd);
}

void net_loopback_up(void)
{
	net_set_up("lo");
}

void net_add_address(const char *address)
{
	struct in6_ifreq request = {
		.ifr6_prefixlen = 128,
		.ifr6_ifindex = (int)if_nametoindex("lo"),
	};
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	inet_pton(AF_INET6, address, &request.ifr6_addr);
	if (fd < 0 || (ioctl(fd, SIOCSIFADDR, &request) && errno != EEXIST))
		die("the address %s cannot be added", address);
	close(fd);
}

static void set_address(int fd, struct ifreq *request, int what,
			const char *address)
{
	struct sockaddr_in *sin = (void *)&request->ifr_addr;

	*sin = (struct sockaddr_in){ .sin_family = AF_INET };
	parse(address, AF_INET, &sin->sin_addr);
	if (ioctl(fd, what, request))
		die("the address %s cannot be set", address);
}

void net_add_network(const char *name, const char *address)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq request = {};

	strcpy(request.ifr_name, name);
	set_address(fd, &request, SIOCSIFADDR, address);
	set_address(fd, &request, SIOCSIFNETMASK, "255.255.255.0");
	close(fd);
}

void net_set(const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), "/proc/sys/net/%s", name);
	make_file(path, value);
}

/**
 * struct seat - a socket and where it is to be bound
 * @fd: the socket
 * @to: the address
 * @size: bytes of it
 */
struct seat {
	int fd;
	struct sockaddr_storage to;
	socklen_t size;
};

static bool sits(const void *arg)
{
	const struct seat *seat = arg;

	return !bind(seat->fd, (struct sockaddr *)&seat->to, seat->size);
}

/* That of the test before may still be about to end. */
int net_bind(const char *address, u16 port, int type)
{
	const struct target target = { .address = address, .port = port,
				       .type = type };
	struct seat seat = { .fd = open_socket(&target) };
	int on = 1;

	seat.size = target_address(&target, &seat.to);
	setsockopt(seat.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (!await_state(sits, &seat, 5))
		die("cannot bind %s port %u", address, port);
	return seat.fd;
}

static int listen_on(u16 port, int type)
{
	int fd = net_bind("::", port, type);

	if (type == SOCK_STREAM && listen(fd, 64))
		die("cannot listen on port %u", port);
	return fd;
}

void net_listen(u16 port)
{
	listen_on(port, SOCK_STREAM);
	listen_on(port, SOCK_DGRAM);
}

void net_serve(u16 port)
{
	int fd = listen_on(port, SOCK_STREAM);

	if (!fork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			close(accept(fd, NULL, NULL));
	}
	close(fd);
}
