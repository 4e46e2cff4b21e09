/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Messages of the DNS, as far as they say which addresses a host name has.
 *
 * Pure C, like the rest of the engine: any context, no allocation, no recursion.
 * A message may be any bytes at all, but they must not change while they are
 * looked at: the caller copies what others may write to.
 */
#ifndef FNGUARD_ENGINE_DNS_H
#define FNGUARD_ENGINE_DNS_H

#include <fnguard/limits.h>
#include <fnguard/types.h>

/* Types of records, and of what is asked for. */
#define FNG_DNS_TYPE_A		1
#define FNG_DNS_TYPE_CNAME	5
#define FNG_DNS_TYPE_AAAA	28

/**
 * struct fng_dns_question - what somebody asks: one question of class IN
 * @id: number that the answer repeats
 * @type: type of record that is asked for, any
 * @len: bytes of @name; 0 for the root
 * @name: [a-z0-9_-] only, whatever the case in the message, in labels with dots
 *	between them and none behind; NUL-terminated, with anything behind
 */
struct fng_dns_question {
	u16 id;
	u16 type;
	u8 len;
	char name[FNG_MAX_HOST_NAME + 1];
};

/**
 * struct fng_dns_address - an address that a name has
 * @family: 4 or 6
 * @addr: address in network order; for IPv4 the first 4 bytes, the rest is 0
 * @ttl: how long it may be believed, in seconds: the least of the record's and
 *	of the aliases' that lead to it; what has the top bit set counts as 0
 */
struct fng_dns_address {
	u8 family;
	u8 addr[16];
	u32 ttl;
};

/**
 * typedef fng_dns_found - is told of an address
 * @data: what the caller of fng_dns_answer_parse() has given
 * @address: the address, which is gone after the call
 */
typedef void fng_dns_found(void *data, const struct fng_dns_address *address);

/**
 * struct fng_dns_stream - cuts DNS over TCP into messages
 * @buffer: where a message is put together; the caller's, who keeps it as long
 *	as the stream
 * @size: bytes of @buffer; a longer message is skipped
 * @len: bytes of the message
 * @have: bytes of it that have come, with those of the length before it
 *
 * Whoever feeds it keeps others from doing so at the same time.
 */
struct fng_dns_stream {
	u8 *buffer;
	u32 size;
	u32 len;
	u32 have;
};

/* dns.c */
int fng_dns_question_parse(const u8 *message, size_t len, bool response,
			   struct fng_dns_question *question);
bool fng_dns_question_equal(const struct fng_dns_question *a,
			    const struct fng_dns_question *b);
int fng_dns_answer_parse(const u8 *message, size_t len,
			 const struct fng_dns_question *question,
			 fng_dns_found *found, void *data);

/* dns_stream.c */

/* Bytes of the length before each message. */
#define FNG_DNS_PREFIX	2

/* Is the message that is coming longer than its buffer? */
static inline bool fng_dns_stream_skips(const struct fng_dns_stream *stream)
{
	return stream->have >= FNG_DNS_PREFIX && stream->len > stream->size;
}

void fng_dns_stream_init(struct fng_dns_stream *stream, u8 *buffer, u32 size);
size_t fng_dns_stream_feed(struct fng_dns_stream *stream, const u8 *bytes,
			   size_t len, bool *complete);

#endif /* FNGUARD_ENGINE_DNS_H */
