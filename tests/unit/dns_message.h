/* SPDX-License-Identifier: MIT */
/*
 * Messages of the DNS for tests: written by hand, and put together.
 */
#ifndef DNS_MESSAGE_H
#define DNS_MESSAGE_H

#include <engine/dns.h>

/* Where in a message is what. */
#define DNS_AT_FLAGS		2
#define DNS_AT_QUESTIONS	4
#define DNS_AT_ANSWERS		6
#define DNS_AT_AUTHORITY	8
#define DNS_AT_ADDITIONAL	10
#define DNS_AT_NAME		12

#define DNS_QUERY		0x0100
#define DNS_ANSWER		0x8180
#define DNS_POINTER		0xc000

#define DNS_TYPE_TXT		16
#define DNS_TYPE_DNAME		39
#define DNS_TYPE_ANY		255
#define DNS_CLASS_IN		1

/* More than any message has. */
#define DNS_MAX_MESSAGE		(1u << 17)

/**
 * struct dns_message - a message that is put together
 * @len: bytes of it
 * @bytes: the message
 */
struct dns_message {
	size_t len;
	u8 bytes[DNS_MAX_MESSAGE];
};

/**
 * struct dns_found - what fng_dns_answer_parse() has found
 * @nr: number of addresses
 * @address: the addresses, in order
 */
struct dns_found {
	u32 nr;
	struct fng_dns_address address[FNG_MAX_DNS_RECORDS];
};

/**
 * struct dns_sample - a message as it was on the wire
 * @name: what it is
 * @bytes: the message
 * @len: bytes of it
 * @query: it is no answer
 * @question: what it is about
 * @result: what fng_dns_answer_parse() returns
 * @found: what it finds
 */
struct dns_sample {
	const char *name;
	const u8 *bytes;
	size_t len;
	bool query;
	struct fng_dns_question question;
	int result;
	struct fng_dns_address found[2];
};

/* Of dns_samples: the one that others are made from. */
#define DNS_GOOD	0

extern const struct dns_sample dns_samples[];
extern const size_t nr_dns_samples;

/* dns_message.c */
void dns_start(struct dns_message *m, u16 flags,
	       const struct fng_dns_question *question);
void dns_copy(struct dns_message *m, const struct dns_sample *sample);
void dns_set(struct dns_message *m, size_t at, u16 value);
void dns_put(struct dns_message *m, const void *bytes, size_t len);
void dns_put_u16(struct dns_message *m, u16 value);
void dns_put_label(struct dns_message *m, u8 byte, u8 len);
void dns_put_name(struct dns_message *m, const char *name);
void dns_put_rest(struct dns_message *m, u16 type, u32 ttl, const void *data,
		  u16 size);
void dns_put_alias(struct dns_message *m, const char *owner, const char *target,
		   u32 ttl);
void dns_put_address(struct dns_message *m, const char *owner, u8 last,
		     u32 ttl);

/* dns_run.c: all of it about a message that ends where its allocation does. */
int dns_run_question(const u8 *bytes, size_t len, bool response,
		     struct fng_dns_question *question);
int dns_run_answer(const u8 *bytes, size_t len,
		   const struct fng_dns_question *question,
		   struct dns_found *found);

/* dns_reference.c: the same, slow and simple. */
int dns_reference_question(const u8 *bytes, size_t len, bool response,
			   struct fng_dns_question *question);
int dns_reference_answer(const u8 *bytes, size_t len,
			 const struct fng_dns_question *question,
			 struct dns_found *found);

#endif /* DNS_MESSAGE_H */
