// SPDX-License-Identifier: GPL-2.0-only
/*
 * A clock by which changes of files can be told from what was before.
 */
#include <linux/atomic.h>
#include <linux/ktime.h>
#include <linux/pvclock_gtod.h>
#include <linux/timekeeper_internal.h>
#include <linux/timekeeping.h>

#include "clock.h"

/* Nanoseconds that the wall clock was set back by, all together. */
static atomic64_t set_back = ATOMIC64_INIT(0);

/* How far the wall clock is ahead of the time since boot; timekeeper's lock. */
static s64 ahead;

/*
 * Called before anybody can read the time that was set: at a tick, and whenever
 * the clock is set or leaps.
 */
static int note(struct notifier_block *block, unsigned long was_set, void *data)
{
	const struct timekeeper *tk = data;
	s64 now;

	if (!was_set)
		return NOTIFY_OK;
	now = ktime_to_ns(ktime_sub(tk->offs_real, tk->offs_boot));
	if (now < ahead)
		atomic64_add(ahead - now, &set_back);
	ahead = now;
	return NOTIFY_OK;
}

static struct notifier_block notifier = { .notifier_call = note };

/**
 * fng_clock_now() - this moment
 *
 * As coarse as the stamps of files: what changes within the same tick has the
 * same stamp, whether before or after.
 *
 * Return: nanoseconds, to be compared with others and for fng_clock_stamp().
 */
s64 fng_clock_now(void)
{
	s64 back = atomic64_read(&set_back);

	/* If it is set back between the two, this is too early, never too late. */
	smp_rmb();
	return ktime_get_coarse_real_ns() + back;
}

/**
 * fng_clock_stamp() - the lowest stamp of a file that changed since
 * @moment: from fng_clock_now()
 *
 * Stamps that this is compared with have to be read before.
 *
 * Return: nanoseconds of the wall clock.
 */
s64 fng_clock_stamp(s64 moment)
{
	/* Pairs with the timekeeper's, which makes the time that was set seen. */
	smp_rmb();
	return moment - atomic64_read(&set_back);
}

int fng_clock_init(void)
{
	/* Tells the time at once, as if it had been set. */
	ahead = S64_MIN;
	return pvclock_gtod_register_notifier(&notifier);
}

void fng_clock_exit(void)
{
	pvclock_gtod_unregister_notifier(&notifier);
}
