// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was done under a policy that learns, each act once.
 *
 * All room is there before the first act: nothing is allocated where one is judged.
 * Acts are only ever added, one behind the other, so that who looks for one needs
 * no lock, and who reads them all only where they ended when he began. Of what does
 * not fit it is counted how often it was done.
 */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/refcount.h>
#include <linux/siphash.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "act.h"
#include "memory.h"

#define NR_BUCKETS	FNG_MAX_ACTS

/**
 * enum share - what the room is shared by
 * @SHARE_NAMES: names, which a function can think up without end
 * @SHARE_ENDS: where something goes: there are as many as addresses
 * @SHARE_PORTS: where others come in
 * @SHARE_REST: what there is only so much of
 * @NR_SHARES: number of shares
 *
 * None can use up what is another's.
 */
enum share {
	SHARE_NAMES,
	SHARE_ENDS,
	SHARE_PORTS,
	SHARE_REST,
	NR_SHARES
};

/* Eighths of the room. */
static const u8 shares[NR_SHARES] = { 5, 1, 1, 1 };

/* What has no predecessor in its bucket says so by this: no act is there. */
#define NOWHERE		0
#define FIRST		sizeof(u64)

/**
 * struct kept - an act that is remembered
 * @before: where the one before it in its bucket is, or NOWHERE
 * @hash: of all below but @access and @class
 * @access: as in struct fng_act; any context adds to it
 * @number: as there
 * @endpoint: as there
 * @kind: as there
 * @class: as there
 * @len: as there
 * @target_len: as there
 * @text: both names
 *
 * Immutable once in its bucket, but for @access.
 */
struct kept {
	u32 before;
	u32 hash;
	atomic_t access;
	u32 number;
	struct fng_endpoint endpoint;
	u8 kind;
	u8 class;
	u16 len;
	u16 target_len;
	char text[];
};

/**
 * struct fng_acts - a set of acts
 * @refs: held by the policies that learn, and by who reads the set
 * @lock: protects adding; taken in any context
 * @key: of the hash, so that nobody can think up names of one bucket
 * @nr: number of acts, by share; under @lock, and read by who looks for room
 * @size: bytes of them, by share; the same
 * @used: bytes of @room that are; under @lock, and read by who reads the acts
 * @unkept: how often something was done that found no room
 * @newest: by bucket, where its last act is in @room
 * @room: the acts
 */
struct fng_acts {
	refcount_t refs;
	spinlock_t lock;	/* of those who add */
	siphash_key_t key;
	u32 nr[NR_SHARES];
	u32 size[NR_SHARES];
	u32 used;
	atomic64_t unkept;
	u32 newest[NR_BUCKETS];
	u8 room[FNG_MAX_ACTS_SIZE] __aligned(sizeof(u64));
};

/**
 * fng_acts_create() - an empty set
 *
 * Context: process; sleeps.
 * Return: a set with one reference, or NULL.
 */
struct fng_acts *fng_acts_create(void)
{
	struct fng_acts *acts = fng_memory_alloc(sizeof(*acts), __GFP_ZERO);

	if (!acts)
		return NULL;
	refcount_set(&acts->refs, 1);
	spin_lock_init(&acts->lock);
	get_random_bytes(&acts->key, sizeof(acts->key));
	acts->used = FIRST;
	return acts;
}

/* Takes another reference. */
struct fng_acts *fng_acts_get(struct fng_acts *acts)
{
	refcount_inc(&acts->refs);
	return acts;
}

/* Drops one of a set, or of NULL; sleeps. */
void fng_acts_put(struct fng_acts *acts)
{
	if (acts && refcount_dec_and_test(&acts->refs))
		kvfree(acts);
}

static u32 hash_of(const struct fng_acts *acts, const struct fng_act *act)
{
	const siphash_key_t *key = &acts->key;

	return siphash_4u64((u64)act->kind << 32 | act->number,
			    siphash(&act->endpoint, sizeof(act->endpoint), key),
			    siphash(act->name, act->len, key),
			    siphash(act->target, act->target_len, key), key);
}

static struct kept *kept_at(const struct fng_acts *acts, u32 at)
{
	return (struct kept *)&acts->room[at];
}

static bool is_same(const struct kept *kept, u32 hash,
		    const struct fng_act *act)
{
	return kept->hash == hash && kept->kind == act->kind &&
	       kept->number == act->number && kept->len == act->len &&
	       kept->target_len == act->target_len &&
	       (kept->class == act->class || act->kind != FNG_ACT_OTHER) &&
	       !memcmp(&kept->endpoint, &act->endpoint,
		       sizeof(kept->endpoint)) &&
	       !memcmp(kept->text, act->name, act->len) &&
	       !memcmp(kept->text + act->len, act->target, act->target_len);
}

static struct kept *find(const struct fng_acts *acts, u32 hash,
			 const struct fng_act *act)
{
	/* Pairs with that of keep(), which has filled in what is there. */
	u32 at = smp_load_acquire(&acts->newest[hash % NR_BUCKETS]);
	struct kept *kept;

	for (; at != NOWHERE; at = kept->before) {
		kept = kept_at(acts, at);
		if (is_same(kept, hash, act))
			return kept;
	}
	return NULL;
}

static enum share share_of(const struct fng_act *act)
{
	switch (act->kind) {
	case FNG_ACT_ASK:
		return SHARE_NAMES;
	case FNG_ACT_CONNECT:
		return SHARE_ENDS;
	case FNG_ACT_LISTEN:
		return SHARE_PORTS;
	default:
		return act->len ? SHARE_NAMES : SHARE_REST;
	}
}

static u32 size_of(const struct fng_act *act)
{
	return ALIGN(sizeof(struct kept) + act->len + act->target_len,
		     sizeof(u64));
}

/* Once there is none, there never is again. */
static bool has_room(const struct fng_acts *acts, const struct fng_act *act)
{
	enum share share = share_of(act);
	u32 room = (FNG_MAX_ACTS_SIZE - FIRST) / 8 * shares[share];

	return READ_ONCE(acts->nr[share]) < FNG_MAX_ACTS / 8 * shares[share] &&
	       READ_ONCE(acts->size[share]) + size_of(act) <= room;
}

static void take_room(struct fng_acts *acts, const struct fng_act *act)
{
	enum share share = share_of(act);

	WRITE_ONCE(acts->nr[share], acts->nr[share] + 1);
	WRITE_ONCE(acts->size[share], acts->size[share] + size_of(act));
}

static void fill(struct kept *kept, u32 hash, const struct fng_act *act)
{
	kept->hash = hash;
	atomic_set(&kept->access, act->access);
	kept->number = act->number;
	kept->endpoint = act->endpoint;
	kept->kind = act->kind;
	kept->class = act->class;
	kept->len = act->len;
	kept->target_len = act->target_len;
	memcpy(kept->text, act->name, act->len);
	memcpy(kept->text + act->len, act->target, act->target_len);
}

static struct kept *keep(struct fng_acts *acts, u32 hash,
			 const struct fng_act *act)
{
	u32 *newest = &acts->newest[hash % NR_BUCKETS];
	u32 at = acts->used;
	struct kept *kept = kept_at(acts, at);

	lockdep_assert_held(&acts->lock);
	if (!has_room(acts, act))
		return NULL;
	take_room(acts, act);
	fill(kept, hash, act);
	kept->before = *newest;
	/* Pairs with that of find(). */
	smp_store_release(newest, at);
	/* Pairs with that of fng_acts_end(). */
	smp_store_release(&acts->used, at + size_of(act));
	return kept;
}

static struct kept *find_or_keep(struct fng_acts *acts, u32 hash,
				 const struct fng_act *act)
{
	struct kept *kept;
	unsigned long flags;

	if (!has_room(acts, act))
		return NULL;
	spin_lock_irqsave(&acts->lock, flags);
	kept = find(acts, hash, act) ?: keep(acts, hash, act);
	spin_unlock_irqrestore(&acts->lock, flags);
	return kept;
}

/**
 * fng_acts_add() - remember an act, unless it is already
 * @acts: the set
 * @act: the act; of one that is known, what is new of its access is added
 *
 * Context: any.
 */
void fng_acts_add(struct fng_acts *acts, const struct fng_act *act)
{
	u32 hash = hash_of(acts, act);
	struct kept *kept;

	kept = find(acts, hash, act) ?: find_or_keep(acts, hash, act);
	if (!kept)
		atomic64_inc(&acts->unkept);
	else if (act->access & ~atomic_read(&kept->access))
		atomic_or(act->access, &kept->access);
}

/**
 * fng_acts_end() - where the acts end that were done so far
 * @acts: the set
 *
 * Context: any.
 */
u32 fng_acts_end(const struct fng_acts *acts)
{
	/* Pairs with that of keep(): all acts up to there are filled in. */
	return smp_load_acquire(&acts->used);
}

/**
 * fng_acts_next() - visit all acts
 * @acts: the set
 * @at: 0 to start, then kept by the caller; set to what follows @act
 * @end: from fng_acts_end()
 * @act: filled; its names are valid as long as the set
 *
 * Context: any.
 * Return: false if there are no more.
 */
bool fng_acts_next(const struct fng_acts *acts, u32 *at, u32 end,
		   struct fng_act *act)
{
	const struct kept *kept;

	*at = max_t(u32, *at, FIRST);
	if (*at >= end)
		return false;
	kept = kept_at(acts, *at);
	*act = (struct fng_act) {
		.kind = kept->kind,
		.class = kept->class,
		.len = kept->len,
		.target_len = kept->target_len,
		.number = kept->number,
		.access = atomic_read(&kept->access),
		.endpoint = kept->endpoint,
		.name = kept->text,
		.target = kept->text + kept->len,
	};
	*at += size_of(act);
	return true;
}

/* How often something was done that found no room. Any context. */
u64 fng_acts_unkept(const struct fng_acts *acts)
{
	return atomic64_read(&acts->unkept);
}
