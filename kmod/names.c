// SPDX-License-Identifier: GPL-2.0-only
/*
 * The addresses that names have, as the resolvers of a guarded cgroup told it.
 *
 * What was said is kept, and not what a policy made of it: a policy that takes
 * the place of another finds what its functions have asked for. Each cgroup has a
 * set of its own, of which it can fill no more than its part, and nobody else's.
 * Addresses that have lapsed stay until there is need of their place: so that an
 * event can still tell the name. Those that only candidates have asked for are kept
 * as long as nobody else needs their place.
 */
#include <linux/atomic.h>
#include <linux/hashtable.h>
#include <linux/jhash.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "cgroup_state.h"
#include "dns.h"
#include "engine/address.h"
#include "event.h"
#include "names.h"

#define NAMES_BITS	6

/* Addresses that are learned by one cgroup, and by all; for candidates, beside. */
#define MAX_LEARNED	512
#define MAX_ALL		262144
#define MAX_ASIDE	65536

/* One cgroup tells of this at most so often. */
#define TELL_EVERY	(10 * HZ)

/**
 * struct fng_names - what a cgroup has learned
 * @hash: of struct fng_learned, by address
 * @oldest_first: the same, by when they were last told: those that were asked for,
 *	and those aside
 * @lock: protects it against other writers
 * @nr: number of addresses
 * @told: jiffies at which that was last told
 */
struct fng_names {
	DECLARE_HASHTABLE(hash, NAMES_BITS);
	struct list_head oldest_first[2];
	/* Taken in any context. */
	spinlock_t lock;
	u32 nr;
	unsigned long told;
};

/* Of those that were asked for, and of those aside. */
static atomic_t nr_all[2];

/**
 * fng_names_plain() - an address alone, the same however it was written
 * @endpoint: with the address
 *
 * Return: without port and protocol; an IPv4 address in IPv6 as the former.
 */
struct fng_endpoint fng_names_plain(const struct fng_endpoint *endpoint)
{
	struct fng_endpoint plain = { .family = endpoint->family };
	struct fng_v6 addr;

	if (endpoint->family == 6) {
		addr = fng_load_v6(endpoint->addr);
		if (!addr.high && addr.low >> 32 == FNG_MAPPED_PREFIX) {
			plain.family = 4;
			memcpy(plain.addr, endpoint->addr + 12, 4);
			return plain;
		}
	}
	memcpy(plain.addr, endpoint->addr, sizeof(plain.addr));
	return plain;
}

static bool same_address(const struct fng_endpoint *a,
			 const struct fng_endpoint *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static u32 key_of(const struct fng_endpoint *plain)
{
	return jhash(plain, sizeof(*plain), 0);
}

static bool is_at(const struct fng_learned *learned, u32 key,
		  const struct fng_endpoint *plain)
{
	return learned->key == key && same_address(&learned->address, plain);
}

static struct fng_names *names_of(struct fng_cgroup *state)
{
	struct fng_names *names = READ_ONCE(state->names), *fresh;

	if (names)
		return names;
	fresh = kzalloc(sizeof(*fresh), GFP_ATOMIC | __GFP_NOWARN);
	if (!fresh)
		return NULL;
	hash_init(fresh->hash);
	INIT_LIST_HEAD(&fresh->oldest_first[false]);
	INIT_LIST_HEAD(&fresh->oldest_first[true]);
	spin_lock_init(&fresh->lock);
	fresh->told = jiffies - TELL_EVERY;
	names = cmpxchg(&state->names, NULL, fresh);
	if (!names)
		return fresh;
	kfree(fresh);
	return names;
}

static void forget(struct fng_names *names, struct fng_learned *learned)
{
	hash_del_rcu(&learned->node);
	list_del(&learned->age);
	names->nr--;
	atomic_dec(&nr_all[learned->aside]);
	kfree_rcu(learned, rcu);
}

static struct fng_learned *oldest_of(struct fng_names *names, bool aside)
{
	return list_first_entry_or_null(&names->oldest_first[aside],
					struct fng_learned, age);
}

static bool is_full(bool aside)
{
	return atomic_read(&nr_all[aside]) >= (aside ? MAX_ASIDE : MAX_ALL);
}

/*
 * The one that was told longest ago goes, whether it has lapsed or not: looking for
 * another would take time at each answer; but what is aside goes first, and nothing
 * else for it. Returns false if there is none; @tell is set if a policy in force had
 * asked for it, it was live, and nobody was told for a while that one had to go.
 */
static bool make_room(struct fng_names *names, bool aside, bool *tell)
{
	struct fng_learned *oldest = NULL;
	bool full = is_full(aside);

	if (names->nr < MAX_LEARNED && !full)
		return true;
	if (aside || !full)
		oldest = oldest_of(names, true);
	if (!aside && !oldest)
		oldest = oldest_of(names, false);
	if (!oldest)
		return false;
	*tell = !oldest->aside && fng_learned_live(oldest) &&
		time_after_eq(jiffies, names->told + TELL_EVERY);
	if (*tell)
		names->told = jiffies;
	forget(names, oldest);
	return true;
}

static bool is_of(const struct fng_learned *learned,
		  const struct fng_endpoint *resolver,
		  const struct fng_dns_question *question)
{
	return same_address(&learned->resolver, resolver) &&
	       learned->len == question->len &&
	       !memcmp(learned->name, question->name, question->len);
}

static struct fng_learned *find(struct fng_names *names,
				const struct fng_endpoint *address,
				const struct fng_endpoint *resolver,
				const struct fng_dns_question *question)
{
	u32 key = key_of(address);
	struct fng_learned *learned;

	hash_for_each_possible(names->hash, learned, node, key)
		if (is_at(learned, key, address) &&
		    is_of(learned, resolver, question))
			return learned;
	return NULL;
}

static void tell_evicted(const struct fng_cgroup *state)
{
	const struct fng_notice notice = {
		.kind = FNG_EVENT_EVICTED,
		.cgroup_id = state->id,
		.reason = "too many addresses of names: a live one was forgotten",
	};

	fng_event_notice(&notice);
}

static struct fng_learned *make(const struct fng_dns_question *question,
				const struct fng_endpoint *resolver,
				const struct fng_endpoint *address,
				unsigned long until, bool aside)
{
	struct fng_learned *learned;

	learned = kzalloc(struct_size(learned, name, question->len),
			  GFP_ATOMIC | __GFP_NOWARN);
	if (!learned)
		return NULL;
	learned->until = until;
	learned->aside = aside;
	learned->unwatched = !fng_dns_relied();
	learned->key = key_of(address);
	learned->address = *address;
	learned->resolver = *resolver;
	learned->len = question->len;
	memcpy(learned->name, question->name, question->len);
	return learned;
}

static unsigned long lapses(u32 ttl)
{
	return jiffies + HZ * (unsigned long)clamp(ttl, FNG_NAMES_TTL_MIN,
						   FNG_NAMES_TTL_MAX);
}

static void add(struct fng_names *names, struct fng_learned *fresh,
		bool *evicted)
{
	if (!fresh)
		return;
	if (!make_room(names, fresh->aside, evicted)) {
		kfree(fresh);
		return;
	}
	names->nr++;
	atomic_inc(&nr_all[fresh->aside]);
	list_add_tail(&fresh->age, &names->oldest_first[fresh->aside]);
	hash_add_rcu(names->hash, &fresh->node, fresh->key);
}

static void renew(struct fng_names *names, struct fng_learned *learned,
		  unsigned long until, bool aside)
{
	if (learned->aside && !aside) {
		atomic_dec(&nr_all[true]);
		atomic_inc(&nr_all[false]);
		learned->aside = false;
	}
	list_move_tail(&learned->age, &names->oldest_first[learned->aside]);
	if (time_after(until, learned->until))
		WRITE_ONCE(learned->until, until);
	WRITE_ONCE(learned->unwatched, !fng_dns_relied());
}

/**
 * fng_names_learn() - believe an answer
 * @state: of the cgroup that asked
 * @question: what it asked
 * @resolver: who answered
 * @address: what the answer was
 * @aside: only candidates have asked
 *
 * Without memory it is not learned, and what relies on it refused.
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_names_learn(struct fng_cgroup *state,
		     const struct fng_dns_question *question,
		     const struct fng_endpoint *resolver,
		     const struct fng_dns_address *address, bool aside)
{
	struct fng_endpoint said = { .family = address->family };
	struct fng_endpoint by = fng_names_plain(resolver), plain;
	struct fng_names *names = names_of(state);
	unsigned long until = lapses(address->ttl);
	struct fng_learned *learned;
	unsigned long flags;
	bool evicted = false;

	if (!names)
		return;
	memcpy(said.addr, address->addr, sizeof(said.addr));
	plain = fng_names_plain(&said);
	spin_lock_irqsave(&names->lock, flags);
	learned = find(names, &plain, &by, question);
	if (learned)
		renew(names, learned, until, aside);
	else
		add(names, make(question, &by, &plain, until, aside), &evicted);
	spin_unlock_irqrestore(&names->lock, flags);
	if (evicted)
		tell_evicted(state);
}

/**
 * struct reader - a policy, and what it reads
 * @image: its image
 * @names: what the cgroup has learned; NULL if nothing
 * @aside: it is a candidate
 */
struct reader {
	const struct fng_image *image;
	const struct fng_names *names;
	bool aside;
};

static struct reader reader_of(const struct fng_subject *subject, u8 policy)
{
	return (struct reader) {
		.image = &subject->policies[policy]->image,
		.names = READ_ONCE(subject->state->names),
		.aside = policy >= fng_subject_in_force(subject),
	};
}

/* What a policy allows for the name, if it believes who has told it. */
static const struct fng_image_host *host_of(const struct fng_learned *learned,
					    const struct reader *reader)
{
	if (!fng_learned_live(learned) ||
	    (READ_ONCE(learned->unwatched) && !reader->aside) ||
	    !fng_resolver_known(reader->image, &learned->resolver))
		return NULL;
	return fng_host_find(reader->image, learned->name, learned->len);
}

/**
 * fng_names_decide() - may a destination be talked to for one of its names?
 * @subject: who goes there; with state
 * @policy: index of one of its policies, which has host rules
 * @endpoint: the destination
 * @decision: what the rules on addresses have left open; set if a name allows it
 * @until: brought forward to when that name's answer lapses
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_names_decide(const struct fng_subject *subject, u8 policy,
		      const struct fng_endpoint *endpoint,
		      struct fng_decision *decision, unsigned long *until)
{
	const struct reader reader = reader_of(subject, policy);
	struct fng_endpoint plain = fng_names_plain(endpoint);
	const struct fng_image_host *host;
	u32 key = key_of(&plain);
	struct fng_learned *learned;
	unsigned long lapse;

	if (!reader.names)
		return;
	hash_for_each_possible_rcu(reader.names->hash, learned, node, key) {
		if (!is_at(learned, key, &plain))
			continue;
		host = host_of(learned, &reader);
		if (host)
			fng_host_decide(reader.image, host, endpoint, decision);
		if (decision->refused)
			continue;
		WRITE_ONCE(learned->hits, learned->hits + !reader.aside);
		lapse = READ_ONCE(learned->until);
		if (time_before(lapse, *until))
			*until = lapse;
		return;
	}
}

/**
 * fng_names_reachable() - may anything be sent to an address for its names?
 * @subject: who goes there; with state
 * @policy: index of one of its policies, which has host rules
 * @endpoint: with the address; its port and protocol do not matter
 *
 * Context: any, inside rcu_read_lock().
 */
bool fng_names_reachable(const struct fng_subject *subject, u8 policy,
			 const struct fng_endpoint *endpoint)
{
	const struct reader reader = reader_of(subject, policy);
	struct fng_endpoint plain = fng_names_plain(endpoint);
	const struct fng_image_host *host;
	u32 key = key_of(&plain);
	struct fng_learned *learned;

	if (!reader.names)
		return false;
	hash_for_each_possible_rcu(reader.names->hash, learned, node, key) {
		if (!is_at(learned, key, &plain))
			continue;
		host = host_of(learned, &reader);
		if (host && (!fng_address_special(&plain) ||
			     host->special != FNG_HOST_NO_PORTS))
			return true;
	}
	return false;
}

/**
 * fng_names_find() - a name that an address has, or had
 * @state: of the cgroup; may be NULL
 * @endpoint: with the address
 *
 * Context: any, inside rcu_read_lock(); the result is valid until it ends.
 * Return: the one learned last, NULL if there is none.
 */
const struct fng_learned *fng_names_find(const struct fng_cgroup *state,
					 const struct fng_endpoint *endpoint)
{
	const struct fng_names *names = state ? READ_ONCE(state->names) : NULL;
	struct fng_learned *learned;
	struct fng_endpoint plain;
	u32 key;

	if (!names)
		return NULL;
	plain = fng_names_plain(endpoint);
	key = key_of(&plain);
	hash_for_each_possible_rcu(names->hash, learned, node, key)
		if (is_at(learned, key, &plain))
			return learned;
	return NULL;
}

/**
 * fng_names_next() - list what a cgroup has learned
 * @state: of the cgroup
 * @bucket: where to go on; 0 at first
 * @skip: how many of @bucket were listed; 0 at first
 *
 * What is learned or forgotten meanwhile may be listed twice, or not.
 *
 * Context: inside rcu_read_lock(); the result is valid until it ends.
 * Return: NULL at the end.
 */
const struct fng_learned *fng_names_next(const struct fng_cgroup *state,
					 u32 *bucket, u32 *skip)
{
	const struct fng_names *names = READ_ONCE(state->names);
	struct fng_learned *learned;
	u32 at;

	for (; names && *bucket < HASH_SIZE(names->hash); ++*bucket, *skip = 0) {
		at = 0;
		hlist_for_each_entry_rcu(learned, &names->hash[*bucket], node) {
			if (at++ < *skip)
				continue;
			++*skip;
			return learned;
		}
	}
	return NULL;
}

/**
 * fng_names_free() - forget all that a cgroup has learned
 * @names: the set, or NULL; nobody uses it any more
 */
void fng_names_free(struct fng_names *names)
{
	struct fng_learned *learned;
	struct hlist_node *tmp;
	int bucket;

	if (!names)
		return;
	hash_for_each_safe(names->hash, bucket, tmp, learned, node) {
		hash_del(&learned->node);
		atomic_dec(&nr_all[learned->aside]);
		kfree(learned);
	}
	kfree(names);
}
