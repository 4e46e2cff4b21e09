// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "dns_message.h"

void dns_put(struct dns_message *m, const void *bytes, size_t len)
{
	if (len > sizeof(m->bytes) - m->len)
		abort();
	memcpy(m->bytes + m->len, bytes, len);
	m->len += len;
}

void dns_put_u16(struct dns_message *m, u16 value)
{
	u8 bytes[] = { (u8)(value >> 8), (u8)value };

	dns_put(m, bytes, sizeof(bytes));
}

void dns_set(struct dns_message *m, size_t at, u16 value)
{
	m->bytes[at] = (u8)(value >> 8);
	m->bytes[at + 1] = (u8)value;
}

/* A label of one byte, again and again. */
void dns_put_label(struct dns_message *m, u8 byte, u8 len)
{
	dns_put(m, &len, 1);
	while (len--)
		dns_put(m, &byte, 1);
}

/* Without pointers; "" is the root. */
void dns_put_name(struct dns_message *m, const char *name)
{
	while (*name) {
		u8 len = (u8)strcspn(name, ".");

		dns_put(m, &len, 1);
		dns_put(m, name, len);
		name += len + (name[len] == '.');
	}
	dns_put(m, "", 1);
}

void dns_start(struct dns_message *m, u16 flags,
	       const struct fng_dns_question *question)
{
	m->len = 0;
	dns_put_u16(m, question->id);
	dns_put_u16(m, flags);
	dns_put_u16(m, 1);
	dns_put(m, "\0\0\0\0\0", 6);
	dns_put_name(m, question->name);
	dns_put_u16(m, question->type);
	dns_put_u16(m, DNS_CLASS_IN);
}

void dns_copy(struct dns_message *m, const struct dns_sample *sample)
{
	m->len = 0;
	dns_put(m, sample->bytes, sample->len);
}

/* What follows the owner, of one more record of the answer section. */
void dns_put_rest(struct dns_message *m, u16 type, u32 ttl, const void *data,
		  u16 size)
{
	u16 nr = (u16)(m->bytes[DNS_AT_ANSWERS] << 8 |
		       m->bytes[DNS_AT_ANSWERS + 1]);

	dns_set(m, DNS_AT_ANSWERS, (u16)(nr + 1));
	dns_put_u16(m, type);
	dns_put_u16(m, DNS_CLASS_IN);
	dns_put_u16(m, (u16)(ttl >> 16));
	dns_put_u16(m, (u16)ttl);
	dns_put_u16(m, size);
	dns_put(m, data, size);
}

void dns_put_alias(struct dns_message *m, const char *owner, const char *target,
		   u32 ttl)
{
	size_t at;

	dns_put_name(m, owner);
	dns_put_rest(m, FNG_DNS_TYPE_CNAME, ttl, "", 0);
	at = m->len;
	dns_put_name(m, target);
	dns_set(m, at - 2, (u16)(m->len - at));
}

/* 192.0.2.@last */
void dns_put_address(struct dns_message *m, const char *owner, u8 last,
		     u32 ttl)
{
	const u8 address[] = { 192, 0, 2, last };

	dns_put_name(m, owner);
	dns_put_rest(m, FNG_DNS_TYPE_A, ttl, address, sizeof(address));
}
