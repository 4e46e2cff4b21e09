// SPDX-License-Identifier: MIT
/*
 * The canary's steps that reach the hooks of the listen and unix sections.
 */
#include <arpa/inet.h>
#include <stddef.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "canary.h"

/* Bound to an abstract name that the kernel chooses. */
static int unix_socket(int type)
{
	const struct sockaddr_un any = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && bind(fd, (const struct sockaddr *)&any,
			    offsetof(struct sockaddr_un, sun_path))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Nobody else can reach what is bound there. */
static int bind_loopback(int fd)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	return bind(fd, (const struct sockaddr *)&address, sizeof(address));
}

static int tcp_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && bind_loopback(fd)) {
		close(fd);
		return -1;
	}
	return fd;
}

bool fng_canary_make_peers(struct fng_canary *canary)
{
	canary->listener = tcp_socket();
	canary->unix_listener = unix_socket(SOCK_STREAM);
	canary->unix_caller = unix_socket(SOCK_STREAM);
	canary->unix_receiver = unix_socket(SOCK_DGRAM);
	canary->unix_sender = unix_socket(SOCK_DGRAM);
	return canary->listener >= 0 && canary->unix_listener >= 0 &&
	       canary->unix_caller >= 0 && canary->unix_receiver >= 0 &&
	       canary->unix_sender >= 0 && !listen(canary->unix_listener, 1);
}

static int connect_unix(const struct fng_canary *canary)
{
	struct sockaddr_un to;
	struct sockaddr *any = (struct sockaddr *)&to;
	socklen_t size = sizeof(to);

	if (getsockname(canary->unix_listener, any, &size))
		return FNG_CANARY_UNTRIED;
	return fng_act_call(connect(canary->unix_caller, any, size));
}

static int send_unix(const struct fng_canary *canary)
{
	struct sockaddr_un to;
	struct sockaddr *any = (struct sockaddr *)&to;
	socklen_t size = sizeof(to);

	if (getsockname(canary->unix_receiver, any, &size))
		return FNG_CANARY_UNTRIED;
	return fng_act_call(sendto(canary->unix_sender, "?", 1, 0, any,
				      size));
}

int fng_canary_peer(struct fng_canary *canary, int hook)
{
	switch (hook) {
	case FNG_HOOK_SOCKET_BIND:
		return fng_act_call(bind_loopback(canary->loose));
	case FNG_HOOK_SOCKET_LISTEN:
		return fng_act_call(listen(canary->listener, 1));
	case FNG_HOOK_SOCKET_ACCEPT: /* nobody has come, and it does not wait */
		return fng_act_fd(accept(canary->unix_listener, NULL, NULL));
	case FNG_HOOK_UNIX_STREAM_CONNECT:
		return connect_unix(canary);
	default: /* UNIX_MAY_SEND */
		return send_unix(canary);
	}
}
