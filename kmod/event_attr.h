/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What messages carry of a record, whether it is told as an event or asked for.
 */
#ifndef FNGUARD_KMOD_EVENT_ATTR_H
#define FNGUARD_KMOD_EVENT_ATTR_H

#include "event_record.h"
#include "verdict.h"

struct sk_buff;

/* The event worker, or inside rcu_read_lock(). */
int fng_event_put_decision(struct sk_buff *skb, u64 policy_id, u32 rule,
			   u8 hook, u8 class);
int fng_event_put_record(struct sk_buff *skb, const struct fng_record *record);

/* Any context. */
int fng_event_put_actor(struct sk_buff *skb, const struct fng_actor *actor);
u32 fng_event_kind_of(enum fng_verdict verdict);

#endif /* FNGUARD_KMOD_EVENT_ATTR_H */
