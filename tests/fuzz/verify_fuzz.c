// SPDX-License-Identifier: MIT
/*
 * The verifier, and everything that is done with an image that it accepts. The
 * input is an image, followed by bytes that become names and addresses.
 */
#include <stdlib.h>

#include "../unit/engine_drive.h"
#include "../unit/image_mutate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* What the header says if that can be, else all of it. */
static size_t image_size(const uint8_t *data, size_t size)
{
	struct fng_image_header header;

	if (size < sizeof(header))
		return size;
	memcpy(&header, data, sizeof(header));
	return header.size < size ? header.size : size;
}

static void verify(const void *blob, size_t size, const uint8_t *rest,
		   size_t nr_rest)
{
	struct fng_image_error error = { 0 };
	struct fng_image image, base;
	int err = fng_image_verify(blob, size, &base, &image, &error);

	if (!err != !error.reason || error.offset > size)
		abort();
	if (!err)
		engine_drive(&image, rest, nr_rest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t used = image_size(data, size);
	uint8_t *blob = malloc(used);

	/* Alone in its allocation, so that one byte too many is noticed. */
	if (used)
		memcpy(blob, data, used);
	verify(blob, used, data + used, size - used);
	free(blob);
	return 0;
}

/* Three times of four a change that the format lets through. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	struct prng prng = { .state = seed + 1ull };

	if (prng_below(&prng, 4) == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	image_mutate(data, image_size(data, size), &prng);
	return size;
}
