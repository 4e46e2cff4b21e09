/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rows of the ledger: a table that is allocated when the module is loaded.
 */
#ifndef FNGUARD_KMOD_ROW_H
#define FNGUARD_KMOD_ROW_H

#include <linux/build_bug.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/types.h>

#include "cgroup_state.h"
#include "verdict.h"

/* Sample events that one cgroup may cause in a second. */
#define FNG_SAMPLE_QUOTA	64
/* After so many seconds a row may send samples again. */
#define FNG_SAMPLE_WINDOW	60

/* The index of no row. */
#define FNG_ROW_NONE		U32_MAX

/**
 * struct fng_row_key - what a row counts
 * @cgroup_id: guarded cgroup; 0 in a free row
 * @policy_id: fng_policy.id; 0 for refusals that no policy is behind
 * @rule: rule id
 * @activation: number of the cgroup's activation, or 0
 * @hook: enum fng_hook
 * @class: enum fng_class; follows from @rule
 * @verdict: enum fng_verdict
 * @entering: of tasks that had not entered yet; 0 or 1
 * @reserved: zero: the key is compared and hashed as bytes
 */
struct fng_row_key {
	u64 cgroup_id;
	u64 policy_id;
	u32 rule;
	u32 activation;
	u8 hook;
	u8 class;
	u8 verdict;
	u8 entering;
	u8 reserved[4];
};

static_assert(sizeof(struct fng_row_key) == 32, "no holes in the key");

/**
 * struct fng_row - one row of the ledger
 * @key: what it counts
 * @bucket: index of the bucket that the row is in
 * @samples: sample events taken in this window
 * @inflight: sample events promised but not settled yet; while there are any,
 *	the row is not reused
 * @count: refusals, or what was observed
 * @reported: of @count, those told in events
 * @node: in its bucket, or in the list of free rows
 *
 * Everything is under the bucket's lock. At all times @reported + @inflight is
 * at most @count; the rest is untold.
 */
struct fng_row {
	struct fng_row_key key;
	u32 bucket;
	u32 samples;
	u32 inflight;
	u64 count;
	u64 reported;
	struct hlist_node node;
};

/* Of a copy of a row: the refusals that no event, sent or on its way, tells. */
static inline u64 fng_row_untold(const struct fng_row *row)
{
	return row->count - row->reported - row->inflight;
}

int fng_row_init(void);
void fng_row_exit(void);

/* Any context; never sleeps, never allocates. */
bool fng_row_count(const struct fng_row_key *key, struct fng_cgroup *state,
		   bool may_sample, bool *sample);
u32 fng_row_index(const struct fng_row_key *key);
void fng_row_settle(u32 index, bool told);

/* Any context; rows are copied, so that no lock is held by who looks at them. */
u32 fng_row_total(void);
u32 fng_row_used(void);
bool fng_row_scarce(u8 verdict);
bool fng_row_get(u32 index, struct fng_row *copy);

/* The event worker only. */
bool fng_row_next_untold(u32 *index, struct fng_row *copy);
void fng_row_tell(u32 index, u64 repeat);
void fng_row_new_window(void);
bool fng_row_release(u32 index, const struct fng_row *copy);

#endif /* FNGUARD_KMOD_ROW_H */
