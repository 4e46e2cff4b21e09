// SPDX-License-Identifier: MIT
/*
 * Good images with a few changes, a hundred thousand of them: each is refused
 * with a reason, or stands whatever may be asked of a verified image.
 */
#include <stdlib.h>

#include "engine_drive.h"
#include "engine_test.h"
#include "image_mutate.h"

#define NR_IMAGES	100000
/* Changes to one image; more of them make it likelier to be refused early. */
#define MAX_CHANGES	3
/* Fewer than this would mean that the changes no longer get past the verifier. */
#define MIN_ACCEPTED	(NR_IMAGES / 20)

static bool is_accepted(struct image_blob blob)
{
	struct fng_image_error error = { 0 };
	struct fng_image image;
	int err = fng_image_verify(blob.data, blob.size, the_base(), &image,
				   &error);

	assert_int_equal(!err, !error.reason);
	assert_true(error.offset <= blob.size);
	if (err)
		return false;
	engine_drive(&image, blob.data, blob.size);
	return true;
}

static u32 try_images(enum sample sample, u32 nr, struct prng *prng)
{
	struct image_blob good = sample_build(sample);
	struct image_blob blob = image_copy(good);
	u32 accepted = 0, i;

	for (i = 0; i < nr; i++) {
		memcpy(blob.data, good.data, good.size);
		for (u32 n = 1 + prng_below(prng, MAX_CHANGES); n; n--)
			image_mutate(blob.data, blob.size, prng);
		accepted += is_accepted(blob);
	}
	image_free(blob);
	image_free(good);
	return accepted;
}

static void changed_images_are_refused_or_harmless(void **state)
{
	struct prng prng = prng_begin("changed images");
	u32 accepted = 0;

	(void)state;
	for (enum sample sample = 0; sample < NR_SAMPLES; sample++)
		accepted += try_images(sample, NR_IMAGES / NR_SAMPLES, &prng);
	print_message("# %u images, %u of them accepted\n", NR_IMAGES, accepted);
	assert_true(accepted >= MIN_ACCEPTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changed_images_are_refused_or_harmless),
	};

	return cmocka_run_group_tests_name("engine_mutation", tests, NULL, NULL);
}
