/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trials: a load that is taken back by itself unless somebody confirms it.
 */
#ifndef FNGUARD_KMOD_TRIAL_H
#define FNGUARD_KMOD_TRIAL_H

#include <linux/types.h>

struct fng_ruleset;
struct netlink_ext_ack;

/* Any context. */
bool fng_trial_pending(u32 *left);

/* All that follows is under fng_control_mutex; most of it sleeps. */
int fng_trial_admit(struct netlink_ext_ack *extack);
int fng_trial_admit_binding(const char *policy, struct netlink_ext_ack *extack);
int fng_trial_check(u32 seconds, struct netlink_ext_ack *extack);
int fng_trial_begin(void);
int fng_trial_confirm(struct netlink_ext_ack *extack);
int fng_trial_roll_back(struct netlink_ext_ack *extack);
void fng_trial_start(u32 seconds);
void fng_trial_collect(void);
void fng_trial_clear(void);
const struct fng_ruleset *fng_trial_former(void);

#endif /* FNGUARD_KMOD_TRIAL_H */
