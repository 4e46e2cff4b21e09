/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Explicit bindings of policies to cgroups.
 */
#ifndef FNGUARD_KMOD_BINDING_H
#define FNGUARD_KMOD_BINDING_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include <fnguard/limits.h>

#include "clock.h"

struct cgroup;
struct netlink_ext_ack;

/**
 * struct fng_binding - one policy bound to one cgroup
 * @node: in the hash of bindings, by @cgroup_id; RCU readers, writers hold
 *	fng_control_mutex
 * @cgroup_id: id of the cgroup, never reused by the kernel
 * @cgroup: the cgroup; a reference is held, so that ancestors' names outlive its
 *	removal
 * @since: from fng_clock_now(): when the cgroup was bound, to this policy or one
 *	whose bindings this one took over
 * @partial: tasks were already in the cgroup when it was bound; written once,
 *	right after the binding became visible
 * @dead: the cgroup was removed; kept as a tombstone while sockets that it
 *	created may live, since netfilter judges by it; written by the collector
 *	under fng_control_mutex
 * @tomb: in the list of tombstones if @dead; under fng_control_mutex
 * @replaced: the cgroup was activated for another function, and its state is about
 *	to be forgotten: who still looks at this one has none. Written once, under
 *	fng_control_mutex
 * @activation: number of the activation that made it, or 0
 * @next: for lists of bindings not yet, or not any more, in the hash
 * @rcu: for freeing after the last reader
 * @policy: name of the policy; bindings name a policy, they do not hold it
 * @labels: key=value,key=value, or empty; there is no more room than it takes
 */
struct fng_binding {
	struct hlist_node node;
	u64 cgroup_id;
	struct cgroup *cgroup;
	struct fng_moment since;
	bool partial;
	bool dead;
	bool replaced;
	u32 activation;
	struct list_head tomb;
	struct fng_binding *next;
	struct rcu_head rcu;
	char policy[FNG_MAX_POLICY_NAME + 1];
	char labels[];
};

void fng_binding_exit(void);

/* Under fng_control_mutex; may sleep. @gen 0 means "whatever it is". */
int fng_binding_add(struct cgroup *cgroup, const char *policy,
		    const char *labels, u64 gen, bool *partial,
		    struct netlink_ext_ack *extack);
int fng_binding_activate(struct cgroup *cgroup, const char *policy,
			 const char *labels, u32 activation,
			 struct netlink_ext_ack *extack);
int fng_binding_remove(u64 cgroup_id, const char *policy, u64 gen,
		       struct netlink_ext_ack *extack);
void fng_binding_clear(void);
u32 fng_binding_count(const char *policy);
int fng_binding_prepare_rename(const char *from, const char *to,
			       struct fng_binding **list);
void fng_binding_rename(const char *from, struct fng_binding *list);
void fng_binding_forget(const char *policy);
void fng_binding_collect(void);

/* Any context, inside rcu_read_lock(). */
const struct fng_binding *fng_binding_next(u64 cgroup_id,
					   const struct fng_binding *previous);

/**
 * fng_binding_gen() - generation of the bindings
 *
 * Bumped before fng_subject_invalidate() by every change. Whoever computes a
 * subject reads it first and does not cache the result if it has moved.
 */
u64 fng_binding_gen(void);

/* Any context. Number of live bindings of all policies. */
u32 fng_binding_total(void);

void fng_binding_for_each(void (*fn)(const struct fng_binding *binding,
				     void *data), void *data);

#endif /* FNGUARD_KMOD_BINDING_H */
