// SPDX-License-Identifier: MIT
/*
 * Bindings of network devices to policies.
 */
#include <stdio.h>

#include "exchange.h"

static void read_name(const struct fng_attrs *attrs,
		      struct fng_client_netdev *netdev)
{
	netdev->id = fng_attr_number(attrs, FNG_A_DEVICE_ID);
	snprintf(netdev->name, sizeof(netdev->name), "%s",
		 fng_attr_string(attrs, FNG_A_IFNAME) ?: "");
}

static int read_netdev(const struct nlmsghdr *header, void *data)
{
	struct fng_attrs attrs;
	int err = fng_reply_attrs(header, &attrs);

	if (!err)
		read_name(&attrs, data);
	return err;
}

static struct nl_msg *request(struct fng_client *client, int command,
			      const struct fng_client_netdev *netdev)
{
	struct nl_msg *msg = fng_request(client, command, 0);

	if (!msg)
		return NULL;
	nla_put_u32(msg, FNG_A_IFINDEX, netdev->ifindex);
	if (netdev->netns_fd >= 0)
		nla_put_s32(msg, FNG_A_NETNS_FD, netdev->netns_fd);
	return msg;
}

int fng_client_netdev_bind(struct fng_client *client,
			   struct fng_client_netdev *netdev)
{
	struct nl_msg *msg = request(client, FNG_CMD_NETDEV_BIND, netdev);

	if (msg) {
		nla_put_string(msg, FNG_A_POLICY_NAME, netdev->policy);
		if (netdev->labels)
			nla_put_string(msg, FNG_A_LABELS, netdev->labels);
	}
	return fng_exchange(client, msg, read_netdev, netdev);
}

int fng_client_netdev_unbind(struct fng_client *client,
			     struct fng_client_netdev *netdev)
{
	return fng_exchange(client,
			    request(client, FNG_CMD_NETDEV_UNBIND, netdev),
			    read_netdev, netdev);
}

/**
 * struct visitor - who wants to see bound devices
 * @fn: called for each
 * @data: handed to @fn
 */
struct visitor {
	fng_client_netdev_fn fn;
	void *data;
};

static int visit_netdev(const struct fng_attrs *attrs, void *data)
{
	struct visitor *visitor = data;
	struct fng_client_netdev netdev = {
		.netns_fd = -1,
		.ifindex = fng_attr_number(attrs, FNG_A_IFINDEX),
		.netns = fng_attr_number(attrs, FNG_A_NETNS),
		.policy = fng_attr_string(attrs, FNG_A_POLICY_NAME) ?: "",
		.labels = fng_attr_string(attrs, FNG_A_LABELS),
		.template = fng_attr_flag(attrs, FNG_A_TEMPLATE),
	};

	read_name(attrs, &netdev);
	return visitor->fn(&netdev, visitor->data);
}

int fng_client_netdev_list(struct fng_client *client, fng_client_netdev_fn fn,
			   void *data)
{
	struct visitor visitor = { fn, data };

	return fng_list(client,
			fng_request(client, FNG_CMD_NETDEV_GET, NLM_F_DUMP),
			visit_netdev, &visitor);
}
