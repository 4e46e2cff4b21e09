// SPDX-License-Identifier: MIT
/*
 * Writing JSON into a buffer, without allocating.
 */
#include <stdio.h>
#include <string.h>

#include "json.h"

void fng_json_init(struct fng_json *json, char *buf, size_t size)
{
	json->buf = buf;
	json->size = size;
	json->len = 0;
	json->overflow = false;
}

static void put(struct fng_json *json, const char *text, size_t size)
{
	if (size > json->size - json->len) {
		json->overflow = true;
		return;
	}
	memcpy(json->buf + json->len, text, size);
	json->len += size;
}

static void put_text(struct fng_json *json, const char *text)
{
	put(json, text, strlen(text));
}

size_t fng_utf8_length(const u8 *text, size_t size)
{
	/* Least second byte and greatest of the lead bytes that restrict it. */
	u8 low = 0x80, high = 0xbf;
	size_t length, i;

	if (text[0] < 0x80)
		return 1;
	if (text[0] < 0xc2 || text[0] > 0xf4)
		return 0;
	length = text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
	if (text[0] == 0xe0)
		low = 0xa0;
	else if (text[0] == 0xed)
		high = 0x9f;
	else if (text[0] == 0xf0)
		low = 0x90;
	else if (text[0] == 0xf4)
		high = 0x8f;
	if (size < length || text[1] < low || text[1] > high)
		return 0;
	for (i = 2; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

static void put_escape(struct fng_json *json, unsigned int code)
{
	char text[8];

	snprintf(text, sizeof(text), "\\u%04x", code);
	put(json, text, 6);
}

static void put_char(struct fng_json *json, const u8 *text, size_t length)
{
	const char escaped[2] = { '\\', text[0] };

	if (text[0] == '"' || text[0] == '\\')
		put(json, escaped, 2);
	else if (text[0] < 0x20 || text[0] == 0x7f)
		put_escape(json, text[0]);
	else if (text[0] == 0xc2 && text[1] < 0xa0) /* C1 control characters */
		put_escape(json, text[1]);
	else
		put(json, (const char *)text, length);
}

static bool put_quoted(struct fng_json *json, const u8 *text, size_t size)
{
	bool valid = true;
	size_t length;

	put(json, "\"", 1);
	while (size) {
		length = fng_utf8_length(text, size);
		if (length) {
			put_char(json, text, length);
		} else {
			put_text(json, "\\ufffd");
			valid = false;
			length = 1;
		}
		text += length;
		size -= length;
	}
	put(json, "\"", 1);
	return valid;
}

/* A comma is due unless this is the first thing behind a bracket. */
static void begin(struct fng_json *json, const char *key)
{
	if (json->len && !strchr("{[", json->buf[json->len - 1]))
		put(json, ",", 1);
	if (!key)
		return;
	put_quoted(json, (const u8 *)key, strlen(key));
	put(json, ":", 1);
}

void fng_json_open(struct fng_json *json, const char *key, char bracket)
{
	begin(json, key);
	put(json, &bracket, 1);
}

void fng_json_close(struct fng_json *json, char bracket)
{
	put(json, &bracket, 1);
}

void fng_json_number(struct fng_json *json, const char *key, u64 number)
{
	char text[24];

	begin(json, key);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	put_text(json, text);
}

void fng_json_true(struct fng_json *json, const char *key)
{
	begin(json, key);
	put_text(json, "true");
}

bool fng_json_bytes(struct fng_json *json, const char *key, const void *bytes,
		    size_t size)
{
	begin(json, key);
	return put_quoted(json, bytes, size);
}

void fng_json_string(struct fng_json *json, const char *key,
		     const char *string)
{
	fng_json_bytes(json, key, string, strlen(string));
}

void fng_json_hex(struct fng_json *json, const char *key, const void *bytes,
		  size_t size)
{
	const u8 *byte = bytes;
	char text[3];

	begin(json, key);
	put(json, "\"", 1);
	while (size--) {
		snprintf(text, sizeof(text), "%02x", *byte++);
		put(json, text, 2);
	}
	put(json, "\"", 1);
}

void fng_json_raw(struct fng_json *json, const char *key, const char *text,
		  size_t size)
{
	begin(json, key);
	put(json, text, size);
}
