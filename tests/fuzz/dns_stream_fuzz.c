// SPDX-License-Identifier: MIT
/*
 * DNS over TCP. The input is bytes of the buffer, how the stream is cut into
 * pieces, and the stream.
 */
#include <stdlib.h>

#include "../unit/dns_message.h"
#include "../unit/prng.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/**
 * struct sent - what the stream is
 * @bytes: all of it
 * @len: bytes of it
 * @start: where the message begins that is coming, with its length
 */
struct sent {
	const uint8_t *bytes;
	size_t len;
	size_t start;
};

static void hold(bool condition)
{
	if (!condition)
		abort();
}

/* Where the message ends that is coming; beyond the end if it does not. */
static size_t end_of(const struct sent *sent)
{
	const uint8_t *prefix = sent->bytes + sent->start;

	if (sent->len - sent->start < 2)
		return sent->len + 1;
	return sent->start + 2 + prefix[0] * 256u + prefix[1];
}

/* Bytes up to @at were taken, the last of them now. */
static void check(struct sent *sent, size_t at,
		  const struct fng_dns_stream *stream, bool complete)
{
	size_t end = end_of(sent);

	hold(at <= end);
	hold(complete == (at == end && end - sent->start - 2 <= stream->size));
	if (complete)
		hold(stream->len == end - sent->start - 2 &&
		     !memcmp(stream->buffer, sent->bytes + sent->start + 2,
			     stream->len));
	if (at == end)
		sent->start = end;
}

/* The piece is alone in its allocation, so that one byte too many is noticed. */
static size_t feed(struct fng_dns_stream *stream, const uint8_t *bytes,
		   size_t len, bool *complete)
{
	uint8_t *piece = malloc(len);
	size_t taken;

	memcpy(piece, bytes, len);
	taken = fng_dns_stream_feed(stream, piece, len, complete);
	free(piece);
	return taken;
}

static void feed_all(struct sent *sent, struct fng_dns_stream *stream,
		     struct prng *prng)
{
	size_t at, taken, len;
	bool complete;

	for (at = 0; at < sent->len; at += taken) {
		len = 1 + prng_below(prng, 1 + prng_below(prng, 1024));
		if (len > sent->len - at)
			len = sent->len - at;
		taken = feed(stream, sent->bytes + at, len, &complete);
		hold(taken && taken <= len);
		check(sent, at + taken, stream, complete);
		/* It stops for a message that ends, and for nothing else. */
		hold(taken == len || sent->start == at + taken);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fng_dns_stream stream;
	struct sent sent;
	struct prng prng;
	u32 buffer;

	if (size < 4)
		return 0;
	buffer = data[0] * 256u + data[1];
	prng.state = data[2] + 1u;
	sent = (struct sent) { data + 3, size - 3, 0 };
	fng_dns_stream_init(&stream, malloc(buffer + !buffer), buffer);
	feed_all(&sent, &stream, &prng);
	free(stream.buffer);
	return 0;
}
