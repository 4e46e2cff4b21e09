// SPDX-License-Identifier: MIT
/*
 * The parser of the DNS again, with names as strings, all records in memory, and
 * a recursion: to compare with.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "dns_message.h"

/* A byte takes four characters at most. */
#define TEXT	1024

struct name {
	char text[TEXT];
	size_t wire;
	size_t after;
};

struct record {
	struct name owner;
	struct name target;
	unsigned int type;
	unsigned int class;
	unsigned long ttl;
	size_t data;
	unsigned int size;
};

static unsigned int u16_at(const u8 *bytes, size_t at)
{
	return bytes[at] * 256u + bytes[at + 1];
}

/* As master files have it: what is not in the names of hosts is escaped. */
static void append(char *text, const u8 *label, unsigned int len)
{
	if (*text)
		strcat(text, ".");
	for (unsigned int i = 0; i < len; i++) {
		bool plain = isascii(label[i]) &&
			     (isalnum(label[i]) || strchr("-_", label[i]));

		if (label[i] && plain)
			sprintf(text + strlen(text), "%c", tolower(label[i]));
		else
			sprintf(text + strlen(text), "\\%03u", label[i]);
	}
}

static bool expand(const u8 *bytes, size_t len, size_t at, struct name *name,
		   int pointers)
{
	size_t start = at, target;
	unsigned int head;

	for (;; at += 1 + head) {
		if (at >= len)
			return false;
		head = bytes[at];
		if (head >= 64)
			break;
		name->wire += 1 + head;
		if (at + 1 + head > len || name->wire > 255)
			return false;
		if (!pointers)
			name->after = at + 1 + head;
		if (head == 0)
			return true;
		append(name->text, bytes + at + 1, head);
	}
	if (head < 192 || at + 2 > len || pointers == 16)
		return false;
	target = u16_at(bytes, at) - 49152;
	if (!pointers)
		name->after = at + 2;
	return target >= 12 && target < start &&
	       expand(bytes, len, target, name, pointers + 1);
}

static bool name_at(const u8 *bytes, size_t len, size_t at, struct name *name)
{
	memset(name, 0, sizeof(*name));
	return expand(bytes, len, at, name, 0);
}

static bool believed(const struct name *name)
{
	return !strchr(name->text, '\\');
}

static bool same(const struct name *a, const struct name *b)
{
	return believed(a) && believed(b) && !strcmp(a->text, b->text);
}

static size_t question_end(const u8 *bytes, size_t len, bool response,
			   struct fng_dns_question *question)
{
	struct name name;

	if (len < 12 || bytes[2] / 128 != response ||
	    bytes[2] / 8 % 16 != 0 || u16_at(bytes, 4) != 1)
		return 0;
	if (!name_at(bytes, len, 12, &name) || !believed(&name))
		return 0;
	if (name.after + 4 > len || u16_at(bytes, name.after + 2) != 1)
		return 0;
	question->id = (u16)u16_at(bytes, 0);
	question->type = (u16)u16_at(bytes, name.after);
	question->len = (u8)strlen(name.text);
	strcpy(question->name, name.text);
	return name.after + 4;
}

int dns_reference_question(const u8 *bytes, size_t len, bool response,
			   struct fng_dns_question *question)
{
	return question_end(bytes, len, response, question) ? 0 : -EINVAL;
}

/* Return: where the next one is; 0 if it is malformed. */
static size_t record_at(const u8 *bytes, size_t len, size_t at,
			struct record *r)
{
	if (!name_at(bytes, len, at, &r->owner))
		return 0;
	at = r->owner.after;
	if (at + 10 > len)
		return 0;
	r->type = u16_at(bytes, at);
	r->class = u16_at(bytes, at + 2);
	r->ttl = u16_at(bytes, at + 4) * 65536ul + u16_at(bytes, at + 6);
	if (r->ttl > 0x7fffffff)
		r->ttl = 0;
	r->size = u16_at(bytes, at + 8);
	r->data = at + 10;
	if (r->data + r->size > len)
		return 0;
	if (r->class == 1 && r->type == 1 && r->size != 4)
		return 0;
	if (r->class == 1 && r->type == 28 && r->size != 16)
		return 0;
	if (r->class == 1 && r->type == 5 &&
	    (!name_at(bytes, len, r->data, &r->target) ||
	     r->target.after != r->data + r->size))
		return 0;
	return r->data + r->size;
}

/* Return: 1 if @name was an alias, and is now what it is one of. */
static int follow(const struct record *records, unsigned int nr,
		  struct name *name, unsigned long *ttl)
{
	const struct record *first = NULL;

	for (unsigned int i = 0; i < nr; i++) {
		const struct record *r = &records[i];

		if (r->class != 1 || r->type != 5 || !same(&r->owner, name))
			continue;
		if (first && !same(&first->target, &r->target))
			return -EINVAL;
		first = r;
		*ttl = r->ttl < *ttl ? r->ttl : *ttl;
	}
	if (first)
		*name = first->target;
	return first != NULL;
}

static void collect(const u8 *bytes, const struct record *r, unsigned long ttl,
		    struct dns_found *found)
{
	struct fng_dns_address *address = &found->address[found->nr++];

	memset(address, 0, sizeof(*address));
	address->family = r->type == 1 ? 4 : 6;
	address->ttl = (u32)(r->ttl < ttl ? r->ttl : ttl);
	memcpy(address->addr, bytes + r->data, r->size);
}

static int find(const u8 *bytes, size_t len, size_t at,
		struct record *records, unsigned int nr,
		const struct fng_dns_question *question,
		struct dns_found *found)
{
	unsigned long ttl = 0xffffffff;
	struct name name;
	int steps = 0, aliases = 0, err;

	for (unsigned int i = 0; i < nr; i++) {
		at = record_at(bytes, len, at, &records[i]);
		if (!at)
			return -EINVAL;
		if (records[i].class == 1 && records[i].type == 5)
			aliases++;
	}
	if (aliases > 16)
		return -ELOOP;
	name_at(bytes, len, 12, &name);
	while ((err = follow(records, nr, &name, &ttl)) > 0)
		if (++steps > 8)
			return -ELOOP;
	if (err)
		return err;
	for (unsigned int i = 0; i < nr; i++)
		if (records[i].class == 1 && records[i].type == question->type &&
		    same(&records[i].owner, &name))
			collect(bytes, &records[i], ttl, found);
	return (int)found->nr;
}

int dns_reference_answer(const u8 *bytes, size_t len,
			 const struct fng_dns_question *question,
			 struct dns_found *found)
{
	struct fng_dns_question repeated;
	size_t at = question_end(bytes, len, true, &repeated);
	struct record *records;
	unsigned int nr;
	int result;

	found->nr = 0;
	if (!at || repeated.id != question->id ||
	    repeated.type != question->type ||
	    strcmp(repeated.name, question->name) != 0)
		return -EINVAL;
	if (bytes[2] / 2 % 2)
		return -EAGAIN;
	if (bytes[3] % 16 || (question->type != 1 && question->type != 28))
		return 0;
	nr = u16_at(bytes, 6);
	if (nr > 256)
		return -E2BIG;
	records = calloc(nr + 1, sizeof(*records));
	result = find(bytes, len, at, records, nr, question, found);
	free(records);
	return result;
}
