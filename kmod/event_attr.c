// SPDX-License-Identifier: GPL-2.0-only
/*
 * What messages carry of a record, whether it is told as an event or asked for.
 */
#include "attr.h"
#include "event_attr.h"

/**
 * fng_event_put_decision() - say what decided
 * @skb: message
 * @policy_id: of the policy, or 0; it is named if it is still there
 * @rule: rule id
 * @hook: enum fng_hook
 * @class: enum fng_class
 *
 * Context: the event worker, or inside rcu_read_lock().
 */
int fng_event_put_decision(struct sk_buff *skb, u64 policy_id, u32 rule,
			   u8 hook, u8 class)
{
	const struct fng_policy *policy = NULL;

	if (policy_id)
		policy = fng_policy_find(policy_id);
	if ((policy && fng_attr_put_policy(skb, policy)) ||
	    fng_attr_put_rule(skb, policy, rule) ||
	    nla_put_u32(skb, FNG_A_HOOK_ID, hook) ||
	    nla_put_u32(skb, FNG_A_CLASS, class))
		return -EMSGSIZE;
	return 0;
}

/* Says who acted, if anybody did. */
int fng_event_put_actor(struct sk_buff *skb, const struct fng_actor *actor)
{
	if (!actor->pid)
		return 0;
	if (nla_put_u32(skb, FNG_A_PID, actor->pid) ||
	    nla_put_u32(skb, FNG_A_TGID, actor->tgid) ||
	    nla_put_u32(skb, FNG_A_PPID, actor->ppid) ||
	    nla_put_u32(skb, FNG_A_UID, actor->uid) ||
	    (actor->loginuid != (u32)-1 &&
	     nla_put_u32(skb, FNG_A_LOGINUID, actor->loginuid)) ||
	    nla_put_string(skb, FNG_A_COMM, actor->comm) ||
	    fng_attr_put_u64(skb, FNG_A_START_TIME, actor->start))
		return -EMSGSIZE;
	return 0;
}

static int put_name(struct sk_buff *skb, const struct fng_record *record)
{
	if (nla_put(skb, FNG_A_OBJECT, record->name_kept, record->name) ||
	    nla_put_u32(skb, FNG_A_OBJECT_LEN, record->name_len) ||
	    fng_attr_put_u64(skb, FNG_A_OBJECT_HASH, record->name_hash))
		return -EMSGSIZE;
	return 0;
}

static int put_endpoint(struct sk_buff *skb, const struct fng_record *record)
{
	const struct fng_endpoint *to = &record->endpoint;

	if (nla_put(skb, FNG_A_ADDR, to->family == 4 ? 4 : 16, to->addr) ||
	    nla_put_u16(skb, FNG_A_PORT, to->port) ||
	    nla_put_u32(skb, FNG_A_PROTO, to->proto) ||
	    (record->name_kept &&
	     nla_put(skb, FNG_A_HOST, record->name_kept, record->name)))
		return -EMSGSIZE;
	return 0;
}

static int put_object(struct sk_buff *skb, const struct fng_record *record)
{
	int err = 0;

	if (record->object == FNG_OBJECT_NAME)
		err = put_name(skb, record);
	else if (record->object == FNG_OBJECT_ENDPOINT)
		err = put_endpoint(skb, record);
	if (!err && record->cookie)
		err = fng_attr_put_u64(skb, FNG_A_SOCKET_COOKIE,
				       record->cookie);
	return err;
}

static int put_verdict(struct sk_buff *skb, const struct fng_record *record,
		       u8 i)
{
	bool audited = record->audit_mask & BIT(i);
	bool refused = record->refused_mask & BIT(i);
	const struct fng_policy *policy;
	struct nlattr *nest;

	nest = nla_nest_start(skb, FNG_A_VERDICT);
	if (!nest)
		return -EMSGSIZE;
	policy = fng_policy_find(record->policies[i]);
	if ((policy && fng_attr_put_name(skb, policy)) ||
	    ((refused || audited) &&
	     nla_put_u32(skb, FNG_A_RULE_ID, record->rules[i])) ||
	    (refused && nla_put_flag(skb, FNG_A_REFUSED)) ||
	    (audited && nla_put_flag(skb, FNG_A_AUDIT)) ||
	    (record->candidates & BIT(i) &&
	     nla_put_flag(skb, FNG_A_CANDIDATE)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_verdicts(struct sk_buff *skb, const struct fng_record *record)
{
	u8 i;

	for (i = 0; i < record->nr; i++)
		if (put_verdict(skb, record, i))
			return -EMSGSIZE;
	return 0;
}

/* How the event is called that tells of a verdict. */
u32 fng_event_kind_of(enum fng_verdict verdict)
{
	static const u8 kinds[FNG_NR_VERDICTS] = {
		[FNG_VERDICT_DENIED] = FNG_EVENT_DENIED,
		[FNG_VERDICT_WOULD_DENY] = FNG_EVENT_WOULD_DENY,
		[FNG_VERDICT_OBSERVED] = FNG_EVENT_OBSERVED,
		[FNG_VERDICT_CANDIDATE_DENIES] = FNG_EVENT_CANDIDATE_DENIES,
		[FNG_VERDICT_CANDIDATE_ALLOWS] = FNG_EVENT_CANDIDATE_ALLOWS,
	};

	return kinds[verdict];
}

/**
 * fng_event_put_record() - put what a record says, but for when and where
 * @skb: message
 * @record: the record
 *
 * Context: as fng_event_put_decision().
 */
int fng_event_put_record(struct sk_buff *skb, const struct fng_record *record)
{
	if (fng_event_put_decision(skb, record->policy_id, record->rule,
				   record->hook, record->class) ||
	    nla_put_u32(skb, FNG_A_ACCESS, record->access) ||
	    (record->verdict != FNG_VERDICT_OBSERVED &&
	     nla_put_u32(skb, FNG_A_ERRNO, record->err)) ||
	    (record->stdio && nla_put_u32(skb, FNG_A_STDIO, record->stdio)) ||
	    put_object(skb, record) ||
	    fng_event_put_actor(skb, &record->actor) ||
	    (record->exe_kept &&
	     nla_put(skb, FNG_A_EXE, record->exe_kept, record->exe)) ||
	    (record->entering && nla_put_flag(skb, FNG_A_ENTERING)) ||
	    (record->killed && nla_put_flag(skb, FNG_A_KILLED)) ||
	    put_verdicts(skb, record))
		return -EMSGSIZE;
	return 0;
}
