// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was refused last, by cgroup.
 *
 * All room is there when the module is loaded. What is refused again takes none, and
 * of a cgroup only so much is remembered that none can push out what is another's:
 * what is new takes the place of its own oldest. One that finds no room at all is
 * counted; cgroups that are gone make some once there is little.
 *
 * Lock order: a bucket, then the list of what is free; both are innermost, as in
 * row.c.
 */
#include <linux/build_bug.h>
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/xxhash.h>

#include "place.h"
#include "refusal.h"
#include "row.h"

#define BUCKET_BITS	8

#define MIN_REFUSALS	64u
#define MAX_REFUSALS	16384u

static uint refusals = 2048;
module_param(refusals, uint, 0444);
MODULE_PARM_DESC(refusals,
		 "Refusals that are remembered of all cgroups together (64 to 16384)");

/**
 * struct refusal_key - what is no other refusal
 * @name_hash: of the object's name, or 0 if it has none
 * @endpoint: where there is one, else zero
 * @cgroup_id: the cgroup
 * @policy_id: policy of the root-most refusal, or 0
 * @rule: rule id
 * @activation: number of the cgroup's activation, or 0
 * @access: bits that are refused
 * @name_len: bytes of the name
 * @hook: enum fng_hook
 * @verdict: enum fng_verdict
 * @entering: the task had not entered yet
 * @object: enum fng_object_kind
 *
 * What differs most comes first.
 */
struct refusal_key {
	u64 name_hash;
	struct fng_endpoint endpoint;
	u32 rule;
	u64 cgroup_id;
	u64 policy_id;
	u32 activation;
	u32 access;
	u32 name_len;
	u8 hook;
	u8 verdict;
	u8 entering;
	u8 object;
};

static_assert(sizeof(struct refusal_key) == 64, "compared as bytes: no holes");

/**
 * struct kept - room for a refusal
 * @node: in its bucket, or in the list of what is free
 * @key: of @refusal
 * @refusal: what is remembered; its record's cgroup_id is 0 if it is free
 *
 * Under the lock of the bucket of that cgroup.
 */
struct kept {
	struct hlist_node node;
	struct refusal_key key;
	struct fng_refusal refusal;
};

/**
 * struct bucket - what is remembered of some cgroups
 * @lock: protects the list and what is in it
 * @kept: the list
 */
struct bucket {
	raw_spinlock_t lock;
	struct hlist_head kept;
};

static struct kept *room;
static struct bucket buckets[1 << BUCKET_BITS];
static u64 seed;

static HLIST_HEAD(free_room);
static u32 nr_free;
static DEFINE_RAW_SPINLOCK(free_lock);

static atomic64_t unkept = ATOMIC64_INIT(0);

static struct bucket *bucket_of(u64 cgroup_id)
{
	return &buckets[hash_64(cgroup_id, BUCKET_BITS)];
}

static struct kept *take_free(void)
{
	struct kept *kept = NULL;

	raw_spin_lock(&free_lock);
	if (!hlist_empty(&free_room)) {
		kept = hlist_entry(free_room.first, struct kept, node);
		hlist_del(&kept->node);
		WRITE_ONCE(nr_free, nr_free - 1);
	}
	raw_spin_unlock(&free_lock);
	return kept;
}

static void give_free(struct kept *kept)
{
	raw_spin_lock(&free_lock);
	hlist_add_head(&kept->node, &free_room);
	WRITE_ONCE(nr_free, nr_free + 1);
	raw_spin_unlock(&free_lock);
}

/* The seed is secret: nobody can think up what is taken for something else. */
static struct refusal_key key_of(const struct fng_judgement *judgement,
				 const struct fng_object *object, u8 policy,
				 u8 verdict)
{
	const struct fng_decision *decision = &judgement->decisions[policy];
	const struct fng_subject *subject = judgement->subject;
	struct refusal_key key = {
		.cgroup_id = subject->cgroup_id,
		.policy_id = policy < subject->nr ?
			     subject->policies[policy]->id : 0,
		.rule = decision->rule,
		.activation = subject->activation,
		.access = decision->access,
		.name_len = object->name_len,
		.hook = judgement->hook,
		.verdict = verdict,
		.entering = judgement->entering,
		.object = object->kind,
	};

	if (object->name_len)
		key.name_hash = xxh64(object->name, object->name_len, seed);
	if (object->kind == FNG_OBJECT_ENDPOINT)
		key.endpoint = object->endpoint;
	return key;
}

static struct kept *find(struct bucket *bucket, const struct refusal_key *key)
{
	struct kept *kept;

	lockdep_assert_held(&bucket->lock);
	hlist_for_each_entry(kept, &bucket->kept, node)
		if (!memcmp(&kept->key, key, sizeof(*key)))
			return kept;
	return NULL;
}

/**
 * struct own - what is remembered of one cgroup
 * @nr: how much
 * @nr_class: how much of it is of one class
 * @oldest: of it; NULL if there is none
 * @oldest_class: of that class
 */
struct own {
	u32 nr;
	u32 nr_class;
	struct kept *oldest;
	struct kept *oldest_class;
};

static struct kept *older(struct kept *a, struct kept *b)
{
	return !a || b->refusal.record.boot < a->refusal.record.boot ? b : a;
}

static struct own own_of(struct bucket *bucket, u64 cgroup_id, u8 class)
{
	struct own own = { 0 };
	struct kept *kept;

	hlist_for_each_entry(kept, &bucket->kept, node) {
		if (kept->refusal.record.cgroup_id != cgroup_id)
			continue;
		own.nr++;
		own.oldest = older(own.oldest, kept);
		if (kept->refusal.record.class != class)
			continue;
		own.nr_class++;
		own.oldest_class = older(own.oldest_class, kept);
	}
	return own;
}

/* The less there is left, the less of it may one cgroup take: others come, too. */
static u32 share(void)
{
	return clamp(2 * FNG_REFUSALS_OF_CGROUP * READ_ONCE(nr_free) / refusals,
		     1u, FNG_REFUSALS_OF_CGROUP);
}

/* A flood of one kind must not push out the others of its cgroup either. */
static struct kept *make_room(struct bucket *bucket, u64 cgroup_id, u8 class)
{
	struct own own = own_of(bucket, cgroup_id, class);
	struct kept *kept = NULL;

	lockdep_assert_held(&bucket->lock);
	if (own.nr < share())
		kept = take_free();
	if (kept)
		hlist_add_head(&kept->node, &bucket->kept);
	else
		kept = own.nr_class >= FNG_REFUSALS_OF_CGROUP / 2 ?
		       own.oldest_class : own.oldest;
	return kept;
}

/* Of a launcher, what is only told is no function's doing. Canaries prove hooks. */
static bool is_nobodys(const struct fng_judgement *judgement, u8 policy)
{
	return (judgement->entering && !judgement->refused_mask) ||
	       judgement->decisions[policy].rule ==
	       (FNG_RULE_GUARD | FNG_GUARD_CANARY);
}

static void fill(struct fng_refusal *refusal,
		 const struct fng_judgement *judgement,
		 const struct fng_object *object, u8 policy)
{
	refusal->count = 1;
	refusal->record.row = FNG_ROW_NONE;
	refusal->record.verdict = judgement->refused_mask ?
				  FNG_VERDICT_DENIED : FNG_VERDICT_WOULD_DENY;
	fng_record_fill(&refusal->record, judgement, object, policy);
}

static void repeat(struct fng_refusal *refusal,
		   const struct fng_judgement *judgement,
		   const struct fng_object *object, u8 policy)
{
	refusal->count++;
	fng_record_renew(&refusal->record, judgement, object, policy);
}

static bool keep(struct bucket *bucket, const struct refusal_key *key,
		 const struct fng_judgement *judgement,
		 const struct fng_object *object, u8 policy)
{
	struct kept *kept = find(bucket, key);

	if (kept) {
		repeat(&kept->refusal, judgement, object, policy);
		return true;
	}
	kept = make_room(bucket, key->cgroup_id,
			 judgement->decisions[policy].class);
	if (!kept)
		return false;
	kept->key = *key;
	fill(&kept->refusal, judgement, object, policy);
	return true;
}

/**
 * fng_refusal_keep() - remember a refusal, or a would-be one
 * @judgement: at its end
 * @object: what the access was to
 *
 * Remembers nothing if those who refuse it have only learned from it, so that none of
 * its masks is set any more, nor what only a candidate has against it.
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_refusal_keep(const struct fng_judgement *judgement,
		      const struct fng_object *object)
{
	struct bucket *bucket = bucket_of(judgement->subject->cgroup_id);
	bool audit = !judgement->refused_mask, kept;
	struct refusal_key key;
	unsigned long flags;
	u8 policy;

	if (audit && !fng_judge_audits(judgement))
		return;
	policy = fng_judge_first(judgement, audit);
	if (is_nobodys(judgement, policy))
		return;
	key = key_of(judgement, object, policy, audit);
	raw_spin_lock_irqsave(&bucket->lock, flags);
	kept = keep(bucket, &key, judgement, object, policy);
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
	if (!kept)
		atomic64_inc(&unkept);
}

/* Number of refusals for which there is room. */
u32 fng_refusal_total(void)
{
	return refusals;
}

/* How often something was refused that found no room. */
u64 fng_refusal_unkept(void)
{
	return atomic64_read(&unkept);
}

/* The cgroup that it is remembered of, or 0; see forget() for who may change that. */
static u64 owner_of(const struct kept *kept)
{
	return READ_ONCE(kept->refusal.record.cgroup_id);
}

/**
 * fng_refusal_get() - copy what is remembered of one refusal
 * @index: below fng_refusal_total()
 * @copy: filled
 *
 * Return: false if there is nothing at that place.
 */
bool fng_refusal_get(u32 index, struct fng_refusal *copy)
{
	const struct kept *kept = &room[index];
	u64 id = owner_of(kept);
	struct bucket *bucket = bucket_of(id);
	unsigned long flags;
	bool same;

	if (!id)
		return false;
	raw_spin_lock_irqsave(&bucket->lock, flags);
	same = owner_of(kept) == id;
	if (same)
		*copy = kept->refusal;
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
	return same;
}

/* Only the worker frees any, so it is still what it was when it was looked at. */
static void forget(struct kept *kept, u64 id)
{
	struct bucket *bucket = bucket_of(id);
	unsigned long flags;

	raw_spin_lock_irqsave(&bucket->lock, flags);
	hlist_del(&kept->node);
	WRITE_ONCE(kept->refusal.record.cgroup_id, 0);
	give_free(kept);
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
}

/**
 * fng_refusal_sweep() - forget what is of cgroups that are gone, if room is scarce
 *
 * Functions live for less than anybody needs to ask what was refused to them.
 *
 * Context: the event worker; sleeps.
 */
void fng_refusal_sweep(void)
{
	u32 index;
	u64 id;

	if (READ_ONCE(nr_free) > refusals / 8)
		return;
	for (index = 0; index < refusals; index++) {
		id = owner_of(&room[index]);
		if (id && fng_place_is_gone(id))
			forget(&room[index], id);
		if (index % 256 == 0)
			cond_resched();
	}
}

int fng_refusal_init(void)
{
	u32 i;

	refusals = clamp(refusals, MIN_REFUSALS, MAX_REFUSALS);
	seed = get_random_u64();
	room = kvcalloc(refusals, sizeof(*room), GFP_KERNEL);
	if (!room)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(buckets); i++)
		raw_spin_lock_init(&buckets[i].lock);
	for (i = refusals; i-- > 0;)
		hlist_add_head(&room[i].node, &free_room);
	nr_free = refusals;
	return 0;
}

void fng_refusal_exit(void)
{
	kvfree(room);
}
