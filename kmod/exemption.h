/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exemptions: cgroups in which rules refuse nothing for a while, and only tell.
 */
#ifndef FNGUARD_KMOD_EXEMPTION_H
#define FNGUARD_KMOD_EXEMPTION_H

#include <linux/types.h>

#include <fnguard/limits.h>

struct cgroup;
struct netlink_ext_ack;

/**
 * struct fng_exemption_facts - what can be told of an exemption
 * @cgroup_id: the cgroup
 * @left: seconds until it ends, rounded up
 * @reason: the operator's
 */
struct fng_exemption_facts {
	u64 cgroup_id;
	u32 left;
	char reason[FNG_MAX_EXEMPTION_REASON + 1];
};

/* Any context, inside rcu_read_lock(). */
u64 fng_exemption_until(struct cgroup *cgroup);

/* Any context. */
u64 fng_exemption_gen(void);
u32 fng_exemption_count(void);
bool fng_exemption_describe(u32 index, struct fng_exemption_facts *facts);

/* Under fng_control_mutex; sleep. */
int fng_exemption_add(struct cgroup *cgroup, u32 seconds, const char *reason,
		      struct netlink_ext_ack *extack);
int fng_exemption_end(u64 cgroup_id, struct netlink_ext_ack *extack);
void fng_exemption_reset(struct cgroup *cgroup);
void fng_exemption_collect(void);
void fng_exemption_clear(void);

#endif /* FNGUARD_KMOD_EXEMPTION_H */
