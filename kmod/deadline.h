/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Deadlines, by a clock that nobody sets and that goes on in suspend.
 */
#ifndef FNGUARD_KMOD_DEADLINE_H
#define FNGUARD_KMOD_DEADLINE_H

#include <linux/math64.h>
#include <linux/timekeeping.h>
#include <linux/types.h>

/* The moment after so many seconds, in ns since boot. Context: any. */
static inline u64 fng_deadline_in(u32 seconds)
{
	return ktime_get_boottime_ns() + (u64)seconds * NSEC_PER_SEC;
}

/* Seconds until it, rounded up; 0 once it is over. Context: any. */
static inline u32 fng_deadline_left(u64 deadline)
{
	u64 now = ktime_get_boottime_ns();

	return deadline > now ? div_u64(deadline - now + NSEC_PER_SEC - 1,
					NSEC_PER_SEC) : 0;
}

#endif /* FNGUARD_KMOD_DEADLINE_H */
