/* SPDX-License-Identifier: MIT */
/*
 * What is remembered of a rule and a cgroup: a table of fixed size, whose
 * members make room for others when it is full.
 */
#ifndef DETECT_STATE_H
#define DETECT_STATE_H

#include <detect/rule.h>

/* Of one rule in one cgroup, with different values of by. */
#define FNG_DETECT_MAX_GROUPS	32

/* No state. */
#define FNG_DETECT_NONE		0xffffffffu

/**
 * struct fng_detect_kept - one thing that is remembered
 * @key: which: slot of the window, what is told apart, or 1
 * @time: when, in ns since boot
 * @weight: how many
 */
struct fng_detect_kept {
	u64 key;
	u64 time;
	u64 weight;
};

/**
 * struct fng_detect_state - of one rule, in one cgroup, by one value
 * @cgroup: id of the cgroup; or what stands for the policy
 * @group: what fng_detect_key() says of by
 * @rule: index of the rule
 * @next: next in its bucket, or free
 * @newer: the one that was used next
 * @older: the one that was used before
 * @last: time of the latest event, in ns since boot
 * @expires: from when on it is worth nothing
 * @quiet: until when there is no finding
 * @suppressed: events since the last finding that had none
 * @activations: of a rule about what is first, cgroups that were seen
 * @renewed: of such a rule, @activations when something was new last
 * @latest: the greatest of their ids, which only grow
 * @nr: number of @kept
 * @kept: what is remembered; of a sequence, by step, the latest time of a first
 *	event from which its steps so far were gone
 */
struct fng_detect_state {
	u64 cgroup;
	u64 group;
	u32 rule;
	u32 next;
	u32 newer;
	u32 older;
	u64 last;
	u64 expires;
	u64 quiet;
	u64 suppressed;
	u64 activations;
	u64 renewed;
	u64 latest;
	u32 nr;
	struct fng_detect_kept kept[FNG_DETECT_MAX_KEPT];
};

/**
 * struct fng_detect_table - all states
 * @states: an array of them
 * @buckets: first state by rule and cgroup
 * @room: number of @states, a power of two, and of @buckets
 * @free: first that is not in use
 * @newest: the one used last
 * @oldest: the one that makes room next
 * @used: number of those in use
 * @evicted: how many have made room that were still worth something
 */
struct fng_detect_table {
	struct fng_detect_state *states;
	u32 *buckets;
	u32 room;
	u32 free;
	u32 newest;
	u32 oldest;
	u32 used;
	u64 evicted;
};

/* False if there is no memory. @room is a power of two. */
bool fng_detect_table_init(struct fng_detect_table *table, u32 room);
void fng_detect_table_free(struct fng_detect_table *table);

/**
 * fng_detect_table_get() - the state of a rule, a cgroup and a value
 * @table: table
 * @rule: index of the rule
 * @cgroup: id of the cgroup
 * @group: value
 * @now: time of the event, in ns since boot
 * @make: make one if there is none
 *
 * Does not allocate: where there is no room, what was not used for longest
 * goes.
 *
 * Return: the state, or NULL if there is none and @make is false.
 */
struct fng_detect_state *fng_detect_table_get(struct fng_detect_table *table,
					      u32 rule, u64 cgroup, u64 group,
					      u64 now, bool make);

#endif /* DETECT_STATE_H */
