/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A loaded policy: a verified image and what the kernel keeps beside it.
 */
#ifndef FNGUARD_KMOD_POLICY_H
#define FNGUARD_KMOD_POLICY_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/types.h>

#include "act.h"
#include "clock.h"
#include "engine/engine.h"
#include "policy_base.h"
#include "policy_counters.h"
#include "verdict.h"

struct file;
struct netlink_ext_ack;

/**
 * struct fng_other - refusals of one policy that have no row in the ledger
 * @count: any context
 * @reported: of @count, those told in events; event worker only
 */
struct fng_other {
	atomic64_t count;
	u64 reported;
};

/**
 * struct fng_policy - one version of one policy
 * @image: the verified image; set once, before the policy is published
 * @id: number of this load, never used again
 * @size: bytes of the image, and of those of @phases
 * @hash: xxh64 of all of these, for display and comparison
 * @name_hash: xxh64 of the policy's name
 * @phase_hash: the same of the name of the phase, if it is one
 * @whole: the policy that it is a phase of, or itself; valid while a ruleset has
 *	that
 * @cuts: of a phase: connections that the part before it allows may not be allowed
 *	by it; set before the policy is published
 * @nr_phases: number of @phases
 * @phases: phases, in order; owned
 * @since: from fng_clock_now(): when the first policy of that name was loaded of
 *	which each replaced the one before; set before it is published, and to the same
 *	when it comes back
 * @refs: held by each ruleset that contains the policy, and by who is about to
 *	load it; process context only
 * @nr_bindings: live explicit bindings that name the policy, of cgroups and
 *	devices; under
 *	fng_control_mutex, moved to the next version when the policy is replaced
 * @published: some ruleset with the policy was published: readers and events
 *	may know it; under fng_control_mutex
 * @rcu_cookie: when readers that did not know the policy yet are gone; set with
 *	@published
 * @skipped_cgroup: id of the last cgroup that a template of this policy matched
 *	but that is never bound; keeps the event from repeating
 * @skips_told: devices that its templates match but do not bind were told of
 *	when it was loaded; under rtnl
 * @acts: what was done, if it learns, or NULL; before it is published, that of the
 *	policy which it replaces may take its place
 * @counters: refusals per rule and hook
 * @other: what has no row, by enum fng_verdict
 * @would_deny: what it would have refused, as a candidate, and the policy in force
 *	has allowed; any context; of the policy, not of its phases
 * @would_allow: the reverse
 * @retired: in the list of policies that no ruleset contains any more
 * @retired_at: when that was, in jiffies
 * @leaving: the event worker is about to free it; event worker only
 * @untold: refusals of it are still to be told; event worker only
 * @vouched: a certificate that the guard is sealed with vouches for the image's
 *	bytes; set before the policy is published
 * @base: its base, of which it holds a reference, or NULL; set once, before the
 *	policy is published
 * @blob: the image's bytes up to its base; in the same allocation, so that only
 *	one is rounded up to whole pages
 *
 * Immutable after publication but for the counters. Readers reach a policy
 * through a ruleset or by fng_policy_find(), inside one RCU read-side critical
 * section. A policy that was published is not freed with its last reference but
 * by the event worker, once what it refused has been told.
 */
struct fng_policy {
	struct fng_image image;
	u64 id;
	u32 size;
	u64 hash;
	u64 name_hash;
	u64 phase_hash;
	struct fng_policy *whole;
	bool cuts;
	u32 nr_phases;
	struct fng_policy *phases[FNG_MAX_PHASES];
	struct fng_moment since;
	refcount_t refs;
	u32 nr_bindings;
	bool published;
	unsigned long rcu_cookie;
	u64 skipped_cgroup;
	bool skips_told;
	struct fng_acts *acts;
	struct fng_policy_counters counters;
	struct fng_other other[FNG_NR_VERDICTS];
	atomic64_t would_deny;
	atomic64_t would_allow;
	struct list_head retired;
	unsigned long retired_at;
	bool leaving;
	bool untold;
	bool vouched;
	struct fng_policy_base *base;
	u8 blob[] __aligned(FNG_IMAGE_ALIGN);
};

struct fng_policy *fng_policy_create(struct file *memfd, u32 size, u32 behind,
				     struct netlink_ext_ack *extack);
struct fng_policy *fng_policy_read(struct file *file, u32 size, u32 behind,
				   struct netlink_ext_ack *extack);
void fng_policy_free(struct fng_policy *policy);
int fng_policy_write(const struct fng_policy *policy, struct file *file,
		     struct netlink_ext_ack *extack);
void fng_policy_go_on(struct fng_policy *policy,
		      const struct fng_policy *before);
bool fng_policy_learns(const struct fng_policy *policy);
void fng_policy_get(struct fng_policy *policy);
void fng_policy_put(struct fng_policy *policy);
void fng_policy_exit(void);

/* Under fng_control_mutex, right after the ruleset was published. */
void fng_policy_publish(struct fng_policy *policy);

/* A policy and its phases: how many these are, and each of them, itself first. */
static inline u32 fng_policy_nr_parts(const struct fng_policy *policy)
{
	return 1 + policy->nr_phases;
}

static inline struct fng_policy *fng_policy_part(const struct fng_policy *policy,
						 u32 i)
{
	return i ? policy->phases[i - 1] : (struct fng_policy *)policy;
}

/* Bytes of the image of this part alone, without its base. */
static inline u32 fng_policy_own(const struct fng_policy *part)
{
	return part->image.size - (part->base ? part->base->image.size : 0);
}

static inline const char *fng_policy_name(const struct fng_policy *policy)
{
	return policy->image.meta->name;
}

/*
 * Under which hash its use of limits is remembered: phases go on with that of their
 * policy, but what only tells counts apart, beside that which is in force.
 */
static inline u64 fng_policy_usage_key(const struct fng_policy *policy)
{
	return policy->image.meta->tells ?
	       policy->name_hash ^ policy->phase_hash : policy->name_hash;
}

/* Does it remember what is done of that class, and refuse nothing? */
static inline bool fng_learns(const struct fng_policy *policy, u8 class)
{
	const struct fng_image_class *settings = &policy->image.classes[class];

	return settings->present && settings->mode == FNG_MODE_LEARN;
}

/* Has this policy templates of cgroups at all? */
static inline bool fng_policy_has_templates(const struct fng_policy *policy)
{
	return policy->image.cgroup.nr_states != 0;
}

/* The same of templates of network devices. */
static inline bool fng_policy_has_devices(const struct fng_policy *policy)
{
	return policy->image.device.nr_states != 0;
}

/*
 * Kinds of limits on packets, whatever these belong to, on where these may go, and
 * on questions.
 */
#define FNG_LIMITS_OF_PACKETS	(BIT(FNG_LIMIT_EGRESS) | \
				 BIT(FNG_LIMIT_EGRESS_TOTAL) | \
				 BIT(FNG_LIMIT_DESTINATIONS))
#define FNG_LIMITS_OF_DESTINATIONS \
	(FNG_LIMITS_OF_PACKETS | BIT(FNG_LIMIT_CONNECT))
#define FNG_LIMITS_OF_QUESTIONS	(BIT(FNG_LIMIT_DNS_QUERIES) | \
				 BIT(FNG_LIMIT_DNS_LABEL))
#define FNG_LIMITS_OF_TRAFFIC \
	(FNG_LIMITS_OF_DESTINATIONS | FNG_LIMITS_OF_QUESTIONS)

/*
 * What is observed, in the same bits, behind the last limit: who looks for both
 * looks once.
 */
#define FNG_OBSERVE_BIT(what)	BIT(FNG_NR_LIMITS + (what))
static_assert(FNG_NR_LIMITS + FNG_NR_OBSERVABLES <= BITS_PER_TYPE(u32));

/* For what a destination is looked at though it was allowed just before. */
#define FNG_CARES_OF_DESTINATIONS \
	(FNG_LIMITS_OF_DESTINATIONS | FNG_OBSERVE_BIT(FNG_OBSERVABLE_CONNECT))

/* The limits that it has, bits of enum fng_limit, and what it observes. */
static inline u32 fng_policy_limits(const struct fng_policy *policy)
{
	const struct fng_image *image = &policy->image;
	u32 kinds = image->meta->observe << FNG_NR_LIMITS;
	u32 i;

	for (i = 0; i < image->nr_limits; i++)
		kinds |= BIT(image->limits[i].kind);
	return kinds;
}

/* Any context; the first inside rcu_read_lock(). */
struct fng_policy *fng_policy_find(u64 id);
u64 fng_policy_given_up(void);

/* The event worker only. */
struct fng_policy *fng_policy_next(u64 *id);
void fng_policy_retire_begin(void);
bool fng_policy_retire_end(bool give_up);

#endif /* FNGUARD_KMOD_POLICY_H */
