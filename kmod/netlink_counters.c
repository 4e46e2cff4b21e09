// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exact counts: the rows of the ledger, and behind them what has no row; or,
 * if cgroup 0 is asked for, each policy's counters whatever the cgroup.
 */
#include <linux/slab.h>

#include "attr.h"
#include "ledger.h"
#include "netlink.h"
#include "place.h"
#include "ruleset.h"

/**
 * struct cursor - state of one dump
 * @row: next row of the ledger
 * @policy: next policy of the ruleset, plus one; 0 for refusals without policy
 * @part: next part of it, of which its phases are some
 * @index: next counter, or next verdict, of what has no row
 * @cgroup_id: only rows of this cgroup, if @by_cgroup
 * @by_cgroup: the caller named a cgroup
 * @name: only this policy, or empty
 * @path: for the path of the cgroup at hand
 */
struct cursor {
	u32 row;
	u32 policy;
	u32 part;
	u32 index;
	u64 cgroup_id;
	bool by_cgroup;
	char name[FNG_MAX_POLICY_NAME + 1];
	char path[PATH_MAX];
};

/* The counters of a policy, not the rows of cgroups. */
static bool wants_totals(const struct cursor *cursor)
{
	return cursor->by_cgroup && !cursor->cgroup_id;
}

int fng_netlink_counters_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = fng_netlink_dump_attrs(cb);
	struct cursor *cursor;

	cursor = fng_dump_start_with(cb, sizeof(*cursor));
	if (IS_ERR(cursor))
		return PTR_ERR(cursor);
	if (attrs && attrs[FNG_A_POLICY_NAME])
		nla_strscpy(cursor->name, attrs[FNG_A_POLICY_NAME],
			    sizeof(cursor->name));
	if (attrs && attrs[FNG_A_CGROUP_ID]) {
		cursor->by_cgroup = true;
		cursor->cgroup_id = nla_get_u64(attrs[FNG_A_CGROUP_ID]);
	}
	return 0;
}

static bool is_wanted(const struct cursor *cursor,
		      const struct fng_policy *policy)
{
	if (!cursor->name[0])
		return true;
	return policy && !strcmp(fng_policy_name(policy), cursor->name);
}

/* What is refused has no flag. */
static int put_verdict(struct sk_buff *skb, enum fng_verdict verdict)
{
	static const u16 flags[FNG_NR_VERDICTS] = {
		[FNG_VERDICT_WOULD_DENY] = FNG_A_AUDIT,
		[FNG_VERDICT_OBSERVED] = FNG_A_OBSERVED,
		[FNG_VERDICT_CANDIDATE_DENIES] = FNG_A_CANDIDATE_DENIES,
		[FNG_VERDICT_CANDIDATE_ALLOWS] = FNG_A_CANDIDATE_ALLOWS,
	};

	return flags[verdict] ? nla_put_flag(skb, flags[verdict]) : 0;
}

static int put_counts(struct sk_buff *skb, enum fng_verdict verdict, u64 count,
		      u64 reported)
{
	if (put_verdict(skb, verdict) ||
	    fng_attr_put_u64(skb, FNG_A_COUNT, count) ||
	    fng_attr_put_u64(skb, FNG_A_REPORTED, reported))
		return -EMSGSIZE;
	return 0;
}

static int put_rule(struct sk_buff *skb, const struct fng_policy *policy,
		    u32 rule, u32 hook, u32 class)
{
	if ((policy && fng_attr_put_policy(skb, policy)) ||
	    fng_attr_put_rule(skb, policy, rule) ||
	    nla_put_u32(skb, FNG_A_HOOK_ID, hook) ||
	    nla_put_u32(skb, FNG_A_CLASS, class))
		return -EMSGSIZE;
	return 0;
}

static int put_row(struct sk_buff *skb, const struct fng_row *row,
		   const struct fng_policy *policy, const char *path)
{
	const struct fng_row_key *key = &row->key;

	if (fng_attr_put_owner(skb, key->cgroup_id, path) ||
	    fng_attr_put_activation(skb, key->activation) ||
	    put_rule(skb, policy, key->rule, key->hook, key->class) ||
	    (key->entering && nla_put_flag(skb, FNG_A_ENTERING)))
		return -EMSGSIZE;
	return put_counts(skb, key->verdict, row->count, row->reported);
}

/* Inside rcu_read_lock(). */
static int emit_row(struct sk_buff *skb, struct netlink_callback *cb,
		    const struct fng_row *row, const struct cursor *cursor)
{
	const struct fng_policy *policy = NULL;
	void *header;

	if (row->key.policy_id)
		policy = fng_policy_find(row->key.policy_id);
	if (!is_wanted(cursor, policy))
		return 0;
	header = fng_dump_begin(skb, cb, FNG_CMD_COUNTERS_GET);
	if (!header)
		return -EMSGSIZE;
	return fng_dump_end(skb, header, put_row(skb, row, policy, cursor->path));
}

static int dump_row(struct sk_buff *skb, struct netlink_callback *cb,
		    struct cursor *cursor)
{
	struct fng_row row;
	int err;

	if (!fng_row_get(cursor->row, &row))
		return 0;
	if (cursor->by_cgroup && row.key.cgroup_id != cursor->cgroup_id)
		return 0;
	if (fng_place_path(row.key.cgroup_id, cursor->path, PATH_MAX))
		cursor->path[0] = 0;
	rcu_read_lock();
	err = emit_row(skb, cb, &row, cursor);
	rcu_read_unlock();
	return err;
}

static int dump_rows(struct sk_buff *skb, struct netlink_callback *cb,
		     struct cursor *cursor)
{
	int err;

	for (; cursor->row < fng_row_total(); cursor->row++) {
		err = dump_row(skb, cb, cursor);
		if (err)
			return err;
	}
	return 0;
}

static int put_other(struct sk_buff *skb, const struct fng_policy *policy,
		     enum fng_verdict verdict, const struct fng_other *other)
{
	if (fng_attr_put_u64(skb, FNG_A_CGROUP_ID, 0) ||
	    (policy && fng_attr_put_policy(skb, policy)))
		return -EMSGSIZE;
	return put_counts(skb, verdict, atomic64_read(&other->count),
			  READ_ONCE(other->reported));
}

static int dump_other(struct sk_buff *skb, struct netlink_callback *cb,
		      const struct fng_policy *policy, struct cursor *cursor)
{
	const struct fng_other *other = policy ? policy->other :
						 fng_ledger_other;
	void *header;
	int err;

	for (; cursor->index < FNG_NR_VERDICTS; cursor->index++) {
		if (!atomic64_read(&other[cursor->index].count))
			continue;
		header = fng_dump_begin(skb, cb, FNG_CMD_COUNTERS_GET);
		if (!header)
			return -EMSGSIZE;
		err = fng_dump_end(skb, header,
				   put_other(skb, policy, cursor->index,
					     &other[cursor->index]));
		if (err)
			return err;
	}
	return 0;
}

static int dump_totals(struct sk_buff *skb, struct netlink_callback *cb,
		       const struct fng_policy *policy, struct cursor *cursor)
{
	const struct fng_policy_counters *counters = &policy->counters;
	struct fng_counter_key key;
	void *header;
	u64 count;
	int err;

	for (; cursor->index < fng_policy_counters_nr(counters);
	     cursor->index++) {
		count = fng_policy_counter_read(counters, &policy->image,
						cursor->index, &key);
		if (!count)
			continue;
		header = fng_dump_begin(skb, cb, FNG_CMD_COUNTERS_GET);
		if (!header)
			return -EMSGSIZE;
		err = put_rule(skb, policy, key.rule, key.hook, key.class) ?:
		      fng_attr_put_u64(skb, FNG_A_COUNT, count);
		if (fng_dump_end(skb, header, err))
			return err;
	}
	return 0;
}

static int dump_policy(struct sk_buff *skb, struct netlink_callback *cb,
		       const struct fng_policy *policy, struct cursor *cursor)
{
	if (!is_wanted(cursor, policy))
		return 0;
	if (!wants_totals(cursor))
		return dump_other(skb, cb, policy, cursor);
	return policy ? dump_totals(skb, cb, policy, cursor) : 0;
}

static int dump_parts(struct sk_buff *skb, struct netlink_callback *cb,
		      const struct fng_policy *policy, struct cursor *cursor)
{
	u32 nr = policy ? fng_policy_nr_parts(policy) : 1;
	int err;

	for (; cursor->part < nr; cursor->part++, cursor->index = 0) {
		err = dump_policy(skb, cb, policy ?
				  fng_policy_part(policy, cursor->part) : NULL,
				  cursor);
		if (err)
			return err;
	}
	return 0;
}

/* Policies are gone through by index: a change of the ruleset is noticed. */
static int dump_policies(struct sk_buff *skb, struct netlink_callback *cb,
			 struct cursor *cursor)
{
	const struct fng_ruleset *set;
	int err = 0;

	rcu_read_lock();
	set = fng_ruleset_current();
	for (; cursor->policy <= set->nr; cursor->policy++, cursor->part = 0) {
		u32 i = cursor->policy;

		err = dump_parts(skb, cb, i ? set->policies[i - 1] : NULL,
				 cursor);
		if (err)
			break;
	}
	rcu_read_unlock();
	return err;
}

int fng_netlink_counters_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cursor *cursor = *fng_dump_kept(cb);
	int err = 0;

	cb->seq = fng_ruleset_gen() + fng_ledger_gen();
	if (!wants_totals(cursor))
		err = dump_rows(skb, cb, cursor);
	if (!err && (!cursor->by_cgroup || wants_totals(cursor)))
		err = dump_policies(skb, cb, cursor);
	return skb->len ?: err;
}
