// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was refused last, by cgroup.
 */
#include <linux/slab.h>

#include "attr.h"
#include "event_attr.h"
#include "netlink.h"
#include "place.h"
#include "refusal.h"
#include "ruleset.h"

/**
 * struct cursor - state of one dump
 * @index: next refusal
 * @told: all of it was listed
 * @refusal: the one at hand
 * @path: of its cgroup
 */
struct cursor {
	u32 index;
	bool told;
	struct fng_refusal refusal;
	char path[PATH_MAX];
};

int fng_netlink_refusals_start(struct netlink_callback *cb)
{
	return PTR_ERR_OR_ZERO(fng_dump_start_with(cb, sizeof(struct cursor)));
}

/*
 * A policy that was replaced is still found until its refusals are told, by a name
 * under which another one is asked for its rules by now.
 */
static bool is_loaded(u64 id)
{
	const struct fng_policy *part = fng_policy_find(id), *policy = NULL;
	u32 i;

	if (part)
		policy = fng_ruleset_find(fng_ruleset_current(),
					  fng_policy_name(part));
	for (i = 0; policy && i < fng_policy_nr_parts(policy); i++)
		if (fng_policy_part(policy, i) == part)
			return true;
	return false;
}

static void leave_out_replaced(struct fng_record *record)
{
	u8 i;

	for (i = 0; i < record->nr; i++)
		if (!is_loaded(record->policies[i]))
			record->policies[i] = 0;
	if (!is_loaded(record->policy_id))
		record->policy_id = 0;
}

static int put_refusal(struct sk_buff *skb, const struct cursor *cursor)
{
	const struct fng_record *record = &cursor->refusal.record;

	if (nla_put_u32(skb, FNG_A_KIND, fng_event_kind_of(record->verdict)) ||
	    fng_attr_put_time(skb, record->boot) ||
	    fng_attr_put_owner(skb, record->cgroup_id, cursor->path) ||
	    fng_attr_put_activation(skb, record->activation) ||
	    fng_event_put_record(skb, record) ||
	    fng_attr_put_u64(skb, FNG_A_COUNT, cursor->refusal.count))
		return -EMSGSIZE;
	return 0;
}

static int put_nested(struct sk_buff *skb, struct cursor *cursor)
{
	struct nlattr *nest = nla_nest_start(skb, FNG_A_EVENT);
	int err;

	if (!nest)
		return -EMSGSIZE;
	rcu_read_lock();
	leave_out_replaced(&cursor->refusal.record);
	err = put_refusal(skb, cursor);
	rcu_read_unlock();
	nla_nest_end(skb, nest);
	return err;
}

static int emit(struct sk_buff *skb, struct netlink_callback *cb,
		struct cursor *cursor)
{
	void *header = fng_dump_begin(skb, cb, FNG_CMD_REFUSALS_GET);

	if (!header)
		return -EMSGSIZE;
	return fng_dump_end(skb, header, cursor->index < fng_refusal_total() ?
			    put_nested(skb, cursor) :
			    fng_attr_put_u64(skb, FNG_A_UNKEPT,
					     fng_refusal_unkept()));
}

static int dump_one(struct sk_buff *skb, struct netlink_callback *cb,
		    struct cursor *cursor)
{
	u64 id;

	if (!fng_refusal_get(cursor->index, &cursor->refusal))
		return 0;
	id = cursor->refusal.record.cgroup_id;
	if (fng_place_path(id, cursor->path, PATH_MAX))
		cursor->path[0] = 0;
	return emit(skb, cb, cursor);
}

int fng_netlink_refusals_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cursor *cursor = *fng_dump_kept(cb);
	int err = 0;

	for (; cursor->index < fng_refusal_total(); cursor->index++) {
		err = dump_one(skb, cb, cursor);
		if (err)
			return skb->len ?: err;
	}
	if (!cursor->told) {
		err = emit(skb, cb, cursor);
		cursor->told = !err;
	}
	return skb->len ?: err;
}
