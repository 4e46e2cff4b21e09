// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command that says what is in a file.
 */
#include <linux/err.h>
#include <linux/file.h>

#include "attest.h"
#include "attr.h"
#include "netlink.h"
#include "ruleset.h"
#include "seal.h"
#include "trust.h"

static int read_said(struct genl_info *info, struct fng_attestation *said)
{
	if (GENL_REQ_ATTR_CHECK(info, FNG_A_FILE_SIZE) ||
	    GENL_REQ_ATTR_CHECK(info, FNG_A_FILE_CTIME) ||
	    GENL_REQ_ATTR_CHECK(info, FNG_A_MOMENT) ||
	    GENL_REQ_ATTR_CHECK(info, FNG_A_CLOCK_STEPS))
		return -EINVAL;
	said->size = nla_get_u64(info->attrs[FNG_A_FILE_SIZE]);
	said->ctime = nla_get_u64(info->attrs[FNG_A_FILE_CTIME]);
	said->moment.wall = nla_get_u64(info->attrs[FNG_A_MOMENT]);
	said->moment.steps = nla_get_u32(info->attrs[FNG_A_CLOCK_STEPS]);
	memcpy(said->sha256, nla_data(info->attrs[FNG_A_SHA256]),
	       sizeof(said->sha256));
	return 0;
}

static int begin(struct genl_info *info, struct file *file)
{
	struct fng_reply reply;
	struct fng_moment moment;
	int err;

	err = fng_reply_begin(&reply, info);
	if (err)
		return err;
	err = fng_attest_begin(file, &moment, info->extack) ?:
	      fng_attr_put_u64(reply.skb, FNG_A_MOMENT, moment.wall) ?:
	      nla_put_u32(reply.skb, FNG_A_CLOCK_STEPS, moment.steps);
	return fng_reply_end(&reply, info, err);
}

/*
 * Whoever may say what is in a file lets it become code. Once sealed, nobody is
 * taken at his word, nor about when he looked: it is read between the beginning and
 * the end.
 */
static int look_inside(struct file *file, struct fng_attestation *said,
		       struct netlink_ext_ack *extack)
{
	u8 sha256[FNG_SHA256_SIZE];
	int err;

	BUILD_BUG_ON(FNG_SHA256_SIZE != FNG_TRUST_DIGEST_SIZE);
	err = fng_attest_begin(file, &said->moment, extack) ?:
	      fng_trust_digest(file, sha256, extack);
	if (err || !memcmp(sha256, said->sha256, sizeof(sha256)))
		return err;
	NL_SET_ERR_MSG(extack,
		       FNG_REFUSED_SEALED
		       ", and finds another digest of the file than was said");
	return -EBADMSG;
}

static int end(struct genl_info *info, struct file *file)
{
	struct fng_attestation said;
	bool sealed = fng_sealed();
	int err;

	err = read_said(info, &said);
	if (!err && sealed)
		err = look_inside(file, &said, info->extack);
	if (err)
		return err;
	mutex_lock(&fng_control_mutex);
	if (sealed == fng_sealed()) {
		err = fng_attest(file, &said, info->extack);
	} else {
		NL_SET_ERR_MSG(info->extack,
			       "The guard was sealed meanwhile; try again");
		err = -EAGAIN;
	}
	mutex_unlock(&fng_control_mutex);
	return err;
}

int fng_netlink_attest(struct sk_buff *skb, struct genl_info *info)
{
	struct file *file;
	int err;

	err = fng_netlink_admit(skb, info->extack);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, FNG_A_FILE_FD))
		return -EINVAL;
	file = fng_netlink_file(info->attrs[FNG_A_FILE_FD], info->extack);
	if (IS_ERR(file))
		return PTR_ERR(file);
	err = info->attrs[FNG_A_SHA256] ? end(info, file) : begin(info, file);
	fput(file);
	return err;
}
