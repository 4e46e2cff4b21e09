// SPDX-License-Identifier: MIT
#include "image_mutate.h"

static const u32 record_size[FNG_NR_SECTIONS] = {
	[FNG_SECTION_CLASSES] = sizeof(struct fng_image_class),
	[FNG_SECTION_STRINGS] = 1,
	[FNG_SECTION_RULES] = sizeof(struct fng_image_rule),
	[FNG_SECTION_PATH_MAP] = 1,
	[FNG_SECTION_PATH_STATES] = sizeof(struct fng_image_state),
	[FNG_SECTION_PATH_TRANS] = sizeof(struct fng_image_trans),
	[FNG_SECTION_PATH_ACCEPT] = sizeof(struct fng_image_accept),
	[FNG_SECTION_V4] = sizeof(struct fng_image_v4),
	[FNG_SECTION_V6] = sizeof(struct fng_image_v6),
	[FNG_SECTION_PORTSETS] = sizeof(struct fng_image_portset),
	[FNG_SECTION_PORTS] = sizeof(struct fng_image_port),
	[FNG_SECTION_META] = sizeof(struct fng_image_meta),
	[FNG_SECTION_CGROUP_MAP] = 1,
	[FNG_SECTION_CGROUP_STATES] = sizeof(struct fng_image_state),
	[FNG_SECTION_CGROUP_TRANS] = sizeof(struct fng_image_trans),
	[FNG_SECTION_DEVICE_MAP] = 1,
	[FNG_SECTION_DEVICE_STATES] = sizeof(struct fng_image_state),
	[FNG_SECTION_DEVICE_TRANS] = sizeof(struct fng_image_trans),
	[FNG_SECTION_DIGESTS] = sizeof(struct fng_image_digest),
	[FNG_SECTION_HOST_MAP] = 1,
	[FNG_SECTION_HOST_STATES] = sizeof(struct fng_image_state),
	[FNG_SECTION_HOST_TRANS] = sizeof(struct fng_image_trans),
	[FNG_SECTION_HOSTS] = sizeof(struct fng_image_host),
	[FNG_SECTION_RESOLVERS] = sizeof(struct fng_image_resolver),
	[FNG_SECTION_LIMITS] = sizeof(struct fng_image_limit),
	[FNG_SECTION_BASE] = 1,
};

/**
 * struct stretch - records that a change is made to
 * @data: the first
 * @record: bytes of one
 * @nr: number of them, at least 1
 */
struct stretch {
	u8 *data;
	u32 record;
	u32 nr;
};

/* A section that is inside of the image and not empty, or all of the image. */
static struct stretch pick_stretch(u8 *data, u32 size, struct prng *prng)
{
	struct stretch whole = { .data = data, .record = 1, .nr = size };
	u32 kind = prng_below(prng, FNG_NR_SECTIONS + 1);
	struct fng_image_header header;
	struct fng_image_span span;

	if (kind == FNG_NR_SECTIONS || size < sizeof(header))
		return whole;
	memcpy(&header, data, sizeof(header));
	span = header.section[kind];
	if (span.offset > size || span.size > size - span.offset ||
	    span.size < record_size[kind])
		return whole;
	/* Mostly something that is in the base. */
	if (kind == FNG_SECTION_BASE && prng_below(prng, 8))
		return pick_stretch(data + span.offset, span.size, prng);
	return (struct stretch) {
		.data = data + span.offset,
		.record = record_size[kind],
		.nr = span.size / record_size[kind],
	};
}

/* Numbers near those that are there, and those at which arithmetic turns. */
static u32 pick_number(u32 old, struct prng *prng)
{
	static const u32 numbers[] = {
		0, 1, 2, 0x7f, 0xff, 0xffff, 0x7fffffff, 0x80000000,
		FNG_RULE_NONE, FNG_STATE_UNOWNED, ~0u - 7, FNG_RULE_DEFAULT,
		FNG_STATE_BASE | 1, FNG_STATE_BASE | 2,
	};
	u32 kind = prng_below(prng, 6);

	if (kind == 0)
		return old + 1;
	if (kind == 1)
		return old - 1;
	if (kind == 2)
		return old ^ 1u << prng_below(prng, 32);
	if (kind == 3)
		return prng_below(prng, 64);
	return numbers[prng_below(prng, sizeof(numbers) / sizeof(*numbers))];
}

static u8 *pick_record(struct stretch s, struct prng *prng)
{
	return s.data + prng_below(prng, s.nr) * s.record;
}

static void change_byte(struct stretch s, struct prng *prng)
{
	u8 *byte = pick_record(s, prng) + prng_below(prng, s.record);

	*byte = (u8)pick_number(*byte, prng);
}

static void change_word(struct stretch s, struct prng *prng)
{
	u8 *word = pick_record(s, prng);
	u32 value;

	if (s.record < sizeof(value))
		return change_byte(s, prng);
	word += prng_below(prng, s.record / sizeof(value)) * sizeof(value);
	memcpy(&value, word, sizeof(value));
	value = pick_number(value, prng);
	memcpy(word, &value, sizeof(value));
}

/* The same field of another record is what most easily passes for valid. */
static void copy_word(struct stretch s, struct prng *prng)
{
	u8 *from = pick_record(s, prng), *to = pick_record(s, prng);
	u32 size = s.record < sizeof(u32) ? s.record : sizeof(u32);
	u32 at = prng_below(prng, s.record / size) * size;

	memmove(to + at, from + at, size);
}

static void copy_record(struct stretch s, struct prng *prng)
{
	u8 *from = pick_record(s, prng), *to = pick_record(s, prng);

	memmove(to, from, s.record);
}

static void swap_records(struct stretch s, struct prng *prng)
{
	u8 *a = pick_record(s, prng), *b = pick_record(s, prng);
	u32 i;

	for (i = 0; i < s.record; i++) {
		u8 byte = a[i];

		a[i] = b[i];
		b[i] = byte;
	}
}

static void fill_records(struct stretch s, struct prng *prng)
{
	u32 first = prng_below(prng, s.nr);
	u32 nr = 1 + prng_below(prng, s.nr - first);

	memset(s.data + first * s.record, prng_below(prng, 2) ? 0 : 0xff,
	       nr * s.record);
}

void image_mutate(u8 *data, u32 size, struct prng *prng)
{
	static void (*const changes[])(struct stretch s, struct prng *prng) = {
		change_byte, change_word, change_word, copy_word, copy_word,
		copy_record, swap_records, fill_records,
	};
	u32 kind = prng_below(prng, sizeof(changes) / sizeof(*changes));

	if (size)
		changes[kind](pick_stretch(data, size, prng), prng);
}
