/* SPDX-License-Identifier: MIT */
/*
 * The attributes of the family: their types, and access to checked ones.
 */
#ifndef CLIENT_ATTR_H
#define CLIENT_ATTR_H

#include <linux/netlink.h>

#include <fnguard/types.h>
#include <uapi/fnguard.h>

/* A received set of attributes, by number; NULL where absent. */
struct fng_attrs {
	const struct nlattr *attr[FNG_A_MAX + 1];
};

/**
 * fng_attrs_parse() - check and index the attributes of a message or nest
 * @attrs: filled in
 * @data: first attribute
 * @size: bytes of all of them
 *
 * Unknown attributes are skipped; of a repeated one the first counts.
 *
 * Return: 0, or -EBADMSG if one has a wrong size or the last is cut off.
 */
int fng_attrs_parse(struct fng_attrs *attrs, const void *data, size_t size);

/* Name for messages, without its prefix: "policy-name". */
const char *fng_attr_name(unsigned int type);

static inline const void *fng_attr_data(const struct nlattr *attr)
{
	return (const char *)attr + NLA_HDRLEN;
}

static inline size_t fng_attr_size(const struct nlattr *attr)
{
	return attr->nla_len - NLA_HDRLEN;
}

/* Values of attributes, or what an absent one means. */
u64 fng_attr_number(const struct fng_attrs *attrs, unsigned int type);
const char *fng_attr_string(const struct fng_attrs *attrs, unsigned int type);

static inline bool fng_attr_flag(const struct fng_attrs *attrs,
				 unsigned int type)
{
	return attrs->attr[type];
}

#endif /* CLIENT_ATTR_H */
