// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the decisions of all policies that apply to one verdict.
 *
 * Every policy that refuses is counted; the root-most one gives the errno and
 * the event.
 */
#include <linux/bits.h>

#include "candidate.h"
#include "entering.h"
#include "event.h"
#include "hooks.h"
#include "judge.h"
#include "learn.h"
#include "ledger.h"
#include "refusal.h"
#include "response.h"

/*
 * What a candidate would not refuse it allows, and what depends on what was done
 * before it is not asked.
 */
static bool is_moot(const struct fng_judgement *judgement, u8 policy,
		    const struct fng_decision *decision)
{
	return judgement->subject->candidates & BIT(policy) &&
	       (decision->audit || decision->class == FNG_CLASS_LIMITS);
}

/*
 * While a cgroup is exempt, what rules refuse there is only told. The floor is no
 * rule, and neither is what the guard says for itself.
 */
static bool is_exempt(const struct fng_judgement *judgement,
		      const struct fng_decision *decision)
{
	return decision->class != FNG_CLASS_FLOOR &&
	       decision->class != FNG_CLASS_SUBJECT &&
	       fng_subject_exempt(judgement->subject);
}

static bool only_audits(const struct fng_judgement *judgement, u8 policy,
			const struct fng_decision *decision)
{
	return decision->audit ||
	       judgement->subject->candidates & BIT(policy) ||
	       is_exempt(judgement, decision);
}

/*
 * Does a policy only learn from what it has against it so far, and report this? Of a
 * candidate, what counts is whether it would refuse.
 */
static bool is_outdone(const struct fng_judgement *judgement, u8 policy,
		       const struct fng_decision *by)
{
	const struct fng_decision *before = &judgement->decisions[policy];
	const struct fng_policy *own = judgement->subject->policies[policy];

	if (judgement->subject->candidates & BIT(policy))
		return is_exempt(judgement, before) &&
		       !is_exempt(judgement, by);
	return fng_learns(own, before->class) && !fng_learns(own, by->class);
}

/* Of a subject without a policy only the guard itself refuses something. */
static void note_capital(struct fng_judgement *judgement, u8 policy,
			 const struct fng_decision *decision)
{
	if (decision->class != FNG_CLASS_SUBJECT &&
	    fng_kill_decide(&judgement->subject->policies[policy]->image,
			    decision))
		judgement->capital_mask |= BIT(policy);
}

/**
 * fng_judge_add() - add one policy's decision
 * @judgement: being made
 * @policy: index into the subject's policies
 * @decision: what it says
 *
 * Of several refusals of one policy the first counts, but one that is enforced
 * counts more than one that is only audited, and that more than one to learn from:
 * the mode belongs to a class, and one access may concern several.
 *
 * Return: whether it is what counts now.
 */
bool fng_judge_add(struct fng_judgement *judgement, u8 policy,
		   const struct fng_decision *decision)
{
	u8 bit = BIT(policy);

	if (likely(!decision->refused))
		return false;
	if (is_moot(judgement, policy, decision))
		return false;
	if (only_audits(judgement, policy, decision)) {
		if (judgement->refused_mask & bit)
			return false;
		if (judgement->audit_mask & bit &&
		    !is_outdone(judgement, policy, decision))
			return false;
		judgement->audit_mask |= bit;
	} else {
		note_capital(judgement, policy, decision);
		if (judgement->refused_mask & bit)
			return false;
		judgement->audit_mask &= ~bit;
		judgement->refused_mask |= bit;
	}
	judgement->decisions[policy] = *decision;
	return true;
}

/**
 * fng_judge_guard() - refuse for a reason of the guard's own
 * @judgement: being made; any policy's refusal is replaced
 * @reason: why
 */
void fng_judge_guard(struct fng_judgement *judgement,
		     enum fng_guard_rule reason)
{
	struct fng_decision decision = {
		.refused = true,
		.class = FNG_CLASS_SUBJECT,
		.err = EPERM,
		.rule = FNG_RULE_GUARD | reason,
	};

	judgement->refused_mask = 0;
	judgement->audit_mask = 0;
	judgement->capital_mask = 0;
	fng_judge_add(judgement, 0, &decision);
}

/* Who is to say it: the root-most policy that knows of it, if that is still there. */
static u8 quarantining(const struct fng_subject *subject)
{
	u8 i;

	for (i = 0; i < fng_subject_in_force(subject); i++)
		if (subject->policies[i]->image.meta->quarantine)
			return i;
	return 0;
}

/**
 * fng_judge_quarantine() - refuse since the cgroup is in quarantine
 * @judgement: being made
 * @class: FNG_CLASS_EXEC or FNG_CLASS_EGRESS
 *
 * Neither modes nor exemptions are asked: it is no rule, and nothing to learn from.
 */
void fng_judge_quarantine(struct fng_judgement *judgement, u8 class)
{
	u8 policy = quarantining(judgement->subject);
	const struct fng_image *image =
		&judgement->subject->policies[policy]->image;

	judgement->silent = true;
	judgement->audit_mask &= ~BIT(policy);
	judgement->refused_mask |= BIT(policy);
	judgement->decisions[policy] = (struct fng_decision) {
		.refused = true,
		.class = class,
		.err = image->classes[class].err,
		.rule = FNG_RULE_GUARD | FNG_GUARD_QUARANTINE,
	};
}

/*
 * A launcher sets the sandbox up from inside. What it may do meanwhile is a
 * matter of class and hook: it cannot talk to the network or to us, and the
 * program that it starts is judged like any other.
 */
static bool entering_exempts(const struct fng_judgement *judgement, u8 policy)
{
	switch (judgement->decisions[policy].class) {
	case FNG_CLASS_EGRESS:
	case FNG_CLASS_LIMITS:
	case FNG_CLASS_SUBJECT:
		return false;
	case FNG_CLASS_EXEC:
		return judgement->hook != FNG_HOOK_BPRM_CHECK;
	default:
		return judgement->hook != FNG_HOOK_CONTROL;
	}
}

/**
 * fng_judge_lifts() - is a refusal by that policy not enforced, for who it is?
 * @judgement: at its end
 * @policy: index of one that refuses, or would
 */
bool fng_judge_lifts(const struct fng_judgement *judgement, u8 policy)
{
	return (judgement->entering && entering_exempts(judgement, policy)) ||
	       is_exempt(judgement, &judgement->decisions[policy]);
}

static void exempt_entering(struct fng_judgement *judgement)
{
	u8 i;

	if (judgement->enters || !fng_entering(current))
		return;
	judgement->entering = true;
	for (i = 0; i < FNG_MAX_APPLIED; i++) {
		if (!(judgement->refused_mask & BIT(i)) ||
		    !entering_exempts(judgement, i))
			continue;
		judgement->refused_mask &= ~BIT(i);
		judgement->audit_mask |= BIT(i);
	}
}

static void report(const struct fng_judgement *judgement,
		   const struct fng_object *object, u8 mask, bool audit)
{
	unsigned long refusing = mask;
	bool sample = false;
	unsigned int i;

	for_each_set_bit(i, &refusing, FNG_MAX_APPLIED)
		sample |= fng_ledger_count(judgement, i, audit);
	if (sample)
		fng_event_refusal(judgement, object, audit);
}

/* What is left of the refusals once those who learn have remembered theirs. */
static void learn(struct fng_judgement *judgement,
		  const struct fng_object *object)
{
	unsigned long refusing = judgement->audit_mask;
	unsigned int i;

	for_each_set_bit(i, &refusing, FNG_MAX_APPLIED)
		if (fng_learn_object(judgement, i, object))
			judgement->audit_mask &= ~BIT(i);
}

static int verdict(const struct fng_judgement *judgement)
{
	if (!judgement->refused_mask)
		return 0;
	return -judgement->decisions[fng_judge_first(judgement, false)].err;
}

static noinline int conclude(struct fng_judgement *judgement,
			     const struct fng_object *object)
{
	if (!object->no_task)
		exempt_entering(judgement);
	if (judgement->subject->candidates)
		fng_candidate_compare(judgement, object);
	learn(judgement, object);
	if (!object->no_task && judgement->refused_mask)
		judgement->killed = fng_response_kill(judgement);
	report(judgement, object, fng_judge_audits(judgement), true);
	report(judgement, object, judgement->refused_mask, false);
	fng_refusal_keep(judgement, object);
	if (judgement->refused_mask)
		fng_response_count(judgement, object);
	return verdict(judgement);
}

/**
 * fng_judge_end() - the verdict, counted and reported
 * @judgement: with every policy's decision added
 * @object: what the access was to
 *
 * Context: any, inside rcu_read_lock().
 * Return: 0 or the negative errno of the root-most refusal.
 */
int fng_judge_end(struct fng_judgement *judgement,
		  const struct fng_object *object)
{
	if (likely(!fng_judge_refuses(judgement)))
		return 0;
	return conclude(judgement, object);
}

/**
 * fng_judge_end_silently() - the verdict on a question that nobody is blamed for
 * @judgement: with every policy's decision added
 *
 * The kernel asks without an audit whether something would be allowed: neither
 * counted nor reported.
 *
 * Context: any, inside rcu_read_lock(); current is who asks.
 * Return: as fng_judge_end().
 */
int fng_judge_end_silently(struct fng_judgement *judgement)
{
	exempt_entering(judgement);
	return verdict(judgement);
}

/**
 * fng_hook_excess() - refuse for a subject that cannot be judged
 * @subject: with too many policies, or without state
 * @hook: enum fng_hook
 */
int fng_hook_excess(const struct fng_subject *subject, u8 hook)
{
	static const struct fng_object nothing;
	struct fng_judgement judgement;

	fng_judge_begin(&judgement, subject, hook);
	fng_judge_guard(&judgement, subject->excess ? FNG_GUARD_TOO_MANY :
						      FNG_GUARD_NO_STATE);
	return fng_judge_end(&judgement, &nothing);
}

/**
 * fng_hook_meet() - judge for a subject that this CPU has not just met
 * @regs: registers of the hooked call
 * @judge: the hook's
 *
 * Every call comes here while there is nothing to judge by.
 *
 * Context: inside rcu_read_lock().
 * Return: what @judge does.
 */
int fng_hook_meet(struct pt_regs *regs, fng_hook_judge *judge)
{
	struct fng_subject scratch;

	if (!fng_ruleset_active())
		return 0;
	return judge(regs, fng_hook_subject(&scratch));
}
