/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Putting a ruleset into force, with all that has to go with it.
 */
#ifndef FNGUARD_KMOD_ENACT_H
#define FNGUARD_KMOD_ENACT_H

struct fng_ruleset;
struct netlink_ext_ack;

/* Under fng_control_mutex; sleep. */
int fng_enact_prepare(const struct fng_ruleset *set,
		      struct netlink_ext_ack *extack);
void fng_enact(struct fng_ruleset *set);

#endif /* FNGUARD_KMOD_ENACT_H */
