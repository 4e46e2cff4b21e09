// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refusals with words that are put together.
 */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/netlink.h>

#include "extack.h"

#ifdef NETLINK_MAX_FMTMSG_LEN
#define ROOM	NETLINK_MAX_FMTMSG_LEN

static char *room(struct netlink_ext_ack *extack)
{
	return extack->_msg_buf;
}
#else
#define ROOM	80

/*
 * Here extack only points to its message, which is copied after the command has
 * returned. The buffers take turns, so a message is overwritten only if as many
 * commands are refused between these two moments of one system call; it is
 * terminated even then.
 */
static char *room(struct netlink_ext_ack *extack)
{
	static char messages[32][ROOM];
	static atomic_t turn = ATOMIC_INIT(0);

	return messages[(u32)atomic_inc_return(&turn) % ARRAY_SIZE(messages)];
}
#endif

/**
 * fng_extack_format() - say why a command is refused
 * @extack: of the command, or NULL
 * @format: as for printf(); at most 79 bytes of what comes of it are kept
 *
 * Context: process.
 */
void fng_extack_format(struct netlink_ext_ack *extack, const char *format, ...)
{
	char *message;
	va_list args;

	if (!extack)
		return;
	message = room(extack);
	va_start(args, format);
	vsnprintf(message, ROOM, format, args);
	va_end(args);
	extack->_msg = message;
}
