// SPDX-License-Identifier: MIT
/*
 * The ledger of refusals.
 */
#include "exchange.h"

/**
 * struct visitor - who wants to see counters
 * @fn: called for each
 * @data: handed to @fn
 */
struct visitor {
	fng_client_counter_fn fn;
	void *data;
};

static int visit_counter(const struct fng_attrs *attrs, void *data)
{
	struct visitor *visitor = data;
	struct fng_client_counter counter = {
		.cgroup_id = fng_attr_number(attrs, FNG_A_CGROUP_ID),
		.device_id = fng_attr_number(attrs, FNG_A_DEVICE_ID),
		.device = fng_attr_string(attrs, FNG_A_IFNAME),
		.cgroup = fng_attr_string(attrs, FNG_A_CGROUP_PATH),
		.policy = fng_attr_string(attrs, FNG_A_POLICY_NAME) ?: "",
		.phase = fng_attr_string(attrs, FNG_A_PHASE),
		.activation = fng_attr_string(attrs, FNG_A_ACTIVATION),
		.version = fng_attr_number(attrs, FNG_A_POLICY_VERSION),
		.rest = !attrs->attr[FNG_A_HOOK_ID],
		.hook = fng_attr_number(attrs, FNG_A_HOOK_ID),
		.class = fng_attr_number(attrs, FNG_A_CLASS),
		.rule = fng_attr_number(attrs, FNG_A_RULE_ID),
		.rule_file = fng_attr_string(attrs, FNG_A_RULE_FILE),
		.rule_line = fng_attr_number(attrs, FNG_A_RULE_LINE),
		.rule_text = fng_attr_string(attrs, FNG_A_RULE_TEXT),
		.audit = fng_attr_flag(attrs, FNG_A_AUDIT),
		.observed = fng_attr_flag(attrs, FNG_A_OBSERVED),
		.would_deny = fng_attr_flag(attrs, FNG_A_CANDIDATE_DENIES),
		.would_allow = fng_attr_flag(attrs, FNG_A_CANDIDATE_ALLOWS),
		.entering = fng_attr_flag(attrs, FNG_A_ENTERING),
		.count = fng_attr_number(attrs, FNG_A_COUNT),
		.reported = fng_attr_number(attrs, FNG_A_REPORTED),
	};

	return visitor->fn(&counter, visitor->data);
}

int fng_client_counters(struct fng_client *client, const char *policy,
			const u64 *cgroup_id, fng_client_counter_fn fn, void *data)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_COUNTERS_GET,
					 NLM_F_DUMP);
	struct visitor visitor = { fn, data };

	if (msg && policy)
		nla_put_string(msg, FNG_A_POLICY_NAME, policy);
	if (msg && cgroup_id)
		nla_put_u64(msg, FNG_A_CGROUP_ID, *cgroup_id);
	return fng_list(client, msg, visit_counter, &visitor);
}
