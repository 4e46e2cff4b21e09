// SPDX-License-Identifier: GPL-2.0-only
/*
 * Images of phases, loaded: what is wrong with one is said with its place, and
 * nothing changes.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <fnguard/image.h>

#include "control.h"
#include "expect.h"

#define POLICY	"phase-image"
#define TEXT								\
	"policy: " POLICY "\n"						\
	"exec: { default: deny, allow: [/a/*] }\n"			\
	"phases:\n"							\
	"  warm: { exec: { allow: [/a/b] } }\n"				\
	"  serve: { enter: listen, exec: { allow: [] } }\n"

FIXTURE(image) {
	struct blob blob;
	struct fng_client_status before;
};

FIXTURE_SETUP(image)
{
	self->blob = control_compile(TEXT);
	guard_load("policy: " POLICY "\nexec: { default: deny }\n");
	self->before = control_status();
}

FIXTURE_TEARDOWN(image)
{
	free(self->blob.data);
}

/* Where a part starts: 0 is the policy. */
static u32 start_of(const struct blob *blob, u32 part)
{
	u32 at = 0;

	while (part--)
		at += ((struct fng_image_header *)(blob->data + at))->size;
	return at;
}

static struct fng_image_meta *meta_of(const struct blob *blob, u32 part)
{
	u8 *start = blob->data + start_of(blob, part);
	const struct fng_image_header *header = (const void *)start;

	return (void *)(start + header->section[FNG_SECTION_META].offset);
}

static void expect_bad(struct __test_metadata *_metadata,
		       const struct blob *blob,
		       const struct fng_client_status *before,
		       const char *reason, const void *field)
{
	char text[160];

	EXPECT_EQ(-EINVAL, control_load(blob));
	snprintf(text, sizeof(text), "%s at byte %td", reason,
		 (const u8 *)field - blob->data);
	expect_text(_metadata, guard_client()->error, text);
	EXPECT_TRUE(control_unchanged(before));
}

#define BAD(blob, reason, field) \
	expect_bad(_metadata, blob, &self->before, reason, field)

TEST_F(image, control)
{
	EXPECT_EQ(0, control_load(&self->blob));
	EXPECT_FALSE(control_unchanged(&self->before));
}

TEST_F(image, with_more_or_less_than_its_phases)
{
	struct blob blob = self->blob;
	u8 *data = realloc(blob.data, blob.size + 8);

	self->blob.data = data;
	blob.data = data;
	memset(data + blob.size, 0, 8);
	blob.size += 8;
	BAD(&blob, "there is more than the images of the phases",
	    data + blob.size - 8);
	blob.size = start_of(&blob, 2);
	BAD(&blob, "the image has no header", data + blob.size);
	blob.size += 64;
	BAD(&blob, "the image has no header", data + blob.size - 64);
	blob.size = self->blob.size - 8;
	BAD(&blob, "the image is not as long as it says",
	    data + start_of(&blob, 2) + offsetof(struct fng_image_header, size));
	meta_of(&blob, 0)->nr_phases = 1;
	blob.size = self->blob.size;
	BAD(&blob, "there is more than the images of the phases",
	    data + start_of(&blob, 2));
}

TEST_F(image, of_a_phase_alone)
{
	const struct blob alone = {
		.data = self->blob.data + start_of(&self->blob, 1),
		.size = start_of(&self->blob, 2) - start_of(&self->blob, 1),
	};

	BAD(&alone, "a phase is without its policy", meta_of(&alone, 0)->phase);
}

TEST_F(image, of_phases_that_do_not_fit)
{
	struct fng_image_meta *first = meta_of(&self->blob, 1);
	struct fng_image_meta *second = meta_of(&self->blob, 2);

	memcpy(second->phase, first->phase, sizeof(first->phase));
	BAD(&self->blob, "two phases have the same name", second->phase);
	strcpy(second->phase, "serve");
	second->version = 7;
	BAD(&self->blob, "a phase is another policy's", second->name);
	second->version = 0;
	second->enter = FNG_NR_ENTERS;
	BAD(&self->blob, "a phase is entered in no known way", &second->enter);
	second->enter = FNG_ENTER_LISTEN;
	first->tells = 1;
	EXPECT_EQ(-EINVAL, control_load(&self->blob));
	expect_text(_metadata, guard_client()->error,
		    "a phase that only tells refuses something");
	first->tells = 0;
	memset(first->phase, 0, sizeof(first->phase));
	BAD(&self->blob, "a phase has no name", first->phase);
	strcpy(first->phase, "warm");
	EXPECT_EQ(0, control_load(&self->blob));
}

/* As it was loaded, so it is handed out. */
TEST_F(image, is_given_back_with_its_phases)
{
	void *data;
	size_t size;

	ASSERT_EQ(0, control_load(&self->blob));
	ASSERT_EQ(0, fng_client_policy_image(guard_client(), POLICY, &data,
					     &size));
	ASSERT_EQ(self->blob.size, size);
	EXPECT_EQ(0, memcmp(data, self->blob.data, size));
	free(data);
}

TEST_HARNESS_MAIN
