/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judging a destination by every policy that applies.
 */
#ifndef FNGUARD_KMOD_JUDGE_EGRESS_H
#define FNGUARD_KMOD_JUDGE_EGRESS_H

#include <linux/build_bug.h>
#include <linux/hash.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/jiffies.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <net/sock.h>

#include <fnguard/access.h>
#include "egress_proto.h"
#include "engine/dns.h"
#include "judge.h"

/* Does the socket talk to the network by addresses that rules can name? */
static inline bool fng_sock_is_inet(const struct sock *sk)
{
	int family = READ_ONCE(sk->sk_family);

	return family == AF_INET || family == AF_INET6;
}

/* A few: all modules share what there is for them of each CPU's memory. */
#define FNG_ALLOWED_BITS	5

/**
 * struct fng_allowed - one destination that was allowed
 * @serial: the subject's
 * @head: first part of the destination, see fng_endpoint_head(); 0 in an empty
 *	slot, and never in a destination
 * @tail: what follows; 0 for IPv4
 * @until: jiffies from which on it has to be judged again
 */
struct fng_allowed {
	u64 serial;
	u64 head;
	u64 tail[2];
	unsigned long until;
};

/* So many jiffies from now is never. */
#define FNG_ALLOWED_EVER	MAX_JIFFY_OFFSET

/**
 * struct fng_allowed_cache - destinations that a CPU remembers
 * @slot: direct-mapped
 *
 * For tasks alone, with preemption disabled: then nobody else reads or writes
 * between two words of a slot.
 */
struct fng_allowed_cache {
	struct fng_allowed slot[1 << FNG_ALLOWED_BITS];
};

DECLARE_PER_CPU(struct fng_allowed_cache, fng_allowed_cache);

/**
 * fng_endpoint_head() - the first eight bytes of struct fng_endpoint, as a number
 * @family: 4 or 6
 * @proto: enum fng_proto
 * @port: in host order
 * @addr: first four bytes of the address, all that there is of an IPv4 one
 */
static __always_inline u64 fng_endpoint_head(u8 family, u8 proto, u16 port,
					     __be32 addr)
{
	static_assert(offsetof(struct fng_endpoint, addr) == sizeof(u32));
	return family | proto << 8 | (u64)port << 16 |
	       (u64)(__force u32)addr << 32;
}

/* Inside preempt_disable(). */
static __always_inline struct fng_allowed *fng_allowed_slot(u64 serial, u64 key)
{
	u32 slot = hash_64(key ^ serial << 8, FNG_ALLOWED_BITS);

	return this_cpu_ptr(&fng_allowed_cache.slot[slot]);
}

/**
 * fng_v4_allowed() - is it known that every policy allows an IPv4 destination?
 * @subject: whose policies; need not be ready, or could prove hooks: then
 *	nothing was ever remembered of it
 * @head: the destination
 *
 * Context: any, inside rcu_read_lock().
 * Return: false if it has to be judged, be it by limits alone.
 */
static __always_inline bool fng_v4_allowed(const struct fng_subject *subject,
					   u64 head)
{
	const struct fng_allowed *slot;
	bool allowed;

	if (!in_task())
		return false;
	preempt_disable();
	slot = fng_allowed_slot(subject->serial, head);
	allowed = slot->head == head && slot->serial == subject->serial &&
		  likely(time_before(jiffies, slot->until));
	preempt_enable();
	return allowed;
}

bool fng_endpoint_allowed(const struct fng_subject *subject,
			  const struct fng_endpoint *endpoint);
void fng_endpoint_decide(const struct fng_subject *subject, u8 policy,
			 const struct fng_endpoint *endpoint,
			 struct fng_decision *decision);
void fng_judge_endpoint(struct fng_judgement *judgement,
			const struct fng_endpoint *endpoint);
void fng_judge_route(struct fng_judgement *judgement,
		     const struct fng_endpoint *endpoint);
void fng_judge_answer(struct fng_judgement *judgement);
void fng_judge_learned(struct fng_judgement *judgement,
		       const struct fng_endpoint *served);
void fng_endpoint_name(const struct fng_subject *subject,
		       struct fng_object *object);
void fng_judge_query(struct fng_judgement *judgement,
		     const struct fng_endpoint *server,
		     const struct fng_dns_question *question);
void fng_judge_port(struct fng_judgement *judgement, u8 proto, u16 port);
void fng_judge_accepted(struct fng_judgement *judgement, u8 proto, u16 port);
void fng_judge_unread(struct fng_judgement *judgement,
		      enum fng_guard_rule reason);
void fng_judge_traffic(struct fng_judgement *judgement, enum fng_class class,
		       enum fng_guard_rule reason);

#endif /* FNGUARD_KMOD_JUDGE_EGRESS_H */
