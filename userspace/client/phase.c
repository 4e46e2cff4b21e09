// SPDX-License-Identifier: MIT
/*
 * Phases of policies that cgroups are in.
 */
#include "exchange.h"
#include "phase.h"

int fng_client_phase_enter(struct fng_client *client, int cgroup_fd,
			   const char *policy, const char *phase)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_PHASE, 0);

	if (msg) {
		nla_put_s32(msg, FNG_A_CGROUP_FD, cgroup_fd);
		nla_put_string(msg, FNG_A_POLICY_NAME, policy);
		nla_put_string(msg, FNG_A_PHASE, phase);
	}
	return fng_exchange(client, msg, NULL, NULL);
}

/**
 * struct visitor - who wants to see phases
 * @fn: called for each
 * @data: handed to @fn
 */
struct visitor {
	fng_client_phase_fn fn;
	void *data;
};

static int visit_phase(const struct fng_attrs *attrs, void *data)
{
	struct visitor *visitor = data;
	struct fng_client_phase phase = {
		.cgroup_id = fng_attr_number(attrs, FNG_A_CGROUP_ID),
		.cgroup = fng_attr_string(attrs, FNG_A_CGROUP_PATH),
		.policy = fng_attr_string(attrs, FNG_A_POLICY_NAME) ?: "",
		.phase = fng_attr_string(attrs, FNG_A_PHASE),
		.seconds = fng_attr_number(attrs, FNG_A_SECONDS),
		.next = fng_attr_string(attrs, FNG_A_NEXT_PHASE),
		.enter = fng_attr_number(attrs, FNG_A_ENTER),
	};

	return visitor->fn(&phase, visitor->data);
}

int fng_client_phase_list(struct fng_client *client, fng_client_phase_fn fn,
			  void *data)
{
	struct visitor visitor = { fn, data };

	return fng_list(client,
			fng_request(client, FNG_CMD_PHASE_GET, NLM_F_DUMP),
			visit_phase, &visitor);
}
