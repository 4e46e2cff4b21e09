// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unix sockets, and who talks to them.
 */
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "common.h"
#include "peers.h"

static int held = -1;

static socklen_t address_of(const struct peer *peer,
			    struct sockaddr_un *address)
{
	size_t size = peer->size ?: strlen(peer->name);

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	if (size > sizeof(address->sun_path))
		die("the name of a socket is too long");
	memcpy(address->sun_path, peer->name, size);
	if (*peer->name == '@')
		address->sun_path[0] = '\0';
	return offsetof(struct sockaddr_un, sun_path) + size;
}

int peer_make(const struct peer *peer)
{
	int fd = socket(AF_UNIX, peer->type | SOCK_CLOEXEC, 0);
	struct sockaddr_un address;
	socklen_t size = address_of(peer, &address);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, size))
		die("no socket %s", peer->name);
	if (peer->type != SOCK_DGRAM && listen(fd, 8))
		die("nobody listens on %s", peer->name);
	return fd;
}

void peer_serve_at(const char *name, int type)
{
	const struct peer peer = { .name = name, .type = type };

	peer_make(&peer);
}

int peer_serve(const void *arg)
{
	peer_make(arg);
	return 0;
}

int peer_connect(const void *arg)
{
	const struct peer *peer = arg;
	struct sockaddr_un address;
	socklen_t size = address_of(peer, &address);
	int fd = socket(AF_UNIX, peer->type, 0);

	return errno_of(connect(fd, (struct sockaddr *)&address, size));
}

int peer_send(const void *arg)
{
	struct sockaddr_un address;
	socklen_t size = address_of(arg, &address);
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	return errno_of(sendto(fd, "?", 1, 0, (struct sockaddr *)&address,
			       size));
}

int peer_send_mmsg(const void *arg)
{
	struct sockaddr_un address;
	struct iovec data = { "?", 1 };
	struct mmsghdr message = {
		.msg_hdr = {
			.msg_name = &address,
			.msg_namelen = address_of(arg, &address),
			.msg_iov = &data,
			.msg_iovlen = 1,
		},
	};

	return errno_of(sendmmsg(socket(AF_UNIX, SOCK_DGRAM, 0), &message, 1,
				 0));
}

void peer_hold_connected(const void *arg)
{
	struct sockaddr_un address;
	socklen_t size = address_of(arg, &address);

	held = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (connect(held, (struct sockaddr *)&address, size))
		die("cannot connect");
}

int peer_send_held(const void *arg)
{
	(void)arg;
	return errno_of(send(held, "?", 1, 0));
}
