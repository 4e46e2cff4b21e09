/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic netlink family.
 */
#ifndef FNGUARD_KMOD_NETLINK_H
#define FNGUARD_KMOD_NETLINK_H

#include <net/genetlink.h>
#include <uapi/fnguard.h>

struct cgroup;
struct file;

extern struct genl_family fng_genl_family;

int fng_netlink_init(void);
void fng_netlink_exit(void);

/* For the commands: may the sender do this, and what did he name? */
int fng_netlink_admit(struct sk_buff *skb, struct netlink_ext_ack *extack);
struct file *fng_netlink_file(const struct nlattr *attr,
			      struct netlink_ext_ack *extack);
struct cgroup *fng_netlink_cgroup(const struct nlattr *attr,
				  struct netlink_ext_ack *extack);

/**
 * fng_netlink_dump_attrs() - attributes of the request behind a dump
 * @cb: the dump
 */
static inline struct nlattr **fng_netlink_dump_attrs(struct netlink_callback *cb)
{
#ifdef FNG_HAVE_GENL_INFO_DUMP
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

/* A reply that is being built. */
struct fng_reply {
	struct sk_buff *skb;
	void *header;
};

int fng_reply_begin(struct fng_reply *reply, struct genl_info *info);
int fng_reply_end(struct fng_reply *reply, struct genl_info *info, int err);
int fng_reply_end_gen(struct fng_reply *reply, struct genl_info *info, u64 gen,
		      int err);

int fng_dump_start(struct netlink_callback *cb);
void *fng_dump_start_with(struct netlink_callback *cb, size_t size);
int fng_dump_done(struct netlink_callback *cb);

/* What fng_dump_start_with() has given to the dump. */
static inline void **fng_dump_kept(struct netlink_callback *cb)
{
	return (void **)cb->ctx;
}

void *fng_dump_begin(struct sk_buff *skb, struct netlink_callback *cb,
		     u8 command);
int fng_dump_end(struct sk_buff *skb, void *header, int err);

/**
 * struct fng_dump_cursor - how far a dump of cgroups has come, in cb->ctx
 * @bucket: of the states, whose cgroups come next
 * @done: of these, how many were looked at
 * @part: of the next one, how much was told, as the dump counts it; 0 at first
 */
struct fng_dump_cursor {
	u32 bucket;
	u32 done;
	u8 part;
};

/* Tells of a cgroup, or of nothing; -EMSGSIZE if the rest has to wait. */
typedef int fng_dump_cgroup_fn(struct sk_buff *skb, struct netlink_callback *cb,
			       u64 id, u8 *part);

int fng_dump_cgroups(struct sk_buff *skb, struct netlink_callback *cb,
		     fng_dump_cgroup_fn *tell);

/* The smallest buffer of a dump: one entry with the longest path must fit. */
#define FNG_DUMP_ALLOC	8192

/* netlink_guard.c */
int fng_netlink_status(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_arm(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_prove(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_disarm(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_seal(struct sk_buff *skb, struct genl_info *info);

/* netlink_policy.c */
#define FNG_NR_IMAGE_ATTRS	(FNG_A_SIGNATURE_SIZE + 1)
extern const struct nla_policy fng_image_attrs[FNG_NR_IMAGE_ATTRS];
int fng_netlink_policy_load(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_policy_unload(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_policy_promote(struct sk_buff *skb, struct genl_info *info);

/* netlink_policy_get.c */
int fng_netlink_policy_get(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_policy_start(struct netlink_callback *cb);
int fng_netlink_policy_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink_trial.c */
int fng_netlink_policy_confirm(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_policy_rollback(struct sk_buff *skb, struct genl_info *info);

/* netlink_attest.c */
int fng_netlink_attest(struct sk_buff *skb, struct genl_info *info);

/* netlink_cgroup.c */
int fng_netlink_bind(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_activate(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_unbind(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_cgroup_id(struct genl_info *info, u64 *id);
int fng_netlink_put_cgroup(struct sk_buff *skb, u64 id);

/* netlink_exemption.c */
int fng_netlink_exempt(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_exempt_end(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_exempt_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink_response.c */
int fng_netlink_release(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_quarantine_dump(struct sk_buff *skb,
				struct netlink_callback *cb);

/* netlink_phase.c */
int fng_netlink_phase(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_phase_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink_netdev.c */
int fng_netlink_netdev_bind(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_netdev_unbind(struct sk_buff *skb, struct genl_info *info);
int fng_netlink_netdev_start(struct netlink_callback *cb);
int fng_netlink_netdev_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink_bindings.c */
int fng_netlink_bindings_start(struct netlink_callback *cb);
int fng_netlink_bindings_dump(struct sk_buff *skb,
			      struct netlink_callback *cb);
int fng_netlink_bindings_done(struct netlink_callback *cb);

/* netlink_counters.c */
int fng_netlink_counters_start(struct netlink_callback *cb);
int fng_netlink_counters_dump(struct sk_buff *skb,
			      struct netlink_callback *cb);

/* netlink_names.c */
int fng_netlink_names_start(struct netlink_callback *cb);
int fng_netlink_names_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink_learn.c */
int fng_netlink_learn_start(struct netlink_callback *cb);
int fng_netlink_learn_dump(struct sk_buff *skb, struct netlink_callback *cb);
int fng_netlink_learn_done(struct netlink_callback *cb);

/* netlink_refusals.c */
int fng_netlink_refusals_start(struct netlink_callback *cb);
int fng_netlink_refusals_dump(struct sk_buff *skb,
			      struct netlink_callback *cb);

/* netlink_subject.c */
int fng_netlink_subject(struct sk_buff *skb, struct genl_info *info);

#endif /* FNGUARD_KMOD_NETLINK_H */
