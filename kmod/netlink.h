/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic netlink family.
 */
#ifndef FNGUARD_KMOD_NETLINK_H
#define FNGUARD_KMOD_NETLINK_H

#include <net/genetlink.h>

extern struct genl_family fng_genl_family;

int fng_netlink_init(void);
void fng_netlink_exit(void);

#endif /* FNGUARD_KMOD_NETLINK_H */
