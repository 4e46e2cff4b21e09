// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions that guarded cgroups have asked name servers, until they are answered.
 *
 * An answer is believed if it is to a question that is here, and once. A cgroup
 * has so many under way at most: beyond, its own oldest are forgotten, never
 * another's. What is asked for candidates alone is counted for itself.
 */
#include <linux/build_bug.h>
#include <linux/hashtable.h>
#include <linux/jhash.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "distrust.h"
#include "query.h"

#define QUERY_BITS	12

/* Resolvers that take longer are asked again. */
#define QUERY_LIFE	(30 * HZ)

#define MAX_OF_CGROUP	256
#define MAX_ALL		65536

/* For candidates alone. */
#define MAX_ASIDE	8192

/**
 * struct query - one question
 * @node: in the hash by conversation
 * @owned: in the hash by cgroup, the newest first
 * @age: in the list of all, the oldest first
 * @between: whose
 * @cgroup_id: who asks
 * @until: jiffies from which on no answer is believed
 * @aside: only candidates want to know
 * @question: the question
 */
struct query {
	struct hlist_node node;
	struct hlist_node owned;
	struct list_head age;
	struct fng_conversation between;
	u64 cgroup_id;
	unsigned long until;
	bool aside;
	struct fng_dns_question question;
};

/* Protects all below; taken in any context. */
static DEFINE_SPINLOCK(queries_lock);
static DEFINE_HASHTABLE(by_conversation, QUERY_BITS);
static DEFINE_HASHTABLE(by_cgroup, QUERY_BITS);
static LIST_HEAD(oldest_first);

/* How many there are, and how many of them for candidates alone. */
static u32 nr_queries;
static u32 nr_aside;

static u32 key_of(const struct fng_conversation *between)
{
	static_assert(sizeof(*between) == sizeof(between->net) +
		      2 * sizeof(between->client));
	return jhash(between, sizeof(*between), 0);
}

static bool same(const struct fng_conversation *a,
		 const struct fng_conversation *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static void drop(struct query *query)
{
	lockdep_assert_held(&queries_lock);
	hash_del(&query->node);
	hash_del(&query->owned);
	list_del(&query->age);
	nr_queries--;
	nr_aside -= query->aside;
	kfree(query);
}

static void drop_late(void)
{
	struct query *query, *next;

	list_for_each_entry_safe(query, next, &oldest_first, age) {
		if (time_before(jiffies, query->until))
			return;
		drop(query);
	}
}

static void drop_excess(u64 cgroup_id, bool aside)
{
	struct query *query, *oldest = NULL;
	u32 nr = 0;

	hash_for_each_possible(by_cgroup, query, owned, cgroup_id) {
		if (query->cgroup_id != cgroup_id || query->aside != aside)
			continue;
		oldest = query;
		nr++;
	}
	if (nr >= MAX_OF_CGROUP)
		drop(oldest);
}

static bool has_room(bool aside)
{
	return aside ? nr_aside < MAX_ASIDE : nr_queries - nr_aside < MAX_ALL;
}

/**
 * fng_query_add() - a cgroup asks a name server
 * @between: the conversation
 * @cgroup_id: who asks
 * @question: the question
 * @aside: no policy in force wants to know the answer
 *
 * Without memory, the answer will not be believed.
 *
 * Context: any.
 */
void fng_query_add(const struct fng_conversation *between, u64 cgroup_id,
		   const struct fng_dns_question *question, bool aside)
{
	struct query *query;
	unsigned long flags;

	query = kmalloc(sizeof(*query), GFP_ATOMIC | __GFP_NOWARN);
	if (!query)
		return;
	query->between = *between;
	query->cgroup_id = cgroup_id;
	query->until = jiffies + QUERY_LIFE;
	query->aside = aside;
	query->question = *question;
	spin_lock_irqsave(&queries_lock, flags);
	drop_late();
	drop_excess(cgroup_id, aside);
	if (has_room(aside)) {
		hash_add(by_conversation, &query->node, key_of(between));
		hash_add(by_cgroup, &query->owned, cgroup_id);
		list_add_tail(&query->age, &oldest_first);
		nr_queries++;
		nr_aside += aside;
		query = NULL;
	}
	spin_unlock_irqrestore(&queries_lock, flags);
	kfree(query);
}

static struct query *find(const struct fng_conversation *between,
			  const struct fng_dns_question *question)
{
	struct query *query;

	hash_for_each_possible(by_conversation, query, node, key_of(between))
		if (same(&query->between, between) &&
		    fng_dns_question_equal(&query->question, question))
			return query;
	return NULL;
}

/**
 * fng_query_take() - a name server answers
 * @between: the conversation
 * @question: what the answer says it is to
 * @cgroup_id: set to who has asked
 * @aside: set to whether no policy in force wanted to know
 *
 * Context: any.
 * Return: false if nobody has, if it was answered before, or if somebody guarded
 * may have answered.
 */
bool fng_query_take(const struct fng_conversation *between,
		    const struct fng_dns_question *question, u64 *cgroup_id,
		    bool *aside)
{
	struct query *query;
	unsigned long flags;
	bool found;

	spin_lock_irqsave(&queries_lock, flags);
	query = find(between, question);
	found = query && time_before(jiffies, query->until) &&
		!fng_distrusted(between->net, &between->server);
	if (found) {
		*cgroup_id = query->cgroup_id;
		*aside = query->aside;
	}
	if (query)
		drop(query);
	spin_unlock_irqrestore(&queries_lock, flags);
	return found;
}

/**
 * fng_query_forget() - no answer to what a cgroup has asked is believed
 * @cgroup_id: the cgroup
 *
 * Context: any.
 */
void fng_query_forget(u64 cgroup_id)
{
	struct hlist_node *next;
	struct query *query;
	unsigned long flags;

	spin_lock_irqsave(&queries_lock, flags);
	hash_for_each_possible_safe(by_cgroup, query, next, owned, cgroup_id)
		if (query->cgroup_id == cgroup_id)
			drop(query);
	spin_unlock_irqrestore(&queries_lock, flags);
}

/* No answer to what was asked so far is believed. Any context. */
void fng_query_clear(void)
{
	struct query *query, *next;
	unsigned long flags;

	spin_lock_irqsave(&queries_lock, flags);
	list_for_each_entry_safe(query, next, &oldest_first, age)
		drop(query);
	spin_unlock_irqrestore(&queries_lock, flags);
}
