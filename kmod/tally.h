/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policies that apply to a cgroup, while they are looked for.
 */
#ifndef FNGUARD_KMOD_TALLY_H
#define FNGUARD_KMOD_TALLY_H

#include "clock.h"
#include "subject.h"

/**
 * struct fng_origin - where a policy is bound
 * @level: depth of the outermost cgroup that it is bound to
 * @here: it is bound to the cgroup itself by its name
 * @since: when it was bound there, or else anywhere above
 * @replaced: set once the function that @since is of has lost the cgroup to another,
 *	see struct fng_binding; NULL if nobody can
 */
struct fng_origin {
	u32 level;
	bool here;
	struct fng_moment since;
	const bool *replaced;
};

/**
 * struct fng_tally - policies found so far, with the origin each came from
 * @subject: being filled
 * @origins: per policy
 */
struct fng_tally {
	struct fng_subject *subject;
	struct fng_origin origins[FNG_MAX_APPLIED];
};

/* Any context, inside rcu_read_lock(). */
void fng_tally_add(struct fng_tally *tally, struct fng_policy *policy,
		   const struct fng_origin *origin);
void fng_tally_remember(const struct fng_tally *tally,
			const struct fng_ruleset *ruleset);
void fng_tally_look(struct fng_subject *subject);
void fng_tally_limits(struct fng_subject *subject);

#endif /* FNGUARD_KMOD_TALLY_H */
