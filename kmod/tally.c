// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policies that apply to a cgroup, while they are looked for.
 */
#include <linux/minmax.h>

#include "candidate.h"
#include "phase.h"
#include "tally.h"

/* Brings one to its place: those before it are root-most first. */
static void tally_sort(struct fng_tally *tally, u8 i)
{
	struct fng_subject *subject = tally->subject;
	struct fng_origin *origins = tally->origins;

	for (; i && origins[i - 1].level > origins[i].level; i--) {
		swap(origins[i - 1], origins[i]);
		swap(subject->inner[i - 1], subject->inner[i]);
		swap(subject->policies[i - 1], subject->policies[i]);
	}
}

/* Where both are bound to the cgroup, or neither is, the earlier one. */
static bool counts_more(const struct fng_origin *origin,
			const struct fng_origin *known)
{
	if (known->here != origin->here)
		return origin->here;
	return fng_moment_before(origin->since, known->since);
}

static void merge(struct fng_origin *known, const struct fng_origin *origin)
{
	if (counts_more(origin, known)) {
		known->since = origin->since;
		known->replaced = origin->replaced;
	}
	known->level = min(known->level, origin->level);
	known->here |= origin->here;
}

/**
 * fng_tally_add() - a policy is bound to the cgroup
 * @tally: to be added to
 * @policy: the policy, which may be there already
 * @origin: where it is bound
 */
void fng_tally_add(struct fng_tally *tally, struct fng_policy *policy,
		   const struct fng_origin *origin)
{
	struct fng_subject *subject = tally->subject;
	u8 i;

	for (i = 0; i < subject->nr; i++)
		if (subject->policies[i] == policy)
			break;
	if (i == FNG_MAX_APPLIED) {
		subject->excess = true;
		return;
	}
	if (i == subject->nr) {
		subject->policies[i] = policy;
		tally->origins[i] = *origin;
		subject->nr++;
	}
	merge(&tally->origins[i], origin);
	subject->inner[i] = max(subject->inner[i], origin->level);
	tally_sort(tally, i);
}

/*
 * What is bound above was not there for this cgroup before it was first met: it
 * is a new one, or somebody else's that nothing was remembered of.
 */
static struct fng_moment bound_since(const struct fng_origin *origin,
				     const struct fng_cgroup *state)
{
	struct fng_moment met = fng_cgroup_state_since(state);

	return origin->here || fng_moment_before(met, origin->since) ?
	       origin->since : met;
}

static bool inspects(const struct fng_policy *policy)
{
	const struct fng_image *image = &policy->image;

	return image->nr_digests || (image->classes[FNG_CLASS_EXEC].present &&
				     image->meta->modified == FNG_EFFECT_DENY);
}

static bool resolves(const struct fng_policy *policy)
{
	const struct fng_image *image = &policy->image;

	return image->nr_hosts || fng_learns(policy, FNG_CLASS_EGRESS) ||
	       (image->classes[FNG_CLASS_EGRESS].present &&
		image->meta->dns == FNG_EFFECT_DENY);
}

/**
 * fng_tally_look() - find what has to be looked at for its policies
 * @subject: with all policies, and candidates
 *
 * What is done for a candidate alone must change nothing for anybody else.
 */
void fng_tally_look(struct fng_subject *subject)
{
	u8 in_force = fng_subject_in_force(subject), i;

	for (i = 0; i < in_force; i++) {
		subject->inspects |= inspects(subject->policies[i]);
		subject->resolves |= resolves(subject->policies[i]);
	}
	for (; i < subject->nr; i++) {
		subject->candidates_inspect |= inspects(subject->policies[i]);
		subject->candidates_resolve |= resolves(subject->policies[i]);
	}
}

static void add_limits(struct fng_subject *subject, u8 i)
{
	const struct fng_policy *policy = subject->policies[i];
	bool judges = policy->image.nr_limits ||
		      policy->image.meta->quarantine;

	if (policy->image.nr_limits)
		subject->limited |= BIT(i);
	subject->limits |= fng_policy_limits(policy);
	if (!subject->state || !(judges || policy->image.meta->observe))
		return;
	subject->usages[i] =
		fng_cgroup_state_usage(subject->state,
				       fng_policy_usage_key(policy));
	/*
	 * Who could use what nobody counts uses nothing. Without it, what is
	 * observed is only counted.
	 */
	if (judges && !subject->usages[i])
		subject->state = NULL;
}

/**
 * fng_tally_limits() - find what was used of limits
 * @subject: with all policies, and its state if there is one; has none afterwards
 *	if there was no memory
 *
 * Candidates use nothing, and observe nothing.
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_tally_limits(struct fng_subject *subject)
{
	u8 i;

	for (i = 0; i < fng_subject_in_force(subject); i++)
		add_limits(subject, i);
	if (subject->limits & FNG_LIMITS_OF_QUESTIONS)
		subject->resolves = true;
}

static bool remember_one(const struct fng_tally *tally, u8 i,
			 struct fng_cgroup *state)
{
	const struct fng_origin *origin = &tally->origins[i];

	return fng_cgroup_state_bound(state,
				      tally->subject->policies[i]->name_hash,
				      bound_since(origin, state),
				      origin->replaced);
}

/**
 * fng_tally_remember() - find what is remembered of the cgroup, and add to it
 * @tally: with all policies added
 * @ruleset: the current ruleset
 *
 * Without memory the subject has no state, nor if another function has got the
 * cgroup meanwhile.
 */
void fng_tally_remember(const struct fng_tally *tally,
			const struct fng_ruleset *ruleset)
{
	struct fng_subject *subject = tally->subject;
	struct fng_cgroup *state;
	u8 i;

	state = fng_cgroup_state_get(subject->cgroup_id);
	for (i = 0; state && i < subject->nr; i++)
		if (!remember_one(tally, i, state))
			state = NULL;
	subject->state = state;
	subject->quarantined = state && READ_ONCE(state->quarantined);
	if (state)
		fng_phase_apply(subject);
	fng_candidate_apply(subject, ruleset);
	fng_tally_look(subject);
	fng_tally_limits(subject);
}
