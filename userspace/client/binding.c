// SPDX-License-Identifier: MIT
/*
 * Bindings of cgroups to policies.
 */
#include <errno.h>

#include "exchange.h"

static int read_binding(const struct nlmsghdr *header, void *data)
{
	struct fng_client_binding *binding = data;
	struct fng_attrs attrs;
	int err;

	err = fng_reply_attrs(header, &attrs);
	if (err)
		return err;
	binding->cgroup_id = fng_attr_number(&attrs, FNG_A_CGROUP_ID);
	binding->partial = fng_attr_flag(&attrs, FNG_A_PARTIAL);
	return 0;
}

int fng_client_bind(struct fng_client *client,
		    struct fng_client_binding *binding)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_BIND, 0);

	if (msg) {
		nla_put_s32(msg, FNG_A_CGROUP_FD, binding->cgroup_fd);
		nla_put_string(msg, FNG_A_POLICY_NAME, binding->policy);
		if (binding->labels)
			nla_put_string(msg, FNG_A_LABELS, binding->labels);
	}
	return fng_exchange(client, msg, read_binding, binding);
}

int fng_client_unbind(struct fng_client *client,
		      const struct fng_client_binding *binding)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_UNBIND, 0);

	if (msg) {
		if (binding->cgroup_fd >= 0)
			nla_put_s32(msg, FNG_A_CGROUP_FD, binding->cgroup_fd);
		else
			nla_put_u64(msg, FNG_A_CGROUP_ID, binding->cgroup_id);
		if (binding->policy)
			nla_put_string(msg, FNG_A_POLICY_NAME, binding->policy);
	}
	return fng_exchange(client, msg, NULL, NULL);
}

/**
 * struct visitor - who wants to see bindings
 * @fn: called for each
 * @data: handed to @fn
 */
struct visitor {
	fng_client_binding_fn fn;
	void *data;
};

static int visit_binding(const struct fng_attrs *attrs, void *data)
{
	struct visitor *visitor = data;
	struct fng_client_binding binding = {
		.cgroup_fd = -1,
		.cgroup_id = fng_attr_number(attrs, FNG_A_CGROUP_ID),
		.cgroup = fng_attr_string(attrs, FNG_A_CGROUP_PATH),
		.policy = fng_attr_string(attrs, FNG_A_POLICY_NAME) ?: "",
		.labels = fng_attr_string(attrs, FNG_A_LABELS),
		.template = fng_attr_flag(attrs, FNG_A_TEMPLATE),
		.partial = fng_attr_flag(attrs, FNG_A_PARTIAL),
		.dead = fng_attr_flag(attrs, FNG_A_DEAD),
	};

	return visitor->fn(&binding, visitor->data);
}

int fng_client_binding_list(struct fng_client *client,
			    fng_client_binding_fn fn, void *data)
{
	struct visitor visitor = { fn, data };

	return fng_list(client,
			fng_request(client, FNG_CMD_BIND_GET, NLM_F_DUMP),
			visit_binding, &visitor);
}
