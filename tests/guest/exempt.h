/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cgroups that are exempt from their rules for a while.
 */
#ifndef TESTS_GUEST_EXEMPT_H
#define TESTS_GUEST_EXEMPT_H

#include "common.h"

#define EXEMPT_REASON	"a test looks"

/* Exempts it for so many seconds; ends that. */
void exempt_begin(const struct group *group, u32 seconds);
void exempt_end(const struct group *group);

/**
 * struct exempt - an exemption that was looked for
 * @nr: how many there are in all
 * @left: seconds that are left; 0 if it is not there
 * @reason: what is said of it
 */
struct exempt {
	u32 nr;
	u32 left;
	char reason[FNG_MAX_EXEMPTION_REASON + 1];
};

/* Is the cgroup exempt? */
bool exempt_find(u64 cgroup_id, struct exempt *exempt);

#endif /* TESTS_GUEST_EXEMPT_H */
