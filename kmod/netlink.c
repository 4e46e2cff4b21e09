// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family: who may speak, and in which form.
 *
 * Commands run in parallel as far as generic netlink is concerned: some wait for
 * grace periods or verify large images, and other families must not wait for
 * them. What changes anything is serialised by fng_control_mutex.
 */
#include <linux/capability.h>
#include <linux/cgroup.h>
#include <linux/file.h>
#include <linux/module.h>
#include <linux/nsproxy.h>

#include <fnguard/hooks.h>
#include <fnguard/image.h>
#include <fnguard/limits.h>
#include "event.h"
#include "guard.h"
#include "hooks.h"
#include "netlink.h"

/* Names come with their NUL; every number has its range. */
#define POLICY_NAME	{ .type = NLA_NUL_STRING, .len = FNG_MAX_POLICY_NAME }
#define PHASE_NAME	{ .type = NLA_NUL_STRING, .len = FNG_MAX_PHASE_NAME }
/* Longer than they may be, so that the refusal says what is wrong. */
#define LABELS		{ .type = NLA_NUL_STRING, .len = 4 * FNG_MAX_LABELS }
#define REQUEST_ATTRS(command) \
	.policy = command##_attrs, .maxattr = ARRAY_SIZE(command##_attrs) - 1

static const struct nla_policy status_attrs[] = {
	[FNG_A_AGENT] = { .type = NLA_FLAG },
};

static const struct nla_policy arm_attrs[] = {
	[FNG_A_HOOK_ID] = NLA_POLICY_MAX(NLA_U32, FNG_NR_HOOKS - 1),
	[FNG_A_CGROUP_FD] = NLA_POLICY_MIN(NLA_S32, 0),
};

static const struct nla_policy prove_attrs[] = {
	[FNG_A_PAD] = { .type = NLA_REJECT },
};

static const struct nla_policy disarm_attrs[] = {
	[FNG_A_REASON] = { .type = NLA_NUL_STRING,
			   .len = FNG_REASON_SIZE - 1 },
};

const struct nla_policy fng_image_attrs[FNG_NR_IMAGE_ATTRS] = {
	[FNG_A_IMAGE_FD] = NLA_POLICY_MIN(NLA_S32, 0),
	[FNG_A_IMAGE_SIZE] = NLA_POLICY_MIN(NLA_U32, 1),
	[FNG_A_SIGNATURE_SIZE] = NLA_POLICY_RANGE(NLA_U32, 1,
						  FNG_MAX_SIGNATURE),
};

static const struct nla_policy policy_load_attrs[] = {
	[FNG_A_POLICY_GEN] = { .type = NLA_U64 },
	[FNG_A_POLICY] = NLA_POLICY_NESTED(fng_image_attrs),
	[FNG_A_SECONDS] = { .type = NLA_U32 },
	[FNG_A_CANDIDATE] = { .type = NLA_FLAG },
};

static const struct nla_policy policy_promote_attrs[] = {
	[FNG_A_POLICY_GEN] = { .type = NLA_U64 },
	[FNG_A_POLICY_NAME] = POLICY_NAME,
	[FNG_A_SECONDS] = { .type = NLA_U32 },
};

static const struct nla_policy policy_confirm_attrs[] = {
	[FNG_A_PAD] = { .type = NLA_REJECT },
};

static const struct nla_policy policy_rollback_attrs[] = {
	[FNG_A_PAD] = { .type = NLA_REJECT },
};

static const struct nla_policy policy_unload_attrs[] = {
	[FNG_A_POLICY_GEN] = { .type = NLA_U64 },
	[FNG_A_POLICY_NAME] = POLICY_NAME,
	[FNG_A_REPLACE_WITH] = POLICY_NAME,
	[FNG_A_CANDIDATE] = { .type = NLA_FLAG },
};

static const struct nla_policy policy_get_attrs[] = {
	[FNG_A_POLICY_NAME] = POLICY_NAME,
	[FNG_A_IMAGE_FD] = NLA_POLICY_MIN(NLA_S32, 0),
};

static const struct nla_policy bind_attrs[] = {
	[FNG_A_BINDING_GEN] = { .type = NLA_U64 },
	[FNG_A_POLICY_NAME] = POLICY_NAME,
	[FNG_A_CGROUP_FD] = NLA_POLICY_MIN(NLA_S32, 0),
	[FNG_A_LABELS] = LABELS,
};

static const struct nla_policy activate_attrs[] = {
	[FNG_A_POLICY_NAME] = POLICY_NAME,
	[FNG_A_CGROUP_FD] = NLA_POLICY_MIN(NLA_S32, 0),
	[FNG_A_LABELS] = LABELS,
	[FNG_A_ACTIVATION] = { .type = NLA_NUL_STRING,
			       .len = FNG_MAX_ACTIVATION },
};

static const struct nla_policy unbind_attrs[] = {
	[FNG_A_BINDING_GEN] = { .type = NLA_U64 },
	[FNG_A_POLICY_NAME] = POLICY_NAME,
	[FNG_A_CGROUP_FD] = NLA_POLICY_MIN(NLA_S32, 0),
	[FNG_A_CGROUP_ID] = { .type = NLA_U64 },
};

static const struct nla_policy bind_get_attrs[] = {
	[FNG_A_PAD] = { .type = NLA_REJECT },
};

static const struct nla_policy exempt_attrs[] = {
	[FNG_A_CGROUP_FD] = NLA_POLICY_MIN(NLA_S32, 0),
	[FNG_A_SECONDS] = { .type = NLA_U32 },
	[FNG_A_REASON] = { .type = NLA_NUL_STRING,
			   .len = FNG_MAX_EXEMPTION_REASON },
};

static const struct nla_policy exempt_end_attrs[] = {
	[FNG_A_CGROUP_FD] = NLA_POLICY_MIN(NLA_S32, 0),
	[FNG_A_CGROUP_ID] = { .type = NLA_U64 },
};

static const struct nla_policy release_attrs[] = {
	[FNG_A_CGROUP_FD] = NLA_POLICY_MIN(NLA_S32, 0),
	[FNG_A_CGROUP_ID] = { .type = NLA_U64 },
};

static const struct nla_policy quarantine_get_attrs[] = {
	[FNG_A_PAD] = { .type = NLA_REJECT },
};

static const struct nla_policy phase_attrs[] = {
	[FNG_A_POLICY_NAME] = POLICY_NAME,
	[FNG_A_CGROUP_FD] = NLA_POLICY_MIN(NLA_S32, 0),
	[FNG_A_CGROUP_ID] = { .type = NLA_U64 },
	[FNG_A_PHASE] = PHASE_NAME,
};

static const struct nla_policy phase_get_attrs[] = {
	[FNG_A_PAD] = { .type = NLA_REJECT },
};

static const struct nla_policy exempt_get_attrs[] = {
	[FNG_A_PAD] = { .type = NLA_REJECT },
};

static const struct nla_policy counters_get_attrs[] = {
	[FNG_A_POLICY_NAME] = POLICY_NAME,
	[FNG_A_CGROUP_ID] = { .type = NLA_U64 },
};

static const struct nla_policy names_get_attrs[] = {
	[FNG_A_CGROUP_ID] = { .type = NLA_U64 },
};

static const struct nla_policy learn_dump_attrs[] = {
	[FNG_A_POLICY_NAME] = POLICY_NAME,
};

static const struct nla_policy refusals_get_attrs[] = {
	[FNG_A_PAD] = { .type = NLA_REJECT },
};

static const struct nla_policy subject_get_attrs[] = {
	[FNG_A_CGROUP_FD] = NLA_POLICY_MIN(NLA_S32, 0),
	[FNG_A_CGROUP_ID] = { .type = NLA_U64 },
};

static const struct nla_policy attest_attrs[] = {
	[FNG_A_FILE_FD] = NLA_POLICY_MIN(NLA_S32, 0),
	[FNG_A_FILE_SIZE] = { .type = NLA_U64 },
	[FNG_A_FILE_CTIME] = { .type = NLA_U64 },
	[FNG_A_SHA256] = NLA_POLICY_EXACT_LEN(FNG_SHA256_SIZE),
	[FNG_A_MOMENT] = { .type = NLA_U64 },
	[FNG_A_CLOCK_STEPS] = { .type = NLA_U32 },
};

static const struct nla_policy seal_attrs[] = {
	[FNG_A_CERTIFICATE] = { .type = NLA_BINARY,
				.len = FNG_MAX_CERTIFICATE },
};

static const struct nla_policy netdev_bind_attrs[] = {
	[FNG_A_POLICY_NAME] = POLICY_NAME,
	[FNG_A_LABELS] = LABELS,
	[FNG_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[FNG_A_NETNS_FD] = NLA_POLICY_MIN(NLA_S32, 0),
};

static const struct nla_policy netdev_unbind_attrs[] = {
	[FNG_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[FNG_A_NETNS_FD] = NLA_POLICY_MIN(NLA_S32, 0),
};

static const struct nla_policy netdev_get_attrs[] = {
	[FNG_A_PAD] = { .type = NLA_REJECT },
};

static const struct genl_ops ops[] = {
	{
		.cmd = FNG_CMD_STATUS,
		REQUEST_ATTRS(status),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_status,
	}, {
		.cmd = FNG_CMD_ARM,
		REQUEST_ATTRS(arm),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_arm,
	}, {
		.cmd = FNG_CMD_PROVE,
		REQUEST_ATTRS(prove),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_prove,
	}, {
		.cmd = FNG_CMD_DISARM,
		REQUEST_ATTRS(disarm),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_disarm,
	}, {
		.cmd = FNG_CMD_POLICY_LOAD,
		REQUEST_ATTRS(policy_load),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_policy_load,
	}, {
		.cmd = FNG_CMD_POLICY_UNLOAD,
		REQUEST_ATTRS(policy_unload),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_policy_unload,
	}, {
		.cmd = FNG_CMD_POLICY_PROMOTE,
		REQUEST_ATTRS(policy_promote),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_policy_promote,
	}, {
		.cmd = FNG_CMD_POLICY_CONFIRM,
		REQUEST_ATTRS(policy_confirm),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_policy_confirm,
	}, {
		.cmd = FNG_CMD_POLICY_ROLLBACK,
		REQUEST_ATTRS(policy_rollback),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_policy_rollback,
	}, {
		.cmd = FNG_CMD_POLICY_GET,
		REQUEST_ATTRS(policy_get),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_policy_get,
		.start = fng_netlink_policy_start,
		.dumpit = fng_netlink_policy_dump,
	}, {
		.cmd = FNG_CMD_BIND,
		REQUEST_ATTRS(bind),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_bind,
	}, {
		.cmd = FNG_CMD_ACTIVATE,
		REQUEST_ATTRS(activate),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_activate,
	}, {
		.cmd = FNG_CMD_UNBIND,
		REQUEST_ATTRS(unbind),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_unbind,
	}, {
		.cmd = FNG_CMD_BIND_GET,
		REQUEST_ATTRS(bind_get),
		.flags = GENL_ADMIN_PERM,
		.start = fng_netlink_bindings_start,
		.dumpit = fng_netlink_bindings_dump,
		.done = fng_netlink_bindings_done,
	}, {
		.cmd = FNG_CMD_EXEMPT,
		REQUEST_ATTRS(exempt),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_exempt,
	}, {
		.cmd = FNG_CMD_EXEMPT_END,
		REQUEST_ATTRS(exempt_end),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_exempt_end,
	}, {
		.cmd = FNG_CMD_EXEMPT_GET,
		REQUEST_ATTRS(exempt_get),
		.flags = GENL_ADMIN_PERM,
		.start = fng_dump_start,
		.dumpit = fng_netlink_exempt_dump,
	}, {
		.cmd = FNG_CMD_RELEASE,
		REQUEST_ATTRS(release),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_release,
	}, {
		.cmd = FNG_CMD_QUARANTINE_GET,
		REQUEST_ATTRS(quarantine_get),
		.flags = GENL_ADMIN_PERM,
		.start = fng_dump_start,
		.dumpit = fng_netlink_quarantine_dump,
	}, {
		.cmd = FNG_CMD_PHASE,
		REQUEST_ATTRS(phase),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_phase,
	}, {
		.cmd = FNG_CMD_PHASE_GET,
		REQUEST_ATTRS(phase_get),
		.flags = GENL_ADMIN_PERM,
		.start = fng_dump_start,
		.dumpit = fng_netlink_phase_dump,
	}, {
		.cmd = FNG_CMD_COUNTERS_GET,
		REQUEST_ATTRS(counters_get),
		.flags = GENL_ADMIN_PERM,
		.start = fng_netlink_counters_start,
		.dumpit = fng_netlink_counters_dump,
		.done = fng_dump_done,
	}, {
		.cmd = FNG_CMD_NAMES_GET,
		REQUEST_ATTRS(names_get),
		.flags = GENL_ADMIN_PERM,
		.start = fng_netlink_names_start,
		.dumpit = fng_netlink_names_dump,
		.done = fng_dump_done,
	}, {
		.cmd = FNG_CMD_LEARN_DUMP,
		REQUEST_ATTRS(learn_dump),
		.flags = GENL_ADMIN_PERM,
		.start = fng_netlink_learn_start,
		.dumpit = fng_netlink_learn_dump,
		.done = fng_netlink_learn_done,
	}, {
		.cmd = FNG_CMD_REFUSALS_GET,
		REQUEST_ATTRS(refusals_get),
		.flags = GENL_ADMIN_PERM,
		.start = fng_netlink_refusals_start,
		.dumpit = fng_netlink_refusals_dump,
		.done = fng_dump_done,
	}, {
		.cmd = FNG_CMD_SUBJECT_GET,
		REQUEST_ATTRS(subject_get),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_subject,
	}, {
		.cmd = FNG_CMD_ATTEST,
		REQUEST_ATTRS(attest),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_attest,
	}, {
		.cmd = FNG_CMD_SEAL,
		REQUEST_ATTRS(seal),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_seal,
	}, {
		.cmd = FNG_CMD_NETDEV_BIND,
		REQUEST_ATTRS(netdev_bind),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_netdev_bind,
	}, {
		.cmd = FNG_CMD_NETDEV_UNBIND,
		REQUEST_ATTRS(netdev_unbind),
		.flags = GENL_ADMIN_PERM,
		.doit = fng_netlink_netdev_unbind,
	}, {
		.cmd = FNG_CMD_NETDEV_GET,
		REQUEST_ATTRS(netdev_get),
		.flags = GENL_ADMIN_PERM,
		.start = fng_netlink_netdev_start,
		.dumpit = fng_netlink_netdev_dump,
	},
};

static const struct genl_multicast_group groups[] = {
	{ .name = FNG_MCGRP_EVENTS, .flags = GENL_MCAST_CAP_SYS_ADMIN },
};

struct genl_family fng_genl_family = {
	.name = FNG_FAMILY_NAME,
	.version = FNG_FAMILY_VERSION,
	.maxattr = FNG_A_MAX,
	.parallel_ops = true,
	.resv_start_op = FNG_CMD_STATUS,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/* In a cgroup namespace, the kernel finds and names only what is inside. */
static bool sees_every_cgroup(void)
{
	const struct css_set *root = current->nsproxy->cgroup_ns->root_cset;

	return !root->dfl_cgrp->level;
}

/**
 * fng_netlink_admit() - may the sender control the guard?
 * @skb: the request
 * @extack: told why not
 *
 * CAP_NET_ADMIN was checked by generic netlink. Both capabilities are demanded
 * of the sender, and, of a message without an address, as write() sends it, also
 * of whoever opened the socket: who is made to write to a descriptor must not
 * lend his authority.
 */
int fng_netlink_admit(struct sk_buff *skb, struct netlink_ext_ack *extack)
{
	int err;

	err = fng_hook_control();
	if (err) {
		NL_SET_ERR_MSG(extack,
			       "A policy guards the caller, who may not control the guard");
		return err;
	}
	if (!netlink_capable(skb, CAP_SYS_ADMIN)) {
		NL_SET_ERR_MSG(extack,
			       "CAP_SYS_ADMIN in the initial user namespace is needed");
		return -EPERM;
	}
	if (!sees_every_cgroup()) {
		NL_SET_ERR_MSG(extack,
			       "The caller's cgroup namespace hides cgroups; use the host's");
		return -EPERM;
	}
	return 0;
}

/**
 * fng_netlink_cgroup() - the cgroup behind a file descriptor of the sender
 * @attr: FNG_A_CGROUP_FD
 * @extack: told why there is none
 *
 * Return: a cgroup with a reference for cgroup_put(), or ERR_PTR().
 */
struct cgroup *fng_netlink_cgroup(const struct nlattr *attr,
				  struct netlink_ext_ack *extack)
{
	struct cgroup *cgroup = cgroup_get_from_fd(nla_get_s32(attr));

	if (!IS_ERR(cgroup))
		return cgroup;
	if (PTR_ERR(cgroup) == -ENOENT) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "The cgroup was removed, or is being removed");
		return ERR_PTR(-ENODEV);
	}
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "Not a file descriptor of a directory of cgroup v2");
	return cgroup;
}

/**
 * fng_netlink_file() - the file behind a file descriptor of the sender
 * @attr: the descriptor
 * @extack: told if there is none
 *
 * Return: a file with a reference for fput(), or ERR_PTR().
 */
struct file *fng_netlink_file(const struct nlattr *attr,
			      struct netlink_ext_ack *extack)
{
	struct file *file = fget(nla_get_s32(attr));

	if (file)
		return file;
	NL_SET_ERR_MSG_ATTR(extack, attr, "No such file descriptor");
	return ERR_PTR(-EBADF);
}

int fng_netlink_init(void)
{
	int err;

	err = genl_register_family(&fng_genl_family);
	if (!err)
		fng_event_open();
	return err;
}

void fng_netlink_exit(void)
{
	fng_event_close();
	genl_unregister_family(&fng_genl_family);
}
