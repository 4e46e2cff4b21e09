// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include <detect/state.h>

bool fng_detect_table_init(struct fng_detect_table *table, u32 room)
{
	memset(table, 0, sizeof(*table));
	table->states = calloc(room, sizeof(*table->states));
	table->buckets = calloc(room, sizeof(*table->buckets));
	if (!table->states || !table->buckets) {
		fng_detect_table_free(table);
		return false;
	}
	memset(table->buckets, 0xff, room * sizeof(*table->buckets));
	table->room = room;
	table->free = FNG_DETECT_NONE;
	table->newest = FNG_DETECT_NONE;
	table->oldest = FNG_DETECT_NONE;
	return true;
}

void fng_detect_table_free(struct fng_detect_table *table)
{
	free(table->states);
	free(table->buckets);
	memset(table, 0, sizeof(*table));
}

/* All values of by of a rule and a cgroup are in one bucket. */
static u32 *bucket_of(struct fng_detect_table *table, u32 rule, u64 cgroup)
{
	u64 hash = (cgroup ^ (u64)rule << 40) * 0x9e3779b97f4a7c15ull;

	return &table->buckets[hash >> 32 & (table->room - 1)];
}

static void age_out(struct fng_detect_table *table, u32 index)
{
	struct fng_detect_state *state = &table->states[index];

	if (state->newer == FNG_DETECT_NONE)
		table->newest = state->older;
	else
		table->states[state->newer].older = state->older;
	if (state->older == FNG_DETECT_NONE)
		table->oldest = state->newer;
	else
		table->states[state->older].newer = state->newer;
}

static void make_newest(struct fng_detect_table *table, u32 index)
{
	struct fng_detect_state *state = &table->states[index];

	state->newer = FNG_DETECT_NONE;
	state->older = table->newest;
	if (table->newest == FNG_DETECT_NONE)
		table->oldest = index;
	else
		table->states[table->newest].newer = index;
	table->newest = index;
}

static void leave_bucket(struct fng_detect_table *table, u32 index)
{
	const struct fng_detect_state *state = &table->states[index];
	u32 *link = bucket_of(table, state->rule, state->cgroup);

	while (*link != index)
		link = &table->states[*link].next;
	*link = state->next;
}

static void evict(struct fng_detect_table *table, u32 index, u64 now)
{
	table->evicted += table->states[index].expires > now;
	leave_bucket(table, index);
	age_out(table, index);
	table->states[index].next = table->free;
	table->free = index;
	table->used--;
}

static u32 take_free(struct fng_detect_table *table, u64 now)
{
	u32 index;

	if (table->free == FNG_DETECT_NONE && table->used < table->room)
		return table->used++;
	if (table->free == FNG_DETECT_NONE)
		evict(table, table->oldest, now);
	index = table->free;
	table->free = table->states[index].next;
	table->used++;
	return index;
}

/**
 * struct search - a walk through a bucket
 * @found: the state, or FNG_DETECT_NONE
 * @oldest: of the same rule and cgroup, the one that was used first
 * @groups: how many there are of these
 */
struct search {
	u32 found;
	u32 oldest;
	u32 groups;
};

static struct search look_up(struct fng_detect_table *table, u32 rule,
			     u64 cgroup, u64 group)
{
	struct search s = { FNG_DETECT_NONE, FNG_DETECT_NONE, 0 };
	u32 index = *bucket_of(table, rule, cgroup);

	for (; index != FNG_DETECT_NONE; index = table->states[index].next) {
		const struct fng_detect_state *state = &table->states[index];

		if (state->rule != rule || state->cgroup != cgroup)
			continue;
		if (state->group == group)
			s.found = index;
		s.groups++;
		if (s.oldest == FNG_DETECT_NONE ||
		    state->last < table->states[s.oldest].last)
			s.oldest = index;
	}
	return s;
}

static u32 add(struct fng_detect_table *table, u32 rule, u64 cgroup, u64 group,
	       u64 now)
{
	u32 index = take_free(table, now);
	u32 *bucket = bucket_of(table, rule, cgroup);
	struct fng_detect_state *state = &table->states[index];

	memset(state, 0, offsetof(struct fng_detect_state, kept));
	state->rule = rule;
	state->cgroup = cgroup;
	state->group = group;
	state->last = now;
	state->next = *bucket;
	*bucket = index;
	make_newest(table, index);
	return index;
}

struct fng_detect_state *fng_detect_table_get(struct fng_detect_table *table,
					      u32 rule, u64 cgroup, u64 group,
					      u64 now, bool make)
{
	struct search s = look_up(table, rule, cgroup, group);

	if (s.found != FNG_DETECT_NONE) {
		age_out(table, s.found);
		make_newest(table, s.found);
		return &table->states[s.found];
	}
	if (!make)
		return NULL;
	/* Who makes many values takes room from himself alone. */
	if (s.groups >= FNG_DETECT_MAX_GROUPS)
		evict(table, s.oldest, now);
	return &table->states[add(table, rule, cgroup, group, now)];
}
