// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that change policies.
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

static void tell_loaded(const struct batch *batch, bool candidates, u32 within)
{
	u32 i;

	for (i = 0; i < batch->nr; i++) {
		if (candidates)
			fng_enact_tell(FNG_EVENT_CANDIDATE, batch->policies[i],
				       NULL);
		else
			fng_enact_tell_loaded(batch->policies[i], within, NULL);
	}
}

static int check_learns(const struct batch *batch,
			struct netlink_ext_ack *extack)
{
	u32 i;

	for (i = 0; i < batch->nr; i++) {
		if (!fng_policy_learns(batch->policies[i]))
			continue;
		NL_SET_ERR_MSG_ATTR(extack, batch->attrs[i],
				    "A policy that learns refuses nothing: it is no candidate");
		return -EINVAL;
	}
	return 0;
}

static int check_candidates(const struct batch *batch, struct genl_info *info)
{
	const struct nlattr *within = info->attrs[FNG_A_SECONDS];

	if (!within)
		return check_learns(batch, info->extack);
	NL_SET_ERR_MSG_ATTR(info->extack, within,
			    "A candidate refuses nothing: confirm when it is promoted");
	return -EINVAL;
}

/* In how many seconds what comes into force has to be confirmed; 0 if it has not. */
static int read_within(struct genl_info *info, u32 *within)
{
	const struct nlattr *attr = info->attrs[FNG_A_SECONDS];

	*within = attr ? nla_get_u32(attr) : 0;
	return attr ? fng_trial_check(*within, info->extack) : 0;
}

static int load(struct batch *batch, struct genl_info *info)
{
	u64 gen = nla_get_u64(info->attrs[FNG_A_POLICY_GEN]);
	bool candidates = info->attrs[FNG_A_CANDIDATE];
	struct netlink_ext_ack *extack = info->extack;
	struct fng_ruleset *set;
	u32 within;
	int err;

	err = candidates ? check_candidates(batch, info) : 0;
	err = err ?: fng_trial_admit(extack) ?: read_within(info, &within) ?:
	      check_seal(batch, extack) ?: check_templates(batch, extack);
	if (err)
		return err;
	set = candidates ? fng_ruleset_prepare_candidates(batch->policies,
							  batch->nr, gen,
							  extack) :
			   fng_ruleset_prepare_load(batch->policies, batch->nr,
						    gen, extack);
	if (IS_ERR(set))
		return PTR_ERR(set);
	err = candidates ? fng_enact_aside(set, extack) :
			   fng_enact_change(set, within, extack);
	if (!err)
		tell_loaded(batch, candidates, within);
	return err;
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
	err = load(batch, info);
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
	const struct fng_ruleset *set = fng_ruleset_locked();
	const struct fng_policy *candidate = fng_ruleset_candidate(set, name);
	char reason[FNG_NOTICE_REASON];

	snprintf(reason, sizeof(reason), "%s takes over its bindings",
		 heir ?: "");
	fng_enact_tell(FNG_EVENT_UNLOADED, fng_ruleset_find(set, name),
		       heir ? reason : NULL);
	if (candidate)
		fng_enact_tell(FNG_EVENT_CANDIDATE_DROPPED, candidate,
			       "its policy was unloaded");
}

static int drop_candidate(const char *name, u64 gen,
			  struct netlink_ext_ack *extack)
{
	struct fng_ruleset *set;
	int err;

	err = fng_seal_admit(extack) ?: fng_trial_admit(extack);
	if (err)
		return err;
	set = fng_ruleset_prepare_drop(name, gen, extack);
	if (IS_ERR(set))
		return PTR_ERR(set);
	fng_enact_tell(FNG_EVENT_CANDIDATE_DROPPED,
		       fng_ruleset_candidate(fng_ruleset_locked(), name), NULL);
	return fng_enact_aside(set, extack);
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
	const struct nlattr *heir = info->attrs[FNG_A_REPLACE_WITH];
	struct fng_reply reply;
	const char *name;
	u64 gen;
	int err;

	err = fng_netlink_admit(skb, info->extack);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, FNG_A_POLICY_GEN) ||
	    GENL_REQ_ATTR_CHECK(info, FNG_A_POLICY_NAME))
		return -EINVAL;
	if (heir && info->attrs[FNG_A_CANDIDATE]) {
		NL_SET_ERR_MSG_ATTR(info->extack, heir,
				    "Nothing is bound to a candidate that could be taken over");
		return -EINVAL;
	}
	err = fng_reply_begin(&reply, info);
	if (err)
		return err;
	name = nla_data(info->attrs[FNG_A_POLICY_NAME]);
	gen = nla_get_u64(info->attrs[FNG_A_POLICY_GEN]);
	mutex_lock(&fng_control_mutex);
	err = info->attrs[FNG_A_CANDIDATE] ?
	      drop_candidate(name, gen, info->extack) :
	      unload(name, heir ? nla_data(heir) : NULL, gen, info->extack);
	gen = fng_ruleset_gen();
	mutex_unlock(&fng_control_mutex);
	return fng_reply_end_gen(&reply, info, gen, err);
}

static int promote(struct genl_info *info)
{
	const char *name = nla_data(info->attrs[FNG_A_POLICY_NAME]);
	u64 gen = nla_get_u64(info->attrs[FNG_A_POLICY_GEN]);
	struct netlink_ext_ack *extack = info->extack;
	struct fng_policy *candidate;
	struct fng_ruleset *set;
	u32 within;
	int err;

	err = fng_trial_admit(extack) ?: read_within(info, &within);
	if (err)
		return err;
	set = fng_ruleset_prepare_promote(name, gen, extack);
	if (IS_ERR(set))
		return PTR_ERR(set);
	candidate = fng_ruleset_find(set, name);
	err = fng_seal_admit_policy(candidate, extack) ?:
	      fng_protect_load_check(candidate, extack);
	if (err) {
		fng_ruleset_discard(set);
		return err;
	}
	err = fng_enact_change(set, within, extack);
	if (!err)
		fng_enact_tell_loaded(candidate, within, "promoted");
	return err;
}

int fng_netlink_policy_promote(struct sk_buff *skb, struct genl_info *info)
{
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
	err = promote(info);
	gen = fng_ruleset_gen();
	mutex_unlock(&fng_control_mutex);
	return fng_reply_end_gen(&reply, info, gen, err);
}
