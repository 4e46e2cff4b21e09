// SPDX-License-Identifier: GPL-2.0-only
/*
 * Putting a ruleset into force, with all that has to go with it.
 */
#include <linux/netlink.h>

#include "dns.h"
#include "enact.h"
#include "recheck.h"
#include "ruleset.h"
#include "trial.h"

/**
 * fng_enact_prepare() - see to what a ruleset needs to be judged by
 * @set: to be put into force
 * @extack: told why it cannot
 *
 * Nobody may be judged by names whose answers were not read.
 */
int fng_enact_prepare(const struct fng_ruleset *set,
		      struct netlink_ext_ack *extack)
{
	int err;

	if (!fng_ruleset_resolves(set))
		return 0;
	err = fng_dns_start();
	if (err)
		NL_SET_ERR_MSG(extack,
			       "The netfilter hooks could not be registered");
	return err;
}

/**
 * fng_enact() - let everything be judged by a ruleset from now on
 * @set: for which fng_enact_prepare() has succeeded; given away
 *
 * What the set that may have to come back needs goes on.
 */
void fng_enact(struct fng_ruleset *set)
{
	bool resolves = fng_ruleset_resolves(set) || fng_trial_resolves();
	bool meters = fng_ruleset_meters(set);

	fng_recheck_begin();
	fng_ruleset_publish(set);
	fng_recheck_meter(meters);
	fng_recheck_start();
	if (!resolves)
		fng_dns_stop();
}
