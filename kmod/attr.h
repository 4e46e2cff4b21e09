/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attributes that several messages have in common.
 */
#ifndef FNGUARD_KMOD_ATTR_H
#define FNGUARD_KMOD_ATTR_H

#include <net/netlink.h>
#include <uapi/fnguard.h>

#include "policy.h"

struct fng_device_facts;

/* Bytes of the texts of a rule that a message carries. */
#define FNG_MAX_ATTR_TEXT	256

static inline int fng_attr_put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, FNG_A_PAD);
}

/* Any context. */
int fng_attr_put_time(struct sk_buff *skb, u64 boot);

int fng_attr_put_device(struct sk_buff *skb, u64 id,
			const struct fng_device_facts *facts);
int fng_attr_put_owner(struct sk_buff *skb, u64 id, const char *path);
int fng_attr_put_activation(struct sk_buff *skb, u32 number);
int fng_attr_put_text(struct sk_buff *skb, int attr, const char *text);
int fng_attr_put_name(struct sk_buff *skb, const struct fng_policy *policy);
int fng_attr_put_policy(struct sk_buff *skb, const struct fng_policy *policy);
int fng_attr_put_rule(struct sk_buff *skb, const struct fng_policy *policy,
		      u32 rule);

#endif /* FNGUARD_KMOD_ATTR_H */
