// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trials: a load that is taken back by itself unless somebody confirms it.
 *
 * While a load is on trial nobody else changes policies. So what was before is one
 * ruleset, with the very policies that were in it, made when the load is. To put it
 * into force again takes nothing that could fail: no memory, no hook, nobody who
 * has to be there. The guard's watch looks at the clock, as for exemptions, and as
 * long as a load is on trial the guard is armed, which keeps the module.
 */
#include <linux/compiler.h>
#include <linux/netlink.h>

#include <fnguard/limits.h>
#include "deadline.h"
#include "enact.h"
#include "event.h"
#include "extack.h"
#include "guard.h"
#include "ruleset.h"
#include "seal.h"
#include "trial.h"

/* What was in force before the load on trial, or NULL; under fng_control_mutex. */
static struct fng_ruleset *former;

/* When that comes back, in ns since boot; 0 if it does not. */
static u64 deadline;

/**
 * fng_trial_pending() - is there a load that has to be confirmed?
 * @left: set to the seconds in which it can be
 *
 * Context: any.
 */
bool fng_trial_pending(u32 *left)
{
	u64 until = READ_ONCE(deadline);

	*left = fng_deadline_left(until);
	return until;
}

/**
 * fng_trial_former() - what may come back
 *
 * Context: under fng_control_mutex.
 * Return: NULL if nothing is on trial.
 */
const struct fng_ruleset *fng_trial_former(void)
{
	return former;
}

/**
 * fng_trial_admit() - may policies be changed?
 * @extack: told why not, for how long, and what to do
 *
 * Context: under fng_control_mutex.
 */
int fng_trial_admit(struct netlink_ext_ack *extack)
{
	u32 left;

	lockdep_assert_held(&fng_control_mutex);
	if (!fng_trial_pending(&left))
		return 0;
	fng_extack_format(extack,
			  "A load waits %u s to be confirmed: fnguard policy confirm, or rollback",
			  left);
	return -EBUSY;
}

/**
 * fng_trial_admit_binding() - may something be bound to a policy?
 * @policy: name of a loaded policy
 * @extack: told why not
 *
 * What is bound to a policy cannot be judged without it: the binding would have to
 * go with the policy, and open what somebody has closed on purpose, or keep it.
 *
 * Context: under fng_control_mutex.
 */
int fng_trial_admit_binding(const char *policy, struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&fng_control_mutex);
	if (!former || fng_ruleset_find(former, policy))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "The policy is new and may go again: run fnguard policy confirm first");
	return -EBUSY;
}

/**
 * fng_trial_check() - may something be in force for a while?
 * @seconds: in which it will have to be confirmed
 * @extack: told why not
 *
 * Once sealed, the guard takes back no version.
 *
 * Context: under fng_control_mutex.
 */
int fng_trial_check(u32 seconds, struct netlink_ext_ack *extack)
{
	if (seconds && seconds <= FNG_MAX_TRIAL)
		return fng_seal_admit(extack);
	NL_SET_ERR_MSG(extack,
		       "A load is confirmed within at least a second and at most 24 hours");
	return -EINVAL;
}

/**
 * fng_trial_begin() - keep what is in force, to come back
 *
 * Context: under fng_control_mutex, while nothing is on trial; sleeps.
 * Return: 0, or -ENOMEM.
 */
int fng_trial_begin(void)
{
	former = fng_ruleset_prepare_same();
	return former ? 0 : -ENOMEM;
}

/**
 * fng_trial_start() - what was kept comes back unless somebody confirms
 * @seconds: from now on: to attach hooks takes time as well
 *
 * Context: under fng_control_mutex.
 */
void fng_trial_start(u32 seconds)
{
	WRITE_ONCE(deadline, fng_deadline_in(seconds));
}

static struct fng_ruleset *end(void)
{
	struct fng_ruleset *set = former;

	former = NULL;
	WRITE_ONCE(deadline, 0);
	return set;
}

static bool has(const struct fng_ruleset *set, const struct fng_policy *policy)
{
	return fng_ruleset_find(set, fng_policy_name(policy)) == policy;
}

/* Tells of what one set has and the other has not. */
static void tell_changed(u32 kind, const struct fng_ruleset *set,
			 const struct fng_ruleset *other, const char *reason)
{
	u32 i;

	for (i = 0; i < set->nr; i++)
		if (!has(other, set->policies[i]))
			fng_enact_tell(kind, set->policies[i], reason);
}

/* Policies of whose name there is none any more. */
static void tell_unloaded(const struct fng_ruleset *set,
			  const struct fng_ruleset *former)
{
	u32 i;

	for (i = 0; i < set->nr; i++)
		if (!fng_ruleset_find(former, fng_policy_name(set->policies[i])))
			fng_enact_tell(FNG_EVENT_UNLOADED, set->policies[i],
				       NULL);
}

static void roll_back(const char *why)
{
	const struct fng_ruleset *set = fng_ruleset_locked();

	tell_changed(FNG_EVENT_ROLLED_BACK, set, former, why);
	tell_changed(FNG_EVENT_LOADED, former, set, NULL);
	tell_unloaded(set, former);
	fng_enact(end());
	fng_guard_refresh();
}

static int admit_end(struct netlink_ext_ack *extack)
{
	if (former)
		return 0;
	NL_SET_ERR_MSG(extack,
		       "No load waits to be confirmed; it may have been rolled back already");
	return -ENOENT;
}

/**
 * fng_trial_confirm() - keep what was loaded
 * @extack: told why not
 *
 * Context: under fng_control_mutex; sleeps.
 */
int fng_trial_confirm(struct netlink_ext_ack *extack)
{
	int err = admit_end(extack);

	if (err)
		return err;
	tell_changed(FNG_EVENT_CONFIRMED, fng_ruleset_locked(), former, NULL);
	fng_ruleset_discard(end());
	fng_event_wake();
	fng_enact_settle();
	return 0;
}

/**
 * fng_trial_roll_back() - put into force at once what was before
 * @extack: told why not
 *
 * Context: under fng_control_mutex; sleeps.
 */
int fng_trial_roll_back(struct netlink_ext_ack *extack)
{
	int err = admit_end(extack);

	if (!err)
		roll_back("by command");
	return err;
}

/**
 * fng_trial_collect() - take back what nobody has confirmed in time
 *
 * Context: a periodic worker, under fng_control_mutex; sleeps.
 */
void fng_trial_collect(void)
{
	u32 left;

	if (fng_trial_pending(&left) && !left)
		roll_back("nobody has confirmed it in time");
}

/* Nothing comes back. */
void fng_trial_clear(void)
{
	if (former)
		fng_ruleset_discard(end());
}
