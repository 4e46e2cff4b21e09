// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that bind cgroups.
 */
#include <linux/cgroup.h>
#include <linux/limits.h>
#include <linux/slab.h>

#include "activation.h"
#include "attr.h"
#include "binding.h"
#include "event.h"
#include "netlink.h"
#include "place.h"
#include "ruleset.h"
#include "seal.h"

static u64 wanted_gen(struct genl_info *info)
{
	struct nlattr *gen = info->attrs[FNG_A_BINDING_GEN];

	return gen ? nla_get_u64(gen) : 0;
}

/* Under fng_control_mutex. */
static void tell(u32 kind, u64 cgroup_id, const char *policy,
		 const char *labels)
{
	struct fng_notice notice = {
		.kind = kind,
		.cgroup_id = cgroup_id,
		.policy = policy,
		.version = policy ? fng_ruleset_version(policy) : 0,
		.labels = labels,
	};

	fng_event_notice(&notice);
}

static int reply_bound(struct fng_reply *reply, struct genl_info *info,
		       u64 gen, u64 cgroup_id, bool partial, int err)
{
	err = err ?:
	      fng_attr_put_u64(reply->skb, FNG_A_BINDING_GEN, gen) ?:
	      fng_attr_put_u64(reply->skb, FNG_A_CGROUP_ID, cgroup_id);
	if (!err && partial)
		err = nla_put_flag(reply->skb, FNG_A_PARTIAL);
	return fng_reply_end(reply, info, err);
}

static int bind(struct genl_info *info, struct cgroup *cgroup)
{
	struct nlattr *labels = info->attrs[FNG_A_LABELS];
	const char *policy = nla_data(info->attrs[FNG_A_POLICY_NAME]);
	const char *text = labels ? nla_data(labels) : "";
	struct fng_reply reply;
	bool partial = false;
	u64 gen;
	int err;

	err = fng_reply_begin(&reply, info);
	if (err)
		return err;
	mutex_lock(&fng_control_mutex);
	err = fng_binding_add(cgroup, policy, text, wanted_gen(info), &partial,
			      info->extack);
	if (!err)
		tell(FNG_EVENT_BOUND, cgroup_id(cgroup), policy, text);
	gen = fng_binding_gen();
	mutex_unlock(&fng_control_mutex);
	return reply_bound(&reply, info, gen, cgroup_id(cgroup), partial, err);
}

static int activate(struct genl_info *info, struct cgroup *cgroup)
{
	struct nlattr *labels = info->attrs[FNG_A_LABELS];
	struct nlattr *name = info->attrs[FNG_A_ACTIVATION];
	struct fng_reply reply;
	u64 gen;
	int err;

	err = fng_reply_begin(&reply, info);
	if (err)
		return err;
	mutex_lock(&fng_control_mutex);
	err = fng_activate(cgroup, nla_data(info->attrs[FNG_A_POLICY_NAME]),
			   name ? nla_data(name) : NULL,
			   labels ? nla_data(labels) : "", info->extack);
	gen = fng_binding_gen();
	mutex_unlock(&fng_control_mutex);
	return reply_bound(&reply, info, gen, cgroup_id(cgroup), false, err);
}

/* Has a command about a cgroup and a policy done. */
static int on_cgroup(struct sk_buff *skb, struct genl_info *info,
		     int (*command)(struct genl_info *info,
				    struct cgroup *cgroup))
{
	struct cgroup *cgroup;
	int err;

	err = fng_netlink_admit(skb, info->extack);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, FNG_A_CGROUP_FD) ||
	    GENL_REQ_ATTR_CHECK(info, FNG_A_POLICY_NAME))
		return -EINVAL;
	cgroup = fng_netlink_cgroup(info->attrs[FNG_A_CGROUP_FD],
				    info->extack);
	if (IS_ERR(cgroup))
		return PTR_ERR(cgroup);
	err = command(info, cgroup);
	cgroup_put(cgroup);
	return err;
}

int fng_netlink_bind(struct sk_buff *skb, struct genl_info *info)
{
	return on_cgroup(skb, info, bind);
}

int fng_netlink_activate(struct sk_buff *skb, struct genl_info *info)
{
	return on_cgroup(skb, info, activate);
}

/**
 * fng_netlink_cgroup_id() - the cgroup that a command names by either attribute
 * @info: the command
 * @id: set to the cgroup's
 *
 * The cgroup may be gone: then only its id is left to name it by.
 */
int fng_netlink_cgroup_id(struct genl_info *info, u64 *id)
{
	struct nlattr *fd = info->attrs[FNG_A_CGROUP_FD];
	struct nlattr *number = info->attrs[FNG_A_CGROUP_ID];
	struct cgroup *cgroup;

	if (!fd == !number) {
		NL_SET_ERR_MSG(info->extack,
			       "Exactly one of FNG_A_CGROUP_FD and FNG_A_CGROUP_ID must name the cgroup");
		return -EINVAL;
	}
	if (number) {
		*id = nla_get_u64(number);
		return 0;
	}
	cgroup = fng_netlink_cgroup(fd, info->extack);
	if (IS_ERR(cgroup))
		return PTR_ERR(cgroup);
	*id = cgroup_id(cgroup);
	cgroup_put(cgroup);
	return 0;
}

int fng_netlink_unbind(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *name = info->attrs[FNG_A_POLICY_NAME];
	const char *policy = name ? nla_data(name) : NULL;
	struct fng_reply reply;
	u64 id, gen;
	int err;

	err = fng_netlink_admit(skb, info->extack);
	if (err)
		return err;
	err = fng_netlink_cgroup_id(info, &id) ?: fng_reply_begin(&reply, info);
	if (err)
		return err;
	mutex_lock(&fng_control_mutex);
	err = fng_seal_admit(info->extack) ?:
	      fng_binding_remove(id, policy, wanted_gen(info), info->extack);
	if (!err)
		tell(FNG_EVENT_UNBOUND, id, policy, NULL);
	gen = fng_binding_gen();
	mutex_unlock(&fng_control_mutex);
	return reply_bound(&reply, info, gen, id, false, err);
}

/**
 * fng_netlink_put_cgroup() - put a cgroup's id, and its path if it has one still
 * @skb: the message
 * @id: of the cgroup
 *
 * Context: process; sleeps.
 */
int fng_netlink_put_cgroup(struct sk_buff *skb, u64 id)
{
	char *path = kmalloc(PATH_MAX, GFP_KERNEL);
	int err;

	if (!path)
		return -ENOMEM;
	err = fng_attr_put_u64(skb, FNG_A_CGROUP_ID, id);
	if (!err && !fng_place_path(id, path, PATH_MAX))
		err = nla_put_string(skb, FNG_A_CGROUP_PATH, path);
	kfree(path);
	return err;
}
