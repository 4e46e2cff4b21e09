// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which policies apply to a cgroup: found at first sight, then cached.
 *
 * A subject is retired in four steps: it is marked dead, taken out of the hash,
 * wiped from every CPU's cache, and freed after a grace period. A reader that
 * caches a subject looks at the mark after its store; with the full barriers on
 * both sides either the reader sees the mark and takes its store back, or the
 * wipe sees the store. Both happen inside the reader's critical section, so no
 * slot can point to freed memory.
 *
 * A subject that was computed while bindings, exemptions or phases changed is used
 * for the one decision at hand and not cached.
 */
#include <linux/hashtable.h>
#include <linux/kernfs.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "binding.h"
#include "canary.h"
#include "exemption.h"
#include "phase.h"
#include "query.h"
#include "recheck.h"
#include "subject.h"

#define SUBJECT_HASH_BITS	13

/* Cgroups in the hash at once, guarded or not; beyond, results are not kept. */
#define SUBJECT_MAX		BIT(17)

DEFINE_PER_CPU(struct fng_subject_cache, fng_subject_cache);

/* In empty slots. No cgroup has its id, so that readers need not look for NULL. */
static struct fng_subject nobody;

static DEFINE_HASHTABLE(subjects, SUBJECT_HASH_BITS);
static DEFINE_SPINLOCK(subjects_lock);
static u32 nr_subjects;
static u64 last_serial;
static struct kmem_cache *subject_slab;

static struct fng_subject *hash_find(u64 id)
{
	struct fng_subject *subject;

	hash_for_each_possible_rcu(subjects, subject, node, id)
		if (subject->cgroup_id == id)
			return subject;
	return NULL;
}

static struct fng_subject **slot_of(int cpu, u64 id)
{
	struct fng_subject_cache *cache = per_cpu_ptr(&fng_subject_cache, cpu);

	return &cache->slot[fng_subject_slot(id)];
}

/*
 * Only this CPU reads the slot. With preemption disabled, nobody whose critical
 * section outlives ours can find a dead subject there between store and check.
 */
static void cache_store(struct fng_subject *subject)
{
	struct fng_subject **slot;

	preempt_disable();
	slot = slot_of(smp_processor_id(), subject->cgroup_id);
	WRITE_ONCE(*slot, subject);
	/* Pairs with the barrier in retire(). */
	smp_mb();
	if (READ_ONCE(subject->dead))
		cmpxchg(slot, subject, &nobody);
	preempt_enable();
}

static void free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(subject_slab,
			container_of(rcu, struct fng_subject, rcu));
}

static void retire(struct fng_subject *subject)
{
	int cpu;

	lockdep_assert_held(&subjects_lock);
	WRITE_ONCE(subject->dead, true);
	hash_del_rcu(&subject->node);
	nr_subjects--;
	/* Pairs with the barrier in cache_store(). */
	smp_mb();
	for_each_possible_cpu(cpu)
		cmpxchg(slot_of(cpu, subject->cgroup_id), subject, &nobody);
	call_rcu(&subject->rcu, free_rcu);
}

/* Changes with whatever a subject is computed from besides the ruleset. */
static u64 sources_gen(void)
{
	return fng_binding_gen() + fng_exemption_gen() + fng_phase_gen();
}

/* Returns the subject that is in the hash now, or NULL to use scratch. */
static struct fng_subject *publish(struct fng_subject *fresh, u64 sources)
{
	struct fng_subject *old;
	unsigned long flags;
	bool keep;

	spin_lock_irqsave(&subjects_lock, flags);
	old = hash_find(fresh->cgroup_id);
	keep = sources_gen() == sources &&
	       fresh->canary == fng_canary_is_cgroup(fresh->cgroup_id) &&
	       (!old || old->gen < fresh->gen) && nr_subjects < SUBJECT_MAX &&
	       !(fresh->state && fng_cgroup_state_moved(fresh->state,
							fresh->quarantined));
	if (keep) {
		if (old)
			retire(old);
		fresh->serial = ++last_serial;
		hash_add_rcu(subjects, &fresh->node, fresh->cgroup_id);
		nr_subjects++;
	}
	spin_unlock_irqrestore(&subjects_lock, flags);
	return keep ? fresh : NULL;
}

static struct fng_subject *keep(const struct fng_subject *scratch,
				u64 sources)
{
	struct fng_subject *fresh;

	fresh = kmem_cache_alloc(subject_slab, GFP_ATOMIC | __GFP_NOWARN);
	if (!fresh)
		return NULL;
	*fresh = *scratch;
	if (publish(fresh, sources)) {
		fng_phase_expect(fresh->phase_due ?: S64_MAX);
		return fresh;
	}
	kmem_cache_free(subject_slab, fresh);
	return NULL;
}

/**
 * fng_subject_lookup() - the slow part of fng_subject_find()
 * @cgroup: on the v2 hierarchy
 * @ruleset: the current ruleset
 * @scratch: used where the result cannot be cached
 *
 * What has no state because there was no memory for it is refused this time and
 * tried again the next.
 */
const struct fng_subject *
fng_subject_lookup(struct cgroup *cgroup, const struct fng_ruleset *ruleset,
		   struct fng_subject *scratch)
{
	u64 sources = sources_gen();
	struct fng_subject *subject = hash_find(cgroup_id(cgroup));

	if (!subject || subject->gen != ruleset->gen) {
		fng_subject_compute(scratch, cgroup, ruleset);
		if (scratch->nr && !scratch->state)
			return scratch;
		subject = keep(scratch, sources);
		if (!subject)
			return scratch;
	}
	cache_store(subject);
	return subject;
}

/* Returns whether it was known when time has the cgroup enter a phase. */
static bool retire_if_cached(u64 id)
{
	struct fng_subject *subject = hash_find(id);
	bool timed = subject && subject->phase_due;

	if (subject)
		retire(subject);
	return timed;
}

static bool invalidate_one(u64 id)
{
	unsigned long flags;
	bool timed;

	spin_lock_irqsave(&subjects_lock, flags);
	timed = retire_if_cached(id);
	spin_unlock_irqrestore(&subjects_lock, flags);
	return timed;
}

/**
 * fng_subject_invalidate() - recompute a cgroup and its descendants when met
 * @cgroup: whose bindings or exemption have changed; the caller has bumped the
 *	generation of these before
 *
 * Removed descendants that sockets still refer to are on the list of children,
 * too, until the last reference is gone. For the time to be known again at which a
 * phase begins, who does nothing but use a connection is met by looking at that.
 */
void fng_subject_invalidate(struct cgroup *cgroup)
{
	struct cgroup_subsys_state *css;
	bool timed = false;

	rcu_read_lock();
	css_for_each_descendant_pre(css, &cgroup->self)
		timed |= invalidate_one(cgroup_id(css->cgroup));
	rcu_read_unlock();
	if (timed)
		fng_recheck_wake();
}

/* As fng_cgroup_state_gather(), of the cached cgroups. */
static u32 gather(u32 *bucket, u64 *ids, u32 max)
{
	struct fng_subject *subject;
	u32 nr = 0;

	rcu_read_lock();
	for (; *bucket < HASH_SIZE(subjects) && !nr; ++*bucket) {
		hlist_for_each_entry_rcu(subject, &subjects[*bucket], node) {
			if (nr == max)
				break;
			ids[nr++] = subject->cgroup_id;
		}
	}
	rcu_read_unlock();
	return nr;
}

/**
 * fng_subject_change() - change what a subject has of its cgroup's state
 * @id: of a guarded cgroup that was met
 * @change: changes it; returns whether there was anything to change
 * @data: handed to @change
 *
 * The next subject of the cgroup has another number, so that nothing that was
 * allowed before is believed any more.
 *
 * Context: any, inside rcu_read_lock().
 * Return: false if nothing was changed, or there is no such state.
 */
bool fng_subject_change(u64 id, fng_subject_change_fn *change, void *data)
{
	struct fng_cgroup *state;
	unsigned long flags;
	bool changed;

	spin_lock_irqsave(&subjects_lock, flags);
	state = fng_cgroup_state_find(id);
	changed = state && change(state, data);
	if (changed)
		retire_if_cached(id);
	spin_unlock_irqrestore(&subjects_lock, flags);
	return changed;
}

static void forget(u64 id)
{
	unsigned long flags;

	spin_lock_irqsave(&subjects_lock, flags);
	retire_if_cached(id);
	fng_cgroup_state_drop(id);
	spin_unlock_irqrestore(&subjects_lock, flags);
}

/**
 * fng_subject_reset() - forget what is remembered of a cgroup and those below
 * @cgroup: to be met as if it were new
 *
 * Context: process.
 */
void fng_subject_reset(struct cgroup *cgroup)
{
	struct cgroup_subsys_state *css;

	rcu_read_lock();
	css_for_each_descendant_pre(css, &cgroup->self) {
		fng_query_forget(cgroup_id(css->cgroup));
		forget(cgroup_id(css->cgroup));
	}
	rcu_read_unlock();
}

static void forget_gone(const u64 *ids, u32 nr)
{
	struct cgroup *cgroup;
	u32 i;

	for (i = 0; i < nr; i++) {
		if (fng_id_is_device(ids[i]))
			continue;
		cgroup = cgroup_get_from_id(ids[i]);
		if (IS_ERR(cgroup))
			forget(ids[i]);
		else
			cgroup_put(cgroup);
	}
	cond_resched();
}

/**
 * fng_subject_collect() - forget cgroups that are gone
 *
 * Sockets may outlive their cgroup. They are judged all the same: what applies
 * to it is computed again from its ancestors' names and its tombstone.
 *
 * Context: process, one at a time; sleeps.
 */
void fng_subject_collect(void)
{
	static u64 ids[256];
	u32 bucket = 0;

	while (bucket < HASH_SIZE(subjects))
		forget_gone(ids, gather(&bucket, ids, ARRAY_SIZE(ids)));
	bucket = 0;
	while (bucket < FNG_CGROUP_STATE_BUCKETS)
		forget_gone(ids, fng_cgroup_state_gather(&bucket, ids,
							 ARRAY_SIZE(ids)));
}

/* Number of cgroups in the hash, guarded or not. */
u32 fng_subject_count(void)
{
	return READ_ONCE(nr_subjects);
}

/**
 * fng_subject_for_each() - visit every guarded cgroup that was met
 * @fn: called inside rcu_read_lock(); must not sleep
 * @data: handed to @fn
 */
void fng_subject_for_each(void (*fn)(const struct fng_subject *subject,
				     void *data), void *data)
{
	struct fng_subject *subject;
	int bucket;

	rcu_read_lock();
	hash_for_each_rcu(subjects, bucket, subject, node)
		if (fng_subject_guarded(subject))
			fn(subject, data);
	rcu_read_unlock();
}

/**
 * fng_cgroup_guarded() - does any policy apply to a cgroup?
 * @cgroup: the caller keeps it alive
 */
bool fng_cgroup_guarded(struct cgroup *cgroup)
{
	struct fng_subject scratch;
	bool guarded;

	rcu_read_lock();
	guarded = fng_subject_guarded(fng_subject_find(cgroup, &scratch));
	rcu_read_unlock();
	return guarded;
}

/**
 * fng_task_guarded() - does any policy apply to a task?
 * @task: the caller keeps it alive
 */
bool fng_task_guarded(struct task_struct *task)
{
	bool guarded;

	rcu_read_lock();
	guarded = fng_cgroup_guarded(task_dfl_cgroup(task));
	rcu_read_unlock();
	return guarded;
}

static void cache_clear(struct fng_subject_cache *cache)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(cache->slot); i++)
		cache->slot[i] = &nobody;
}

int fng_subject_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		cache_clear(per_cpu_ptr(&fng_subject_cache, cpu));
	subject_slab = KMEM_CACHE(fng_subject, 0);
	return subject_slab ? 0 : -ENOMEM;
}

/* No hook can run any more. */
void fng_subject_exit(void)
{
	struct fng_subject *subject;
	struct hlist_node *next;
	unsigned long flags;
	u32 bucket;

	for (bucket = 0; bucket < HASH_SIZE(subjects); bucket++) {
		spin_lock_irqsave(&subjects_lock, flags);
		hlist_for_each_entry_safe(subject, next, &subjects[bucket],
					  node)
			retire(subject);
		spin_unlock_irqrestore(&subjects_lock, flags);
		cond_resched();
	}
	rcu_barrier();
	kmem_cache_destroy(subject_slab);
}
