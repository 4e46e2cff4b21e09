// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which policies apply to a cgroup: those that are bound to it or above it, and
 * templates that match on the way to it.
 */
#include "binding.h"
#include "canary.h"
#include "event.h"
#include "exemption.h"
#include "protect.h"
#include "subject.h"
#include "tally.h"

static void add_bindings(struct fng_tally *tally, struct cgroup *cgroup,
			 u32 level, const struct fng_ruleset *ruleset)
{
	u64 id = cgroup_id(cgroup->ancestors[level]);
	const struct fng_binding *binding = NULL;
	struct fng_policy *policy;

	while ((binding = fng_binding_next(id, binding))) {
		const struct fng_origin origin = {
			.level = level,
			.here = level == cgroup->level,
			.since = binding->since,
			.replaced = &binding->replaced,
		};

		if (binding->activation)
			tally->subject->activation = binding->activation;
		policy = fng_ruleset_bound(ruleset, binding->policy);
		if (policy)
			fng_tally_add(tally, policy, &origin);
		else
			tally->subject->excess = true;
	}
}

static void note_skipped(struct fng_policy *policy, struct cgroup *cgroup)
{
	struct fng_notice notice = {
		.kind = FNG_EVENT_SKIPPED,
		.cgroup_id = cgroup_id(cgroup),
		.policy = fng_policy_name(policy),
		.version = policy->image.meta->version,
		.reason = "the cgroup holds PID 1 or the agent",
	};

	if (READ_ONCE(policy->skipped_cgroup) == notice.cgroup_id)
		return;
	WRITE_ONCE(policy->skipped_cgroup, notice.cgroup_id);
	fng_event_notice(&notice);
}

/* Where on the way from the root to @cgroup does a template match? */
static void add_template(struct fng_tally *tally, struct cgroup *cgroup,
			 struct fng_policy *policy)
{
	const struct fng_image *image = &policy->image;
	struct fng_origin origin = { .since = policy->since };
	u32 state = FNG_STATE_START;

	for (origin.level = 1; origin.level <= cgroup->level; origin.level++) {
		struct cgroup *ancestor = cgroup->ancestors[origin.level];

		state = fng_protect_walk(image, state, ancestor);
		if (state == FNG_STATE_DEAD)
			return;
		if (!fng_cgroup_match(image, state))
			continue;
		if (!fng_protect_holds_vital(ancestor)) {
			fng_tally_add(tally, policy, &origin);
			return;
		}
		note_skipped(policy, ancestor);
	}
}

/**
 * fng_subject_compute() - find out which policies apply to a cgroup
 * @subject: filled, but for what it only has once it is kept
 * @cgroup: the cgroup
 * @ruleset: the current ruleset
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_subject_compute(struct fng_subject *subject, struct cgroup *cgroup,
			 const struct fng_ruleset *ruleset)
{
	struct fng_tally tally = { .subject = subject };
	u32 i;

	memset(subject, 0, sizeof(*subject));
	subject->cgroup_id = cgroup_id(cgroup);
	subject->gen = ruleset->gen;
	subject->canary = fng_canary_is_cgroup(subject->cgroup_id);
	for (i = 1; i <= cgroup->level; i++)
		add_bindings(&tally, cgroup, i, ruleset);
	for (i = 0; i < ruleset->nr_templates; i++)
		add_template(&tally, cgroup,
			     ruleset->policies[ruleset->templates[i]]);
	subject->matters = fng_subject_guarded(subject) || subject->canary;
	if (subject->nr)
		fng_tally_remember(&tally, ruleset);
	subject->exempt_until = fng_exemption_until(cgroup);
}
