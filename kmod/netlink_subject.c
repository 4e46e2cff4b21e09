// SPDX-License-Identifier: GPL-2.0-only
/*
 * By what a cgroup is judged now.
 */
#include <linux/cgroup.h>
#include <linux/math64.h>

#include "attr.h"
#include "netlink.h"
#include "subject.h"

static int put_policy(struct sk_buff *skb, const struct fng_policy *policy)
{
	struct nlattr *nest = nla_nest_start(skb, FNG_A_POLICY);

	if (!nest || fng_attr_put_policy(skb, policy))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Seconds for which rules only tell, rounded up. */
static u32 exempt_for(const struct fng_subject *subject)
{
	u64 now = ktime_get_boottime_ns(), until = subject->exempt_until;

	return until > now ? div_u64(until - now - 1, NSEC_PER_SEC) + 1 : 0;
}

static int put_subject(struct sk_buff *skb, const struct fng_subject *subject)
{
	u32 seconds = exempt_for(subject);
	u8 i;

	if ((seconds && nla_put_u32(skb, FNG_A_SECONDS, seconds)) ||
	    (subject->quarantined && nla_put_flag(skb, FNG_A_QUARANTINED)) ||
	    (!fng_subject_ready(subject) && nla_put_flag(skb, FNG_A_EXCESS)))
		return -EMSGSIZE;
	for (i = 0; i < fng_subject_in_force(subject); i++)
		if (put_policy(skb, subject->policies[i]))
			return -EMSGSIZE;
	return 0;
}

static int put_found(struct sk_buff *skb, struct cgroup *cgroup)
{
	struct fng_subject scratch;
	int err;

	rcu_read_lock();
	err = put_subject(skb, fng_subject_find(cgroup, &scratch));
	rcu_read_unlock();
	return err;
}

static int reply(struct genl_info *info, struct cgroup *cgroup)
{
	struct fng_reply reply;
	int err;

	err = fng_reply_begin(&reply, info);
	if (err)
		return err;
	return fng_reply_end(&reply, info,
			     fng_netlink_put_cgroup(reply.skb,
						    cgroup_id(cgroup)) ?:
			     put_found(reply.skb, cgroup));
}

int fng_netlink_subject(struct sk_buff *skb, struct genl_info *info)
{
	struct cgroup *cgroup;
	u64 id;
	int err;

	err = fng_netlink_admit(skb, info->extack) ?:
	      fng_netlink_cgroup_id(info, &id);
	if (err)
		return err;
	cgroup = cgroup_get_from_id(id);
	if (IS_ERR(cgroup)) {
		NL_SET_ERR_MSG(info->extack, "The cgroup was removed");
		return -ENODEV;
	}
	err = reply(info, cgroup);
	cgroup_put(cgroup);
	return err;
}
