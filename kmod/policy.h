/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A loaded policy: a verified image and what the kernel keeps beside it.
 */
#ifndef FNGUARD_KMOD_POLICY_H
#define FNGUARD_KMOD_POLICY_H

#include <linux/atomic.h>
#include <linux/refcount.h>
#include <linux/types.h>

#include <fnguard/hooks.h>
#include "engine/engine.h"

struct file;
struct netlink_ext_ack;

/**
 * struct fng_policy - one version of one policy
 * @image: the verified image; set once, before the policy is published
 * @id: number of this load, never used again
 * @hash: of the image's bytes, for display and comparison
 * @refs: held by each ruleset that contains the policy; process context only
 * @skipped_cgroup: id of the last cgroup that a template of this policy matched
 *	but that is never bound; keeps the event from repeating
 * @counters: refusals per rule and hook, see fng_policy_counter(); lives as
 *	long as the policy, any context
 * @other: refusals whose cgroup found no row of its own in the ledger
 * @other_reported: of @other, those already told in events; event worker only
 * @blob: the image's bytes; kvmalloc, owned
 *
 * Immutable after publication but for the counters. Readers reach a policy
 * through a ruleset, inside one RCU read-side critical section.
 */
struct fng_policy {
	struct fng_image image;
	u64 id;
	u64 hash;
	refcount_t refs;
	u64 skipped_cgroup;
	atomic64_t *counters;
	atomic64_t other;
	u64 other_reported;
	void *blob;
};

struct fng_policy *fng_policy_create(struct file *memfd, u32 size,
				     struct netlink_ext_ack *extack);
void fng_policy_get(struct fng_policy *policy);
void fng_policy_put(struct fng_policy *policy);

static inline const char *fng_policy_name(const struct fng_policy *policy)
{
	return policy->image.meta->name;
}

/* Has this policy attach templates at all? */
static inline bool fng_policy_has_templates(const struct fng_policy *policy)
{
	return policy->image.cgroup.nr_states != 0;
}

atomic64_t *fng_policy_counter(const struct fng_policy *policy, u32 rule,
			       u8 hook);

#endif /* FNGUARD_KMOD_POLICY_H */
