// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * DNS over TCP: messages one after the other, each behind its length.
 */
#include "dns.h"

static bool has_ended(const struct fng_dns_stream *stream)
{
	return stream->have >= FNG_DNS_PREFIX && stream->have == FNG_DNS_PREFIX + stream->len;
}

/* As many of the bytes as are still of the message. */
static size_t take(struct fng_dns_stream *stream, const u8 *bytes, size_t len)
{
	u32 missing = FNG_DNS_PREFIX + stream->len - stream->have;
	u32 taken = len < missing ? (u32)len : missing;

	if (taken && !fng_dns_stream_skips(stream))
		memcpy(stream->buffer + stream->have - FNG_DNS_PREFIX, bytes, taken);
	stream->have += taken;
	return taken;
}

/**
 * fng_dns_stream_init() - begin with a stream
 * @stream: the stream
 * @buffer: lent to it for as long as it is fed
 * @size: bytes of @buffer
 */
void fng_dns_stream_init(struct fng_dns_stream *stream, u8 *buffer, u32 size)
{
	stream->buffer = buffer;
	stream->size = size;
	stream->len = 0;
	stream->have = 0;
}

/**
 * fng_dns_stream_feed() - take the next bytes of a stream, in order
 * @stream: the stream
 * @bytes: what has come
 * @len: bytes of it
 * @complete: set to whether @stream->buffer now holds a message of @stream->len
 *	bytes, until the next call; never for one that is longer than the buffer
 *
 * Return: how many bytes were taken: all, or up to the end of a message; at least
 * one if there is one. The caller comes again with the rest.
 */
size_t fng_dns_stream_feed(struct fng_dns_stream *stream, const u8 *bytes,
			   size_t len, bool *complete)
{
	size_t used = 0;

	if (has_ended(stream))
		fng_dns_stream_init(stream, stream->buffer, stream->size);
	for (; stream->have < FNG_DNS_PREFIX && used < len; stream->have++)
		stream->len = stream->len << 8 | bytes[used++];
	if (stream->have >= FNG_DNS_PREFIX)
		used += take(stream, bytes + used, len - used);
	*complete = has_ended(stream) && !fng_dns_stream_skips(stream);
	return used;
}
