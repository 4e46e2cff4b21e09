// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judging a destination by every policy that applies.
 *
 * A function talks to few destinations, often. Each CPU remembers which ones all
 * policies of a subject allowed, whatever their number and size; what is refused
 * or audited is always judged anew. The serial number of a subject is never used
 * again, so there is nothing to forget: with any change, the next subject of the
 * cgroup asks under another number.
 */
#include <linux/hash.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/string.h>

#include "judge_egress.h"

/* A few: all modules share what there is for them of each CPU's memory. */
#define ALLOWED_BITS	5

static_assert(offsetof(struct fng_endpoint, addr) == sizeof(u32));

/**
 * struct allowed - one destination that was allowed
 * @serial: the subject's; an empty slot has no address family
 * @endpoint: the destination
 */
struct allowed {
	u64 serial;
	struct fng_endpoint endpoint;
};

/**
 * struct allowed_cache - what a CPU remembers
 * @slot: direct-mapped
 *
 * For tasks alone, with preemption disabled: then nobody else reads or writes
 * between two words of a slot.
 */
struct allowed_cache {
	struct allowed slot[1 << ALLOWED_BITS];
};

static DEFINE_PER_CPU(struct allowed_cache, allowed_cache);

/* The parts of an endpoint as numbers. */
static __always_inline u32 how_of(const struct fng_endpoint *endpoint)
{
	u32 how;

	memcpy(&how, endpoint, sizeof(how));
	return how;
}

static __always_inline u64 half_of(const struct fng_endpoint *endpoint, int i)
{
	u64 half;

	memcpy(&half, endpoint->addr + i * sizeof(half), sizeof(half));
	return half;
}

static __always_inline struct allowed *
slot_of(u64 serial, const struct fng_endpoint *endpoint)
{
	u64 key = half_of(endpoint, 0) ^ half_of(endpoint, 1) ^ serial ^
		  (u64)how_of(endpoint) << 16;

	return this_cpu_ptr(&allowed_cache.slot[hash_64(key, ALLOWED_BITS)]);
}

/**
 * fng_endpoint_allowed() - is it known that every policy allows a destination?
 * @subject: whose policies
 * @endpoint: destination
 *
 * Context: any, inside rcu_read_lock().
 * Return: false if it has to be judged.
 */
bool fng_endpoint_allowed(const struct fng_subject *subject,
			  const struct fng_endpoint *endpoint)
{
	const struct allowed *slot;
	bool allowed;

	if (!in_task())
		return false;
	preempt_disable();
	slot = slot_of(subject->serial, endpoint);
	allowed = slot->serial == subject->serial &&
		  how_of(&slot->endpoint) == how_of(endpoint) &&
		  half_of(&slot->endpoint, 0) == half_of(endpoint, 0) &&
		  half_of(&slot->endpoint, 1) == half_of(endpoint, 1);
	preempt_enable();
	return allowed;
}

static void remember(u64 serial, const struct fng_endpoint *endpoint)
{
	struct allowed *slot;

	if (!in_task() || !serial || !endpoint->family)
		return;
	preempt_disable();
	slot = slot_of(serial, endpoint);
	slot->serial = serial;
	slot->endpoint = *endpoint;
	preempt_enable();
}

/**
 * fng_judge_endpoint() - judge a destination by every policy that applies
 * @judgement: being made
 * @endpoint: destination
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_judge_endpoint(struct fng_judgement *judgement,
			const struct fng_endpoint *endpoint)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		fng_egress_decide(&subject->policies[i]->image, endpoint,
				  &decision);
		fng_judge_add(judgement, i, &decision);
	}
	if (!fng_judge_refuses(judgement))
		remember(subject->serial, endpoint);
}

/**
 * fng_judge_traffic() - refuse traffic for a reason of the guard's own
 * @judgement: being made; policies without egress rules have nothing against it
 * @reason: why
 */
void fng_judge_traffic(struct fng_judgement *judgement,
		       enum fng_guard_rule reason)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision = {
		.class = FNG_CLASS_EGRESS,
		.rule = FNG_RULE_GUARD | reason,
	};
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		const struct fng_image_class *settings =
			&subject->policies[i]->image.classes[FNG_CLASS_EGRESS];

		decision.refused = settings->present;
		decision.audit = settings->mode == FNG_MODE_AUDIT;
		decision.err = settings->err;
		fng_judge_add(judgement, i, &decision);
	}
}
