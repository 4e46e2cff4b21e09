// SPDX-License-Identifier: GPL-2.0-only
/*
 * Phases: which part of a policy is in force for a cgroup.
 *
 * What is remembered is the name of the phase, with what was used of the policy's
 * limits, and it is changed under the lock of the subjects, forward only. A subject
 * is computed with the part that is in force, so that who judges by it does not know
 * of phases; it is retired when that changes. A change bumps the generation
 * before: whoever computes from what was there does not cache the result.
 *
 * Where time has a cgroup enter a phase, it does when it is computed next. Until
 * then nobody would, so one worker for all retires those whose time has come.
 */
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/netlink.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "event.h"
#include "phase.h"
#include "recheck.h"
#include "ruleset.h"

/* The worker looks at all cgroups that were met: not more often than that. */
#define RIPEN_PAUSE	msecs_to_jiffies(10)

/* Under the lock of the subjects. */
static u64 generation;

static atomic64_t entered = ATOMIC64_INIT(0);

/* Changes whenever a cgroup has entered a phase. */
u64 fng_phase_gen(void)
{
	/* Pairs with step(). */
	return smp_load_acquire(&generation);
}

/* How often a phase was entered since the module was loaded. */
u64 fng_phase_entered(void)
{
	return atomic64_read(&entered);
}

/**
 * fng_phase_position() - which phase is a cgroup in?
 * @policy: a policy, and no phase
 * @usage: the cgroup's of it
 *
 * Of a policy that has taken another's place, it is the phase of the same name. If
 * there is none, the last, which allows least: nobody can tell which the author
 * would have the cgroup be in.
 *
 * Return: index of the phase, from 1 on; 0 if none was entered.
 */
u32 fng_phase_position(const struct fng_policy *policy,
		       const struct fng_usage *usage)
{
	/* Pairs with step(). */
	u64 phase = smp_load_acquire(&usage->phase);
	u32 i;

	if (!phase)
		return 0;
	for (i = 0; i < policy->nr_phases; i++)
		if (policy->phases[i]->phase_hash == phase)
			return i + 1;
	return policy->nr_phases;
}

/**
 * struct step - a phase to be entered
 * @policy: of which policy
 * @to: index of it, from 1 on
 * @at: when, in ns of the monotonic clock
 * @cuts: set if connections may have to end for it
 */
struct step {
	const struct fng_policy *policy;
	u32 to;
	u64 at;
	bool cuts;
};

/* For fng_subject_change(). There is no way back. */
static bool step(struct fng_cgroup *state, void *data)
{
	struct step *step = data;
	const struct fng_policy *policy = step->policy;
	struct fng_usage *usage;
	u32 position;

	/* Pairs with fng_usage_get(). */
	usage = fng_usage_find(smp_load_acquire(&state->usages),
			       policy->name_hash);
	if (!usage)
		return false;
	position = fng_phase_position(policy, usage);
	if (position >= step->to)
		return false;
	while (position < step->to)
		step->cuts |= policy->phases[position++]->cuts;
	WRITE_ONCE(usage->phase_at, step->at);
	/* Whoever sees the phase sees since when. */
	smp_store_release(&usage->phase,
			  policy->phases[step->to - 1]->phase_hash);
	/* Whoever sees the new generation sees the phase. */
	smp_store_release(&generation, generation + 1);
	return true;
}

static void tell(u64 cgroup_id, const struct fng_policy *phase, const char *why)
{
	const struct fng_notice notice = {
		.kind = FNG_EVENT_PHASE,
		.cgroup_id = cgroup_id,
		.policy = fng_policy_name(phase),
		.version = phase->image.meta->version,
		.phase = phase->image.meta->phase,
		.reason = why,
	};

	fng_event_notice(&notice);
}

/* Is it time that has a cgroup enter the phase after that one? */
static bool is_timed(const struct fng_policy *policy, u32 position)
{
	return position < policy->nr_phases &&
	       policy->phases[position]->image.meta->enter == FNG_ENTER_TIME;
}

/*
 * Returns whether it is in an earlier phase no more because of this. Who is looked
 * for by the worker has to be computed, also if it does nothing: as long as a
 * connection of it is left, which is all that could go on, looking at that does.
 */
static bool enter(u64 cgroup_id, struct step *to, u8 how)
{
	static const char *const names[FNG_NR_ENTERS] = FNG_ENTER_NAMES;

	if (!fng_subject_change(cgroup_id, step, to))
		return false;
	atomic64_inc(&entered);
	tell(cgroup_id, to->policy->phases[to->to - 1], names[how]);
	if (to->cuts || is_timed(to->policy, to->to))
		fng_recheck_wake();
	return true;
}

/* When is it time for the phase after that one? 0 if it is not time's to say. */
static u64 due_after(const struct fng_policy *policy,
		     const struct fng_usage *usage, u32 position)
{
	const struct fng_image_meta *next;

	if (!is_timed(policy, position))
		return 0;
	next = policy->phases[position]->image.meta;
	return READ_ONCE(usage->phase_at) +
	       (u64)next->enter_after * NSEC_PER_SEC;
}

/* Has it enter the phases whose time has come; returns when the next one's does. */
static u64 ripen(u64 cgroup_id, const struct fng_policy *policy,
		 const struct fng_usage *usage)
{
	u64 now = ktime_get_ns();
	u32 position, tries;
	u64 due = 0;

	for (tries = 0; tries <= FNG_MAX_PHASES; tries++) {
		position = fng_phase_position(policy, usage);
		due = due_after(policy, usage, position);
		if (!due || due > now)
			break;
		enter(cgroup_id, &(struct step) {
			      .policy = policy,
			      .to = position + 1,
			      .at = due,
		      }, FNG_ENTER_TIME);
	}
	return due;
}

static void ripen_all(struct work_struct *work);
static DECLARE_DELAYED_WORK(ripen_work, ripen_all);

/* When the first cgroup enters a phase by itself, as far as is known. */
static atomic64_t first_due = ATOMIC64_INIT(S64_MAX);

static void schedule_ripening(struct irq_work *work)
{
	s64 left = atomic64_read(&first_due) - (s64)ktime_get_ns();

	mod_delayed_work(system_unbound_wq, &ripen_work,
			 max(nsecs_to_jiffies(max_t(s64, left, 0)) + 1,
			     RIPEN_PAUSE));
}

static DEFINE_IRQ_WORK(ripen_irq, schedule_ripening);

/**
 * fng_phase_expect() - time has a cgroup enter a phase
 * @due: when, in ns of the monotonic clock; S64_MAX for never
 *
 * Called once the worker can find it: if he looks before, he is told after.
 */
void fng_phase_expect(u64 due)
{
	s64 first = atomic64_read(&first_due);

	do {
		if ((s64)due >= first)
			return;
	} while (!atomic64_try_cmpxchg(&first_due, &first, due));
	irq_work_queue(&ripen_irq);
}

/* What is in force, what is only told, and what leads on. */
static void apply(struct fng_subject *subject, u8 i,
		  const struct fng_policy *policy, u32 position)
{
	u32 enforced = fng_phase_enforced(policy, position), next;

	subject->policies[i] = fng_policy_part(policy, enforced);
	for (next = position; next < policy->nr_phases; next++)
		subject->enters |= BIT(policy->phases[next]->image.meta->enter);
	if (position == enforced)
		return;
	if (subject->nr == FNG_MAX_APPLIED) {
		subject->excess = true;
		return;
	}
	subject->inner[subject->nr] = subject->inner[i];
	subject->policies[subject->nr++] = fng_policy_part(policy, position);
}

/**
 * fng_phase_apply() - find the parts of policies that are in force
 * @subject: of a cgroup, with its policies and state; has none afterwards if there
 *	was no memory
 */
void fng_phase_apply(struct fng_subject *subject)
{
	u8 nr = subject->nr, i;

	for (i = 0; i < nr; i++) {
		const struct fng_policy *policy = subject->policies[i];
		struct fng_usage *usage;
		u64 due;

		if (!policy->nr_phases)
			continue;
		usage = fng_cgroup_state_usage(subject->state,
					       policy->name_hash);
		if (!usage) {
			subject->state = NULL;
			return;
		}
		due = ripen(subject->cgroup_id, policy, usage);
		subject->phase_due = min_not_zero(subject->phase_due, due);
		apply(subject, i, policy, fng_phase_position(policy, usage));
	}
}

/**
 * fng_phase_describe() - tell of one of the policies that apply to a cgroup
 * @subject: of the cgroup
 * @policy: index of the policy
 * @facts: filled
 *
 * Return: false if it has no phases, or only tells what they would refuse.
 */
bool fng_phase_describe(const struct fng_subject *subject, u8 policy,
			struct fng_phase_facts *facts)
{
	const struct fng_policy *part = subject->policies[policy];
	const struct fng_usage *usage;

	if (!subject->state || part->image.meta->tells ||
	    !part->whole->nr_phases)
		return false;
	/* Pairs with fng_usage_get(). */
	usage = fng_usage_find(smp_load_acquire(&subject->state->usages),
			       part->name_hash);
	if (!usage)
		return false;
	facts->policy = part->whole;
	facts->usage = usage;
	facts->position = fng_phase_position(part->whole, usage);
	return true;
}

static void trigger(u64 cgroup_id, const struct fng_phase_facts *facts, u8 how)
{
	const struct fng_policy *policy = facts->policy;
	u32 i;

	for (i = facts->position; i < policy->nr_phases; i++) {
		if (policy->phases[i]->image.meta->enter != how)
			continue;
		enter(cgroup_id, &(struct step) {
			.policy = policy,
			.to = i + 1,
			.at = ktime_get_ns(),
		}, how);
		return;
	}
}

/**
 * fng_phase_trigger() - the function does what a phase begins with
 * @subject: whose
 * @how: FNG_ENTER_LISTEN or FNG_ENTER_ACCEPT
 *
 * What it does was judged by what was in force before.
 */
void fng_phase_trigger(const struct fng_subject *subject, u8 how)
{
	struct fng_phase_facts facts;
	u8 i;

	for (i = 0; i < fng_subject_in_force(subject); i++)
		if (fng_phase_describe(subject, i, &facts))
			trigger(subject->cgroup_id, &facts, how);
}

/**
 * struct ripeness - what the worker finds
 * @now: in ns of the monotonic clock
 * @next: when it has to look again
 */
struct ripeness {
	u64 now;
	u64 next;
};

/*
 * Who was not met since policies changed is still there as they were before, and
 * those may be freed. He is computed anew when he is met, or his connections are.
 */
static bool is_current(const struct fng_subject *subject)
{
	return subject->gen == fng_ruleset_current()->gen;
}

static void ripen_subject(const struct fng_subject *subject, void *data)
{
	struct ripeness *ripeness = data;
	struct fng_phase_facts facts;
	u64 due = subject->phase_due;
	u8 i;

	if (!due || !is_current(subject))
		return;
	if (due > ripeness->now) {
		ripeness->next = min(ripeness->next, due);
		return;
	}
	for (i = 0; i < fng_subject_in_force(subject); i++)
		if (fng_phase_describe(subject, i, &facts))
			ripen(subject->cgroup_id, facts.policy, facts.usage);
}

/* Whoever is computed meanwhile says himself when. */
static void ripen_all(struct work_struct *work)
{
	struct ripeness ripeness = {
		.now = ktime_get_ns(),
		.next = S64_MAX,
	};

	atomic64_set(&first_due, S64_MAX);
	fng_subject_for_each(ripen_subject, &ripeness);
	fng_phase_expect(ripeness.next);
}

static bool find_policy(const struct fng_subject *subject, const char *name,
			struct fng_phase_facts *facts)
{
	u8 i;

	for (i = 0; i < fng_subject_in_force(subject); i++)
		if (!strcmp(fng_policy_name(subject->policies[i]), name) &&
		    fng_phase_describe(subject, i, facts))
			return true;
	return false;
}

static u32 find_phase(const struct fng_policy *policy, const char *name)
{
	u32 i;

	for (i = 0; i < policy->nr_phases; i++)
		if (!strcmp(policy->phases[i]->image.meta->phase, name))
			return i + 1;
	return 0;
}

/* Inside rcu_read_lock(). */
static int command(struct cgroup *cgroup, const char *policy, const char *phase,
		   struct netlink_ext_ack *extack)
{
	const struct fng_subject *subject;
	struct fng_phase_facts facts;
	struct fng_subject scratch;
	struct step to;

	subject = fng_subject_find(cgroup, &scratch);
	if (subject->nr && !subject->state)
		return -ENOMEM;
	if (!find_policy(subject, policy, &facts)) {
		NL_SET_ERR_MSG(extack,
			       "No policy of that name that has phases applies to the cgroup");
		return -ENOENT;
	}
	to = (struct step) {
		.policy = facts.policy,
		.to = find_phase(facts.policy, phase),
		.at = ktime_get_ns(),
	};
	if (!to.to) {
		NL_SET_ERR_MSG(extack, "The policy has no phase of that name");
		return -ENOENT;
	}
	if (enter(cgroup_id(cgroup), &to, FNG_ENTER_COMMAND))
		return 0;
	if (facts.position == to.to) {
		NL_SET_ERR_MSG(extack, "The cgroup is in that phase already");
		return -EALREADY;
	}
	NL_SET_ERR_MSG(extack,
		       "The cgroup is in a later phase, and there is no way back");
	return -EINVAL;
}

/*
 * Returns 0 if one of them has entered it, -ENOMEM if one could not, for nobody is
 * told of a phase that a cgroup is not in, and -EALREADY else. Inside rcu_read_lock().
 */
static int command_below(struct cgroup *cgroup, const char *policy,
			 const char *phase)
{
	struct cgroup_subsys_state *css;
	int all = -EALREADY, err;

	css_for_each_descendant_pre(css, &cgroup->self) {
		if (css->cgroup == cgroup)
			continue;
		err = command(css->cgroup, policy, phase, NULL);
		if (err == -ENOMEM || (!err && all != -ENOMEM))
			all = err;
	}
	return all;
}

/**
 * fng_phase_command() - have a cgroup, and those below it, enter a phase
 * @cgroup: the cgroup
 * @policy: name of a policy that applies to it
 * @phase: name of the phase
 * @extack: told why not
 *
 * Those below may have come further already.
 */
int fng_phase_command(struct cgroup *cgroup, const char *policy,
		      const char *phase, struct netlink_ext_ack *extack)
{
	int err, below = -EALREADY;

	lockdep_assert_held(&fng_control_mutex);
	rcu_read_lock();
	err = command(cgroup, policy, phase, extack);
	if (!err || err == -EALREADY)
		below = command_below(cgroup, policy, phase);
	rcu_read_unlock();
	if (below == -ENOMEM) {
		NL_SET_ERR_MSG(extack,
			       "No memory for a cgroup below, which has not entered the phase; retry");
		return below;
	}
	return below ? err : 0;
}

/* No hook can run any more, and no command can arrive. */
void fng_phase_exit(void)
{
	irq_work_sync(&ripen_irq);
	cancel_delayed_work_sync(&ripen_work);
}
