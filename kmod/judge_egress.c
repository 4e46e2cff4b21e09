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
#include "judge_egress.h"

DEFINE_PER_CPU(struct fng_allowed_cache, fng_allowed_cache);

/* What is remembered of a destination that was allowed. */
static struct fng_allowed allowed_of(u64 serial,
				     const struct fng_endpoint *endpoint)
{
	struct fng_allowed allowed = { .serial = serial };
	const size_t size = sizeof(allowed.head);

	static_assert(sizeof(*endpoint) - sizeof(allowed.head) <=
		      sizeof(allowed.tail));
	memcpy(&allowed.head, endpoint, size);
	memcpy(allowed.tail, (const u8 *)endpoint + size,
	       sizeof(*endpoint) - size);
	return allowed;
}

static struct fng_allowed *slot_of(const struct fng_allowed *allowed)
{
	return fng_allowed_slot(allowed->serial, allowed->head ^
				allowed->tail[0] ^ allowed->tail[1]);
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
	struct fng_allowed wanted = allowed_of(subject->serial, endpoint);
	bool allowed;

	if (!in_task())
		return false;
	preempt_disable();
	allowed = !memcmp(slot_of(&wanted), &wanted, sizeof(wanted));
	preempt_enable();
	return allowed;
}

static void remember(u64 serial, const struct fng_endpoint *endpoint)
{
	struct fng_allowed allowed = allowed_of(serial, endpoint);

	if (!in_task() || !serial || !endpoint->family)
		return;
	preempt_disable();
	*slot_of(&allowed) = allowed;
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
	/* In a cgroup that proves the hooks, every call has to get there. */
	if (!fng_judge_refuses(judgement) && !subject->canary)
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
