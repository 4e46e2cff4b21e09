// SPDX-License-Identifier: MIT
/*
 * One request and its answer, with all that the kernel says about it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <netlink/netlink.h>
#include <netlink/handlers.h>
#include <netlink/genl/genl.h>
#include <linux/genetlink.h>

#include "exchange.h"

/**
 * struct exchange - a request on its way
 * @client: connection
 * @request: the request
 * @reply: wants the messages, or NULL
 * @data: handed to @reply
 * @err: how it ended
 * @done: it has ended
 */
struct exchange {
	struct fng_client *client;
	struct nl_msg *request;
	fng_reply_fn reply;
	void *data;
	int err;
	bool done;
};

struct nl_msg *fng_request(struct fng_client *client, int command, int flags)
{
	/* All certificates, or the most policies that one request can have. */
	struct nl_msg *msg = nlmsg_alloc_size(1 << 16);

	if (!msg)
		return NULL;
	if (genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, client->family, 0,
			flags, command, FNG_FAMILY_VERSION))
		return msg;
	nlmsg_free(msg);
	return NULL;
}

int fng_reply_attrs(const struct nlmsghdr *header, struct fng_attrs *attrs)
{
	size_t size = header->nlmsg_len;

	if (size < NLMSG_LENGTH(GENL_HDRLEN))
		return -EBADMSG;
	return fng_attrs_parse(attrs,
			       (const char *)header + NLMSG_LENGTH(GENL_HDRLEN),
			       size - NLMSG_LENGTH(GENL_HDRLEN));
}

/* Which of those of its type it is, from 1; 0 if it is the only one. */
static unsigned int number_of(struct nl_msg *request, const struct nlattr *attr)
{
	unsigned int nr = 0, number = 0;
	const struct nlattr *other;
	int left;

	nlmsg_for_each_attr(other, nlmsg_hdr(request), GENL_HDRLEN, left) {
		nr += other->nla_type == attr->nla_type;
		if (other == attr)
			number = nr;
	}
	return nr > 1 ? number : 0;
}

/* The request's attribute at an offset that the kernel reported. */
static void put_place(char *text, size_t size, struct nl_msg *request,
		      u32 offset)
{
	const struct nlmsghdr *header = nlmsg_hdr(request);
	const struct nlattr *attr;
	unsigned int number;
	int n;

	if (offset % NLA_ALIGNTO || header->nlmsg_len < NLA_HDRLEN ||
	    offset > header->nlmsg_len - NLA_HDRLEN)
		return;
	attr = (const struct nlattr *)((const char *)header + offset);
	number = number_of(request, attr);
	n = snprintf(text, size, " (attribute %s",
		     fng_attr_name(attr->nla_type & NLA_TYPE_MASK));
	if (number)
		snprintf(text + n, size - n, " %u)", number);
	else
		snprintf(text + n, size - n, ")");
}

static u32 ack_u32(const struct nlattr *attr)
{
	u32 value = 0;

	if (attr && nla_len(attr) == sizeof(value))
		memcpy(&value, nla_data(attr), sizeof(value));
	return value;
}

static void say(char *text, struct exchange *x, struct nlattr **ack, int err)
{
	const struct nlattr *msg = ack[NLMSGERR_ATTR_MSG];
	int length = msg ? (int)strnlen(nla_data(msg), nla_len(msg)) : 0;
	const char *what = length ? nla_data(msg) : strerror(-err);
	char place[64] = "";

	if (ack[NLMSGERR_ATTR_MISS_TYPE])
		snprintf(place, sizeof(place), " (missing attribute %s)",
			 fng_attr_name(ack_u32(ack[NLMSGERR_ATTR_MISS_TYPE])));
	else if (ack[NLMSGERR_ATTR_OFFS])
		put_place(place, sizeof(place), x->request,
			  ack_u32(ack[NLMSGERR_ATTR_OFFS]));
	snprintf(text, FNG_CLIENT_TEXT_SIZE, "%.*s%s",
		 length ?: (int)strlen(what), what, place);
}

/* Reads the extended acknowledgement; @size is of it alone. */
static void explain(struct exchange *x, const void *tlvs, int size, int err)
{
	struct nlattr *ack[NLMSGERR_ATTR_MAX + 1] = { NULL };
	char *text = err ? x->client->error : x->client->warning;

	if (size > 0)
		nla_parse(ack, NLMSGERR_ATTR_MAX, (struct nlattr *)tlvs, size,
			  NULL);
	if (err || ack[NLMSGERR_ATTR_MSG])
		say(text, x, ack, err);
}

static void acknowledge(struct exchange *x, const struct nlmsghdr *header,
			const struct nlmsgerr *answer)
{
	size_t skip = NLMSG_LENGTH(sizeof(*answer));

	if (!(header->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(answer->msg.nlmsg_len -
				    sizeof(answer->msg));
	if (header->nlmsg_flags & NLM_F_ACK_TLVS && skip < header->nlmsg_len)
		explain(x, (const char *)header + skip,
			header->nlmsg_len - skip, answer->error);
	else
		explain(x, NULL, 0, answer->error);
	x->err = answer->error;
	x->done = true;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *answer,
		    void *data)
{
	(void)from;
	acknowledge(data, (struct nlmsghdr *)((char *)answer - NLMSG_HDRLEN),
		    answer);
	return NL_STOP;
}

static int on_ack(struct nl_msg *msg, void *data)
{
	acknowledge(data, nlmsg_hdr(msg), nlmsg_data(nlmsg_hdr(msg)));
	return NL_STOP;
}

/* A dump that fails midway says so in its last message. */
static int on_finish(struct nl_msg *msg, void *data)
{
	const struct nlmsghdr *header = nlmsg_hdr(msg);
	struct exchange *x = data;
	int err = 0, size = nlmsg_datalen(header);

	if (size >= (int)sizeof(err))
		memcpy(&err, nlmsg_data(header), sizeof(err));
	if (header->nlmsg_flags & NLM_F_ACK_TLVS || err < 0)
		explain(x, (const char *)nlmsg_data(header) + sizeof(err),
			header->nlmsg_flags & NLM_F_ACK_TLVS ?
				size - (int)sizeof(err) : 0,
			err);
	if (!x->err)
		x->err = err < 0 ? err : 0;
	x->done = true;
	return NL_STOP;
}

static int on_reply(struct nl_msg *msg, void *data)
{
	struct exchange *x = data;
	int err = x->reply ? x->reply(nlmsg_hdr(msg), x->data) : 0;

	if (err && !x->err)
		x->err = fng_client_fail(x->client, err,
					 "cannot understand the kernel's answer: %s",
					 strerror(-err));
	return NL_OK;
}

static int receive(struct exchange *x, struct nl_cb *cb)
{
	int err;

	while (!x->done) {
		err = nl_recvmsgs(x->client->sock, cb);
		if (err == -NLE_DUMP_INTR)
			return -EINTR;
		if (err < 0 && !x->done)
			return fng_client_fail(x->client, -EIO,
					       "cannot receive from the kernel: %s",
					       nl_geterror(err));
	}
	return x->err;
}

static int converse(struct exchange *x)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int err;

	if (!cb)
		return fng_client_fail(x->client, -ENOMEM, "out of memory");
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_reply, x);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, x);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, x);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, x);
	err = nl_send_auto(x->client->sock, x->request);
	if (err < 0)
		err = fng_client_fail(x->client, -EIO,
				      "cannot send to the kernel: %s",
				      nl_geterror(err));
	else
		err = receive(x, cb);
	nl_cb_put(cb);
	return err;
}

int fng_exchange(struct fng_client *client, struct nl_msg *request,
		 fng_reply_fn reply, void *data)
{
	struct exchange x = { client, request, reply, data, 0, false };
	int err;

	if (!request)
		return fng_client_fail(client, -ENOMEM, "out of memory");
	client->warning[0] = '\0';
	if (!(nlmsg_hdr(request)->nlmsg_flags & NLM_F_DUMP))
		nlmsg_hdr(request)->nlmsg_flags |= NLM_F_ACK;
	err = converse(&x);
	nlmsg_free(request);
	return err;
}
