// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that tell of loaded policies.
 */
#include <linux/err.h>
#include <linux/file.h>

#include "attr.h"
#include "netlink.h"
#include "ruleset.h"

/* What a policy and a candidate have in common. */
static int put_image(struct sk_buff *skb, const struct fng_policy *policy)
{
	const struct fng_image *image = &policy->image;

	if (nla_put_u32(skb, FNG_A_POLICY_VERSION, image->meta->version) ||
	    nla_put_u32(skb, FNG_A_IMAGE_SIZE, policy->size) ||
	    nla_put_u32(skb, FNG_A_NR_RULES, fng_rules_count(image)) ||
	    fng_attr_put_u64(skb, FNG_A_IMAGE_HASH, policy->hash) ||
	    nla_put_u32(skb, FNG_A_MODE,
			image->classes[FNG_CLASS_FLOOR].mode))
		return -EMSGSIZE;
	return 0;
}

static int put_candidate(struct sk_buff *skb, const struct fng_policy *policy)
{
	struct nlattr *nest = nla_nest_start(skb, FNG_A_CANDIDATE_POLICY);

	if (!nest || put_image(skb, policy) ||
	    fng_attr_put_u64(skb, FNG_A_WOULD_DENY,
			     atomic64_read(&policy->would_deny)) ||
	    fng_attr_put_u64(skb, FNG_A_WOULD_ALLOW,
			     atomic64_read(&policy->would_allow)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_policy(struct sk_buff *skb, const struct fng_policy *policy,
		      const struct fng_policy *candidate)
{
	if (nla_put_string(skb, FNG_A_POLICY_NAME, fng_policy_name(policy)) ||
	    put_image(skb, policy) ||
	    nla_put_u32(skb, FNG_A_NR_BINDINGS,
			READ_ONCE(policy->nr_bindings)))
		return -EMSGSIZE;
	return candidate ? put_candidate(skb, candidate) : 0;
}

/* Writing may take long and holds no lock, but a reference. */
static int write_image(const struct fng_policy *policy, const struct nlattr *fd,
		       struct netlink_ext_ack *extack)
{
	struct file *file = fng_netlink_file(fd, extack);
	int err;

	if (IS_ERR(file))
		return PTR_ERR(file);
	err = fng_policy_write(policy, file, extack);
	fput(file);
	return err;
}

/**
 * struct found - a policy that is asked for
 * @policy: the policy, with a reference, or NULL if it is not loaded
 * @candidate: its candidate, with a reference, or NULL
 */
struct found {
	struct fng_policy *policy;
	struct fng_policy *candidate;
};

static void find_and_get(const char *name, struct found *found)
{
	const struct fng_ruleset *set;

	mutex_lock(&fng_control_mutex);
	set = fng_ruleset_locked();
	found->policy = fng_ruleset_find(set, name);
	found->candidate = fng_ruleset_candidate(set, name);
	if (found->policy)
		fng_policy_get(found->policy);
	if (found->candidate)
		fng_policy_get(found->candidate);
	mutex_unlock(&fng_control_mutex);
}

static int reply_policy(struct genl_info *info, const struct found *found)
{
	struct fng_reply reply;
	int err = fng_reply_begin(&reply, info);

	if (err)
		return err;
	return fng_reply_end(&reply, info, put_policy(reply.skb, found->policy,
					      found->candidate));
}

int fng_netlink_policy_get(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *name = info->attrs[FNG_A_POLICY_NAME];
	struct found found;
	int err;

	err = fng_netlink_admit(skb, info->extack);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, FNG_A_POLICY_NAME))
		return -EINVAL;
	find_and_get(nla_data(name), &found);
	if (!found.policy) {
		NL_SET_ERR_MSG_ATTR(info->extack, name,
				    "No policy of that name is loaded");
		return -ENOENT;
	}
	if (info->attrs[FNG_A_IMAGE_FD])
		err = write_image(found.policy, info->attrs[FNG_A_IMAGE_FD],
				  info->extack);
	err = err ?: reply_policy(info, &found);
	fng_policy_put(found.policy);
	fng_policy_put(found.candidate);
	return err;
}

int fng_netlink_policy_start(struct netlink_callback *cb)
{
	return fng_netlink_admit(cb->skb, cb->extack);
}

static int dump_one(struct sk_buff *skb, struct netlink_callback *cb,
		    const struct fng_ruleset *set,
		    const struct fng_policy *policy)
{
	const struct fng_policy *candidate =
		fng_ruleset_candidate(set, fng_policy_name(policy));
	void *header = fng_dump_begin(skb, cb, FNG_CMD_POLICY_GET);

	if (!header)
		return -EMSGSIZE;
	return fng_dump_end(skb, header, put_policy(skb, policy, candidate));
}

/* cb->args[0] is the index to go on with, in a ruleset of the same generation. */
int fng_netlink_policy_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct fng_ruleset *set;

	rcu_read_lock();
	set = fng_ruleset_current();
	cb->seq = set->gen;
	for (; cb->args[0] < set->nr; cb->args[0]++)
		if (dump_one(skb, cb, set, set->policies[cb->args[0]]))
			break;
	rcu_read_unlock();
	return skb->len;
}
