// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Which addresses the name that was asked about has, by an answer of the DNS.
 *
 * The answer section is looked at whole before anything in it is believed; what
 * follows it is not looked at, so that it cannot matter, well formed or not.
 *
 * Time: an answer is walked at most FNG_MAX_DNS_CHAIN + 3 times, over at most
 * FNG_MAX_DNS_RECORDS records and the labels that are in place there. Names are
 * read whole twice for each record, and at most twice for each of MAX_ALIASES in
 * each step of the chain; none has more than 127 labels, 255 bytes and 16
 * pointers. The worst is half a millisecond, or one and a half for 64 KiB.
 */
#include "dns_name.h"

/* Bytes of a question and of a record, behind the name. */
#define QUESTION_SIZE	4
#define RECORD_SIZE	10

/* Where in the header is what; the number of the question comes first. */
#define AT_FLAGS	2
#define AT_QUESTIONS	4
#define AT_ANSWERS	6

#define FLAG_RESPONSE	0x8000
#define FLAG_TRUNCATED	0x0200
#define MASK_OPCODE	0x7800
#define MASK_RCODE	0x000f

#define CLASS_IN	1

/* Of an answer, those included that are repeated or somebody else's. */
#define MAX_ALIASES	(2 * FNG_MAX_DNS_CHAIN)

/**
 * struct record - a record of the answer section
 * @owner: where the name is that it is about
 * @data: where its data are
 * @size: bytes of them
 * @ttl: seconds that it may be believed
 * @type: type; 0, which is none, in another class than IN
 */
struct record {
	size_t owner;
	size_t data;
	u32 size;
	u32 ttl;
	u16 type;
};

/**
 * struct records - the records of the answer section, or the last of them
 * @message: whose
 * @pos: where the first is
 * @left: how many there are
 */
struct records {
	const struct fng_dns_message *message;
	size_t pos;
	u32 left;
};

/**
 * struct chain - where aliases lead from the name that was asked about
 * @name: where the name is that was reached
 * @ttl: the least of their TTLs
 */
struct chain {
	size_t name;
	u32 ttl;
};

/* A TTL with the top bit set is none, by RFC 2181. */
static u32 load_ttl(const struct fng_dns_message *message, size_t pos)
{
	u32 high = fng_dns_load_u16(message, pos);

	return high & 0x8000 ? 0 :
	       high << 16 | fng_dns_load_u16(message, pos + 2);
}

/* Return: where what follows the question is; 0 if it is none. */
static size_t read_question(const struct fng_dns_message *message,
			    bool response, struct fng_dns_question *question)
{
	u16 flags;
	size_t pos;

	if (!fng_dns_holds(message, 0, FNG_DNS_HEADER_SIZE))
		return 0;
	flags = fng_dns_load_u16(message, AT_FLAGS);
	if (!(flags & FLAG_RESPONSE) == response || flags & MASK_OPCODE ||
	    fng_dns_load_u16(message, AT_QUESTIONS) != 1)
		return 0;
	pos = fng_dns_name_read(message, FNG_DNS_HEADER_SIZE, question);
	if (!pos || !fng_dns_holds(message, pos, QUESTION_SIZE) ||
	    fng_dns_load_u16(message, pos + 2) != CLASS_IN)
		return 0;
	question->id = fng_dns_load_u16(message, 0);
	question->type = fng_dns_load_u16(message, pos);
	return pos + QUESTION_SIZE;
}

/*
 * Return: false after the last, and at one that does not fit in, which is then
 * among those that are left.
 */
static bool next_record(struct records *records, struct record *record)
{
	const struct fng_dns_message *message = records->message;
	size_t pos;

	if (!records->left)
		return false;
	pos = fng_dns_name_end(message, records->pos, false);
	if (!pos || !fng_dns_holds(message, pos, RECORD_SIZE))
		return false;
	record->owner = records->pos;
	record->type = fng_dns_load_u16(message, pos + 2) == CLASS_IN ?
		       fng_dns_load_u16(message, pos) : 0;
	record->ttl = load_ttl(message, pos + 4);
	record->size = fng_dns_load_u16(message, pos + 8);
	record->data = pos + RECORD_SIZE;
	if (!fng_dns_holds(message, record->data, record->size))
		return false;
	records->pos = record->data + record->size;
	records->left--;
	return true;
}

static bool is_address(u16 type)
{
	return type == FNG_DNS_TYPE_A || type == FNG_DNS_TYPE_AAAA;
}

static u32 address_size(u16 type)
{
	return type == FNG_DNS_TYPE_A ? 4 : 16;
}

static bool is_well_formed(const struct fng_dns_message *message,
			   const struct record *record)
{
	if (!fng_dns_name_end(message, record->owner, true))
		return false;
	if (is_address(record->type))
		return record->size == address_size(record->type);
	return record->type != FNG_DNS_TYPE_CNAME ||
	       fng_dns_name_end(message, record->data, true) ==
	       record->data + record->size;
}

static int check_records(const struct records *answer)
{
	struct records rest = *answer;
	struct record record;
	u32 aliases = 0;

	while (next_record(&rest, &record)) {
		if (!is_well_formed(rest.message, &record))
			return -EINVAL;
		if (record.type == FNG_DNS_TYPE_CNAME)
			aliases++;
	}
	if (rest.left)
		return -EINVAL;
	return aliases > MAX_ALIASES ? -ELOOP : 0;
}

static void shorten(u32 *ttl, u32 other)
{
	if (other < *ttl)
		*ttl = other;
}

/*
 * Nearly every answer is about the very name that was asked for, and says so by a
 * pointer to it. That this name is believed is known; the record is well formed.
 */
static bool is_about(const struct fng_dns_message *message,
		     const struct chain *chain, const struct record *record)
{
	if (chain->name == FNG_DNS_HEADER_SIZE &&
	    fng_dns_load_u16(message, record->owner) == FNG_DNS_TO_QUESTION)
		return true;
	return fng_dns_name_same(message, chain->name, record->owner);
}

/*
 * Go on to the name that the one reached is an alias of.
 *
 * Return: 1; 0 if it is no alias, -EINVAL if it is an alias of several.
 */
static int follow_alias(const struct records *answer, struct chain *chain)
{
	struct records rest = *answer;
	struct record record;
	size_t target = 0;

	while (next_record(&rest, &record)) {
		if (record.type != FNG_DNS_TYPE_CNAME ||
		    !is_about(rest.message, chain, &record))
			continue;
		if (target &&
		    !fng_dns_name_same(rest.message, target, record.data))
			return -EINVAL;
		target = record.data;
		shorten(&chain->ttl, record.ttl);
	}
	if (!target)
		return 0;
	chain->name = target;
	return 1;
}

/* Aliases that go round in a circle are too many, too. */
static int follow_aliases(const struct records *answer, struct chain *chain)
{
	int i, err;

	for (i = 0; i <= FNG_MAX_DNS_CHAIN; i++) {
		err = follow_alias(answer, chain);
		if (err <= 0)
			return err;
	}
	return -ELOOP;
}

static int report(const struct records *answer, const struct chain *chain,
		  u16 type, fng_dns_found *found, void *data)
{
	struct fng_dns_address address = { 0 };
	struct records rest = *answer;
	struct record record;
	int reported = 0;

	address.family = type == FNG_DNS_TYPE_A ? 4 : 6;
	while (next_record(&rest, &record)) {
		if (record.type != type ||
		    !is_about(rest.message, chain, &record))
			continue;
		memcpy(address.addr, rest.message->bytes + record.data,
		       address_size(type));
		address.ttl = chain->ttl;
		shorten(&address.ttl, record.ttl);
		found(data, &address);
		reported++;
	}
	return reported;
}

/**
 * fng_dns_question_parse() - find out what a message asks, or answers
 * @message: the message, without the length that TCP has before it
 * @len: bytes of it
 * @response: whether it is to be an answer
 * @question: set to the question; left with anything if there is none
 *
 * What follows the question is not looked at.
 *
 * Return: 0, or -EINVAL if this is not a standard query, or the answer to one, with
 * one question of class IN about a name that can be believed.
 */
int fng_dns_question_parse(const u8 *message, size_t len, bool response,
			   struct fng_dns_question *question)
{
	const struct fng_dns_message whole = { message, len };

	return read_question(&whole, response, question) ? 0 : -EINVAL;
}

/**
 * fng_dns_question_equal() - compare questions
 * @a: a question
 * @b: another
 *
 * Return: whether number, type and name are the same.
 */
bool fng_dns_question_equal(const struct fng_dns_question *a,
			    const struct fng_dns_question *b)
{
	return a->id == b->id && a->type == b->type && a->len == b->len &&
	       !memcmp(a->name, b->name, a->len);
}

static size_t read_same_question(const struct fng_dns_message *message,
				 const struct fng_dns_question *question)
{
	struct fng_dns_question repeated;
	size_t pos = read_question(message, true, &repeated);

	return pos && fng_dns_question_equal(&repeated, question) ? pos : 0;
}

/**
 * fng_dns_answer_parse() - find the addresses in the answer to a question
 * @message: the message, without the length that TCP has before it
 * @len: bytes of it
 * @question: the question, as fng_dns_question_parse() has set it
 * @found: called with each address, twice if it is there twice; not at all
 *	unless the whole answer section is well formed
 * @data: for @found
 *
 * An address counts if it is of the type that was asked for and the name's, or
 * that of the name which the name is an alias of, in up to FNG_MAX_DNS_CHAIN
 * steps. A name that is an alias has no addresses of its own.
 *
 * Return: the number of addresses, which is 0 where the question is answered
 * without; or, and then it was not or cannot be believed, -EINVAL if the message
 * is malformed, contradicts itself or answers another question, -EAGAIN if it was
 * truncated, -E2BIG for more than FNG_MAX_DNS_RECORDS records, and -ELOOP for
 * aliases that do not end, or of which there are more than twice as many as can
 * be followed.
 */
int fng_dns_answer_parse(const u8 *message, size_t len,
			 const struct fng_dns_question *question,
			 fng_dns_found *found, void *data)
{
	const struct fng_dns_message whole = { message, len };
	struct chain chain = { .name = FNG_DNS_HEADER_SIZE, .ttl = ~0u };
	struct records answer = { .message = &whole };
	u16 flags;
	int err;

	answer.pos = read_same_question(&whole, question);
	if (!answer.pos)
		return -EINVAL;
	flags = fng_dns_load_u16(&whole, AT_FLAGS);
	if (flags & FLAG_TRUNCATED)
		return -EAGAIN;
	if (flags & MASK_RCODE || !is_address(question->type))
		return 0;
	answer.left = fng_dns_load_u16(&whole, AT_ANSWERS);
	if (answer.left > FNG_MAX_DNS_RECORDS)
		return -E2BIG;
	err = check_records(&answer);
	if (!err)
		err = follow_aliases(&answer, &chain);
	return err ? err : report(&answer, &chain, question->type, found, data);
}
