/* SPDX-License-Identifier: MIT */
/*
 * Tables of fields that are made wrong one by one: the refusal must name the
 * field and say why, and the image is good again when the field is.
 */
#ifndef ENGINE_BREAKAGE_H
#define ENGINE_BREAKAGE_H

#include "engine_test.h"

/**
 * struct breakage - one field made wrong
 * @name: what is wrong
 * @sample: image to start from
 * @in_base: the field is in its base
 * @section: section of the field, IN_HEADER for the header
 * @at: offset of the field in it
 * @width: bytes of the field
 * @value: value that is wrong
 * @reason: the reason that must be given
 * @blamed: offset in the section that must be blamed, 0 if it is @at
 * @blames_own: the policy's field is blamed, with which the base's must agree
 * @err: errno, if it is not EINVAL
 */
struct breakage {
	const char *name;
	enum sample sample;
	bool in_base;
	u32 section;
	u32 at;
	u32 width;
	u64 value;
	const char *reason;
	u32 blamed;
	bool blames_own;
	int err;
};

#define IN_HEADER	FNG_NR_SECTIONS
#define SIZEOF(type, field) sizeof(((struct type *)0)->field)
#define FIELD(type, index, field) \
	.at = (index) * sizeof(struct type) + offsetof(struct type, field), \
	.width = SIZEOF(type, field)
/* A field of the section table. */
#define SPAN(kind, field_) .section = IN_HEADER, .width = 4, \
	.at = offsetof(struct fng_image_header, section) + \
	      FNG_SECTION_##kind * sizeof(struct fng_image_span) + \
	      offsetof(struct fng_image_span, field_)

static inline struct image_blob base_of(struct image_blob blob)
{
	return (struct image_blob) {
		blob.data + image_offset(blob, FNG_SECTION_BASE),
		image_size(blob, FNG_SECTION_BASE)
	};
}

static inline void assert_refused(struct image_blob blob, int err,
				  const char *reason, u32 offset)
{
	struct fng_image_error error = { 0 };
	struct fng_image image, before;

	memset(&image, 0xa5, sizeof(image));
	before = image;
	assert_int_equal(fng_image_verify(blob.data, blob.size, the_base(),
					  &image, &error), -err);
	assert_string_equal(error.reason, reason);
	assert_int_equal(error.offset, offset);
	assert_memory_equal(&image, &before, sizeof(image));
}

static inline u32 start_of(struct image_blob blob, u32 section, bool in_base)
{
	struct image_blob part = in_base ? base_of(blob) : blob;

	return (u32)(part.data - blob.data) +
	       (section == IN_HEADER ? 0 : image_offset(part, section));
}

static inline void a_wrong_field_is_named(void **state)
{
	const struct breakage *b = *state;
	struct subject s = subject_sample(b->sample);
	u8 *field = s.blob.data + start_of(s.blob, b->section, b->in_base) +
		    b->at;
	u32 blamed = start_of(s.blob, b->section,
			      b->in_base && !b->blames_own) +
		     (b->blamed ? b->blamed : b->at);
	u64 good = 0;

	memcpy(&good, field, b->width);
	assert_true(good != b->value);
	memcpy(field, &b->value, b->width);
	assert_refused(s.blob, b->err ? b->err : EINVAL, b->reason, blamed);
	memcpy(field, &good, b->width);
	assert_accepted(s.blob, &s.image);
	subject_free(&s);
}

/* Each of a table is a test of its own; then come those that are by hand. */
#define RUN_BREAKAGES(name_, breakages, others) ({			\
	struct CMUnitTest tests_[NR(breakages) + NR(others)] = { 0 };	\
									\
	for (size_t i_ = 0; i_ < NR(breakages); i_++)			\
		tests_[i_] = (struct CMUnitTest) {			\
			.name = (breakages)[i_].name,			\
			.test_func = a_wrong_field_is_named,		\
			.initial_state = (void *)&(breakages)[i_],	\
		};							\
	memcpy(&tests_[NR(breakages)], others, sizeof(others));		\
	cmocka_run_group_tests_name(name_, tests_, NULL, NULL);		\
})

#endif /* ENGINE_BREAKAGE_H */
