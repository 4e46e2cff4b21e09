/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The addresses that names have, as the resolvers of a guarded cgroup told it.
 */
#ifndef FNGUARD_KMOD_NAMES_H
#define FNGUARD_KMOD_NAMES_H

#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/rcupdate.h>

#include "engine/dns.h"
#include "engine/engine.h"

struct fng_cgroup;
struct fng_names;
struct fng_subject;

/* An answer is believed for so long at least, and at most, in seconds. */
#define FNG_NAMES_TTL_MIN	30u
#define FNG_NAMES_TTL_MAX	86400u

/**
 * struct fng_learned - one address that a name has
 * @node: in the set's hash, by @address
 * @age: in the set's list, those last told of last
 * @until: jiffies from which on it is not believed
 * @hits: how often it has let something pass that was not remembered
 * @key: hash of @address, so that others in the same place are told by a word
 * @address: the address, as fng_names_plain() has it; no port, no protocol
 * @resolver: who said so; the same
 * @rcu: for freeing after the last reader
 * @aside: only candidates have asked for it, so that it makes room for others
 * @unwatched: nobody was kept from speaking as a name server then, since no policy in
 *	force believed one; so none does now
 * @len: bytes of @name
 * @name: as fng_host_find() takes it, not NUL-terminated
 *
 * Immutable once in the hash, but for @age, @until, @aside and @unwatched, which the
 * lock of the set protects against other writers, and @hits, which need not be exact.
 */
struct fng_learned {
	struct hlist_node node;
	struct list_head age;
	unsigned long until;
	u32 hits;
	u32 key;
	struct fng_endpoint address;
	struct fng_endpoint resolver;
	struct rcu_head rcu;
	bool aside;
	bool unwatched;
	u8 len;
	char name[];
};

/* Is it believed at this moment? */
static inline bool fng_learned_live(const struct fng_learned *learned)
{
	return time_before(jiffies, READ_ONCE(learned->until));
}

struct fng_endpoint fng_names_plain(const struct fng_endpoint *endpoint);
void fng_names_learn(struct fng_cgroup *state,
		     const struct fng_dns_question *question,
		     const struct fng_endpoint *resolver,
		     const struct fng_dns_address *address, bool aside);
void fng_names_decide(const struct fng_subject *subject, u8 policy,
		      const struct fng_endpoint *endpoint,
		      struct fng_decision *decision, unsigned long *until);
bool fng_names_reachable(const struct fng_subject *subject, u8 policy,
			 const struct fng_endpoint *endpoint);
const struct fng_learned *fng_names_find(const struct fng_cgroup *state,
					 const struct fng_endpoint *endpoint);
const struct fng_learned *fng_names_next(const struct fng_cgroup *state,
					 u32 *bucket, u32 *skip);
void fng_names_free(struct fng_names *names);

#endif /* FNGUARD_KMOD_NAMES_H */
