// SPDX-License-Identifier: GPL-2.0-only
/*
 * Candidates: policies that are asked beside those that they may take the place of.
 *
 * A candidate is one more policy of a subject, behind all others, whose refusals are
 * only told. So who judges goes through one more, and whoever has no candidate pays
 * nothing. What both have said is compared once there is a refusal of either: a
 * judgement without any is one on which they agree.
 */
#include <linux/bits.h>

#include "candidate.h"
#include "event.h"
#include "ledger.h"
#include "phase.h"
#include "subject.h"

/* There is no room to ask it. Once for each that is met, as long as it is the same. */
static void note_left_out(struct fng_policy *candidate, u64 cgroup_id)
{
	const struct fng_notice notice = {
		.kind = FNG_EVENT_SKIPPED,
		.cgroup_id = cgroup_id,
		.policy = fng_policy_name(candidate),
		.version = candidate->image.meta->version,
		.reason = "eight policies apply already: the candidate is not asked",
	};

	if (READ_ONCE(candidate->skipped_cgroup) == cgroup_id)
		return;
	WRITE_ONCE(candidate->skipped_cgroup, cgroup_id);
	fng_event_notice(&notice);
}

/* Its part for the phase of that name that the cgroup is in. */
static struct fng_policy *part_of(const struct fng_policy *candidate,
				  const struct fng_cgroup *state)
{
	const struct fng_usage *usage;
	u32 position;

	/* Pairs with fng_usage_get(). */
	usage = fng_usage_find(smp_load_acquire(&state->usages),
			       candidate->name_hash);
	position = usage ? fng_phase_position(candidate, usage) : 0;
	return fng_policy_part(candidate,
			       fng_phase_enforced(candidate, position));
}

static void add(struct fng_subject *subject, u8 rival,
		struct fng_policy *candidate)
{
	u8 i = subject->nr;

	if (i == FNG_MAX_APPLIED) {
		note_left_out(candidate, subject->cgroup_id);
		return;
	}
	subject->policies[i] = part_of(candidate, subject->state);
	subject->inner[i] = subject->inner[rival];
	subject->rivals[i] = rival;
	subject->candidates |= BIT(i);
	subject->nr++;
}

/**
 * fng_candidate_apply() - find the candidates of the policies that apply
 * @subject: with its state, and all policies in the phases that are in force
 * @ruleset: the current ruleset
 */
void fng_candidate_apply(struct fng_subject *subject,
			 const struct fng_ruleset *ruleset)
{
	u8 nr = subject->nr, i;

	if (!ruleset->nr_candidates || !subject->state || subject->excess)
		return;
	for (i = 0; i < nr; i++) {
		const struct fng_policy *policy = subject->policies[i];
		struct fng_policy *candidate;

		if (policy->image.meta->tells)
			continue;
		candidate = fng_ruleset_candidate(ruleset,
						  fng_policy_name(policy));
		if (candidate)
			add(subject, i, candidate);
	}
}

/*
 * Has it an opinion by its rules? What the guard refuses for itself says nothing of
 * them, and limits are asked of nobody else.
 */
static bool is_by_rules(const struct fng_judgement *judgement, u8 policy)
{
	const struct fng_decision *decision = &judgement->decisions[policy];

	return decision->class != FNG_CLASS_SUBJECT &&
	       decision->class != FNG_CLASS_LIMITS &&
	       decision->rule != (FNG_RULE_GUARD | FNG_GUARD_QUARANTINE);
}

/* Would it, were it in force now? */
static bool would_refuse(const struct fng_judgement *judgement, u8 candidate)
{
	return judgement->audit_mask & BIT(candidate) &&
	       !fng_judge_lifts(judgement, candidate);
}

static void differ(const struct fng_judgement *judgement,
		   const struct fng_object *object, u8 policy,
		   enum fng_verdict verdict)
{
	if (fng_ledger_note(judgement, policy, verdict, true))
		fng_event_noted(judgement, object, policy, verdict);
}

/* What is done while a limit, or the guard, refuses it tells nothing of the rules. */
static void compare(const struct fng_judgement *judgement,
		    const struct fng_object *object, u8 candidate)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_policy *whole = subject->policies[candidate]->whole;
	bool would = would_refuse(judgement, candidate);
	u8 rival = subject->rivals[candidate];
	bool does = judgement->refused_mask & BIT(rival);

	if (does && !is_by_rules(judgement, rival))
		return;
	if (would && !does) {
		atomic64_inc(&whole->would_deny);
		differ(judgement, object, candidate,
		       FNG_VERDICT_CANDIDATE_DENIES);
	} else if (does && !would) {
		atomic64_inc(&whole->would_allow);
		differ(judgement, object, rival, FNG_VERDICT_CANDIDATE_ALLOWS);
	}
}

/**
 * fng_candidate_compare() - tell of what a candidate says otherwise
 * @judgement: with a refusal of somebody's; of a subject with candidates
 * @object: what the access was to
 */
void fng_candidate_compare(const struct fng_judgement *judgement,
			   const struct fng_object *object)
{
	unsigned long candidates = judgement->subject->candidates;
	unsigned int i;

	for_each_set_bit(i, &candidates, FNG_MAX_APPLIED)
		compare(judgement, object, i);
}
