// SPDX-License-Identifier: MIT
/*
 * The addresses of names that guarded cgroups were told.
 */
#include <arpa/inet.h>
#include <string.h>

#include "exchange.h"
#include "learned.h"

/**
 * struct visitor - who wants to see them
 * @fn: called for each
 * @data: handed to @fn
 */
struct visitor {
	fng_client_learned_fn fn;
	void *data;
};

static bool read_address(const struct fng_attrs *attrs, unsigned int type,
			 char *text)
{
	const struct nlattr *attr = attrs->attr[type];
	size_t size = attr ? fng_attr_size(attr) : 0;

	if (size != 4 && size != 16)
		return false;
	return inet_ntop(size == 4 ? AF_INET : AF_INET6, fng_attr_data(attr),
			 text, INET6_ADDRSTRLEN);
}

static bool read_name(const struct fng_attrs *attrs, char *name)
{
	const struct nlattr *attr = attrs->attr[FNG_A_HOST];
	size_t size = attr ? fng_attr_size(attr) : 0;

	if (!size || size > FNG_MAX_HOST_NAME)
		return false;
	memcpy(name, fng_attr_data(attr), size);
	name[size] = '\0';
	return true;
}

static int visit_learned(const struct fng_attrs *attrs, void *data)
{
	char address[INET6_ADDRSTRLEN], resolver[INET6_ADDRSTRLEN];
	char name[FNG_MAX_HOST_NAME + 1];
	const struct visitor *visitor = data;
	struct fng_client_learned learned = {
		.cgroup_id = fng_attr_number(attrs, FNG_A_CGROUP_ID),
		.cgroup = fng_attr_string(attrs, FNG_A_CGROUP_PATH),
		.device_id = fng_attr_number(attrs, FNG_A_DEVICE_ID),
		.device = fng_attr_string(attrs, FNG_A_IFNAME),
		.name = name,
		.address = address,
		.resolver = resolver,
		.ttl = fng_attr_number(attrs, FNG_A_TTL),
		.hits = fng_attr_number(attrs, FNG_A_HITS),
	};

	if (!read_name(attrs, name) ||
	    !read_address(attrs, FNG_A_ADDR, address) ||
	    !read_address(attrs, FNG_A_RESOLVER, resolver))
		return -EBADMSG;
	return visitor->fn(&learned, visitor->data);
}

int fng_client_learned(struct fng_client *client, u64 cgroup_id,
		       fng_client_learned_fn fn, void *data)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_NAMES_GET, NLM_F_DUMP);
	struct visitor visitor = { fn, data };

	if (msg && cgroup_id)
		nla_put_u64(msg, FNG_A_CGROUP_ID, cgroup_id);
	return fng_list(client, msg, visit_learned, &visitor);
}
