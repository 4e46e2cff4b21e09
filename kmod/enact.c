// SPDX-License-Identifier: GPL-2.0-only
/*
 * Putting a ruleset into force, with all that has to go with it.
 */
#include <linux/netlink.h>
#include <net/netlink.h>

#include "dns.h"
#include "enact.h"
#include "event.h"
#include "guard.h"
#include "recheck.h"
#include "ruleset.h"
#include "trial.h"

/* Nobody may be judged by names whose answers were not read. */
static int read_answers(const struct fng_ruleset *set,
			struct netlink_ext_ack *extack)
{
	int err;

	if (!fng_ruleset_reads(set))
		return 0;
	err = fng_dns_start();
	if (err)
		NL_SET_ERR_MSG(extack,
			       "The netfilter hooks could not be registered");
	return err;
}

/**
 * fng_enact_settle() - give up what neither is in force nor may have to come back
 *
 * Context: under fng_control_mutex; sleeps.
 */
void fng_enact_settle(void)
{
	const struct fng_ruleset *former = fng_trial_former();
	const struct fng_ruleset *set = fng_ruleset_locked();

	fng_dns_rely(fng_ruleset_resolves(set) ||
		     (former && fng_ruleset_resolves(former)));
	if (!fng_ruleset_reads(set) && !(former && fng_ruleset_reads(former)))
		fng_dns_stop();
}

/**
 * fng_enact() - let everything be judged by a ruleset from now on
 * @set: given away; whose answers are to be read is read already
 */
void fng_enact(struct fng_ruleset *set)
{
	bool meters = fng_ruleset_meters(set);

	if (fng_ruleset_resolves(set))
		fng_dns_rely(true);
	fng_recheck_begin();
	fng_ruleset_publish(set);
	fng_recheck_meter(meters);
	fng_recheck_start();
	fng_enact_settle();
}

/**
 * fng_enact_aside() - the same of a ruleset with other candidates, and nothing else
 * @set: not published; given away in any case
 * @extack: told why it failed, and then everything is as it was
 *
 * Connections that are under way are not judged once more: some may go on only since
 * nobody has asked again.
 */
int fng_enact_aside(struct fng_ruleset *set, struct netlink_ext_ack *extack)
{
	int err = read_answers(set, extack);

	if (err) {
		fng_ruleset_discard(set);
		return err;
	}
	fng_ruleset_publish(set);
	fng_recheck_meet();
	fng_enact_settle();
	fng_guard_refresh();
	return 0;
}

/**
 * fng_enact_change() - put a ruleset into force that may need what is not there yet
 * @set: not published; given away in any case
 * @within: seconds in which that has to be confirmed, see fng_trial_check(); 0 for
 *	what is in force for good
 * @extack: told why it failed, and then everything is as it was
 *
 * Nothing is published before every hook is attached.
 */
int fng_enact_change(struct fng_ruleset *set, u32 within,
		     struct netlink_ext_ack *extack)
{
	int err = within ? fng_trial_begin() : 0;

	if (err)
		goto err_set;
	err = fng_guard_attach(extack) ?: read_answers(set, extack);
	if (err)
		goto err_trial;
	fng_enact(set);
	if (within)
		fng_trial_start(within);
	fng_guard_refresh();
	return 0;

err_trial:
	if (within)
		fng_trial_clear();
err_set:
	fng_ruleset_discard(set);
	return err;
}

/**
 * fng_enact_tell() - tell what has become of a policy
 * @kind: enum fng_event_kind
 * @policy: the policy
 * @reason: what there is to say, or NULL
 */
void fng_enact_tell(u32 kind, const struct fng_policy *policy,
		    const char *reason)
{
	const struct fng_notice notice = {
		.kind = kind,
		.reason = reason,
		.policy = fng_policy_name(policy),
		.version = policy->image.meta->version,
	};

	fng_event_notice(&notice);
}

/**
 * fng_enact_tell_loaded() - tell that a policy is in force, and for how long
 * @policy: the policy
 * @within: as for fng_enact_change()
 * @reason: how that came, or NULL
 */
void fng_enact_tell_loaded(const struct fng_policy *policy, u32 within,
			   const char *reason)
{
	const struct fng_notice trial = {
		.kind = FNG_EVENT_TRIAL,
		.policy = fng_policy_name(policy),
		.version = policy->image.meta->version,
		.seconds = within,
	};

	fng_enact_tell(FNG_EVENT_LOADED, policy, reason);
	if (within)
		fng_event_notice(&trial);
}
