// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that exempt cgroups from their rules for a while.
 */
#include <linux/cgroup.h>

#include "exemption.h"
#include "netlink.h"
#include "ruleset.h"

int fng_netlink_exempt(struct sk_buff *skb, struct genl_info *info)
{
	struct cgroup *cgroup;
	int err;

	err = fng_netlink_admit(skb, info->extack);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, FNG_A_CGROUP_FD) ||
	    GENL_REQ_ATTR_CHECK(info, FNG_A_SECONDS) ||
	    GENL_REQ_ATTR_CHECK(info, FNG_A_REASON))
		return -EINVAL;
	cgroup = fng_netlink_cgroup(info->attrs[FNG_A_CGROUP_FD],
				    info->extack);
	if (IS_ERR(cgroup))
		return PTR_ERR(cgroup);
	mutex_lock(&fng_control_mutex);
	err = fng_exemption_add(cgroup, nla_get_u32(info->attrs[FNG_A_SECONDS]),
				nla_data(info->attrs[FNG_A_REASON]),
				info->extack);
	mutex_unlock(&fng_control_mutex);
	cgroup_put(cgroup);
	return err;
}

int fng_netlink_exempt_end(struct sk_buff *skb, struct genl_info *info)
{
	u64 id;
	int err;

	err = fng_netlink_admit(skb, info->extack) ?:
	      fng_netlink_cgroup_id(info, &id);
	if (err)
		return err;
	mutex_lock(&fng_control_mutex);
	err = fng_exemption_end(id, info->extack);
	mutex_unlock(&fng_control_mutex);
	return err;
}

static int put_exemption(struct sk_buff *skb,
			 const struct fng_exemption_facts *facts)
{
	return fng_netlink_put_cgroup(skb, facts->cgroup_id) ?:
	       nla_put_u32(skb, FNG_A_SECONDS, facts->left) ?:
	       nla_put_string(skb, FNG_A_REASON, facts->reason);
}

static int dump_one(struct sk_buff *skb, struct netlink_callback *cb,
		    const struct fng_exemption_facts *facts)
{
	void *header = fng_dump_begin(skb, cb, FNG_CMD_EXEMPT_GET);

	if (!header)
		return -EMSGSIZE;
	return fng_dump_end(skb, header, put_exemption(skb, facts));
}

int fng_netlink_exempt_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct fng_exemption_facts facts;
	int err;

	cb->seq = fng_exemption_gen();
	for (; cb->args[0] < FNG_MAX_EXEMPTIONS; cb->args[0]++) {
		if (!fng_exemption_describe(cb->args[0], &facts))
			continue;
		err = dump_one(skb, cb, &facts);
		if (err)
			return skb->len ?: err;
	}
	return skb->len;
}
