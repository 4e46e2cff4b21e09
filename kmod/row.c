// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of the ledger.
 *
 * A refusal is a slow path, so its row is found and counted under the lock of
 * its hash bucket, with interrupts off. That makes count, samples promised and
 * samples told agree at every moment; nothing has to be reconciled later.
 *
 * Lock order: a bucket, then the free list. Both are innermost: nothing else is
 * taken under them, and they are taken with interrupts off, because packets are
 * refused in softirq context and rows are counted under whatever locks the
 * hooked function was called with.
 */
#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <fnguard/limits.h>
#include "row.h"

#define MIN_ROWS	256u
#define MAX_ROWS	1048576u

static uint ledger_rows = 16384;
module_param(ledger_rows, uint, 0444);
MODULE_PARM_DESC(ledger_rows,
		 "Rows for counts by cgroup, policy, hook and rule (256 to 1048576)");

/**
 * struct bucket - one hash chain
 * @lock: protects the chain and the rows in it
 * @rows: the chain
 */
struct bucket {
	raw_spinlock_t lock;
	struct hlist_head rows;
};

static struct fng_row *rows;
static struct bucket *buckets;
static u32 nr_buckets;
static u32 hash_seed;

static HLIST_HEAD(free_rows);
static u32 nr_used;
static u32 nr_others;
static DEFINE_RAW_SPINLOCK(free_lock);

static struct bucket *bucket_of(const struct fng_row_key *key)
{
	u32 hash = jhash2((const u32 *)key, sizeof(*key) / sizeof(u32),
			  hash_seed);

	return &buckets[hash & (nr_buckets - 1)];
}

static struct fng_row *find(struct bucket *bucket,
			    const struct fng_row_key *key)
{
	struct fng_row *row;

	lockdep_assert_held(&bucket->lock);
	hlist_for_each_entry(row, &bucket->rows, node)
		if (!memcmp(&row->key, key, sizeof(*key)))
			return row;
	return NULL;
}

/* What is only told beside must not take the rows of what is refused. */
static u32 share_of_others(void)
{
	return ledger_rows / 4;
}

static bool is_beyond_share(const struct fng_row_key *key)
{
	lockdep_assert_held(&free_lock);
	return !fng_verdict_refuses(key->verdict) &&
	       nr_others >= share_of_others();
}

static struct fng_row *take_free(const struct fng_row_key *key)
{
	struct fng_row *row = NULL;

	raw_spin_lock(&free_lock);
	if (!hlist_empty(&free_rows) && !is_beyond_share(key)) {
		row = hlist_entry(free_rows.first, struct fng_row, node);
		hlist_del(&row->node);
		WRITE_ONCE(nr_used, nr_used + 1);
		WRITE_ONCE(nr_others, nr_others +
			   !fng_verdict_refuses(key->verdict));
	}
	raw_spin_unlock(&free_lock);
	return row;
}

static void give_free(struct fng_row *row)
{
	raw_spin_lock(&free_lock);
	hlist_add_head(&row->node, &free_rows);
	WRITE_ONCE(nr_used, nr_used - 1);
	WRITE_ONCE(nr_others, nr_others -
		   !fng_verdict_refuses(row->key.verdict));
	raw_spin_unlock(&free_lock);
}

static struct fng_row *insert(struct bucket *bucket,
			      const struct fng_row_key *key)
{
	struct fng_row *row = take_free(key);

	if (!row)
		return NULL;
	row->samples = 0;
	row->inflight = 0;
	row->count = 0;
	row->reported = 0;
	WRITE_ONCE(row->bucket, bucket - buckets);
	/* Whoever sees the key, under another bucket's lock, sees the bucket. */
	smp_wmb();
	row->key = *key;
	hlist_add_head(&row->node, &bucket->rows);
	return row;
}

/* One cgroup's noise must not use up the rings for the others. */
static bool take_quota(struct fng_cgroup *state)
{
	return !state || fng_quota_take(&state->quota, FNG_SAMPLE_QUOTA);
}

/*
 * The first sample of a row is never refused for want of quota. What is observed
 * has a rate of its own, see sight.c.
 */
static bool promise_sample(struct fng_row *row, struct fng_cgroup *state)
{
	if (row->key.verdict == FNG_VERDICT_OBSERVED) {
		row->inflight++;
		return true;
	}
	if (row->samples >= FNG_MAX_SAMPLES)
		return false;
	if (row->samples && !take_quota(state))
		return false;
	row->samples++;
	row->inflight++;
	return true;
}

/**
 * fng_row_count() - count one refusal, or what was observed
 * @key: what is counted
 * @state: the cgroup, for its quota of samples, or NULL
 * @may_sample: whether an event about this refusal is wanted
 * @sample: told whether one was promised; then fng_row_settle() must follow
 *
 * Return: false if there is no row and no room for one; nothing was counted.
 */
bool fng_row_count(const struct fng_row_key *key, struct fng_cgroup *state,
		   bool may_sample, bool *sample)
{
	struct bucket *bucket = bucket_of(key);
	struct fng_row *row;
	unsigned long flags;

	*sample = false;
	raw_spin_lock_irqsave(&bucket->lock, flags);
	row = find(bucket, key) ?: insert(bucket, key);
	if (row) {
		row->count++;
		*sample = may_sample && promise_sample(row, state);
	}
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
	return row;
}

/**
 * fng_row_index() - where is the row?
 * @key: of a row that a sample was promised for, which keeps it in place
 *
 * Return: index of the row, or FNG_ROW_NONE.
 */
u32 fng_row_index(const struct fng_row_key *key)
{
	struct bucket *bucket = bucket_of(key);
	struct fng_row *row;
	unsigned long flags;

	raw_spin_lock_irqsave(&bucket->lock, flags);
	row = find(bucket, key);
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
	return row ? row - rows : FNG_ROW_NONE;
}

/**
 * fng_row_settle() - a promised sample has been told, or never will be
 * @index: the row
 * @told: someone heard it; otherwise a repeat count will tell of the refusal
 */
void fng_row_settle(u32 index, bool told)
{
	struct fng_row *row = &rows[index];
	struct bucket *bucket = &buckets[READ_ONCE(row->bucket)];
	unsigned long flags;

	raw_spin_lock_irqsave(&bucket->lock, flags);
	row->inflight--;
	row->reported += told;
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
}

/* Number of rows, used and free. */
u32 fng_row_total(void)
{
	return ledger_rows;
}

/* Number of rows in use. */
u32 fng_row_used(void)
{
	return READ_ONCE(nr_used);
}

static bool is_scarce(u32 used, u32 total)
{
	return used > total - total / 8;
}

/**
 * fng_row_scarce() - are there hardly any rows left?
 * @verdict: enum fng_verdict of what they would count
 */
bool fng_row_scarce(u8 verdict)
{
	return is_scarce(READ_ONCE(nr_used), ledger_rows) ||
	       (!fng_verdict_refuses(verdict) &&
		is_scarce(READ_ONCE(nr_others), share_of_others()));
}

/* Is this a row in use that the lock of @bucket protects? */
static bool is_in(const struct fng_row *row, const struct bucket *bucket)
{
	if (!READ_ONCE(row->key.cgroup_id))
		return false;
	/* Pairs with the barrier in insert(). */
	smp_rmb();
	return &buckets[READ_ONCE(row->bucket)] == bucket;
}

/**
 * fng_row_get() - copy one row
 * @index: below fng_row_total()
 * @copy: filled
 *
 * Return: false if the row is free, or was recycled this moment.
 */
bool fng_row_get(u32 index, struct fng_row *copy)
{
	struct fng_row *row = &rows[index];
	struct bucket *bucket = &buckets[READ_ONCE(row->bucket)];
	unsigned long flags;
	bool used;

	if (!READ_ONCE(row->key.cgroup_id))
		return false;
	raw_spin_lock_irqsave(&bucket->lock, flags);
	used = is_in(row, bucket);
	if (used)
		*copy = *row;
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
	return used;
}

/**
 * fng_row_next_untold() - find a row with refusals that were not told
 * @index: where to start; left at the row that was found
 * @copy: filled
 */
bool fng_row_next_untold(u32 *index, struct fng_row *copy)
{
	for (; *index < ledger_rows; ++*index) {
		struct fng_row *row = &rows[*index];

		/* A glance without the lock is enough to pass over most. */
		if (!data_race(row->count - row->reported))
			continue;
		if (fng_row_get(*index, copy) && fng_row_untold(copy))
			return true;
	}
	return false;
}

/**
 * fng_row_tell() - a summary was told
 * @index: the row, still the one it was about: only the caller releases rows
 * @repeat: refusals that it stood for
 */
void fng_row_tell(u32 index, u64 repeat)
{
	struct fng_row *row = &rows[index];
	struct bucket *bucket = &buckets[READ_ONCE(row->bucket)];
	unsigned long flags;

	raw_spin_lock_irqsave(&bucket->lock, flags);
	row->reported += repeat;
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
}

/* Lets rows send samples again; they do not get their first one back. */
void fng_row_new_window(void)
{
	u32 i;

	for (i = 0; i < ledger_rows; i++) {
		struct fng_row *row = &rows[i];
		struct bucket *bucket = &buckets[READ_ONCE(row->bucket)];
		unsigned long flags;

		/* The same: a row that is passed over waits for the next. */
		if (data_race(row->samples) <= 1)
			continue;
		raw_spin_lock_irqsave(&bucket->lock, flags);
		if (is_in(row, bucket) && row->samples > 1)
			row->samples = 1;
		raw_spin_unlock_irqrestore(&bucket->lock, flags);
	}
}

/**
 * fng_row_release() - free a row, unless it has changed since it was copied
 * @index: the row
 * @copy: what the caller has seen of it
 */
bool fng_row_release(u32 index, const struct fng_row *copy)
{
	struct fng_row *row = &rows[index];
	struct bucket *bucket = &buckets[copy->bucket];
	unsigned long flags;
	bool same;

	raw_spin_lock_irqsave(&bucket->lock, flags);
	same = row->count == copy->count && row->inflight == copy->inflight;
	if (same) {
		WRITE_ONCE(row->key.cgroup_id, 0);
		row->count = 0;
		row->reported = 0;
		hlist_del(&row->node);
		give_free(row);
	}
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
	return same;
}

int fng_row_init(void)
{
	u32 i;

	ledger_rows = clamp(ledger_rows, MIN_ROWS, MAX_ROWS);
	nr_buckets = roundup_pow_of_two(ledger_rows / 2);
	hash_seed = get_random_u32();
	rows = kvcalloc(ledger_rows, sizeof(*rows), GFP_KERNEL);
	buckets = kvcalloc(nr_buckets, sizeof(*buckets), GFP_KERNEL);
	if (!rows || !buckets) {
		fng_row_exit();
		return -ENOMEM;
	}
	for (i = 0; i < nr_buckets; i++)
		raw_spin_lock_init(&buckets[i].lock);
	for (i = ledger_rows; i-- > 0;)
		hlist_add_head(&rows[i].node, &free_rows);
	return 0;
}

void fng_row_exit(void)
{
	kvfree(buckets);
	kvfree(rows);
}
