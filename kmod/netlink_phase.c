// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about phases.
 */
#include <linux/cgroup.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>

#include "attr.h"
#include "netlink.h"
#include "phase.h"
#include "ruleset.h"

int fng_netlink_phase(struct sk_buff *skb, struct genl_info *info)
{
	struct cgroup *cgroup;
	u64 id;
	int err;

	err = fng_netlink_admit(skb, info->extack);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, FNG_A_POLICY_NAME) ||
	    GENL_REQ_ATTR_CHECK(info, FNG_A_PHASE))
		return -EINVAL;
	err = fng_netlink_cgroup_id(info, &id);
	if (err)
		return err;
	cgroup = cgroup_get_from_id(id);
	if (IS_ERR(cgroup)) {
		NL_SET_ERR_MSG(info->extack, "The cgroup was removed");
		return -ENODEV;
	}
	mutex_lock(&fng_control_mutex);
	err = fng_phase_command(cgroup, nla_data(info->attrs[FNG_A_POLICY_NAME]),
				nla_data(info->attrs[FNG_A_PHASE]),
				info->extack);
	mutex_unlock(&fng_control_mutex);
	cgroup_put(cgroup);
	return err;
}

/**
 * struct row - what is told of a cgroup and a policy
 * @cgroup_id: the cgroup
 * @policy: name of the policy
 * @phase: name of the phase, or empty
 * @next: name of the next, or empty
 * @enter: enum fng_enter of @next
 * @seconds: for how long it is in @phase
 */
struct row {
	u64 cgroup_id;
	char policy[FNG_MAX_POLICY_NAME + 1];
	char phase[FNG_MAX_PHASE_NAME + 1];
	char next[FNG_MAX_PHASE_NAME + 1];
	u32 enter;
	u32 seconds;
};

static void fill(struct row *row, const struct fng_phase_facts *facts)
{
	const struct fng_policy *policy = facts->policy;
	u64 since = READ_ONCE(facts->usage->phase_at);
	u64 now = ktime_get_ns();
	const struct fng_image_meta *next;

	strscpy(row->policy, fng_policy_name(policy), sizeof(row->policy));
	strscpy(row->phase,
		fng_policy_part(policy, facts->position)->image.meta->phase,
		sizeof(row->phase));
	row->seconds = now > since ? div_u64(now - since, NSEC_PER_SEC) : 0;
	if (facts->position == policy->nr_phases)
		return;
	next = policy->phases[facts->position]->image.meta;
	strscpy(row->next, next->phase, sizeof(row->next));
	row->enter = next->enter;
}

/* Finds the row of the policy with that number, of those that apply. */
static bool find_row(u64 id, u8 policy, struct row *row, u8 *nr)
{
	struct cgroup *cgroup = cgroup_get_from_id(id);
	const struct fng_subject *subject;
	struct fng_phase_facts facts;
	struct fng_subject scratch;
	bool found;

	*nr = 0;
	if (IS_ERR(cgroup))
		return false;
	memset(row, 0, sizeof(*row));
	row->cgroup_id = id;
	rcu_read_lock();
	subject = fng_subject_find(cgroup, &scratch);
	*nr = fng_subject_in_force(subject);
	found = policy < *nr && fng_phase_describe(subject, policy, &facts);
	if (found)
		fill(row, &facts);
	rcu_read_unlock();
	cgroup_put(cgroup);
	return found;
}

static int put_row(struct sk_buff *skb, const struct row *row)
{
	int err = fng_netlink_put_cgroup(skb, row->cgroup_id);

	if (err)
		return err;
	if (nla_put_string(skb, FNG_A_POLICY_NAME, row->policy) ||
	    (row->phase[0] && nla_put_string(skb, FNG_A_PHASE, row->phase)) ||
	    nla_put_u32(skb, FNG_A_SECONDS, row->seconds))
		return -EMSGSIZE;
	if (!row->next[0])
		return 0;
	if (nla_put_string(skb, FNG_A_NEXT_PHASE, row->next) ||
	    nla_put_u32(skb, FNG_A_ENTER, row->enter))
		return -EMSGSIZE;
	return 0;
}

static int dump_row(struct sk_buff *skb, struct netlink_callback *cb,
		    const struct row *row)
{
	void *header = fng_dump_begin(skb, cb, FNG_CMD_PHASE_GET);

	if (!header)
		return -EMSGSIZE;
	return fng_dump_end(skb, header, put_row(skb, row));
}

static int dump_cgroup(struct sk_buff *skb, struct netlink_callback *cb, u64 id,
		       u8 *policy)
{
	struct row row;
	int err;
	u8 nr;

	if (fng_id_is_device(id))
		return 0;
	do {
		if (find_row(id, *policy, &row, &nr)) {
			err = dump_row(skb, cb, &row);
			if (err)
				return err;
		}
		++*policy;
	} while (*policy < nr);
	return 0;
}

int fng_netlink_phase_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return fng_ruleset_active() ? fng_dump_cgroups(skb, cb, dump_cgroup) :
				      0;
}
