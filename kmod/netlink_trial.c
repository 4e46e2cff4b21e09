// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about a load that has to be confirmed.
 */
#include "netlink.h"
#include "ruleset.h"
#include "trial.h"

static int end(struct sk_buff *skb, struct genl_info *info,
	       int (*how)(struct netlink_ext_ack *extack))
{
	struct fng_reply reply;
	u64 gen;
	int err;

	err = fng_netlink_admit(skb, info->extack) ?:
	      fng_reply_begin(&reply, info);
	if (err)
		return err;
	mutex_lock(&fng_control_mutex);
	err = how(info->extack);
	gen = fng_ruleset_gen();
	mutex_unlock(&fng_control_mutex);
	return fng_reply_end_gen(&reply, info, gen, err);
}

int fng_netlink_policy_confirm(struct sk_buff *skb, struct genl_info *info)
{
	return end(skb, info, fng_trial_confirm);
}

int fng_netlink_policy_rollback(struct sk_buff *skb, struct genl_info *info)
{
	return end(skb, info, fng_trial_roll_back);
}
