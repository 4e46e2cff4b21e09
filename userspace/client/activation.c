// SPDX-License-Identifier: MIT
/*
 * Activations of cgroups.
 */
#include "activation.h"
#include "exchange.h"

static int accept_reply(const struct nlmsghdr *header, void *data)
{
	(void)header;
	(void)data;
	return 0;
}

int fng_client_cgroup_activate(struct fng_client *client,
			       const struct fng_client_activation *activation)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_ACTIVATE, 0);

	if (msg) {
		nla_put_s32(msg, FNG_A_CGROUP_FD, activation->cgroup_fd);
		nla_put_string(msg, FNG_A_POLICY_NAME, activation->policy);
		if (activation->name)
			nla_put_string(msg, FNG_A_ACTIVATION, activation->name);
		if (activation->labels)
			nla_put_string(msg, FNG_A_LABELS, activation->labels);
	}
	return fng_exchange(client, msg, accept_reply, NULL);
}
