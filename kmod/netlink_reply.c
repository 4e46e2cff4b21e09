// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers: the reply to a command, and the messages of a dump.
 */
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
