// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judging what kind of socket a task has.
 */
#include <linux/in.h>
#include <linux/netlink.h>
#include <linux/socket.h>

#include "judge_floor.h"
#include "judge_privilege.h"
#include "judge_socket.h"

#ifndef IPPROTO_SMC
#define IPPROTO_SMC	256
#endif

/*
 * Families whose traffic egress rules can judge, or that stay on the host. SMC
 * binds, listens and connects by a TCP socket of the kernel's own.
 */
static bool family_is_judged(int family, int protocol)
{
	switch (family) {
	case AF_UNIX:
		return true;
	case AF_INET:
	case AF_INET6:
		return protocol != IPPROTO_SMC;
	case AF_NETLINK:
		return protocol == NETLINK_ROUTE;
	default:
		return false;
	}
}

/* Such sockets make their own headers. Of other families, raw means little. */
static bool is_raw(int family, int type)
{
	switch (family) {
	case AF_INET:
	case AF_INET6:
		return type == SOCK_RAW || type == SOCK_PACKET;
	case AF_PACKET:
	case AF_XDP:
		return true;
	default:
		return false;
	}
}

/**
 * fng_judge_socket() - judge a kind of socket by every policy that applies
 * @judgement: being made
 * @family: AF_*
 * @type: SOCK_*, without flags
 * @protocol: of the family
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_judge_socket(struct fng_judgement *judgement, int family, int type,
		      int protocol)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		fng_socket_decide(&subject->policies[i]->image, family, type,
				  &decision);
		fng_judge_add_number(judgement, i, &decision, FNG_ACT_SOCKET,
				     family | type << FNG_ACT_SOCKET_TYPE);
	}
	if (!family_is_judged(family, protocol))
		fng_judge_floor(judgement, FNG_FLOOR_SOCKET);
	if (is_raw(family, type))
		fng_judge_privilege(judgement, FNG_PRIVILEGE_RAW_SOCKET);
}
