/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Phases: which part of a policy is in force for a cgroup.
 */
#ifndef FNGUARD_KMOD_PHASE_H
#define FNGUARD_KMOD_PHASE_H

#include "subject.h"

struct netlink_ext_ack;

/* Any context. */
u64 fng_phase_gen(void);
u64 fng_phase_entered(void);
void fng_phase_expect(u64 due);

/* Any context, inside rcu_read_lock(). */
u32 fng_phase_position(const struct fng_policy *policy,
		       const struct fng_usage *usage);
void fng_phase_apply(struct fng_subject *subject);
void fng_phase_trigger(const struct fng_subject *subject, u8 how);

/* In a phase that only tells, the part before it is in force. */
static inline u32 fng_phase_enforced(const struct fng_policy *policy,
				     u32 position)
{
	while (fng_policy_part(policy, position)->image.meta->tells)
		position--;
	return position;
}

/**
 * struct fng_phase_facts - a policy with phases that applies to a cgroup
 * @policy: the policy; valid until rcu_read_unlock(), as is
 * @usage: what is remembered of both
 * @position: the phase that the cgroup is in, from 1 on; 0 before any
 */
struct fng_phase_facts {
	const struct fng_policy *policy;
	const struct fng_usage *usage;
	u32 position;
};

/* Inside rcu_read_lock(). */
bool fng_phase_describe(const struct fng_subject *subject, u8 policy,
			struct fng_phase_facts *facts);

/* Under fng_control_mutex. */
int fng_phase_command(struct cgroup *cgroup, const char *policy,
		      const char *phase, struct netlink_ext_ack *extack);

void fng_phase_exit(void);

#endif /* FNGUARD_KMOD_PHASE_H */
