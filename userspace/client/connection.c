// SPDX-License-Identifier: MIT
/*
 * Connecting to the family.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <netlink/genl/genl.h>
#include <netlink/genl/ctrl.h>

#include "exchange.h"

/* Enough for the largest message that the kernel builds for a dump. */
#define RECEIVE_BUFFER	(1 << 20)

int fng_client_fail(struct fng_client *client, int err, const char *format,
		    ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(client->error, sizeof(client->error), format, args);
	va_end(args);
	return err;
}

/* The options are those of good answers; a kernel without them still answers. */
static int connect_socket(struct fng_client *client)
{
	int on = 1, fd, err;

	client->sock = nl_socket_alloc();
	if (!client->sock)
		return fng_client_fail(client, -ENOMEM, "out of memory");
	nl_socket_disable_auto_ack(client->sock);
	err = genl_connect(client->sock);
	if (err)
		return fng_client_fail(client, -EPROTONOSUPPORT,
				       "cannot open a generic netlink socket: %s",
				       nl_geterror(err));
	fd = nl_socket_get_fd(client->sock);
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	nl_socket_set_buffer_size(client->sock, RECEIVE_BUFFER, 0);
	nl_socket_set_msg_buf_size(client->sock, 1 << 16);
	return 0;
}

static int no_family(struct fng_client *client)
{
	if (!access("/sys/module/fnguard", F_OK))
		return fng_client_fail(client, -ENOENT,
				       "the kernel module answers in the initial network namespace only");
	return fng_client_fail(client, -ENOENT,
			       "the kernel module fnguard is not loaded; run: modprobe fnguard");
}

int fng_client_open(struct fng_client *client)
{
	int err;

	memset(client, 0, sizeof(*client));
	err = connect_socket(client);
	if (err)
		return err;
	err = genl_ctrl_resolve(client->sock, FNG_FAMILY_NAME);
	if (err < 0)
		return no_family(client);
	client->family = err;
	err = genl_ctrl_resolve_grp(client->sock, FNG_FAMILY_NAME,
				    FNG_MCGRP_EVENTS);
	client->group = err < 0 ? 0 : err;
	return 0;
}

void fng_client_close(struct fng_client *client)
{
	nl_socket_free(client->sock);
	client->sock = NULL;
}
