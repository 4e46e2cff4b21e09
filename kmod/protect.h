/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Protection from locking the operator out: cgroups that are never bound.
 */
#ifndef FNGUARD_KMOD_PROTECT_H
#define FNGUARD_KMOD_PROTECT_H

#include <linux/cgroup.h>

#include "policy.h"

struct netlink_ext_ack;

int fng_protect_init(void);
void fng_protect_exit(void);

u32 fng_protect_walk(const struct fng_image *image, u32 state,
		     struct cgroup *cgroup);
bool fng_protect_holds_vital(struct cgroup *cgroup);
int fng_protect_bind_check(struct cgroup *cgroup,
			   struct netlink_ext_ack *extack);
int fng_protect_load_check(const struct fng_policy *policy,
			   struct netlink_ext_ack *extack);

/* Under fng_control_mutex. */
void fng_agent_set(struct pid *pid);
int fng_protect_seal(struct netlink_ext_ack *extack);
/* Any context. */
bool fng_agent_declared(void);
bool fng_agent_alive(void);

#endif /* FNGUARD_KMOD_PROTECT_H */
