// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Names in messages of the DNS: labels, the last of which may be a pointer to
 * more of them, further up in the message.
 */
#include "dns_name.h"

/* Bytes of a name without pointers: the first and last length have no dot. */
#define MAX_SIZE	(FNG_MAX_HOST_NAME + 2)
#define MAX_LABEL	63
/* The first byte of a pointer, and what of its two bytes says where to. */
#define POINTER		0xc0
#define MASK_POINTER	0x3fff
/* More than resolvers make; stub resolvers give up earlier. */
#define MAX_POINTERS	16

/**
 * struct name - a name that is being read
 * @message: where it is
 * @label: the label that was read last
 * @pos: where the next one is
 * @start: where the labels begin that @pos is among: a pointer leads before it
 * @end: where what follows the name is; 0 until that is known
 * @size: bytes of the name so far, as it is without pointers
 * @pointers: number of pointers so far
 */
struct name {
	const struct fng_dns_message *message;
	const u8 *label;
	size_t pos;
	size_t start;
	size_t end;
	u32 size;
	u32 pointers;
};

/* A byte of a label in lower case; 0 if no name with it is believed. */
static char fold(u8 byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return (char)(byte - 'A' + 'a');
	if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
	    byte == '-' || byte == '_')
		return (char)byte;
	return 0;
}

static struct name name_at(const struct fng_dns_message *message, size_t pos)
{
	return (struct name) { .message = message, .pos = pos, .start = pos };
}

/* Strictly backwards, so that it ends, and not into the header. */
static bool follow_pointer(struct name *name)
{
	const struct fng_dns_message *message = name->message;
	size_t target;

	if (!fng_dns_holds(message, name->pos, 2) ||
	    name->pointers == MAX_POINTERS)
		return false;
	target = fng_dns_load_u16(message, name->pos) & MASK_POINTER;
	if (target < FNG_DNS_HEADER_SIZE || target >= name->start)
		return false;
	if (!name->end)
		name->end = name->pos + 2;
	name->pos = target;
	name->start = target;
	name->pointers++;
	return true;
}

/*
 * Read the next label. Where a pointer leads is before where it was found, so
 * that there is a byte.
 *
 * Return: its length, 0 for the root, which ends the name; -EINVAL if the name is
 * malformed.
 */
static int next_label(struct name *name)
{
	const struct fng_dns_message *message = name->message;
	u32 len;

	if (!fng_dns_holds(message, name->pos, 1))
		return -EINVAL;
	while (message->bytes[name->pos] >= POINTER)
		if (!follow_pointer(name))
			return -EINVAL;
	len = message->bytes[name->pos];
	name->size += 1 + len;
	if (len > MAX_LABEL || name->size > MAX_SIZE ||
	    !fng_dns_holds(message, name->pos, 1 + len))
		return -EINVAL;
	name->label = message->bytes + name->pos + 1;
	name->pos += 1 + len;
	if (!len && !name->end)
		name->end = name->pos;
	return (int)len;
}

/* Where a name ends, by what next_label() has returned last. */
static size_t end_of(const struct name *name, int len)
{
	return len < 0 ? 0 : name->end;
}

/**
 * fng_dns_name_end() - find what follows a name
 * @message: the message
 * @pos: where the name is
 * @whole: look at all of it, not only at what is in place
 *
 * Return: where that is; 0 if the name is malformed, as far as it was looked at.
 */
size_t fng_dns_name_end(const struct fng_dns_message *message, size_t pos,
			bool whole)
{
	struct name name = name_at(message, pos);
	int len;

	do
		len = next_label(&name);
	while (len > 0 && (whole || !name.end));
	return end_of(&name, len);
}

static bool same_label(const u8 *a, const u8 *b, int len)
{
	int i;

	for (i = 0; i < len; i++)
		if (!fold(a[i]) || fold(a[i]) != fold(b[i]))
			return false;
	return true;
}

/**
 * fng_dns_name_same() - compare names, whatever their case
 * @message: the message
 * @a: where a name is that is well formed
 * @b: where another one is
 *
 * Return: whether they are the same; false for names that are not believed, which
 * have other bytes than a host's name.
 */
bool fng_dns_name_same(const struct fng_dns_message *message, size_t a,
		       size_t b)
{
	struct name first = name_at(message, a);
	struct name second = name_at(message, b);
	int len;

	do {
		len = next_label(&first);
		if (next_label(&second) != len ||
		    !same_label(first.label, second.label, len))
			return false;
	} while (len > 0);
	return true;
}

/* Return: @len; -EINVAL if the label is not believed. */
static int append_label(struct fng_dns_question *question, const u8 *label,
			int len)
{
	int i;

	if (question->len)
		question->name[question->len++] = '.';
	for (i = 0; i < len; i++) {
		question->name[question->len] = fold(label[i]);
		if (!question->name[question->len++])
			return -EINVAL;
	}
	return len;
}

/**
 * fng_dns_name_read() - read a name
 * @message: the message
 * @pos: where the name is
 * @question: its name is set, to anything if it is malformed or not believed
 *
 * Return: where what follows the name is; 0 if it is malformed or not believed.
 */
size_t fng_dns_name_read(const struct fng_dns_message *message, size_t pos,
			 struct fng_dns_question *question)
{
	struct name name = name_at(message, pos);
	int len;

	question->len = 0;
	do {
		len = next_label(&name);
		if (len > 0)
			len = append_label(question, name.label, len);
	} while (len > 0);
	question->name[question->len] = '\0';
	return end_of(&name, len);
}
