// SPDX-License-Identifier: MIT
/*
 * The verifier on phases, and on images that are one behind the other.
 */
#include <stdlib.h>

#include "engine_breakage.h"

#define META(field_) .section = FNG_SECTION_META, \
	FIELD(fng_image_meta, 0, field_)
#define NAME(index) .section = FNG_SECTION_META, \
	.at = offsetof(struct fng_image_meta, phase) + (index), .width = 1

/* Of an image that is no phase's. */
static const struct breakage breakages[] = {
	{ "phases", META(nr_phases), .value = FNG_MAX_PHASES + 1,
	  .reason = "a policy has too many phases" },
	{ "phases of all ones", META(nr_phases), .value = ~0u,
	  .reason = "a policy has too many phases" },
	{ "entered without a name", META(enter), .value = FNG_ENTER_LISTEN,
	  .reason = "what is no phase is not entered" },
	{ "entered after a time", META(enter_after), .value = 1,
	  .reason = "the time after which a phase is entered is none" },
	{ "only tells without a name", META(tells), .value = 1,
	  .reason = "what is no phase cannot only tell" },
	{ "name behind its end", NAME(1), .value = 'a',
	  .reason = "a name is malformed" },
	{ "name's last byte", NAME(FNG_MAX_PHASE_NAME), .value = 'a',
	  .reason = "a name is malformed" },
};

static struct image_blob empty(void)
{
	struct image_builder b;

	image_begin(&b, "phased");
	image_absent(&b, FNG_CLASS_LISTEN);
	image_accept(&b, 0, 0, 0);
	return image_end(&b);
}

static struct fng_image_meta *meta_of(struct image_blob blob)
{
	return (void *)(blob.data + image_offset(blob, FNG_SECTION_META));
}

static struct fng_image_class *classes_of(struct image_blob blob)
{
	return (void *)(blob.data + image_offset(blob, FNG_SECTION_CLASSES));
}

static struct image_blob phase(const char *name)
{
	struct image_blob blob = empty();

	strcpy(meta_of(blob)->phase, name);
	return blob;
}

static void the_longest_name_is_accepted(void **state)
{
	struct subject s = subject_of(phase("serve"));
	char *name = meta_of(s.blob)->phase;

	(void)state;
	memset(name, 'z', FNG_MAX_PHASE_NAME);
	assert_accepted(s.blob, &s.image);
	name[FNG_MAX_PHASE_NAME] = 'z';
	assert_refused(s.blob, EINVAL, "a name is malformed",
		       (u32)((u8 *)name - s.blob.data) + FNG_MAX_PHASE_NAME);
	subject_free(&s);
}

/* Each field of a phase is made wrong, and right again. */
static void fields_of_phases_are_verified(void **state)
{
	static const struct {
		size_t at;
		u32 value;
		const char *reason;
	} rows[] = {
#define ROW(field, ...) { offsetof(struct fng_image_meta, field), __VA_ARGS__ }
		ROW(nr_phases, 1, "a phase has phases itself"),
		ROW(enter, FNG_NR_ENTERS, "a phase is entered in no known way"),
		ROW(enter, ~0u, "a phase is entered in no known way"),
		ROW(tells, 2,
		    "whether a phase only tells is neither 0 nor 1"),
		ROW(enter_after, 30,
		    "the time after which a phase is entered is none"),
#undef ROW
	};
	struct subject s = subject_of(phase("serve"));
	u32 meta = image_offset(s.blob, FNG_SECTION_META);

	(void)state;
	for (size_t i = 0; i < NR(rows); i++) {
		u32 *field = (u32 *)(s.blob.data + meta + rows[i].at);

		*field = rows[i].value;
		assert_refused(s.blob, EINVAL, rows[i].reason,
			       meta + (u32)rows[i].at);
		*field = 0;
		assert_accepted(s.blob, &s.image);
	}
	subject_free(&s);
}

/* As many as there may be, and the one way that there is of only telling. */
static void the_most_of_all_is_accepted(void **state)
{
	struct subject s = subject_of(empty());

	(void)state;
	meta_of(s.blob)->nr_phases = FNG_MAX_PHASES;
	assert_accepted(s.blob, &s.image);
	subject_free(&s);
	s = subject_of(phase("serve"));
	meta_of(s.blob)->enter = FNG_NR_ENTERS - 1;
	meta_of(s.blob)->enter_after = meta_of(s.blob)->enter ==
				       FNG_ENTER_TIME;
	meta_of(s.blob)->tells = 1;
	assert_accepted(s.blob, &s.image);
	subject_free(&s);
}

static struct image_blob binding_phase(bool cgroup)
{
	struct image_blob blob;
	struct image_builder b;

	image_begin(&b, "phased");
	image_absent(&b, FNG_CLASS_LISTEN);
	image_accept(&b, 0, 0, 0);
	if (cgroup)
		image_template(&b, "/fn", IMAGE_EXACT);
	else
		image_device(&b, "veth0", IMAGE_EXACT);
	blob = image_end(&b);
	strcpy(meta_of(blob)->phase, "serve");
	return blob;
}

static void a_phase_binds_neither_cgroups_nor_devices(void **state)
{
	struct image_blob blob;

	(void)state;
	for (int cgroup = 0; cgroup <= 1; cgroup++) {
		blob = binding_phase(cgroup);
		assert_refused(blob, EINVAL, "a phase binds something itself",
			       image_offset(blob, FNG_SECTION_META));
		image_free(blob);
	}
}

static void a_time_is_from_a_second_to_a_year(void **state)
{
	struct subject s = subject_of(phase("serve"));
	struct fng_image_meta *meta = meta_of(s.blob);
	u32 at = (u32)((u8 *)&meta->enter_after - s.blob.data);

	(void)state;
	meta->enter = FNG_ENTER_TIME;
	assert_refused(s.blob, EINVAL,
		       "the time after which a phase is entered is none", at);
	meta->enter_after = 1;
	assert_accepted(s.blob, &s.image);
	meta->enter_after = FNG_MAX_PHASE_TIME;
	assert_accepted(s.blob, &s.image);
	meta->enter_after = FNG_MAX_PHASE_TIME + 1;
	assert_refused(s.blob, EINVAL,
		       "the time after which a phase is entered is none", at);
	subject_free(&s);
}

static int verify(const struct subject *s, const struct subject *policy,
		  const struct subject *before, struct fng_image_error *error)
{
	const struct fng_image *images[] = { before ? &before->image : NULL };

	return fng_phase_verify(&s->image, s->blob.data, &policy->image, images,
				!!before, error);
}

static void assert_fits(const struct subject *s, const struct subject *policy,
			const struct subject *before, const char *reason,
			const void *field)
{
	struct fng_image_error error = { 0 };
	int err = verify(s, policy, before, &error);

	assert_int_equal(err, reason ? -EINVAL : 0);
	if (!reason)
		return;
	assert_string_equal(error.reason, reason);
	assert_int_equal(error.offset, (const u8 *)field - s->blob.data);
}

static void a_phase_is_of_its_policy(void **state)
{
	struct subject policy = subject_of(empty());
	struct subject first = subject_of(phase("warm"));
	struct subject s = subject_of(phase("serve"));
	struct fng_image_meta *meta = meta_of(s.blob);

	(void)state;
	assert_fits(&s, &policy, NULL, NULL, NULL);
	assert_fits(&s, &policy, &first, NULL, NULL);
	assert_fits(&policy, &policy, NULL, "a phase has no name",
		    meta_of(policy.blob)->phase);
	meta->version++;
	assert_fits(&s, &policy, NULL, "a phase is another policy's",
		    meta->name);
	meta->version--;
	meta->name[0] = 'x';
	assert_fits(&s, &policy, NULL, "a phase is another policy's",
		    meta->name);
	meta->name[0] = 'p';
	assert_fits(&s, &policy, &s, "two phases have the same name",
		    meta->phase);
	subject_free(&s);
	subject_free(&first);
	subject_free(&policy);
}

static void what_a_phase_may_learn_and_refuse(void **state)
{
	struct subject policy = subject_of(empty());
	struct subject s = subject_of(phase("serve"));
	struct fng_image_class *classes = classes_of(s.blob);

	(void)state;
	classes[FNG_CLASS_FILES].mode = FNG_MODE_LEARN;
	assert_fits(&s, &policy, NULL,
		    "a phase learns where its policy does not",
		    &classes[FNG_CLASS_FILES].mode);
	classes_of(policy.blob)[FNG_CLASS_FILES].mode = FNG_MODE_LEARN;
	assert_fits(&s, &policy, NULL, NULL, NULL);
	meta_of(s.blob)->tells = 1;
	assert_fits(&s, &policy, NULL,
		    "a phase that only tells refuses something",
		    &classes[0].mode);
	for (u32 i = 0; i < FNG_NR_CLASSES; i++)
		classes[i].mode = FNG_MODE_AUDIT;
	assert_fits(&s, &policy, NULL, NULL, NULL);
	classes[FNG_CLASS_FLOOR].mode = FNG_MODE_ENFORCE;
	assert_fits(&s, &policy, NULL,
		    "a phase that only tells refuses something",
		    &classes[FNG_CLASS_FLOOR].mode);
	subject_free(&s);
	subject_free(&policy);
}

/* What is behind them is found by AddressSanitizer. */
static void there_are_no_more_classes_than_these(void **state)
{
	const size_t size = FNG_NR_CLASSES * sizeof(struct fng_image_class);
	struct subject policy = subject_of(empty());
	struct subject s = subject_of(phase("serve"));
	struct fng_image_class *classes = malloc(size);

	(void)state;
	assert_non_null(classes);
	s.image.classes = memcpy(classes, s.image.classes, size);
	assert_fits(&s, &policy, NULL, NULL, NULL);
	free(classes);
	subject_free(&s);
	subject_free(&policy);
}

static void a_part_is_as_long_as_it_says(void **state)
{
	struct fng_image_header header = { .size = sizeof(header) };
	static const struct {
		u32 says;
		size_t left;
		const char *reason;
	} rows[] = {
		{ sizeof(header), sizeof(header), NULL },
		{ sizeof(header), 2 * sizeof(header), NULL },
		{ sizeof(header) + 4, sizeof(header) + 4, NULL },
		{ sizeof(header), sizeof(header) - 1,
		  "the image has no header" },
		{ sizeof(header), 0, "the image has no header" },
		{ sizeof(header) - 1, sizeof(header),
		  "the image is not as long as it says" },
		{ 0, sizeof(header), "the image is not as long as it says" },
		{ sizeof(header) + 1, sizeof(header),
		  "the image is not as long as it says" },
		{ ~0u, sizeof(header), "the image is not as long as it says" },
		{ sizeof(header) + 4, 2 * sizeof(header),
		  "what is behind the image is not aligned" },
	};

	(void)state;
	for (size_t i = 0; i < NR(rows); i++) {
		struct fng_image_error error = { 0 };
		u32 size = 0;

		header.size = rows[i].says;
		assert_int_equal(fng_image_part(&header, rows[i].left, &size,
						&error),
				 rows[i].reason ? -EINVAL : 0);
		if (rows[i].reason)
			assert_string_equal(error.reason, rows[i].reason);
		assert_int_equal(size, rows[i].reason ? 0 : rows[i].says);
	}
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(the_longest_name_is_accepted),
		cmocka_unit_test(fields_of_phases_are_verified),
		cmocka_unit_test(the_most_of_all_is_accepted),
		cmocka_unit_test(a_phase_binds_neither_cgroups_nor_devices),
		cmocka_unit_test(a_time_is_from_a_second_to_a_year),
		cmocka_unit_test(a_phase_is_of_its_policy),
		cmocka_unit_test(what_a_phase_may_learn_and_refuse),
		cmocka_unit_test(there_are_no_more_classes_than_these),
		cmocka_unit_test(a_part_is_as_long_as_it_says),
	};

	return RUN_BREAKAGES("engine_phases", breakages, others);
}
