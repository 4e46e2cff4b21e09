/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order in which hooks are counted. A rule has counters from the first hook
 * that can refuse by it to the last, so those that refuse by the same rules are
 * neighbours here, whatever their numbers are.
 */
#ifndef FNGUARD_KMOD_HOOK_PLACE_H
#define FNGUARD_KMOD_HOOK_PLACE_H

#include <linux/types.h>

#include <fnguard/hooks.h>

/**
 * struct fng_places - hooks that are neighbours
 * @first: lowest
 * @end: one more than the highest; 0 if there is none
 */
struct fng_places {
	u8 first;
	u8 end;
};

/* Any context. */
u8 fng_hook_place(u8 hook);
u8 fng_place_hook(u8 place);

#endif /* FNGUARD_KMOD_HOOK_PLACE_H */
