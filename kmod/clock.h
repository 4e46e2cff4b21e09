/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A clock by which changes of files can be told from what was before.
 *
 * File systems stamp a change with the wall clock, which may be set back. What is
 * written afterwards has a stamp of the past, but none below the lowest time that
 * the clock was set back to since. So what is remembered of a moment is the wall
 * clock, and how often it had been set back by then.
 */
#ifndef FNGUARD_KMOD_CLOCK_H
#define FNGUARD_KMOD_CLOCK_H

#include <linux/minmax.h>
#include <linux/types.h>

/**
 * struct fng_moment - when something was
 * @wall: the wall clock, in nanoseconds
 * @steps: how often it had been set back before
 */
struct fng_moment {
	s64 wall;
	u32 steps;
};

static inline bool fng_moment_before(struct fng_moment a, struct fng_moment b)
{
	return a.steps < b.steps || (a.steps == b.steps && a.wall < b.wall);
}

/*
 * One that is not later than either. Since each part of it is not, who reads it
 * while it takes the place of either may see one part of each.
 */
static inline struct fng_moment fng_moment_earlier(struct fng_moment a,
						   struct fng_moment b)
{
	return (struct fng_moment) {
		.wall = min(a.wall, b.wall),
		.steps = min(a.steps, b.steps),
	};
}

int fng_clock_init(void);
void fng_clock_exit(void);

/* Any context. */
struct fng_moment fng_clock_now(void);
s64 fng_clock_stamp(struct fng_moment moment);

#endif /* FNGUARD_KMOD_CLOCK_H */
