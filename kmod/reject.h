/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Telling a guest that it was refused.
 */
#ifndef FNGUARD_KMOD_REJECT_H
#define FNGUARD_KMOD_REJECT_H

struct fng_frame;
struct net_device;
struct sk_buff;

void fng_reject_opening(const struct sk_buff *skb, struct net_device *dev,
			const struct fng_frame *frame);

#endif /* FNGUARD_KMOD_REJECT_H */
