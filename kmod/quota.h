/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * So much in a second, and no more: for what one may cause that others pay for.
 */
#ifndef FNGUARD_KMOD_QUOTA_H
#define FNGUARD_KMOD_QUOTA_H

#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/types.h>

/**
 * struct fng_quota - what is left of it; all zero at first
 * @left: how often it may still be taken in this window
 * @window: jiffies, their lower half, at which @left was last refilled, or 0
 *
 * No lock: when a window ends, who takes last of the old one may find himself in the
 * new one, and of two who refill, one does.
 */
struct fng_quota {
	atomic_t left;
	u32 window;
};

/* 0 means that the window was never opened. */
static inline u32 fng_quota_now(void)
{
	return (u32)jiffies | 1;
}

/**
 * fng_quota_spent() - is nothing left, for now?
 * @quota: asked before whatever is dear, and taken from afterwards
 *
 * Context: any.
 */
static inline bool fng_quota_spent(const struct fng_quota *quota)
{
	u32 window = READ_ONCE(quota->window);

	return window && atomic_read(&quota->left) <= 0 &&
	       fng_quota_now() - window < HZ;
}

/**
 * fng_quota_take() - take one, if there is one
 * @quota: whose
 * @size: how many there are in a second
 *
 * Context: any.
 */
static inline bool fng_quota_take(struct fng_quota *quota, int size)
{
	u32 then = READ_ONCE(quota->window);
	u32 now = fng_quota_now();

	if ((!then || now - then >= HZ) &&
	    cmpxchg(&quota->window, then, now) == then)
		atomic_set(&quota->left, size);
	return atomic_dec_if_positive(&quota->left) >= 0;
}

#endif /* FNGUARD_KMOD_QUOTA_H */
