// SPDX-License-Identifier: MIT
/*
 * DNS over TCP: messages are what was sent, however the stream is cut.
 */
#include <stdlib.h>

#include "dns_test.h"
#include "prng.h"

#define BUFFER	512
#define MESSAGES	16

/* A stream with a buffer that ends where its allocation does. */
static struct fng_dns_stream begin(u32 size)
{
	struct fng_dns_stream stream;

	memset(&stream, 0xa5, sizeof(stream));
	fng_dns_stream_init(&stream, malloc(size), size);
	return stream;
}

static u8 byte_of(u32 message, u32 at)
{
	return (u8)(message * 31 + at);
}

static void put_message(u32 message, u16 len)
{
	dns_put_u16(&m, len);
	for (u32 i = 0; i < len; i++) {
		u8 byte = byte_of(message, i);

		dns_put(&m, &byte, 1);
	}
}

/* So many bytes of @m, which are alone in their allocation. */
static size_t feed(struct fng_dns_stream *stream, size_t at, size_t nr,
		   bool *complete)
{
	u8 *bytes = malloc(nr + !nr);
	size_t taken;

	memcpy(bytes, m.bytes + at, nr);
	*complete = true;
	taken = fng_dns_stream_feed(stream, bytes, nr, complete);
	assert_true(taken <= nr);
	assert_true(taken || !nr);
	free(bytes);
	return taken;
}

static void assert_message(const struct fng_dns_stream *stream, u32 message,
			   u16 len)
{
	assert_int_equal(stream->len, len);
	for (u32 i = 0; i < len; i++)
		assert_int_equal(stream->buffer[i], byte_of(message, i));
}

/* The messages of @m, which are @len long, come in pieces of up to @max. */
static void assert_cut(const u16 *len, u32 nr, u32 max, struct prng *prng)
{
	struct fng_dns_stream stream = begin(BUFFER);
	size_t at = 0, piece, end = 0;
	u32 message = 0;
	bool complete;

	while (at < m.len) {
		piece = 1 + (prng ? prng_below(prng, max) : max - 1);
		if (piece > m.len - at)
			piece = m.len - at;
		at += feed(&stream, at, piece, &complete);
		if (at == end + 2 + len[message]) {
			assert_int_equal(complete, len[message] <= BUFFER);
			if (complete)
				assert_message(&stream, message, len[message]);
			end = at;
			message++;
		} else {
			assert_true(at < end + 2 + len[message]);
			assert_false(complete);
		}
	}
	assert_int_equal(message, nr);
	free(stream.buffer);
}

static void messages_are_cut(void **state)
{
	static const u16 len[] = {
		0, 1, 2, 0, 255, 256, 257, BUFFER - 1, BUFFER, BUFFER + 1,
		3, 0xffff, 7, 0x8000, 0, 12
	};
	static const u32 pieces[] = { 1, 2, 3, 511, 512, 513, 514, 1u << 17 };
	struct prng prng = prng_begin("pieces of a stream");
	u32 i;

	(void)state;
	m.len = 0;
	for (i = 0; i < NR(len); i++)
		put_message(i, len[i]);
	for (i = 0; i < NR(pieces); i++) {
		assert_cut(len, NR(len), pieces[i], NULL);
		assert_cut(len, NR(len), pieces[i], &prng);
	}
}

static void lengths_at_random(void **state)
{
	struct prng prng = prng_begin("lengths of messages");
	u16 len[MESSAGES];

	(void)state;
	for (u32 i = 0; i < 2000; i++) {
		m.len = 0;
		for (u32 j = 0; j < MESSAGES; j++) {
			len[j] = (u16)prng_below(&prng, prng_below(&prng, 4) ?
						 600 : 3);
			put_message(j, len[j]);
		}
		assert_cut(len, MESSAGES, 1 + prng_below(&prng, 900), &prng);
	}
}

/* To be asked again, with nothing, changes nothing but what is complete. */
static void nothing_can_be_fed(void **state)
{
	struct fng_dns_stream stream = begin(BUFFER);
	bool complete;

	(void)state;
	m.len = 0;
	put_message(1, 300);
	assert_int_equal(feed(&stream, 0, 0, &complete), 0);
	assert_false(complete);
	assert_int_equal(feed(&stream, 0, 1, &complete), 1);
	assert_int_equal(feed(&stream, 1, 0, &complete), 0);
	assert_int_equal(feed(&stream, 1, 100, &complete), 100);
	assert_false(complete);
	assert_int_equal(feed(&stream, 101, 0, &complete), 0);
	assert_false(complete);
	assert_int_equal(feed(&stream, 101, 201, &complete), 201);
	assert_true(complete);
	assert_message(&stream, 1, 300);
	assert_int_equal(feed(&stream, 302, 0, &complete), 0);
	assert_false(complete);
	free(stream.buffer);
}

/* Without a buffer all messages are skipped, but those of no bytes. */
static void no_buffer_is_needed(void **state)
{
	struct fng_dns_stream stream;
	bool complete;

	(void)state;
	fng_dns_stream_init(&stream, NULL, 0);
	m.len = 0;
	put_message(1, 300);
	put_message(2, 0);
	assert_int_equal(feed(&stream, 0, 304, &complete), 302);
	assert_false(complete);
	assert_int_equal(feed(&stream, 302, 2, &complete), 2);
	assert_true(complete);
	assert_int_equal(stream.len, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_cut),
		cmocka_unit_test(lengths_at_random),
		cmocka_unit_test(nothing_can_be_fed),
		cmocka_unit_test(no_buffer_is_needed),
	};

	return cmocka_run_group_tests_name("engine_dns_stream", tests, NULL,
					   NULL);
}
