/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The subject of a decision: a cgroup and the policies that apply to it.
 */
#ifndef FNGUARD_KMOD_SUBJECT_H
#define FNGUARD_KMOD_SUBJECT_H

#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/cgroup.h>
#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/timekeeping.h>

#include <fnguard/limits.h>
#include "cgroup_state.h"
#include "ruleset.h"

/**
 * struct fng_subject - the policies that apply to one cgroup
 * @node: in the hash of subjects, by @cgroup_id
 * @cgroup_id: the cgroup
 * @serial: no other subject ever has the same; 0 if it is used only once
 * @gen: generation of the ruleset that @policies are of; with any other
 *	published, the subject is recomputed
 * @nr: number of @policies; 0 means unguarded, and is cached as well
 * @excess: it cannot be told which policies apply, or more than
 *	FNG_MAX_APPLIED do: whatever a hook judges is refused
 * @canary: tasks of this cgroup prove the hooks
 * @inspects: some policy in force looks at the files that become code, not only at
 *	their names
 * @resolves: some policy in force has rules on names of hosts, or on asking for them,
 *	or limits on that
 * @learns_ports: of a device: some policy learns by which ports the guest behind
 *	it is reached
 * @quarantined: nothing may be executed or sent
 * @enters: bits of enum fng_enter: with this, a phase is entered
 * @limited: bit n: policy n has limits
 * @candidates: bit n: policy n is not in force, and only asked beside one that is;
 *	they are the last
 * @candidates_inspect: as @inspects, of @candidates
 * @candidates_resolve: as @resolves, of these
 * @activation: number of the innermost activation, or 0
 * @limits: bits of enum fng_limit: some policy has that limit; and those of
 *	FNG_OBSERVE_BIT(): some policy wants to know of that
 * @matters: any of @nr, @excess and @canary is set; the only one that most calls look at
 * @dead: taken out of the hash; must not be put into a cache again
 * @state: what is remembered of the cgroup; NULL for an unguarded one, and if
 *	there was no memory: then it is as with @excess
 * @policies: root-most first, each in the phase that the cgroup is in; behind them,
 *	phases that only tell, and behind these, candidates
 * @usages: for each that is @limited, counts refusals or observes, what was used
 * @rivals: for each of @candidates, index of the one that it may take the place of
 * @inner: for each, depth of the innermost cgroup that it is bound to
 * @phase_due: when, by the monotonic clock in ns, time has it enter a phase; 0 if it
 *	does not
 * @exempt_until: until then, in ns since boot, refusals by rules are only told; 0
 *	if they never are
 * @rcu: for freeing after the last reader
 *
 * Immutable once in the hash, but for @dead.
 */
struct fng_subject {
	struct hlist_node node;
	u64 cgroup_id;
	u64 serial;
	u64 gen;
	u8 nr;
	bool excess;
	bool canary;
	bool inspects;
	bool resolves;
	bool learns_ports;
	bool quarantined;
	u8 enters;
	u8 limited;
	u8 candidates;
	bool matters;
	bool dead;
	bool candidates_inspect;
	bool candidates_resolve;
	u32 activation;
	u32 limits;
	struct fng_cgroup *state;
	struct fng_policy *policies[FNG_MAX_APPLIED];
	struct fng_usage *usages[FNG_MAX_APPLIED];
	u8 rivals[FNG_MAX_APPLIED];
	u32 inner[FNG_MAX_APPLIED];
	u64 phase_due;
	u64 exempt_until;
	struct rcu_head rcu;
};

#define FNG_SUBJECT_CACHE_BITS	6

/**
 * struct fng_subject_cache - a CPU's recently met subjects
 * @slot: direct-mapped, see fng_subject_slot(); never NULL
 *
 * A slot may be written from another CPU when a subject is retired, and by a
 * task that was preempted and moved: each access stands for itself.
 */
struct fng_subject_cache {
	struct fng_subject *slot[1 << FNG_SUBJECT_CACHE_BITS];
};

DECLARE_PER_CPU(struct fng_subject_cache, fng_subject_cache);

/**
 * fng_subject_slot() - where a cgroup's subject is in a CPU's cache
 * @id: of the cgroup
 *
 * The files of a cgroup take ids as well, so that those of cgroups which were
 * made one after the other lie some number apart that depends on controllers.
 * Any such number is spread, where a multiplication fails at some.
 */
static __always_inline u32 fng_subject_slot(u64 id)
{
	return (id ^ id >> 5) & (BIT(FNG_SUBJECT_CACHE_BITS) - 1);
}

void fng_subject_compute(struct fng_subject *subject, struct cgroup *cgroup,
			 const struct fng_ruleset *ruleset);
const struct fng_subject *
fng_subject_lookup(struct cgroup *cgroup, const struct fng_ruleset *ruleset,
		   struct fng_subject *scratch);

/**
 * fng_subject_cached() - what applies to a cgroup that this CPU has just met
 * @cgroup: on the v2 hierarchy; the caller keeps it alive
 * @subject: set to it; valid until the critical section ends
 *
 * Context: any, inside rcu_read_lock().
 * Return: false if it is not known here, and must be found; then @subject is that
 *	of another cgroup or none.
 */
static __always_inline __must_check bool
fng_subject_cached(const struct cgroup *cgroup,
		   const struct fng_subject **subject)
{
	u64 id = cgroup_id(cgroup);
	u32 slot = fng_subject_slot(id);

	*subject = this_cpu_read(fng_subject_cache.slot[slot]);
	return likely((*subject)->cgroup_id == id &&
		      (*subject)->gen == READ_ONCE(fng_judged_gen));
}

/**
 * fng_subject_find() - what applies to a cgroup
 * @cgroup: on the v2 hierarchy; the caller keeps it alive
 * @scratch: used where the result cannot be cached
 *
 * Context: any, inside rcu_read_lock(); the result is valid until it ends.
 * Return: never NULL.
 */
static __always_inline const struct fng_subject *
fng_subject_find(struct cgroup *cgroup, struct fng_subject *scratch)
{
	const struct fng_subject *subject;

	if (fng_subject_cached(cgroup, &subject))
		return subject;
	return fng_subject_lookup(cgroup, fng_ruleset_current(), scratch);
}

int fng_subject_init(void);
void fng_subject_exit(void);
void fng_subject_invalidate(struct cgroup *cgroup);
typedef bool fng_subject_change_fn(struct fng_cgroup *state, void *data);
bool fng_subject_change(u64 id, fng_subject_change_fn *change, void *data);
void fng_subject_reset(struct cgroup *cgroup);
void fng_subject_collect(void);
u32 fng_subject_count(void);
void fng_subject_for_each(void (*fn)(const struct fng_subject *subject,
				     void *data), void *data);
bool fng_task_guarded(struct task_struct *task);
bool fng_cgroup_guarded(struct cgroup *cgroup);

/* How many of its policies are in force, or would be but for their mode. */
static inline u8 fng_subject_in_force(const struct fng_subject *subject)
{
	return subject->candidates ? __ffs(subject->candidates) : subject->nr;
}

/* Are files that become code looked at, be it for a candidate alone? */
static inline bool fng_subject_inspects(const struct fng_subject *subject)
{
	return subject->inspects | subject->candidates_inspect;
}

/* The same of questions to name servers, and of the answers. */
static inline bool fng_subject_resolves(const struct fng_subject *subject)
{
	return subject->resolves | subject->candidates_resolve;
}

/* Is anything applied to it: policies, or the refusal for want of them? */
static __always_inline bool
fng_subject_guarded(const struct fng_subject *subject)
{
	return subject->nr || subject->excess;
}

/**
 * fng_subject_exempt() - are refusals by rules only told for now?
 * @subject: whose
 *
 * Who allows never asks.
 */
static inline bool fng_subject_exempt(const struct fng_subject *subject)
{
	return unlikely(subject->exempt_until) &&
	       ktime_get_boottime_ns() < subject->exempt_until;
}

/**
 * fng_subject_inside() - is a cgroup below the one that a policy is bound to?
 * @subject: that of @own
 * @policy: index of the policy
 * @own: a cgroup that the policy applies to
 * @cgroup: the cgroup in question
 *
 * What is outside of one policy's cgroup may be inside of that of another.
 */
static inline bool fng_subject_inside(const struct fng_subject *subject,
				      u8 policy, struct cgroup *own,
				      struct cgroup *cgroup)
{
	u32 level = subject->inner[policy];

	return own->level >= level &&
	       cgroup_is_descendant(cgroup, own->ancestors[level]);
}

/**
 * fng_subject_limits() - does some policy limit one of these?
 * @subject: whose policies
 * @kinds: bits of enum fng_limit
 */
static __always_inline bool
fng_subject_limits(const struct fng_subject *subject, u32 kinds)
{
	return unlikely(subject->limits & kinds);
}

/* Can it be judged? Otherwise whatever a hook judges is refused. */
static __always_inline bool fng_subject_ready(const struct fng_subject *subject)
{
	return !subject->excess && (subject->state || !subject->nr);
}

#endif /* FNGUARD_KMOD_SUBJECT_H */
