/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reporting what is allowed, where a policy wants to know of it.
 *
 * The bits below are among those of a subject's limits: hooks that look for these
 * look for both at once, so that who is not observed pays nothing for it.
 */
#ifndef FNGUARD_KMOD_OBSERVE_H
#define FNGUARD_KMOD_OBSERVE_H

#include "judge.h"
#include "judge_path.h"

struct path;

/**
 * fng_observes() - does some policy want to know of it?
 * @subject: whose policies
 * @what: enum fng_observable
 */
static __always_inline bool fng_observes(const struct fng_subject *subject,
					 enum fng_observable what)
{
	return fng_subject_limits(subject, FNG_OBSERVE_BIT(what));
}

/**
 * struct fng_sighting - something that is allowed, and may be reported
 * @subject: who does it
 * @hook: enum fng_hook
 * @what: enum fng_observable
 */
struct fng_sighting {
	const struct fng_subject *subject;
	u8 hook;
	u8 what;
};

/* All of these: a task, inside rcu_read_lock(). */
void fng_observe_file(const struct fng_sighting *sighting,
		      const struct path *path, u32 access);
void fng_observe_endpoint(const struct fng_sighting *sighting,
			  const struct fng_endpoint *endpoint);
void fng_observe_port(const struct fng_sighting *sighting,
		      const struct fng_endpoint *local);

#endif /* FNGUARD_KMOD_OBSERVE_H */
