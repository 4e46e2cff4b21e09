// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes that several messages have in common.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>

#include "activation.h"
#include "attr.h"
#include "device.h"

static const char *const floor_names[FNG_NR_FLOORS] = FNG_FLOOR_NAMES;
static const char *const guard_names[FNG_NR_GUARD_RULES] =
	FNG_GUARD_RULE_NAMES;

/**
 * fng_attr_put_text() - put a string, cut to what a message may carry
 * @skb: message
 * @attr: attribute type
 * @text: the string
 */
int fng_attr_put_text(struct sk_buff *skb, int attr, const char *text)
{
	size_t len = strnlen(text, FNG_MAX_ATTR_TEXT);
	struct nlattr *nla = nla_reserve(skb, attr, len + 1);

	if (!nla)
		return -EMSGSIZE;
	memcpy(nla_data(nla), text, len);
	((char *)nla_data(nla))[len] = 0;
	return 0;
}

/**
 * fng_attr_put_time() - say when something was
 * @skb: message
 * @boot: nanoseconds since boot
 *
 * The time of day of that moment is told as the clock is set now: what was before it
 * was set right is told right.
 */
int fng_attr_put_time(struct sk_buff *skb, u64 boot)
{
	s64 ahead = ktime_mono_to_any(0, TK_OFFS_REAL) -
		    ktime_mono_to_any(0, TK_OFFS_BOOT);

	if (fng_attr_put_u64(skb, FNG_A_TIME_BOOT, boot) ||
	    fng_attr_put_u64(skb, FNG_A_TIME_WALL, boot + ahead))
		return -EMSGSIZE;
	return 0;
}

/**
 * fng_attr_put_name() - say which policy, and which phase of it
 * @skb: message
 * @policy: the policy
 *
 * Context: as for whoever found @policy.
 */
int fng_attr_put_name(struct sk_buff *skb, const struct fng_policy *policy)
{
	const char *phase = policy->image.meta->phase;

	if (nla_put_string(skb, FNG_A_POLICY_NAME, fng_policy_name(policy)))
		return -EMSGSIZE;
	return phase[0] ? nla_put_string(skb, FNG_A_PHASE, phase) : 0;
}

/**
 * fng_attr_put_policy() - say which policy, phase and version
 * @skb: message
 * @policy: the policy
 *
 * Context: as for whoever found @policy.
 */
int fng_attr_put_policy(struct sk_buff *skb, const struct fng_policy *policy)
{
	if (fng_attr_put_name(skb, policy))
		return -EMSGSIZE;
	return nla_put_u32(skb, FNG_A_POLICY_VERSION,
			   policy->image.meta->version);
}

/**
 * fng_attr_put_device() - say which bound device
 * @skb: message
 * @id: of its binding
 * @facts: what is known of it, or NULL
 */
int fng_attr_put_device(struct sk_buff *skb, u64 id,
			const struct fng_device_facts *facts)
{
	if (fng_attr_put_u64(skb, FNG_A_DEVICE_ID, id))
		return -EMSGSIZE;
	if (!facts)
		return 0;
	if (nla_put_u32(skb, FNG_A_IFINDEX, facts->ifindex) ||
	    nla_put_string(skb, FNG_A_IFNAME, facts->name))
		return -EMSGSIZE;
	return 0;
}

/**
 * fng_attr_put_owner() - say which cgroup, or which bound device
 * @skb: message
 * @id: of it
 * @path: of a cgroup; empty if it is gone
 */
int fng_attr_put_owner(struct sk_buff *skb, u64 id, const char *path)
{
	struct fng_device_facts facts;

	if (fng_id_is_device(id))
		return fng_attr_put_device(skb, id,
					   fng_device_describe(id, &facts) ?
					   &facts : NULL);
	return fng_attr_put_u64(skb, FNG_A_CGROUP_ID, id) ?:
	       (path[0] ? nla_put_string(skb, FNG_A_CGROUP_PATH, path) : 0);
}

/**
 * fng_attr_put_activation() - say of which use of a cgroup
 * @skb: message
 * @number: of the activation, or 0
 */
int fng_attr_put_activation(struct sk_buff *skb, u32 number)
{
	struct fng_activation_facts facts;

	return fng_activation_describe(number, &facts) ?
	       nla_put_string(skb, FNG_A_ACTIVATION, facts.name) : 0;
}

static int put_fixed_rule(struct sk_buff *skb, u32 rule)
{
	u32 index = rule & FNG_RULE_INDEX_MASK;
	char text[40] = "";

	if ((rule & ~FNG_RULE_INDEX_MASK) == FNG_RULE_FLOOR &&
	    index < FNG_NR_FLOORS)
		snprintf(text, sizeof(text), "floor:%s", floor_names[index]);
	if ((rule & ~FNG_RULE_INDEX_MASK) == FNG_RULE_GUARD &&
	    index < FNG_NR_GUARD_RULES)
		snprintf(text, sizeof(text), "guard:%s", guard_names[index]);
	return text[0] ? nla_put_string(skb, FNG_A_RULE_TEXT, text) : 0;
}

/**
 * fng_attr_put_rule() - say which rule, and where it was written
 * @skb: message
 * @policy: the policy, or NULL if there is none or it is gone
 * @rule: rule id; FNG_RULE_NONE puts nothing
 *
 * Context: as for whoever found @policy.
 */
int fng_attr_put_rule(struct sk_buff *skb, const struct fng_policy *policy,
		      u32 rule)
{
	const struct fng_image_rule *written;
	const char *strings;

	if (rule == FNG_RULE_NONE)
		return 0;
	if (nla_put_u32(skb, FNG_A_RULE_ID, rule))
		return -EMSGSIZE;
	written = policy ? fng_rule_find(&policy->image, rule, &strings) : NULL;
	if (!written)
		return put_fixed_rule(skb, rule);
	if (fng_attr_put_text(skb, FNG_A_RULE_FILE, strings + written->file) ||
	    nla_put_u32(skb, FNG_A_RULE_LINE, written->line))
		return -EMSGSIZE;
	return fng_attr_put_text(skb, FNG_A_RULE_TEXT, strings + written->text);
}
