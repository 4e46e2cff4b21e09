// SPDX-License-Identifier: GPL-2.0-only
/*
 * The addresses of names that guarded cgroups have learned.
 */
#include <linux/slab.h>

#include "attr.h"
#include "cgroup_state.h"
#include "device.h"
#include "names.h"
#include "netlink.h"
#include "place.h"

#define NR_IDS	64

/**
 * struct cursor - state of one dump
 * @bucket: next bucket of states
 * @ids: cgroups of the one before
 * @nr: number of @ids
 * @at: which of them is at hand
 * @names: bucket of its names, as fng_names_next() has it
 * @skip: same
 * @cgroup_id: only those of this cgroup; 0 for all
 * @path: of the cgroup at hand
 */
struct cursor {
	u32 bucket;
	u64 ids[NR_IDS];
	u32 nr;
	u32 at;
	u32 names;
	u32 skip;
	u64 cgroup_id;
	char path[PATH_MAX];
};

int fng_netlink_names_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = fng_netlink_dump_attrs(cb);
	struct cursor *cursor;

	cursor = fng_dump_start_with(cb, sizeof(*cursor));
	if (IS_ERR(cursor))
		return PTR_ERR(cursor);
	if (attrs && attrs[FNG_A_CGROUP_ID])
		cursor->cgroup_id = nla_get_u64(attrs[FNG_A_CGROUP_ID]);
	return 0;
}

static int put_address(struct sk_buff *skb, int attr,
		       const struct fng_endpoint *address)
{
	return nla_put(skb, attr, address->family == 4 ? 4 : 16, address->addr);
}

static u32 seconds_left(const struct fng_learned *learned)
{
	unsigned long until = READ_ONCE(learned->until);

	return time_before(jiffies, until) ? (until - jiffies) / HZ + 1 : 0;
}

static int put_owner(struct sk_buff *skb, const struct cursor *cursor)
{
	u64 id = cursor->ids[cursor->at];
	struct fng_device_facts facts;

	if (fng_id_is_device(id))
		return fng_attr_put_device(skb, id,
					   fng_device_describe(id, &facts) ?
					   &facts : NULL);
	if (fng_attr_put_u64(skb, FNG_A_CGROUP_ID, id) ||
	    (cursor->path[0] &&
	     nla_put_string(skb, FNG_A_CGROUP_PATH, cursor->path)))
		return -EMSGSIZE;
	return 0;
}

static int put_learned(struct sk_buff *skb, const struct cursor *cursor,
		       const struct fng_learned *learned)
{
	if (put_owner(skb, cursor) ||
	    nla_put(skb, FNG_A_HOST, learned->len, learned->name) ||
	    put_address(skb, FNG_A_ADDR, &learned->address) ||
	    put_address(skb, FNG_A_RESOLVER, &learned->resolver) ||
	    nla_put_u32(skb, FNG_A_TTL, seconds_left(learned)) ||
	    nla_put_u32(skb, FNG_A_HITS, READ_ONCE(learned->hits)))
		return -EMSGSIZE;
	return 0;
}

static int emit(struct sk_buff *skb, struct netlink_callback *cb,
		const struct cursor *cursor, const struct fng_learned *learned)
{
	void *header = fng_dump_begin(skb, cb, FNG_CMD_NAMES_GET);

	if (!header)
		return -EMSGSIZE;
	return fng_dump_end(skb, header, put_learned(skb, cursor, learned));
}

/* What does not fit is listed again, at the beginning of the next message. */
static int dump_names(struct sk_buff *skb, struct netlink_callback *cb,
		      struct cursor *cursor, const struct fng_cgroup *state)
{
	const struct fng_learned *learned;
	u32 names, skip;
	int err;

	for (;;) {
		names = cursor->names;
		skip = cursor->skip;
		learned = fng_names_next(state, &names, &skip);
		if (!learned)
			return 0;
		err = emit(skb, cb, cursor, learned);
		if (err)
			return err;
		cursor->names = names;
		cursor->skip = skip;
	}
}

static int dump_cgroup(struct sk_buff *skb, struct netlink_callback *cb,
		       struct cursor *cursor)
{
	u64 id = cursor->ids[cursor->at];
	const struct fng_cgroup *state;
	int err = 0;

	if (cursor->cgroup_id && cursor->cgroup_id != id)
		return 0;
	if (fng_place_path(id, cursor->path, PATH_MAX))
		cursor->path[0] = 0;
	rcu_read_lock();
	state = fng_cgroup_state_find(id);
	if (state)
		err = dump_names(skb, cb, cursor, state);
	rcu_read_unlock();
	return err;
}

static int dump_gathered(struct sk_buff *skb, struct netlink_callback *cb,
			 struct cursor *cursor)
{
	int err;

	for (; cursor->at < cursor->nr; cursor->at++) {
		err = dump_cgroup(skb, cb, cursor);
		if (err)
			return err;
		cursor->names = 0;
		cursor->skip = 0;
	}
	return 0;
}

int fng_netlink_names_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cursor *cursor = *fng_dump_kept(cb);
	int err;

	for (;;) {
		err = dump_gathered(skb, cb, cursor);
		if (err || cursor->bucket == FNG_CGROUP_STATE_BUCKETS)
			return skb->len ?: err;
		cursor->at = 0;
		cursor->nr = fng_cgroup_state_gather(&cursor->bucket,
						     cursor->ids, NR_IDS);
		if (!cursor->nr)
			return skb->len;
	}
}
