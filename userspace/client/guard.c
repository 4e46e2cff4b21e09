// SPDX-License-Identifier: MIT
/*
 * The guard as a whole: its state, arming, proof, disarming.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <netlink/genl/genl.h>

#include "exchange.h"

static void copy_string(char *to, size_t size, const struct fng_attrs *attrs,
			unsigned int type)
{
	snprintf(to, size, "%s", fng_attr_string(attrs, type) ?: "");
}

static int read_hook(const struct nlattr *nest,
		     struct fng_client_status *status)
{
	struct fng_attrs attrs;
	u64 hook;

	if (fng_attrs_parse(&attrs, fng_attr_data(nest), fng_attr_size(nest)))
		return -EBADMSG;
	hook = fng_attr_number(&attrs, FNG_A_HOOK_ID);
	if (!attrs.attr[FNG_A_HOOK_ID] || hook >= FNG_NR_HOOKS)
		return 0;
	status->proven[hook] = fng_attr_flag(&attrs, FNG_A_HOOK_PROVEN);
	status->absent[hook] = fng_attr_flag(&attrs, FNG_A_HOOK_ABSENT);
	return 0;
}

static int read_hooks(const struct nlmsghdr *header,
		      struct fng_client_status *status)
{
	const struct nlattr *attr;
	int left, err;

	nlmsg_for_each_attr(attr, (struct nlmsghdr *)header, GENL_HDRLEN, left) {
		if ((attr->nla_type & NLA_TYPE_MASK) != FNG_A_HOOK)
			continue;
		err = read_hook(attr, status);
		if (err)
			return err;
	}
	return 0;
}

static int read_status(const struct nlmsghdr *header, void *data)
{
	struct fng_client_status *status = data;
	struct fng_attrs attrs;
	int err;

	err = fng_reply_attrs(header, &attrs);
	if (err)
		return err;
	status->state = fng_attr_number(&attrs, FNG_A_STATE);
	copy_string(status->reason, sizeof(status->reason), &attrs,
		    FNG_A_REASON);
	copy_string(status->module_version, sizeof(status->module_version),
		    &attrs, FNG_A_MODULE_VERSION);
	status->policy_gen = fng_attr_number(&attrs, FNG_A_POLICY_GEN);
	status->binding_gen = fng_attr_number(&attrs, FNG_A_BINDING_GEN);
	status->image_abi = fng_attr_number(&attrs, FNG_A_IMAGE_ABI);
	status->nr_policies = fng_attr_number(&attrs, FNG_A_NR_POLICIES);
	status->nr_bindings = fng_attr_number(&attrs, FNG_A_NR_BINDINGS);
	status->nr_devices = fng_attr_number(&attrs, FNG_A_NR_DEVICES);
	status->nr_exempt = fng_attr_number(&attrs, FNG_A_NR_EXEMPT);
	status->nr_quarantined = fng_attr_number(&attrs,
						 FNG_A_NR_QUARANTINED);
	status->kills = fng_attr_number(&attrs, FNG_A_KILLS);
	status->phases = fng_attr_number(&attrs, FNG_A_PHASES);
	status->nr_subjects = fng_attr_number(&attrs, FNG_A_NR_SUBJECTS);
	status->nr_entering = fng_attr_number(&attrs, FNG_A_NR_ENTERING);
	status->seq = fng_attr_number(&attrs, FNG_A_SEQ);
	status->events_lost = fng_attr_number(&attrs, FNG_A_EVENTS_LOST);
	status->denied = fng_attr_number(&attrs, FNG_A_DENIED);
	status->unheard = fng_attr_number(&attrs, FNG_A_UNHEARD);
	status->unconfirmed = attrs.attr[FNG_A_UNCONFIRMED];
	status->confirm_left = fng_attr_number(&attrs, FNG_A_UNCONFIRMED);
	status->sealed = fng_attr_flag(&attrs, FNG_A_SEALED);
	return read_hooks(header, status);
}

int fng_client_status(struct fng_client *client, bool agent,
		      struct fng_client_status *status)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_STATUS, 0);

	memset(status, 0, sizeof(*status));
	if (msg && agent)
		nla_put_flag(msg, FNG_A_AGENT);
	return fng_exchange(client, msg, read_status, status);
}

int fng_client_arm(struct fng_client *client, int canary_fd, int hook)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_ARM, 0);

	if (msg) {
		nla_put_s32(msg, FNG_A_CGROUP_FD, canary_fd);
		if (hook >= 0)
			nla_put_u32(msg, FNG_A_HOOK_ID, hook);
	}
	return fng_exchange(client, msg, NULL, NULL);
}

int fng_client_prove(struct fng_client *client)
{
	return fng_exchange(client, fng_request(client, FNG_CMD_PROVE, 0),
			    NULL, NULL);
}

int fng_client_disarm(struct fng_client *client, const char *reason)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_DISARM, 0);

	if (msg)
		nla_put_string(msg, FNG_A_REASON, reason);
	return fng_exchange(client, msg, NULL, NULL);
}

int fng_client_seal(struct fng_client *client,
		    const struct fng_client_certificate *certificates, size_t nr)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_SEAL, 0);
	size_t i;

	for (i = 0; msg && i < nr; i++) {
		if (!nla_put(msg, FNG_A_CERTIFICATE, certificates[i].size,
			     certificates[i].data))
			continue;
		nlmsg_free(msg);
		return fng_client_fail(client, -E2BIG,
				       "the certificates are too large");
	}
	return fng_exchange(client, msg, NULL, NULL);
}
