/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Refusals with words that are put together.
 */
#ifndef FNGUARD_KMOD_EXTACK_H
#define FNGUARD_KMOD_EXTACK_H

struct netlink_ext_ack;

void fng_extack_format(struct netlink_ext_ack *extack, const char *format, ...)
	__printf(2, 3);

#endif /* FNGUARD_KMOD_EXTACK_H */
