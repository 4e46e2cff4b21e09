// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was done under a policy that learns.
 */
#include <linux/slab.h>

#include "attr.h"
#include "netlink.h"
#include "ruleset.h"

/* Two names of the greatest length, and what else is said of them. */
#define DUMP_ALLOC	(2 * FNG_MAX_PATH + FNG_DUMP_ALLOC)

/**
 * struct cursor - state of one dump
 * @acts: what is listed, with a reference
 * @at: where in it the next act is
 * @end: where it ended when the dump began
 * @nr: number of acts that were listed
 * @told: all of it was listed
 * @version: the policy's
 * @name: same
 */
struct cursor {
	struct fng_acts *acts;
	u32 at;
	u32 end;
	u32 nr;
	bool told;
	u32 version;
	char name[FNG_MAX_POLICY_NAME + 1];
};

static struct cursor **cursor_of(struct netlink_callback *cb)
{
	return (struct cursor **)cb->ctx;
}

static int look_up(struct cursor *cursor, struct netlink_ext_ack *extack)
{
	const struct fng_policy *policy;
	int err = 0;

	mutex_lock(&fng_control_mutex);
	policy = fng_ruleset_find(fng_ruleset_locked(), cursor->name);
	if (!policy) {
		NL_SET_ERR_MSG(extack, "No policy of that name is loaded");
		err = -ENOENT;
	} else if (!policy->acts) {
		NL_SET_ERR_MSG(extack, "The policy does not learn");
		err = -ENODATA;
	} else {
		cursor->acts = fng_acts_get(policy->acts);
		cursor->version = policy->image.meta->version;
	}
	mutex_unlock(&fng_control_mutex);
	return err;
}

static struct cursor *cursor_make(const char *name,
				  struct netlink_ext_ack *extack)
{
	struct cursor *cursor = kzalloc(sizeof(*cursor), GFP_KERNEL_ACCOUNT);
	int err;

	if (!cursor)
		return ERR_PTR(-ENOMEM);
	strscpy(cursor->name, name, sizeof(cursor->name));
	err = look_up(cursor, extack);
	if (err) {
		kfree(cursor);
		return ERR_PTR(err);
	}
	cursor->end = fng_acts_end(cursor->acts);
	return cursor;
}

int fng_netlink_learn_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = fng_netlink_dump_attrs(cb);
	struct cursor *cursor;
	int err;

	err = fng_netlink_admit(cb->skb, cb->extack);
	if (err)
		return err;
	if (!attrs || !attrs[FNG_A_POLICY_NAME]) {
		NL_SET_ERR_MSG(cb->extack, "A policy has to be named");
		return -EINVAL;
	}
	cursor = cursor_make(nla_data(attrs[FNG_A_POLICY_NAME]), cb->extack);
	if (IS_ERR(cursor))
		return PTR_ERR(cursor);
	*cursor_of(cb) = cursor;
	cb->min_dump_alloc = DUMP_ALLOC;
	return 0;
}

int fng_netlink_learn_done(struct netlink_callback *cb)
{
	struct cursor *cursor = *cursor_of(cb);

	if (cursor)
		fng_acts_put(cursor->acts);
	kfree(cursor);
	return 0;
}

static int put_endpoint(struct sk_buff *skb, const struct fng_act *act)
{
	const struct fng_endpoint *endpoint = &act->endpoint;

	if (endpoint->family &&
	    nla_put(skb, FNG_A_ADDR, endpoint->family == 4 ? 4 : 16,
		    endpoint->addr))
		return -EMSGSIZE;
	if (nla_put_u16(skb, FNG_A_PORT, endpoint->port) ||
	    nla_put_u32(skb, FNG_A_PROTO, endpoint->proto) ||
	    (act->len && nla_put(skb, FNG_A_HOST, act->len, act->name)))
		return -EMSGSIZE;
	return 0;
}

static int put_name(struct sk_buff *skb, const struct fng_act *act)
{
	if (nla_put_u32(skb, act->kind == FNG_ACT_OTHER ? FNG_A_RULE_ID :
							   FNG_A_NUMBER,
			act->number) ||
	    nla_put_u32(skb, FNG_A_ACCESS, act->access) ||
	    (act->len && nla_put(skb, FNG_A_OBJECT, act->len, act->name)) ||
	    (act->target_len && nla_put(skb, FNG_A_TARGET, act->target_len,
					act->target)))
		return -EMSGSIZE;
	return 0;
}

static int put_act(struct sk_buff *skb, const struct fng_act *act)
{
	if (nla_put_u32(skb, FNG_A_ACT, act->kind) ||
	    nla_put_u32(skb, FNG_A_CLASS, act->class))
		return -EMSGSIZE;
	switch (act->kind) {
	case FNG_ACT_CONNECT:
	case FNG_ACT_ASK:
	case FNG_ACT_LISTEN:
		return put_endpoint(skb, act);
	default:
		return put_name(skb, act);
	}
}

static int put_end(struct sk_buff *skb, const struct cursor *cursor)
{
	if (nla_put_string(skb, FNG_A_POLICY_NAME, cursor->name) ||
	    nla_put_u32(skb, FNG_A_POLICY_VERSION, cursor->version) ||
	    nla_put_u32(skb, FNG_A_NR_ACTS, cursor->nr) ||
	    fng_attr_put_u64(skb, FNG_A_UNKEPT, fng_acts_unkept(cursor->acts)))
		return -EMSGSIZE;
	return 0;
}

/* What does not fit is put again, at the beginning of the next message. */
static int emit(struct sk_buff *skb, struct netlink_callback *cb,
		struct cursor *cursor)
{
	void *header = fng_dump_begin(skb, cb, FNG_CMD_LEARN_DUMP);
	struct fng_act act;
	u32 at = cursor->at;
	int err;

	if (!header)
		return -EMSGSIZE;
	if (fng_acts_next(cursor->acts, &at, cursor->end, &act)) {
		err = put_act(skb, &act);
		cursor->nr += !err;
	} else {
		err = put_end(skb, cursor);
		cursor->told = !err;
	}
	if (!err)
		cursor->at = at;
	return fng_dump_end(skb, header, err);
}

int fng_netlink_learn_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cursor *cursor = *cursor_of(cb);
	int err = 0;

	while (!cursor->told && !err)
		err = emit(skb, cb, cursor);
	return skb->len ?: err;
}
