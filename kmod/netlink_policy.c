// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about policies.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/slab.h>

#include "attr.h"
#include "binding.h"
#include "device.h"
#include "enact.h"
#include "event.h"
#include "event_notice.h"
#include "guard.h"
#include "memfd.h"
#include "netlink.h"
#include "protect.h"
#include "ruleset.h"
#include "seal.h"
#include "trial.h"

/**
 * struct batch - the policies of one transaction
 * @nr: number of @policies
 * @policies: with one reference each
 * @attrs: what of the request each of @policies came with
 */
struct batch {
	u32 nr;
	struct fng_policy *policies[FNG_MAX_TRANSACTION];
	const struct nlattr *attrs[FNG_MAX_TRANSACTION];
};

/* It is behind the image. */
static int take_signature(struct fng_policy *policy, struct file *file,
			  u32 size, struct netlink_ext_ack *extack)
{
	void *signature = kvmalloc(size, GFP_KERNEL);
	int err;

	if (!signature)
		return -ENOMEM;
	err = fng_memfd_read(file, signature, size, policy->size) ?:
	      fng_seal_vouch(policy, signature, size, extack);
	kvfree(signature);
	return err;
}

static struct fng_policy *read_file(struct file *file, u32 size, u32 signature,
				    struct netlink_ext_ack *extack)
{
	struct fng_policy *policy;
	int err;

	policy = fng_policy_create(file, size, signature, extack);
	if (IS_ERR(policy) || !signature)
		return policy;
	err = take_signature(policy, file, signature, extack);
	if (!err)
		return policy;
	fng_policy_put(policy);
	return ERR_PTR(err);
}

static struct fng_policy *create(struct nlattr **image,
				 struct netlink_ext_ack *extack)
{
	struct nlattr *signature = image[FNG_A_SIGNATURE_SIZE];
	struct file *file = fng_netlink_file(image[FNG_A_IMAGE_FD], extack);
	struct fng_policy *policy;

	if (IS_ERR(file))
		return ERR_CAST(file);
	policy = read_file(file, nla_get_u32(image[FNG_A_IMAGE_SIZE]),
			   signature ? nla_get_u32(signature) : 0, extack);
	fput(file);
	return policy;
}

static int read_one(struct batch *batch, const struct nlattr *attr,
		    struct netlink_ext_ack *extack)
{
	struct nlattr *image[FNG_NR_IMAGE_ATTRS];
	struct fng_policy *policy;
	int err;

	if (batch->nr == FNG_MAX_TRANSACTION) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "More than 256 policies in one transaction");
		return -E2BIG;
	}
	err = nla_parse_nested(image, FNG_NR_IMAGE_ATTRS - 1, attr,
			       fng_image_attrs, extack);
	if (err)
		return err;
	if (!image[FNG_A_IMAGE_FD] || !image[FNG_A_IMAGE_SIZE]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "A policy needs FNG_A_IMAGE_FD and FNG_A_IMAGE_SIZE");
		return -EINVAL;
	}
	policy = create(image, extack);
	if (IS_ERR(policy)) {
		NL_SET_BAD_ATTR(extack, attr);
		return PTR_ERR(policy);
	}
	batch->attrs[batch->nr] = attr;
	batch->policies[batch->nr++] = policy;
	return 0;
}

static int read_all(struct batch *batch, struct genl_info *info)
{
	struct nlattr *attr;
	int rem, err;

	nla_for_each_attr(attr, genlmsg_data(info->genlhdr),
			  genlmsg_len(info->genlhdr), rem) {
		if (nla_type(attr) != FNG_A_POLICY)
			continue;
		err = read_one(batch, attr, info->extack);
		if (err)
			return err;
	}
	return 0;
}

static void put_all(struct batch *batch)
{
	u32 i;

	for (i = 0; i < batch->nr; i++)
		fng_policy_put(batch->policies[i]);
	kfree(batch);
}

static int check_templates(const struct batch *batch,
			   struct netlink_ext_ack *extack)
{
	u32 i;
	int err;

	for (i = 0; i < batch->nr; i++) {
		err = fng_protect_load_check(batch->policies[i], extack);
		if (err) {
			NL_SET_BAD_ATTR(extack, batch->attrs[i]);
			return err;
		}
	}
	return 0;
}

/* Before they are sorted, so that each still has its attribute. */
static int check_seal(const struct batch *batch, struct netlink_ext_ack *extack)
{
	u32 i;
	int err;

	for (i = 0; i < batch->nr; i++) {
		err = fng_seal_admit_policy(batch->policies[i], extack);
		if (err) {
			NL_SET_BAD_ATTR(extack, batch->attrs[i]);
			return err;
		}
	}
	return 0;
}

static void tell(u32 kind, const struct fng_policy *policy, const char *reason)
{
	struct fng_notice notice = {
		.kind = kind,
		.reason = reason,
		.policy = fng_policy_name(policy),
		.version = policy->image.meta->version,
	};

	fng_event_notice(&notice);
}

static void tell_loaded(const struct batch *batch, u32 within)
{
	u32 i;

	for (i = 0; i < batch->nr; i++)
		tell(FNG_EVENT_LOADED, batch->policies[i], NULL);
	for (i = 0; within && i < batch->nr; i++) {
		const struct fng_policy *policy = batch->policies[i];
		const struct fng_notice notice = {
			.kind = FNG_EVENT_TRIAL,
			.policy = fng_policy_name(policy),
			.version = policy->image.meta->version,
			.seconds = within,
		};

		fng_event_notice(&notice);
	}
}

/* Nothing is published before every hook is attached. */
static int load(struct batch *batch, u64 gen, const struct nlattr *within,
		struct netlink_ext_ack *extack)
{
	u32 seconds = within ? nla_get_u32(within) : 0;
	struct fng_ruleset *set;
	int err;

	err = fng_trial_admit(extack) ?: check_seal(batch, extack) ?:
	      check_templates(batch, extack);
	if (err)
		return err;
	set = fng_ruleset_prepare_load(batch->policies, batch->nr, gen, extack);
	if (IS_ERR(set))
		return PTR_ERR(set);
	err = within ? fng_trial_begin(seconds, extack) : 0;
	err = err ?: fng_guard_attach(extack) ?:
	      fng_enact_prepare(set, extack);
	if (err) {
		fng_trial_clear();
		fng_ruleset_discard(set);
		return err;
	}
	fng_enact(set);
	fng_guard_refresh();
	tell_loaded(batch, seconds);
	return 0;
}

int fng_netlink_policy_load(struct sk_buff *skb, struct genl_info *info)
{
	struct fng_reply reply;
	struct batch *batch;
	u64 gen;
	int err;

	err = fng_netlink_admit(skb, info->extack);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, FNG_A_POLICY_GEN) ||
	    GENL_REQ_ATTR_CHECK(info, FNG_A_POLICY))
		return -EINVAL;
	batch = kzalloc(sizeof(*batch), GFP_KERNEL);
	if (!batch)
		return -ENOMEM;
	err = read_all(batch, info) ?: fng_reply_begin(&reply, info);
	if (err)
		goto out;
	mutex_lock(&fng_control_mutex);
	err = load(batch, nla_get_u64(info->attrs[FNG_A_POLICY_GEN]),
		   info->attrs[FNG_A_SECONDS], info->extack);
	gen = fng_ruleset_gen();
	mutex_unlock(&fng_control_mutex);
	err = fng_reply_end_gen(&reply, info, gen, err);
out:
	put_all(batch);
	return err;
}

/* Live bindings are handed over, or the unload is refused. */
static int prepare_heir(struct fng_ruleset *set, const char *name,
			const char *heir, struct fng_binding **bindings,
			struct netlink_ext_ack *extack)
{
	int err;

	if (heir) {
		err = fng_ruleset_bequeath(set, name, heir, extack);
		return err ?: fng_binding_prepare_rename(name, heir, bindings);
	}
	if (!fng_binding_count(name))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "The policy is bound; unbind its cgroups and devices, or name a policy that takes over");
	return -EBUSY;
}

static void tell_unloaded(const char *name, const char *heir)
{
	char reason[FNG_NOTICE_REASON];

	snprintf(reason, sizeof(reason), "%s takes over its bindings",
		 heir ?: "");
	tell(FNG_EVENT_UNLOADED, fng_ruleset_find(fng_ruleset_locked(), name),
	     heir ? reason : NULL);
}

static int unload(const char *name, const char *heir, u64 gen,
		  struct netlink_ext_ack *extack)
{
	struct fng_binding *bindings = NULL;
	struct fng_ruleset *set;
	int err;

	err = fng_seal_admit(extack) ?: fng_trial_admit(extack);
	if (err)
		return err;
	fng_device_settle();
	set = fng_ruleset_prepare_unload(name, gen, extack);
	if (IS_ERR(set))
		return PTR_ERR(set);
	err = prepare_heir(set, name, heir, &bindings, extack);
	if (err) {
		fng_ruleset_discard(set);
		return err;
	}
	if (!heir)
		fng_binding_forget(name);
	tell_unloaded(name, heir);
	fng_enact(set);
	if (heir) {
		fng_binding_rename(name, bindings);
		fng_device_rename(name, heir);
	}
	fng_guard_refresh();
	return 0;
}

int fng_netlink_policy_unload(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *heir = info->attrs[FNG_A_REPLACE_WITH];
	struct fng_reply reply;
	u64 gen;
	int err;

	err = fng_netlink_admit(skb, info->extack);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, FNG_A_POLICY_GEN) ||
	    GENL_REQ_ATTR_CHECK(info, FNG_A_POLICY_NAME))
		return -EINVAL;
	err = fng_reply_begin(&reply, info);
	if (err)
		return err;
	mutex_lock(&fng_control_mutex);
	err = unload(nla_data(info->attrs[FNG_A_POLICY_NAME]),
		     heir ? nla_data(heir) : NULL,
		     nla_get_u64(info->attrs[FNG_A_POLICY_GEN]), info->extack);
	gen = fng_ruleset_gen();
	mutex_unlock(&fng_control_mutex);
	return fng_reply_end_gen(&reply, info, gen, err);
}

static int put_policy(struct sk_buff *skb, const struct fng_policy *policy)
{
	const struct fng_image *image = &policy->image;

	if (fng_attr_put_policy(skb, policy) ||
	    nla_put_u32(skb, FNG_A_IMAGE_SIZE, policy->size) ||
	    nla_put_u32(skb, FNG_A_NR_RULES, fng_rules_count(image)) ||
	    nla_put_u32(skb, FNG_A_NR_BINDINGS,
			READ_ONCE(policy->nr_bindings)) ||
	    fng_attr_put_u64(skb, FNG_A_IMAGE_HASH, policy->hash) ||
	    nla_put_u32(skb, FNG_A_MODE,
			image->classes[FNG_CLASS_FLOOR].mode))
		return -EMSGSIZE;
	return 0;
}

/* Writing may take long and holds no lock, but a reference. */
static int write_image(const struct fng_policy *policy, const struct nlattr *fd,
		       struct netlink_ext_ack *extack)
{
	struct file *file = fng_netlink_file(fd, extack);
	int err;

	if (IS_ERR(file))
		return PTR_ERR(file);
	err = fng_policy_write(policy, file, extack);
	fput(file);
	return err;
}

static struct fng_policy *find_and_get(const struct nlattr *name,
				       struct netlink_ext_ack *extack)
{
	struct fng_policy *policy;

	mutex_lock(&fng_control_mutex);
	policy = fng_ruleset_find(fng_ruleset_locked(), nla_data(name));
	if (policy)
		fng_policy_get(policy);
	mutex_unlock(&fng_control_mutex);
	if (!policy)
		NL_SET_ERR_MSG_ATTR(extack, name,
				    "No policy of that name is loaded");
	return policy;
}

static int reply_policy(struct genl_info *info, const struct fng_policy *policy)
{
	struct fng_reply reply;
	int err = fng_reply_begin(&reply, info);

	if (err)
		return err;
	return fng_reply_end(&reply, info, put_policy(reply.skb, policy));
}

int fng_netlink_policy_get(struct sk_buff *skb, struct genl_info *info)
{
	struct fng_policy *policy;
	int err;

	err = fng_netlink_admit(skb, info->extack);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, FNG_A_POLICY_NAME))
		return -EINVAL;
	policy = find_and_get(info->attrs[FNG_A_POLICY_NAME], info->extack);
	if (!policy)
		return -ENOENT;
	if (info->attrs[FNG_A_IMAGE_FD])
		err = write_image(policy, info->attrs[FNG_A_IMAGE_FD],
				  info->extack);
	err = err ?: reply_policy(info, policy);
	fng_policy_put(policy);
	return err;
}

int fng_netlink_policy_start(struct netlink_callback *cb)
{
	return fng_netlink_admit(cb->skb, cb->extack);
}

static int dump_one(struct sk_buff *skb, struct netlink_callback *cb,
		    const struct fng_policy *policy)
{
	void *header = fng_dump_begin(skb, cb, FNG_CMD_POLICY_GET);

	if (!header)
		return -EMSGSIZE;
	return fng_dump_end(skb, header, put_policy(skb, policy));
}

/* cb->args[0] is the index to go on with, in a ruleset of the same generation. */
int fng_netlink_policy_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct fng_ruleset *set;

	rcu_read_lock();
	set = fng_ruleset_current();
	cb->seq = set->gen;
	for (; cb->args[0] < set->nr; cb->args[0]++)
		if (dump_one(skb, cb, set->policies[cb->args[0]]))
			break;
	rcu_read_unlock();
	return skb->len;
}
