// SPDX-License-Identifier: MIT
/*
 * What was done under policies that learn.
 */
#include <arpa/inet.h>
#include <string.h>

#include "exchange.h"
#include "learned.h"

/**
 * struct visitor - who wants to see it
 * @fn: called for each act
 * @data: handed to @fn
 * @unkept: how often something was done that found no room
 * @ended: the last message was there
 */
struct visitor {
	fng_client_act_fn fn;
	void *data;
	u64 unkept;
	bool ended;
};

/*
 * What does not fit did not come from our kernel. A NUL inside becomes another
 * control character: nobody must take what is before it for the whole.
 */
static bool read_text(const struct fng_attrs *attrs, unsigned int type,
		      char *text, size_t size)
{
	const struct nlattr *attr = attrs->attr[type];
	size_t len = attr ? fng_attr_size(attr) : 0;

	if (len >= size)
		return false;
	if (len)
		memcpy(text, fng_attr_data(attr), len);
	for (size_t i = 0; i < len; i++)
		text[i] = text[i] ?: '\1';
	text[len] = '\0';
	return true;
}

static bool read_address(const struct fng_attrs *attrs, char *text)
{
	const struct nlattr *attr = attrs->attr[FNG_A_ADDR];
	size_t size = attr ? fng_attr_size(attr) : 0;

	*text = '\0';
	if (!size)
		return true;
	return (size == 4 || size == 16) &&
	       inet_ntop(size == 4 ? AF_INET : AF_INET6, fng_attr_data(attr),
			 text, INET6_ADDRSTRLEN);
}

static int visit_act(const struct fng_attrs *attrs, struct visitor *visitor)
{
	char name[FNG_MAX_PATH + 1], target[FNG_MAX_PATH + 1];
	char address[INET6_ADDRSTRLEN], host[FNG_MAX_HOST_NAME + 1];
	const struct fng_client_act act = {
		.kind = fng_attr_number(attrs, FNG_A_ACT),
		.class = fng_attr_number(attrs, FNG_A_CLASS),
		.number = fng_attr_number(attrs, FNG_A_NUMBER),
		.rule = fng_attr_number(attrs, FNG_A_RULE_ID),
		.access = fng_attr_number(attrs, FNG_A_ACCESS),
		.name = name,
		.target = target,
		.address = address,
		.port = fng_attr_number(attrs, FNG_A_PORT),
		.proto = fng_attr_number(attrs, FNG_A_PROTO),
		.host = host,
	};

	if (!read_text(attrs, FNG_A_OBJECT, name, sizeof(name)) ||
	    !read_text(attrs, FNG_A_TARGET, target, sizeof(target)) ||
	    !read_text(attrs, FNG_A_HOST, host, sizeof(host)) ||
	    !read_address(attrs, address))
		return -EBADMSG;
	return visitor->fn(&act, visitor->data);
}

static int visit(const struct fng_attrs *attrs, void *data)
{
	struct visitor *visitor = data;

	if (attrs->attr[FNG_A_ACT])
		return visit_act(attrs, visitor);
	visitor->unkept = fng_attr_number(attrs, FNG_A_UNKEPT);
	visitor->ended = true;
	return 0;
}

int fng_client_learn(struct fng_client *client, const char *policy,
		     fng_client_act_fn fn, void *data, u64 *unkept)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_LEARN_DUMP,
					 NLM_F_DUMP);
	struct visitor visitor = { .fn = fn, .data = data };
	int err;

	if (msg)
		nla_put_string(msg, FNG_A_POLICY_NAME, policy);
	err = fng_list(client, msg, visit, &visitor);
	if (!err && !visitor.ended)
		err = fng_client_fail(client, -EBADMSG,
				      "the kernel's list has no end");
	*unkept = visitor.unkept;
	return err;
}
