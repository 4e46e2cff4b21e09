// SPDX-License-Identifier: MIT
/*
 * Cgroups that are exempt from their rules for a while.
 */
#include "exchange.h"

int fng_client_exempt(struct fng_client *client,
		      const struct fng_client_exemption *exemption)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_EXEMPT, 0);

	if (msg) {
		nla_put_s32(msg, FNG_A_CGROUP_FD, exemption->cgroup_fd);
		nla_put_u32(msg, FNG_A_SECONDS, exemption->seconds);
		nla_put_string(msg, FNG_A_REASON, exemption->reason);
	}
	return fng_exchange(client, msg, NULL, NULL);
}

int fng_client_exempt_end(struct fng_client *client, int cgroup_fd)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_EXEMPT_END, 0);

	if (msg)
		nla_put_s32(msg, FNG_A_CGROUP_FD, cgroup_fd);
	return fng_exchange(client, msg, NULL, NULL);
}

/**
 * struct visitor - who wants to see exemptions
 * @fn: called for each
 * @data: handed to @fn
 */
struct visitor {
	fng_client_exemption_fn fn;
	void *data;
};

static int visit_exemption(const struct fng_attrs *attrs, void *data)
{
	struct visitor *visitor = data;
	struct fng_client_exemption exemption = {
		.cgroup_fd = -1,
		.cgroup_id = fng_attr_number(attrs, FNG_A_CGROUP_ID),
		.cgroup = fng_attr_string(attrs, FNG_A_CGROUP_PATH),
		.seconds = fng_attr_number(attrs, FNG_A_SECONDS),
		.reason = fng_attr_string(attrs, FNG_A_REASON) ?: "",
	};

	return visitor->fn(&exemption, visitor->data);
}

int fng_client_exemption_list(struct fng_client *client,
			      fng_client_exemption_fn fn, void *data)
{
	struct visitor visitor = { fn, data };

	return fng_list(client,
			fng_request(client, FNG_CMD_EXEMPT_GET, NLM_F_DUMP),
			visit_exemption, &visitor);
}
