// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about cgroups in quarantine.
 */
#include <linux/kernel.h>

#include "cgroup_state.h"
#include "netlink.h"
#include "response.h"
#include "ruleset.h"

int fng_netlink_release(struct sk_buff *skb, struct genl_info *info)
{
	u64 id;
	int err;

	err = fng_netlink_admit(skb, info->extack) ?:
	      fng_netlink_cgroup_id(info, &id);
	if (err)
		return err;
	mutex_lock(&fng_control_mutex);
	err = fng_response_release(id, info->extack);
	mutex_unlock(&fng_control_mutex);
	return err;
}

static bool is_quarantined(u64 id)
{
	const struct fng_cgroup *state;
	bool quarantined;

	rcu_read_lock();
	state = fng_cgroup_state_find(id);
	quarantined = state && READ_ONCE(state->quarantined);
	rcu_read_unlock();
	return quarantined;
}

static int dump_one(struct sk_buff *skb, struct netlink_callback *cb, u64 id,
		    u8 *part)
{
	void *header;

	if (!is_quarantined(id))
		return 0;
	header = fng_dump_begin(skb, cb, FNG_CMD_QUARANTINE_GET);
	if (!header)
		return -EMSGSIZE;
	return fng_dump_end(skb, header, fng_netlink_put_cgroup(skb, id));
}

int fng_netlink_quarantine_dump(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	return fng_cgroup_state_quarantined() ?
	       fng_dump_cgroups(skb, cb, dump_one) : 0;
}
