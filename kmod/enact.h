/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Putting a ruleset into force, with all that has to go with it.
 */
#ifndef FNGUARD_KMOD_ENACT_H
#define FNGUARD_KMOD_ENACT_H

#include <linux/types.h>

struct fng_ruleset;
struct fng_policy;
struct netlink_ext_ack;

/* Under fng_control_mutex; sleep. */
int fng_enact_change(struct fng_ruleset *set, u32 within,
		     struct netlink_ext_ack *extack);
int fng_enact_aside(struct fng_ruleset *set, struct netlink_ext_ack *extack);
void fng_enact(struct fng_ruleset *set);
void fng_enact_settle(void);

/* The same, and events: of what is in force now. */
void fng_enact_tell(u32 kind, const struct fng_policy *policy,
		    const char *reason);
void fng_enact_tell_loaded(const struct fng_policy *policy, u32 within,
			   const char *reason);

#endif /* FNGUARD_KMOD_ENACT_H */
