// SPDX-License-Identifier: MIT
/*
 * What was refused last, and by what a cgroup is judged.
 */
#include <stdio.h>

#include "exchange.h"
#include "refusals.h"

/**
 * struct visitor - who wants to see refusals
 * @fn: called for each
 * @data: handed to @fn
 * @unkept: how often something was refused that found no room
 */
struct visitor {
	fng_client_refusal_fn fn;
	void *data;
	u64 unkept;
};

static int visit_refusal(const struct fng_attrs *attrs, void *data)
{
	const struct nlattr *nest = attrs->attr[FNG_A_EVENT];
	struct visitor *visitor = data;
	struct fng_event event;
	int err;

	if (!nest) {
		visitor->unkept = fng_attr_number(attrs, FNG_A_UNKEPT);
		return 0;
	}
	err = fng_event_parse(&event, fng_attr_data(nest), fng_attr_size(nest));
	return err ?: visitor->fn(&event, visitor->data);
}

int fng_client_refusals(struct fng_client *client, fng_client_refusal_fn fn,
			void *data, u64 *unkept)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_REFUSALS_GET,
					 NLM_F_DUMP);
	struct visitor visitor = { .fn = fn, .data = data };
	int err = fng_list(client, msg, visit_refusal, &visitor);

	*unkept = visitor.unkept;
	return err;
}

static int read_policy(const struct nlattr *nest,
		       struct fng_client_subject *subject)
{
	struct fng_client_applied *applied = &subject->applied[subject->nr];
	struct fng_attrs attrs;

	if (subject->nr == FNG_MAX_APPLIED ||
	    fng_attrs_parse(&attrs, fng_attr_data(nest), fng_attr_size(nest)))
		return -EBADMSG;
	snprintf(applied->policy, sizeof(applied->policy), "%s",
		 fng_attr_string(&attrs, FNG_A_POLICY_NAME) ?: "");
	snprintf(applied->phase, sizeof(applied->phase), "%s",
		 fng_attr_string(&attrs, FNG_A_PHASE) ?: "");
	applied->version = fng_attr_number(&attrs, FNG_A_POLICY_VERSION);
	subject->nr++;
	return 0;
}

static int read_subject(const struct nlmsghdr *header, void *data)
{
	struct fng_client_subject *subject = data;
	const struct nlattr *attr;
	struct fng_attrs attrs;
	int left, err;

	err = fng_reply_attrs(header, &attrs);
	if (err)
		return err;
	subject->seconds = fng_attr_number(&attrs, FNG_A_SECONDS);
	subject->quarantined = fng_attr_flag(&attrs, FNG_A_QUARANTINED);
	subject->excess = fng_attr_flag(&attrs, FNG_A_EXCESS);
	nlmsg_for_each_attr(attr, (struct nlmsghdr *)header, GENL_HDRLEN, left) {
		if ((attr->nla_type & NLA_TYPE_MASK) != FNG_A_POLICY)
			continue;
		err = read_policy(attr, subject);
		if (err)
			return err;
	}
	return 0;
}

int fng_client_subject(struct fng_client *client, u64 cgroup_id,
		       struct fng_client_subject *subject)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_SUBJECT_GET, 0);

	*subject = (struct fng_client_subject) { 0 };
	if (msg)
		nla_put_u64(msg, FNG_A_CGROUP_ID, cgroup_id);
	return fng_exchange(client, msg, read_subject, subject);
}
