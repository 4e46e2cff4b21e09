/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much is reported of what a cgroup is allowed.
 */
#ifndef FNGUARD_KMOD_SIGHT_H
#define FNGUARD_KMOD_SIGHT_H

#include "usage.h"

/* Any context, inside rcu_read_lock(). */
bool fng_sight_wanted(struct fng_usage *usage,
		      const struct fng_image_meta *meta, u32 hash);

#endif /* FNGUARD_KMOD_SIGHT_H */
