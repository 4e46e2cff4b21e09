// SPDX-License-Identifier: MIT
/*
 * Cgroups in quarantine.
 */
#include "exchange.h"

int fng_client_release(struct fng_client *client, int cgroup_fd)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_RELEASE, 0);

	if (msg)
		nla_put_s32(msg, FNG_A_CGROUP_FD, cgroup_fd);
	return fng_exchange(client, msg, NULL, NULL);
}

/**
 * struct visitor - who wants to see them
 * @fn: called for each
 * @data: handed to @fn
 */
struct visitor {
	fng_client_quarantined_fn fn;
	void *data;
};

static int visit_quarantined(const struct fng_attrs *attrs, void *data)
{
	const struct visitor *visitor = data;

	return visitor->fn(fng_attr_number(attrs, FNG_A_CGROUP_ID),
			   fng_attr_string(attrs, FNG_A_CGROUP_PATH),
			   visitor->data);
}

int fng_client_quarantined_list(struct fng_client *client,
				fng_client_quarantined_fn fn, void *data)
{
	struct visitor visitor = { fn, data };

	return fng_list(client, fng_request(client, FNG_CMD_QUARANTINE_GET,
					    NLM_F_DUMP),
			visit_quarantined, &visitor);
}
