// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the guard remembers of a guarded cgroup.
 */
#include <linux/hashtable.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "cgroup_state.h"
#include "names.h"
#include "recheck.h"

static DEFINE_HASHTABLE(states, FNG_CGROUP_STATE_BITS);
static DEFINE_SPINLOCK(states_lock);

/*
 * The youngest cgroup that could not be remembered when it was first met, and
 * when that was first so, of whichever. Ids grow: cgroups that are younger were
 * not met before. Under states_lock.
 */
static u64 lost_id;
static struct fng_moment lost_since;

/* Under the lock of the subjects. */
static u32 nr_quarantined;

/**
 * fng_cgroup_state_find() - the state of a guarded cgroup that was met
 * @id: cgroup id
 *
 * Context: any, inside rcu_read_lock(), until which ends the result is valid; or
 *	under the lock.
 * Return: NULL if there is none.
 */
struct fng_cgroup *fng_cgroup_state_find(u64 id)
{
	struct fng_cgroup *state;

	hash_for_each_possible_rcu(states, state, node, id)
		if (state->id == id)
			return state;
	return NULL;
}

static void lose(u64 id)
{
	unsigned long flags;

	spin_lock_irqsave(&states_lock, flags);
	if (!lost_id)
		lost_since = fng_clock_now();
	lost_id = max(lost_id, id);
	spin_unlock_irqrestore(&states_lock, flags);
}

/* Whoever reads it meanwhile may see one part of each, see fng_moment_earlier(). */
static void set_since(struct fng_cgroup *state, struct fng_moment since)
{
	WRITE_ONCE(state->wall, since.wall);
	WRITE_ONCE(state->steps, since.steps);
}

static struct fng_cgroup *insert(struct fng_cgroup *fresh)
{
	struct fng_cgroup *state;
	unsigned long flags;

	spin_lock_irqsave(&states_lock, flags);
	state = fng_cgroup_state_find(fresh->id);
	if (!state) {
		if (fresh->id <= lost_id)
			set_since(fresh, lost_since);
		hash_add_rcu(states, &fresh->node, fresh->id);
	}
	spin_unlock_irqrestore(&states_lock, flags);
	if (!state)
		return fresh;
	kfree(fresh);
	return state;
}

/**
 * fng_cgroup_state_get() - the state of a guarded cgroup, made at first sight
 * @id: cgroup id
 *
 * Context: any, inside rcu_read_lock(); the result is valid until it ends, and
 *	as long as a cached subject points to it.
 * Return: NULL without memory.
 */
struct fng_cgroup *fng_cgroup_state_get(u64 id)
{
	struct fng_cgroup *state = fng_cgroup_state_find(id);

	if (state)
		return state;
	state = kzalloc(sizeof(*state), GFP_ATOMIC | __GFP_NOWARN);
	if (!state) {
		if (!fng_id_is_device(id))
			lose(id);
		return NULL;
	}
	state->id = id;
	set_since(state, fng_clock_now());
	return insert(state);
}

/* Its baseline, if it has one. */
static const struct fng_baseline *find_baseline(const struct fng_cgroup *state,
						u64 policy)
{
	/* Pairs with fng_cgroup_state_bound(). */
	u8 nr = smp_load_acquire(&state->nr_baselines);
	u32 i;

	for (i = 0; i < nr; i++)
		if (state->baselines[i].policy == (u32)policy)
			return &state->baselines[i];
	return NULL;
}

/* What cannot be remembered must not seem to be later. Under states_lock. */
static void add_baseline(struct fng_cgroup *state, u64 policy,
			 struct fng_moment since)
{
	u8 nr = state->nr_baselines;

	if (find_baseline(state, policy))
		return;
	if (!state->baselines || nr == FNG_MAX_APPLIED) {
		set_since(state,
			  fng_moment_earlier(fng_cgroup_state_since(state),
					     since));
		return;
	}
	state->baselines[nr] = (struct fng_baseline) {
		.wall = since.wall,
		.steps = since.steps,
		.policy = policy,
	};
	/* Whoever sees the number sees the baseline. */
	smp_store_release(&state->nr_baselines, nr + 1);
}

/**
 * fng_cgroup_state_bound() - a policy applies to the cgroup
 * @state: of the cgroup
 * @policy: hash of its name
 * @since: since when, if that is not known yet
 * @replaced: as in struct fng_origin: who was met in the cgroup of the function before
 *	may come here when the state is that of the next one
 *
 * Context: any, inside rcu_read_lock().
 * Return: false if that is so: nobody can be judged by what is not his.
 */
bool fng_cgroup_state_bound(struct fng_cgroup *state, u64 policy,
			    struct fng_moment since, const bool *replaced)
{
	struct fng_baseline *fresh = NULL;
	unsigned long flags;
	bool owns;

	if (find_baseline(state, policy))
		return true;
	/* Apart, since what is beside it would not fit where it does now. */
	if (!READ_ONCE(state->baselines))
		fresh = kcalloc(FNG_MAX_APPLIED, sizeof(*fresh),
				GFP_ATOMIC | __GFP_NOWARN);
	spin_lock_irqsave(&states_lock, flags);
	if (!state->baselines)
		swap(state->baselines, fresh);
	owns = !replaced || !READ_ONCE(*replaced);
	if (owns)
		add_baseline(state, policy, since);
	spin_unlock_irqrestore(&states_lock, flags);
	kfree(fresh);
	return owns;
}

/**
 * fng_cgroup_state_since() - when the cgroup was first met
 * @state: of the cgroup
 *
 * Context: any, inside rcu_read_lock().
 * Return: that moment, or an earlier one.
 */
struct fng_moment fng_cgroup_state_since(const struct fng_cgroup *state)
{
	return (struct fng_moment) {
		.wall = READ_ONCE(state->wall),
		.steps = READ_ONCE(state->steps),
	};
}

/**
 * fng_cgroup_state_baseline() - when a policy was bound to the cgroup
 * @state: of the cgroup
 * @policy: hash of its name
 *
 * Replacing the policy does not move it, nor does unloading it for a while.
 *
 * Context: any, inside rcu_read_lock().
 * Return: that moment, or an earlier one.
 */
struct fng_moment fng_cgroup_state_baseline(const struct fng_cgroup *state,
					    u64 policy)
{
	const struct fng_baseline *baseline = find_baseline(state, policy);

	if (!baseline)
		return fng_cgroup_state_since(state);
	return (struct fng_moment) {
		.wall = baseline->wall,
		.steps = baseline->steps,
	};
}

/**
 * fng_cgroup_state_usage() - what a cgroup has used of a policy's limits
 * @state: of the cgroup
 * @policy: hash of the policy's name
 *
 * Replacing the policy does not give anything back.
 *
 * Context: any, inside rcu_read_lock(); the result is valid as long as @state.
 * Return: NULL without memory.
 */
struct fng_usage *fng_cgroup_state_usage(struct fng_cgroup *state, u64 policy)
{
	return fng_usage_get(&state->usages, policy);
}

/* Number of cgroups that may neither execute nor send. */
u32 fng_cgroup_state_quarantined(void)
{
	return READ_ONCE(nr_quarantined);
}

static void count_quarantined(int change)
{
	WRITE_ONCE(nr_quarantined, nr_quarantined + change);
	WRITE_ONCE(fng_seen.isolated, nr_quarantined);
}

/**
 * fng_cgroup_state_quarantine() - let a cgroup execute and send nothing
 * @state: of the cgroup
 * @unused: nothing
 *
 * Context: for fng_subject_change().
 */
bool fng_cgroup_state_quarantine(struct fng_cgroup *state, void *unused)
{
	if (state->quarantined)
		return false;
	WRITE_ONCE(state->quarantined, true);
	count_quarantined(1);
	return true;
}

/**
 * fng_cgroup_state_release() - end that, and forget the refusals that led to it
 * @state: of the cgroup
 * @unused: nothing
 *
 * Context: for fng_subject_change().
 */
bool fng_cgroup_state_release(struct fng_cgroup *state, void *unused)
{
	if (!state->quarantined)
		return false;
	/* Pairs with fng_usage_get(). */
	fng_usage_pardon(smp_load_acquire(&state->usages));
	WRITE_ONCE(state->quarantined, false);
	count_quarantined(-1);
	return true;
}

static void release(struct fng_cgroup *state)
{
	fng_names_free(state->names);
	fng_usage_free(state->usages);
	kfree(state->baselines);
	kfree(state);
}

static void release_rcu(struct rcu_head *rcu)
{
	release(container_of(rcu, struct fng_cgroup, rcu));
}

/**
 * fng_cgroup_state_drop() - forget a cgroup that is gone
 * @id: cgroup id
 *
 * Context: any, under the lock under which subjects are published: one that was
 *	computed with this state and is not published yet is refused there for
 *	its being dead, and none that is published has it.
 */
void fng_cgroup_state_drop(u64 id)
{
	struct fng_cgroup *state;
	unsigned long flags;

	spin_lock_irqsave(&states_lock, flags);
	state = fng_cgroup_state_find(id);
	if (state) {
		state->dead = true;
		if (state->quarantined)
			count_quarantined(-1);
		hash_del_rcu(&state->node);
	}
	spin_unlock_irqrestore(&states_lock, flags);
	if (state)
		call_rcu(&state->rcu, release_rcu);
}

/**
 * fng_cgroup_state_gather() - list cgroups that are remembered
 * @bucket: where to begin; set to where to go on, FNG_CGROUP_STATE_BUCKETS at
 *	the end
 * @ids: filled with cgroup ids
 * @max: room in @ids; what a bucket holds beyond is left for the next sweep
 *
 * Return: number of ids.
 */
u32 fng_cgroup_state_gather(u32 *bucket, u64 *ids, u32 max)
{
	struct fng_cgroup *state;
	u32 nr = 0;

	rcu_read_lock();
	for (; *bucket < HASH_SIZE(states) && !nr; ++*bucket) {
		hlist_for_each_entry_rcu(state, &states[*bucket], node) {
			if (nr == max)
				break;
			ids[nr++] = state->id;
		}
	}
	rcu_read_unlock();
	return nr;
}

/* Frees everything; no hook can run any more, and nobody drops one. */
void fng_cgroup_state_exit(void)
{
	struct fng_cgroup *state;
	struct hlist_node *next;
	int bucket;

	hash_for_each_safe(states, bucket, next, state, node) {
		hash_del(&state->node);
		release(state);
	}
	/* release_rcu() is our text. */
	rcu_barrier();
}
