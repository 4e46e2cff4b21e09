/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order in which hooks are counted: those that refuse by the same rules are
 * neighbours, so those of devices are behind that of packets.
 */
#ifndef FNGUARD_KMOD_HOOK_PLACE_H
#define FNGUARD_KMOD_HOOK_PLACE_H

#include <linux/types.h>

#include <fnguard/hooks.h>

#define FNG_NETDEV_PLACE	(FNG_HOOK_LOCAL_OUT + 1)
#define FNG_NR_NETDEV \
	(FNG_HOOK_NETDEV_EGRESS - FNG_HOOK_NETDEV_INGRESS + 1)

/**
 * struct fng_hooks - a range of hooks, by number or by place
 * @first: lowest
 * @end: one more than the highest; 0 if there is none
 */
struct fng_hooks {
	u8 first;
	u8 end;
};

/* Where a hook is. */
static inline u8 fng_hook_place(u8 hook)
{
	if (hook <= FNG_HOOK_LOCAL_OUT || hook > FNG_HOOK_NETDEV_EGRESS)
		return hook;
	if (hook < FNG_HOOK_NETDEV_INGRESS)
		return hook + FNG_NR_NETDEV;
	return hook - FNG_HOOK_NETDEV_INGRESS + FNG_NETDEV_PLACE;
}

/* Which hook is there. */
static inline u8 fng_hook_at(u8 place)
{
	if (place < FNG_NETDEV_PLACE || place > FNG_HOOK_NETDEV_EGRESS)
		return place;
	if (place < FNG_NETDEV_PLACE + FNG_NR_NETDEV)
		return place - FNG_NETDEV_PLACE + FNG_HOOK_NETDEV_INGRESS;
	return place - FNG_NR_NETDEV;
}

/* The places from that of the first hook to that of the last. */
static inline struct fng_hooks fng_hook_places(struct fng_hooks hooks)
{
	return (struct fng_hooks) {
		.first = fng_hook_place(hooks.first),
		.end = fng_hook_place(hooks.end - 1) + 1,
	};
}

#endif /* FNGUARD_KMOD_HOOK_PLACE_H */
