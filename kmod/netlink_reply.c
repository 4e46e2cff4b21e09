// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers: the reply to a command, and the messages of a dump.
 */
#include <linux/kernel.h>
#include <linux/slab.h>

#include "attr.h"
#include "cgroup_state.h"
#include "netlink.h"

/**
 * fng_reply_begin() - start the reply to a command
 * @reply: filled
 * @info: the command
 *
 * A command that changes something begins its reply before: who is told that
 * there was no memory must find everything as it was.
 */
int fng_reply_begin(struct fng_reply *reply, struct genl_info *info)
{
	reply->skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!reply->skb)
		return -ENOMEM;
	reply->header = genlmsg_put_reply(reply->skb, info, &fng_genl_family,
					  0, info->genlhdr->cmd);
	if (reply->header)
		return 0;
	nlmsg_free(reply->skb);
	return -EMSGSIZE;
}

/**
 * fng_reply_end() - send the reply, or drop it
 * @reply: begun before
 * @info: the command
 * @err: 0, or why it could not be completed
 */
int fng_reply_end(struct fng_reply *reply, struct genl_info *info, int err)
{
	if (err) {
		nlmsg_free(reply->skb);
		return err;
	}
	genlmsg_end(reply->skb, reply->header);
	return genlmsg_reply(reply->skb, info);
}

/**
 * fng_reply_end_gen() - the same, with the generation of the policies
 * @reply: begun before
 * @info: the command
 * @gen: the generation, after the command
 * @err: 0, or why it has failed
 */
int fng_reply_end_gen(struct fng_reply *reply, struct genl_info *info, u64 gen,
		      int err)
{
	err = err ?: fng_attr_put_u64(reply->skb, FNG_A_POLICY_GEN, gen);
	return fng_reply_end(reply, info, err);
}

/**
 * fng_dump_start() - start a dump that has nothing to prepare
 * @cb: the dump
 *
 * Return: 0, or as fng_netlink_admit().
 */
int fng_dump_start(struct netlink_callback *cb)
{
	cb->min_dump_alloc = FNG_DUMP_ALLOC;
	return fng_netlink_admit(cb->skb, cb->extack);
}

/**
 * fng_dump_start_with() - start a dump that keeps more than there is room for in it
 * @cb: the dump; gets a pointer to it
 * @size: of what it keeps
 *
 * Return: that, zeroed, for fng_dump_done() to free; or ERR_PTR().
 */
void *fng_dump_start_with(struct netlink_callback *cb, size_t size)
{
	int err = fng_dump_start(cb);
	void *cursor;

	if (err)
		return ERR_PTR(err);
	cursor = kzalloc(size, GFP_KERNEL_ACCOUNT);
	*fng_dump_kept(cb) = cursor;
	return cursor ?: ERR_PTR(-ENOMEM);
}

/* What a dump does at its end that was started so. */
int fng_dump_done(struct netlink_callback *cb)
{
	kfree(*fng_dump_kept(cb));
	return 0;
}

/**
 * fng_dump_begin() - start one message of a dump
 * @skb: the buffer being filled
 * @cb: the dump
 * @command: enum fng_cmd
 *
 * Return: NULL if the buffer is full.
 */
void *fng_dump_begin(struct sk_buff *skb, struct netlink_callback *cb,
		     u8 command)
{
	void *header;

	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
			     cb->nlh->nlmsg_seq, &fng_genl_family, NLM_F_MULTI,
			     command);
	if (header)
		genl_dump_check_consistent(cb, header);
	return header;
}

/**
 * fng_dump_end() - end a message of a dump, or take it back
 * @skb: the buffer
 * @header: of the message
 * @err: 0, or why it could not be completed
 *
 * Return: @err.
 */
int fng_dump_end(struct sk_buff *skb, void *header, int err)
{
	if (err)
		genlmsg_cancel(skb, header);
	else
		genlmsg_end(skb, header);
	return err;
}

/* One bucket may take several messages, and each of these gathers it again. */
static int dump_bucket(struct sk_buff *skb, struct netlink_callback *cb,
		       fng_dump_cgroup_fn *tell)
{
	struct fng_dump_cursor *cursor = (struct fng_dump_cursor *)cb->ctx;
	u32 bucket = cursor->bucket;
	u64 ids[64];
	u32 nr = fng_cgroup_state_gather(&bucket, ids, ARRAY_SIZE(ids));
	int err;

	for (; cursor->done < nr; cursor->done++) {
		err = tell(skb, cb, ids[cursor->done], &cursor->part);
		if (err)
			return err;
		cursor->part = 0;
	}
	cursor->bucket = bucket;
	cursor->done = 0;
	return 0;
}

/**
 * fng_dump_cgroups() - go on with a dump of the cgroups and devices that have a state
 * @skb: the buffer being filled
 * @cb: the dump; has a struct fng_dump_cursor
 * @tell: called for each, with little stack left
 *
 * Return: as a dumpit() does.
 */
int fng_dump_cgroups(struct sk_buff *skb, struct netlink_callback *cb,
		     fng_dump_cgroup_fn *tell)
{
	const struct fng_dump_cursor *cursor =
		(const struct fng_dump_cursor *)cb->ctx;
	int err = 0;

	static_assert(sizeof(*cursor) <= sizeof(cb->ctx));
	while (!err && cursor->bucket < FNG_CGROUP_STATE_BUCKETS)
		err = dump_bucket(skb, cb, tell);
	return skb->len ?: err;
}
