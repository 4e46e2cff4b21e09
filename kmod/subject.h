/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The subject of a decision: a cgroup and the policies that apply to it.
 */
#ifndef FNGUARD_KMOD_SUBJECT_H
#define FNGUARD_KMOD_SUBJECT_H

#include <linux/cgroup.h>
#include <linux/list.h>
#include <linux/rcupdate.h>

#include <fnguard/limits.h>
#include "policy.h"

/**
 * struct fng_cgroup - what the guard remembers of one guarded cgroup
 * @node: in the hash of states, by @id
 * @id: id of the cgroup, never reused by the kernel
 * @denied: refusals per class; any context
 * @audited: would-be refusals per class; any context
 * @quota: sample events that the cgroup may still send in this window
 * @quota_window: jiffies at which @quota was last refilled
 * @rcu: for freeing after the last reader
 *
 * Belongs to the cgroup, not to a ruleset: it outlives the replacement of
 * policies and is dropped by the collector once the cgroup is gone.
 */
struct fng_cgroup {
	struct hlist_node node;
	u64 id;
	atomic64_t denied[FNG_NR_CLASSES];
	atomic64_t audited[FNG_NR_CLASSES];
	atomic_t quota;
	unsigned long quota_window;
	struct rcu_head rcu;
};

/**
 * struct fng_subject - the policies that apply to one cgroup
 * @node: in the hash of subjects, by @cgroup_id
 * @cgroup_id: the cgroup
 * @gen: generation of the ruleset that @policies are of; with any other
 *	published, the subject is recomputed
 * @nr: number of @policies; 0 means unguarded, and is cached as well
 * @excess: more than FNG_MAX_APPLIED policies apply: everything is refused
 * @canary: tasks of this cgroup prove the hooks
 * @dead: taken out of the hash; must not be put into a cache again
 * @state: what is remembered of the cgroup; NULL for an unguarded one, and if
 *	there was no memory: then everything is refused
 * @policies: root-most first
 * @rcu: for freeing after the last reader
 *
 * Immutable once in the hash, but for @dead.
 */
struct fng_subject {
	struct hlist_node node;
	u64 cgroup_id;
	u64 gen;
	u8 nr;
	bool excess;
	bool canary;
	bool dead;
	struct fng_cgroup *state;
	struct fng_policy *policies[FNG_MAX_APPLIED];
	struct rcu_head rcu;
};

int fng_subject_init(void);
void fng_subject_exit(void);

const struct fng_subject *fng_subject_find(struct cgroup *cgroup,
					   struct fng_subject *scratch);
void fng_subject_invalidate(struct cgroup *cgroup);
void fng_subject_collect(void);
u32 fng_subject_count(void);

/* Calls @fn for each cached subject that is guarded; @fn must not sleep. */
void fng_subject_for_each(void (*fn)(const struct fng_subject *subject,
				     void *data), void *data);

/* Is anything applied to it: policies, or the refusal for want of them? */
static inline bool fng_subject_guarded(const struct fng_subject *subject)
{
	return subject->nr || subject->excess || subject->canary;
}

bool fng_task_guarded(struct task_struct *task);
int fng_cgroup_protect_check(struct cgroup *cgroup);
void fng_agent_set(struct pid *pid);
bool fng_agent_alive(void);

#endif /* FNGUARD_KMOD_SUBJECT_H */
