// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judging how much is used of what is allowed.
 *
 * Something is used of all limits of all policies that apply, or of none: what was
 * taken of one is given back if another refuses. An address stays with the policy
 * that has counted it, so that all are asked about it before any counts it.
 */
#include "entering.h"
#include "hooks.h"
#include "judge_egress.h"
#include "judge_limit.h"
#include "judge_number.h"

/**
 * struct taking - what is taken while a use is judged
 * @use: the use
 * @judgement: the judgement
 * @taken: by enum fng_limit, bit n: it was taken of policy n of the subject
 */
struct taking {
	const struct fng_use *use;
	struct fng_judgement judgement;
	u8 taken[FNG_NR_LIMITS];
};

static const struct fng_image *image_of(const struct fng_subject *subject,
					u8 policy)
{
	return &subject->policies[policy]->image;
}

static void refuse(struct taking *taking, u8 policy,
		   const struct fng_image_limit *limit)
{
	struct fng_decision decision;

	fng_limit_decide(image_of(taking->judgement.subject, policy), limit,
			 true, &decision);
	fng_judge_add(&taking->judgement, policy, &decision);
}

static u64 amount_of(const struct fng_use *use, u32 kind)
{
	return kind == FNG_LIMIT_EGRESS || kind == FNG_LIMIT_EGRESS_TOTAL ?
	       use->bytes : 1;
}

static bool take_one(struct taking *taking, u8 policy,
		     const struct fng_image_limit *limit)
{
	struct fng_usage *usage = taking->judgement.subject->usages[policy];
	const struct fng_use *use = taking->use;

	switch (limit->kind) {
	case FNG_LIMIT_DNS_QUERIES:
		/* It could be any number of them. */
		if (use->label == FNG_LABEL_UNKNOWN)
			return false;
		break;
	case FNG_LIMIT_DNS_LABEL:
		return use->label <= limit->most;
	case FNG_LIMIT_DESTINATIONS:
		return use->goes_on ?
		       fng_usage_reached(usage, &use->object->endpoint) :
		       fng_usage_reaches(usage, limit, &use->object->endpoint);
	}
	if (!fng_usage_take(usage, limit, amount_of(use, limit->kind)))
		return false;
	taking->taken[limit->kind] |= BIT(policy);
	return true;
}

static void take_of_policy(struct taking *taking, u8 policy)
{
	const struct fng_image *image =
		image_of(taking->judgement.subject, policy);
	u32 i;

	for (i = 0; i < image->nr_limits; i++)
		if (taking->use->kinds & BIT(image->limits[i].kind) &&
		    !take_one(taking, policy, &image->limits[i]))
			refuse(taking, policy, &image->limits[i]);
}

static bool is_refused(const struct taking *taking, u8 policy)
{
	return (taking->judgement.refused_mask |
		taking->judgement.audit_mask) & BIT(policy);
}

/* Everybody had room a moment ago. Without memory there is no access. */
static void reach(struct taking *taking, u8 policy)
{
	const struct fng_subject *subject = taking->judgement.subject;
	const struct fng_image_limit *limit;

	limit = fng_limit_find(image_of(subject, policy),
			       FNG_LIMIT_DESTINATIONS);
	if (limit && !is_refused(taking, policy) &&
	    fng_usage_reach(subject->usages[policy], limit,
			    &taking->use->object->endpoint))
		refuse(taking, policy, limit);
}

static void give_back(struct taking *taking, u8 policy)
{
	const struct fng_subject *subject = taking->judgement.subject;
	const struct fng_image *image = image_of(subject, policy);
	u32 i;

	for (i = 0; i < image->nr_limits; i++) {
		const struct fng_image_limit *limit = &image->limits[i];

		if (taking->taken[limit->kind] & BIT(policy))
			fng_usage_give_back(subject->usages[policy], limit,
					    amount_of(taking->use,
						      limit->kind));
	}
}

typedef void policy_fn(struct taking *taking, u8 policy);

static void visit_limited(struct taking *taking, policy_fn *fn)
{
	unsigned long limited = taking->judgement.subject->limited;
	unsigned int i;

	for_each_set_bit(i, &limited, FNG_MAX_APPLIED)
		fn(taking, i);
}

static noinline int conclude(struct taking *taking)
{
	struct fng_object object = *taking->use->object;

	if (object.kind == FNG_OBJECT_ENDPOINT && !object.name)
		fng_endpoint_name(taking->judgement.subject, &object);
	return fng_judge_end(&taking->judgement, &object);
}

/**
 * fng_judge_use() - judge how much is used by every policy that applies
 * @subject: who; no canary
 * @hook: enum fng_hook
 * @use: what; everything else has allowed it
 *
 * Context: any, inside rcu_read_lock().
 * Return: 0, or the negative errno of the root-most refusal, and nothing was used.
 */
int fng_judge_use(const struct fng_subject *subject, u8 hook,
		  const struct fng_use *use)
{
	struct taking taking __uninitialized;
	int err = fng_hook_ready(subject, hook);

	if (err)
		return err;
	taking.use = use;
	memset(taking.taken, 0, sizeof(taking.taken));
	fng_judge_begin(&taking.judgement, subject, hook);
	visit_limited(&taking, take_of_policy);
	if (use->kinds & BIT(FNG_LIMIT_DESTINATIONS) &&
	    !taking.judgement.refused_mask)
		visit_limited(&taking, reach);
	if (taking.judgement.refused_mask)
		visit_limited(&taking, give_back);
	return fng_judge_refuses(&taking.judgement) ? conclude(&taking) : 0;
}

/**
 * fng_judge_count() - judge something that is done once
 * @subject: who; no canary
 * @hook: enum fng_hook
 * @kind: enum fng_limit, a rate of what is counted one by one
 * @what: is done, for the event
 *
 * What a launcher does while it sets a sandbox up is not the function's.
 *
 * Context: a task, inside rcu_read_lock().
 * Return: 0, or the negative errno of the root-most refusal, and nothing was used.
 */
noinline int fng_judge_count(const struct fng_subject *subject, u8 hook,
			     u32 kind, const char *what)
{
	const struct fng_object object = fng_object_named(what);
	const struct fng_use use = {
		.kinds = BIT(kind),
		.object = &object,
	};

	return fng_entering(current) ? 0 : fng_judge_use(subject, hook, &use);
}
