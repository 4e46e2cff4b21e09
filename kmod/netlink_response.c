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

static int dump_one(struct sk_buff *skb, struct netlink_callback *cb, u64 id)
{
	void *header = fng_dump_begin(skb, cb, FNG_CMD_QUARANTINE_GET);

	if (!header)
		return -EMSGSIZE;
	return fng_dump_end(skb, header, fng_netlink_put_cgroup(skb, id));
}

/**
 * struct cursor - how far a dump has come
 * @bucket: of the states, whose cgroups come next
 * @done: of these, how many were looked at
 */
struct cursor {
	u32 bucket;
	u32 done;
};

/* One bucket may take several messages, and each of these gathers it again. */
static int dump_bucket(struct sk_buff *skb, struct netlink_callback *cb,
		       struct cursor *cursor)
{
	u32 bucket = cursor->bucket;
	u64 ids[64];
	u32 nr = fng_cgroup_state_gather(&bucket, ids, ARRAY_SIZE(ids));
	int err;

	for (; cursor->done < nr; cursor->done++) {
		if (!is_quarantined(ids[cursor->done]))
			continue;
		err = dump_one(skb, cb, ids[cursor->done]);
		if (err)
			return err;
	}
	cursor->bucket = bucket;
	cursor->done = 0;
	return 0;
}

int fng_netlink_quarantine_dump(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	struct cursor *cursor = (struct cursor *)cb->ctx;
	int err = 0;

	while (!err && fng_cgroup_state_quarantined() &&
	       cursor->bucket < FNG_CGROUP_STATE_BUCKETS)
		err = dump_bucket(skb, cb, cursor);
	return skb->len ?: err;
}
