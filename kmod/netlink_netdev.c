// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that bind network devices.
 */
#include <net/net_namespace.h>

#include "attr.h"
#include "device.h"
#include "netlink.h"
#include "ruleset.h"
#include "seal.h"

/* The namespace is held until put_net(). */
static int read_request(struct genl_info *info,
			struct fng_device_request *request)
{
	struct nlattr *fd = info->attrs[FNG_A_NETNS_FD];

	if (GENL_REQ_ATTR_CHECK(info, FNG_A_IFINDEX))
		return -EINVAL;
	request->ifindex = nla_get_u32(info->attrs[FNG_A_IFINDEX]);
	if (!fd) {
		request->net = get_net(genl_info_net(info));
		return 0;
	}
	request->net = get_net_ns_by_fd(nla_get_s32(fd));
	if (!IS_ERR(request->net))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, fd,
			    "Not a file descriptor of a network namespace");
	return PTR_ERR(request->net);
}

static int bind(struct genl_info *info,
		const struct fng_device_request *request,
		struct fng_device_facts *facts)
{
	struct nlattr *labels = info->attrs[FNG_A_LABELS];

	return fng_device_bind(request,
			       nla_data(info->attrs[FNG_A_POLICY_NAME]),
			       labels ? nla_data(labels) : "", facts,
			       info->extack);
}

static int unbind(struct genl_info *info,
		  const struct fng_device_request *request,
		  struct fng_device_facts *facts)
{
	return fng_seal_admit(info->extack) ?:
	       fng_device_unbind(request, facts, info->extack);
}

typedef int netdev_change(struct genl_info *info,
			  const struct fng_device_request *request,
			  struct fng_device_facts *facts);

static int change(struct genl_info *info,
		  const struct fng_device_request *request,
		  netdev_change *make)
{
	struct fng_device_facts facts;
	struct fng_reply reply;
	int err;

	err = fng_reply_begin(&reply, info);
	if (err)
		return err;
	mutex_lock(&fng_control_mutex);
	err = make(info, request, &facts);
	mutex_unlock(&fng_control_mutex);
	err = err ?: fng_attr_put_device(reply.skb, facts.id, &facts);
	return fng_reply_end(&reply, info, err);
}

static int handle(struct sk_buff *skb, struct genl_info *info,
		  netdev_change *make)
{
	struct fng_device_request request;
	int err;

	err = fng_netlink_admit(skb, info->extack) ?:
	      read_request(info, &request);
	if (err)
		return err;
	err = change(info, &request, make);
	put_net(request.net);
	return err;
}

int fng_netlink_netdev_bind(struct sk_buff *skb, struct genl_info *info)
{
	if (GENL_REQ_ATTR_CHECK(info, FNG_A_POLICY_NAME))
		return -EINVAL;
	return handle(skb, info, bind);
}

int fng_netlink_netdev_unbind(struct sk_buff *skb, struct genl_info *info)
{
	return handle(skb, info, unbind);
}

int fng_netlink_netdev_start(struct netlink_callback *cb)
{
	return fng_netlink_admit(cb->skb, cb->extack);
}

static int put_facts(struct sk_buff *skb, const struct fng_device_facts *facts)
{
	if (fng_attr_put_device(skb, facts->id, facts) ||
	    nla_put_u32(skb, FNG_A_NETNS, facts->netns) ||
	    nla_put_string(skb, FNG_A_POLICY_NAME, facts->policy) ||
	    (facts->template && nla_put_flag(skb, FNG_A_TEMPLATE)) ||
	    (facts->labels[0] &&
	     nla_put_string(skb, FNG_A_LABELS, facts->labels)))
		return -EMSGSIZE;
	return 0;
}

static struct fng_device_cursor *cursor_of(struct netlink_callback *cb)
{
	return (struct fng_device_cursor *)cb->ctx;
}

/* In the order of ids, so that nothing has to be kept from one to the next. */
int fng_netlink_netdev_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct fng_device_cursor cursor = *cursor_of(cb);
	struct fng_device_facts facts;

	while (fng_device_next(&cursor, &facts)) {
		void *header = fng_dump_begin(skb, cb, FNG_CMD_NETDEV_GET);

		if (!header ||
		    fng_dump_end(skb, header, put_facts(skb, &facts)))
			break;
		*cursor_of(cb) = cursor;
	}
	return skb->len;
}
