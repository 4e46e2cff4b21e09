/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Telling a guest that it was refused.
 */
#ifndef FNGUARD_KMOD_REJECT_H
#define FNGUARD_KMOD_REJECT_H

#include <linux/types.h>

struct fng_frame;
struct sk_buff;

bool fng_reject_wanted(const struct sk_buff *skb, const struct fng_frame *frame);
void fng_reject_packet(const struct sk_buff *skb,
		       const struct fng_frame *frame);

#endif /* FNGUARD_KMOD_REJECT_H */
