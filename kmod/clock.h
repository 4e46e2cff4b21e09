/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A clock by which changes of files can be told from what was before.
 *
 * File systems stamp a change with the wall clock, which may be set back. What is
 * written afterwards has a stamp of the past. So what is remembered is the wall
 * clock plus all that it was ever set back by: that never goes back, and minus
 * what it was set back by until now, it is the lowest stamp that anything can
 * have that changed since.
 */
#ifndef FNGUARD_KMOD_CLOCK_H
#define FNGUARD_KMOD_CLOCK_H

#include <linux/types.h>

int fng_clock_init(void);
void fng_clock_exit(void);

/* Any context. */
s64 fng_clock_now(void);
s64 fng_clock_stamp(s64 moment);

#endif /* FNGUARD_KMOD_CLOCK_H */
