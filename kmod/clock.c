// SPDX-License-Identifier: GPL-2.0-only
/*
 * A clock by which changes of files can be told from what was before.
 */
#include <linux/ktime.h>
#include <linux/pvclock_gtod.h>
#include <linux/seqlock.h>
#include <linux/string.h>
#include <linux/timekeeper_internal.h>
#include <linux/timekeeping.h>

#include "clock.h"

#define MAX_STEPS	16

/**
 * struct step - the wall clock was set back
 * @reached: what it was set to, in nanoseconds, or less
 * @nr: which time that was, from 1
 */
struct step {
	s64 reached;
	u32 nr;
};

/*
 * Oldest first. Each reached more than those before it: what a later one was set
 * below is of no interest any more. Written under the timekeeper's lock.
 */
static struct step steps[MAX_STEPS];
static u32 nr_steps;
static seqcount_t steps_seq = SEQCNT_ZERO(steps_seq);

/* How often it was set back; timekeeper's lock. */
static u32 step_count;

/* How far the wall clock is ahead of the time since boot; timekeeper's lock. */
static s64 ahead;

/*
 * Takes the two that differ least for one, which reached the lower: what was
 * between them seems earlier than it was, and nothing later.
 */
static void make_room(void)
{
	u32 i, least = 0;

	for (i = 1; i < nr_steps - 1; i++)
		if (steps[i + 1].reached - steps[i].reached <
		    steps[least + 1].reached - steps[least].reached)
			least = i;
	steps[least].nr = steps[least + 1].nr;
	nr_steps--;
	memmove(&steps[least + 1], &steps[least + 2],
		(nr_steps - least - 1) * sizeof(*steps));
}

static void step_back(s64 reached)
{
	write_seqcount_begin(&steps_seq);
	while (nr_steps && steps[nr_steps - 1].reached >= reached)
		nr_steps--;
	if (nr_steps == MAX_STEPS)
		make_room();
	steps[nr_steps].nr = step_count + 1;
	steps[nr_steps].reached = reached;
	nr_steps++;
	WRITE_ONCE(step_count, step_count + 1);
	write_seqcount_end(&steps_seq);
}

/*
 * Called before anybody can read the time that was set: at a tick, and whenever
 * the clock is set or leaps. What it was set to is taken without the part of a
 * second, which not all kernels keep in the same place.
 */
static int note(struct notifier_block *block, unsigned long was_set, void *data)
{
	const struct timekeeper *tk = data;
	s64 now;

	if (!was_set)
		return NOTIFY_OK;
	now = ktime_to_ns(ktime_sub(tk->offs_real, tk->offs_boot));
	if (now < ahead)
		step_back(ktime_to_ns(ktime_add(tk->tkr_mono.base,
						tk->offs_real)));
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
 * Return: for fng_clock_stamp().
 */
struct fng_moment fng_clock_now(void)
{
	struct fng_moment moment = { .steps = READ_ONCE(step_count) };

	/* If it is set back between the two, that is taken for later. */
	smp_rmb();
	moment.wall = ktime_get_coarse_real_ns();
	return moment;
}

/* The lowest that the clock was set back to since. */
static s64 lowest_since(struct fng_moment moment)
{
	u32 i;

	for (i = 0; i < min_t(u32, READ_ONCE(nr_steps), MAX_STEPS); i++)
		if (steps[i].nr > moment.steps)
			return steps[i].reached;
	return S64_MAX;
}

/**
 * fng_clock_stamp() - the lowest stamp of a file that changed since
 * @moment: from fng_clock_now()
 *
 * Stamps that this is compared with have to be read before.
 *
 * Return: nanoseconds of the wall clock.
 */
s64 fng_clock_stamp(struct fng_moment moment)
{
	unsigned int seq;
	s64 lowest;

	/* Pairs with the timekeeper's, which makes the time that was set seen. */
	smp_rmb();
	do {
		seq = read_seqcount_begin(&steps_seq);
		lowest = lowest_since(moment);
	} while (read_seqcount_retry(&steps_seq, seq));
	return min(moment.wall, lowest);
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
