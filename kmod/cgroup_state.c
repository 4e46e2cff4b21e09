// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the guard remembers of a guarded cgroup.
 */
#include <linux/hashtable.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "cgroup_state.h"

static DEFINE_HASHTABLE(states, FNG_CGROUP_STATE_BITS);
static DEFINE_SPINLOCK(states_lock);

static struct fng_cgroup *find(u64 id)
{
	struct fng_cgroup *state;

	hash_for_each_possible_rcu(states, state, node, id)
		if (state->id == id)
			return state;
	return NULL;
}

static struct fng_cgroup *insert(struct fng_cgroup *fresh)
{
	struct fng_cgroup *state;
	unsigned long flags;

	spin_lock_irqsave(&states_lock, flags);
	state = find(fresh->id);
	if (!state)
		hash_add_rcu(states, &fresh->node, fresh->id);
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
	struct fng_cgroup *state = find(id);

	if (state)
		return state;
	state = kzalloc(sizeof(*state), GFP_ATOMIC | __GFP_NOWARN);
	if (!state)
		return NULL;
	state->id = id;
	return insert(state);
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
	state = find(id);
	if (state) {
		state->dead = true;
		hash_del_rcu(&state->node);
	}
	spin_unlock_irqrestore(&states_lock, flags);
	if (state)
		kfree_rcu(state, rcu);
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

/* Frees everything; no hook can run any more. */
void fng_cgroup_state_exit(void)
{
	struct fng_cgroup *state;
	struct hlist_node *next;
	int bucket;

	hash_for_each_safe(states, bucket, next, state, node) {
		hash_del(&state->node);
		kfree(state);
	}
}
