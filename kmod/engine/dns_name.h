/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Names in messages of the DNS. Shared by the engine's own files; nobody else
 * needs this header.
 */
#ifndef FNGUARD_ENGINE_DNS_NAME_H
#define FNGUARD_ENGINE_DNS_NAME_H

#include "dns.h"

/* Bytes of the header: there is no name in it. */
#define FNG_DNS_HEADER_SIZE	12

/* A pointer to the name behind the header. */
#define FNG_DNS_TO_QUESTION	(0xc000 | FNG_DNS_HEADER_SIZE)

/**
 * struct fng_dns_message - a message, none of which is believed
 * @bytes: the message
 * @len: bytes of it
 */
struct fng_dns_message {
	const u8 *bytes;
	size_t len;
};

/* Whether there are so many bytes at @pos, which is not beyond the end. */
static inline bool fng_dns_holds(const struct fng_dns_message *message,
				 size_t pos, size_t size)
{
	return size <= message->len - pos;
}

static inline u16 fng_dns_load_u16(const struct fng_dns_message *message,
				   size_t pos)
{
	const u8 *bytes = message->bytes + pos;

	return (u16)(bytes[0] << 8 | bytes[1]);
}

size_t fng_dns_name_end(const struct fng_dns_message *message, size_t pos,
			bool whole);
bool fng_dns_name_same(const struct fng_dns_message *message, size_t a,
		       size_t b);
size_t fng_dns_name_read(const struct fng_dns_message *message, size_t pos,
			 struct fng_dns_question *question);

#endif /* FNGUARD_ENGINE_DNS_NAME_H */
