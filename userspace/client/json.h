/* SPDX-License-Identifier: MIT */
/*
 * Writing JSON into a buffer, without allocating: the agent must be able to
 * report when there is no memory left.
 */
#ifndef CLIENT_JSON_H
#define CLIENT_JSON_H

#include <fnguard/types.h>

/**
 * struct fng_json - a JSON text being written
 * @buf: where to
 * @size: bytes of @buf
 * @len: bytes written
 * @overflow: something did not fit; the text is useless
 */
struct fng_json {
	char *buf;
	size_t size;
	size_t len;
	bool overflow;
};

void fng_json_init(struct fng_json *json, char *buf, size_t size);

/* Members of objects take a key, items of arrays NULL. */
void fng_json_open(struct fng_json *json, const char *key, char bracket);
void fng_json_close(struct fng_json *json, char bracket);
void fng_json_number(struct fng_json *json, const char *key, u64 number);
void fng_json_true(struct fng_json *json, const char *key);
void fng_json_string(struct fng_json *json, const char *key,
		     const char *string);

/*
 * Bytes that should be UTF-8. What is not becomes U+FFFD, and control characters
 * are escaped, so that the result is safe to print and to parse. Returns false
 * if something was replaced.
 */
bool fng_json_bytes(struct fng_json *json, const char *key, const void *bytes,
		    size_t size);

/* Bytes as hexadecimal digits. */
void fng_json_hex(struct fng_json *json, const char *key, const void *bytes,
		  size_t size);

/* What is JSON already. */
void fng_json_raw(struct fng_json *json, const char *key, const char *text,
		  size_t size);

/* The number of bytes of the valid UTF-8 sequence at @text, 0 if it is none. */
size_t fng_utf8_length(const u8 *text, size_t size);

#endif /* CLIENT_JSON_H */
