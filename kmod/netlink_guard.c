// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about the guard as a whole.
 */
#include <linux/cgroup.h>
#include <linux/sched/signal.h>

#include <fnguard/image.h>
#include "attr.h"
#include "binding.h"
#include "device.h"
#include "entering.h"
#include "event.h"
#include "exemption.h"
#include "guard.h"
#include "ledger.h"
#include "netlink.h"
#include "phase.h"
#include "protect.h"
#include "response.h"
#include "seal.h"
#include "subject.h"
#include "trial.h"
#include "trust.h"

static int put_state(struct sk_buff *skb)
{
	char reason[FNG_REASON_SIZE];
	u32 state = fng_guard_state(reason);

	if (nla_put_u32(skb, FNG_A_STATE, state))
		return -EMSGSIZE;
	return reason[0] ? nla_put_string(skb, FNG_A_REASON, reason) : 0;
}

static int put_sizes(struct sk_buff *skb)
{
	if (fng_attr_put_u64(skb, FNG_A_POLICY_GEN, fng_ruleset_gen()) ||
	    fng_attr_put_u64(skb, FNG_A_BINDING_GEN, fng_binding_gen()) ||
	    nla_put_u32(skb, FNG_A_IMAGE_ABI, FNG_IMAGE_ABI) ||
	    nla_put_string(skb, FNG_A_MODULE_VERSION, FNG_MODULE_VERSION) ||
	    nla_put_u32(skb, FNG_A_NR_POLICIES, fng_ruleset_count()) ||
	    nla_put_u32(skb, FNG_A_NR_BINDINGS, fng_binding_total()) ||
	    nla_put_u32(skb, FNG_A_NR_DEVICES, fng_device_total()) ||
	    nla_put_u32(skb, FNG_A_NR_EXEMPT, fng_exemption_count()) ||
	    nla_put_u32(skb, FNG_A_NR_QUARANTINED,
			fng_cgroup_state_quarantined()) ||
	    nla_put_u32(skb, FNG_A_NR_SUBJECTS, fng_subject_count()) ||
	    nla_put_u32(skb, FNG_A_NR_ENTERING, fng_entering_count()))
		return -EMSGSIZE;
	return 0;
}

/* A load that may be rolled back in this very second counts as well. */
static int put_trial(struct sk_buff *skb)
{
	u32 left;

	return fng_trial_pending(&left) ?
	       nla_put_u32(skb, FNG_A_UNCONFIRMED, left) : 0;
}

static int put_events(struct sk_buff *skb)
{
	if (fng_attr_put_u64(skb, FNG_A_SEQ, fng_event_seq()) ||
	    fng_attr_put_u64(skb, FNG_A_EVENTS_LOST, fng_event_lost()) ||
	    fng_attr_put_u64(skb, FNG_A_DENIED, fng_ledger_denied()) ||
	    fng_attr_put_u64(skb, FNG_A_KILLS, fng_response_kills()) ||
	    fng_attr_put_u64(skb, FNG_A_PHASES, fng_phase_entered()) ||
	    fng_attr_put_u64(skb, FNG_A_UNHEARD, fng_ledger_unheard()))
		return -EMSGSIZE;
	return 0;
}

static int put_hook(struct sk_buff *skb, u32 hook)
{
	struct nlattr *nest = nla_nest_start(skb, FNG_A_HOOK);

	if (!nest || nla_put_u32(skb, FNG_A_HOOK_ID, hook))
		return -EMSGSIZE;
	if (fng_hook_proven(hook) && nla_put_flag(skb, FNG_A_HOOK_PROVEN))
		return -EMSGSIZE;
	if (fng_hook_absent(hook) && nla_put_flag(skb, FNG_A_HOOK_ABSENT))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_hooks(struct sk_buff *skb)
{
	u32 hook;

	for (hook = 0; hook < FNG_NR_HOOKS; hook++)
		if (!FNG_HOOK_IS_NETDEV(hook) && put_hook(skb, hook))
			return -EMSGSIZE;
	return 0;
}

static int put_status(struct sk_buff *skb)
{
	if (fng_sealed() && nla_put_flag(skb, FNG_A_SEALED))
		return -EMSGSIZE;
	return put_state(skb) ?: put_sizes(skb) ?: put_trial(skb) ?:
	       put_events(skb) ?: put_hooks(skb);
}

int fng_netlink_status(struct sk_buff *skb, struct genl_info *info)
{
	struct fng_reply reply;
	int err;

	err = fng_netlink_admit(skb, info->extack);
	if (err)
		return err;
	err = fng_reply_begin(&reply, info);
	if (err)
		return err;
	if (info->attrs[FNG_A_AGENT]) {
		mutex_lock(&fng_control_mutex);
		fng_agent_set(task_tgid(current));
		mutex_unlock(&fng_control_mutex);
	}
	return fng_reply_end(&reply, info, put_status(reply.skb));
}

int fng_netlink_arm(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *fd = info->attrs[FNG_A_CGROUP_FD];
	struct nlattr *id = info->attrs[FNG_A_HOOK_ID];
	struct cgroup *cgroup;
	int err;

	err = fng_netlink_admit(skb, info->extack);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, FNG_A_CGROUP_FD))
		return -EINVAL;
	cgroup = fng_netlink_cgroup(fd, info->extack);
	if (IS_ERR(cgroup))
		return PTR_ERR(cgroup);
	mutex_lock(&fng_control_mutex);
	err = fng_guard_arm(cgroup, id ? (int)nla_get_u32(id) : -1,
			    info->extack);
	mutex_unlock(&fng_control_mutex);
	cgroup_put(cgroup);
	return err;
}

int fng_netlink_prove(struct sk_buff *skb, struct genl_info *info)
{
	struct fng_reply reply;
	int err;

	err = fng_netlink_admit(skb, info->extack);
	if (err)
		return err;
	err = fng_reply_begin(&reply, info);
	if (err)
		return err;
	mutex_lock(&fng_control_mutex);
	err = fng_guard_prove(info->extack);
	mutex_unlock(&fng_control_mutex);
	return fng_reply_end(&reply, info, err ?: put_hooks(reply.skb));
}

int fng_netlink_disarm(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	err = fng_netlink_admit(skb, info->extack);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, FNG_A_REASON))
		return -EINVAL;
	mutex_lock(&fng_control_mutex);
	err = fng_guard_disarm(nla_data(info->attrs[FNG_A_REASON]),
			       info->extack);
	mutex_unlock(&fng_control_mutex);
	return err;
}

static int add_certificate(struct key *ring, u32 number,
			   const struct nlattr *attr,
			   struct netlink_ext_ack *extack)
{
	int err;

	if (number > FNG_MAX_CERTIFICATES) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "More than 8 certificates");
		return -E2BIG;
	}
	err = fng_trust_add(ring, number, nla_data(attr), nla_len(attr), extack);
	if (err)
		NL_SET_BAD_ATTR(extack, attr);
	return err;
}

/* A keyring for fng_trust_drop(), or ERR_PTR(). */
static struct key *read_certificates(struct genl_info *info)
{
	struct key *ring = fng_trust_create(info->extack);
	struct nlattr *attr;
	u32 number = 0;
	int rem, err;

	if (IS_ERR(ring))
		return ring;
	nla_for_each_attr(attr, genlmsg_data(info->genlhdr),
			  genlmsg_len(info->genlhdr), rem) {
		if (nla_type(attr) != FNG_A_CERTIFICATE)
			continue;
		err = add_certificate(ring, ++number, attr, info->extack);
		if (err) {
			fng_trust_drop(ring);
			return ERR_PTR(err);
		}
	}
	return ring;
}

int fng_netlink_seal(struct sk_buff *skb, struct genl_info *info)
{
	struct key *ring;
	int err;

	err = fng_netlink_admit(skb, info->extack);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, FNG_A_CERTIFICATE))
		return -EINVAL;
	ring = read_certificates(info);
	if (IS_ERR(ring))
		return PTR_ERR(ring);
	mutex_lock(&fng_control_mutex);
	err = fng_guard_seal(ring, info->extack);
	mutex_unlock(&fng_control_mutex);
	if (err)
		fng_trust_drop(ring);
	return err;
}
