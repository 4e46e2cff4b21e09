// SPDX-License-Identifier: MIT
/*
 * Images as they are stored: that of a policy, and those of its phases behind it.
 */
#include <string.h>

#include <compiler/compiler.h>

static int verify_part(const void *blob, size_t left, struct fngc_parts *parts,
		       u32 *size, struct fng_image_error *error)
{
	const struct fng_image *before[FNG_MAX_PHASES];
	struct fngc_part *part = &parts->part[parts->nr];
	int err;

	err = fng_image_part(blob, left, size, error);
	if (!err)
		err = fng_image_verify(blob, *size, &part->base, &part->image,
				       error);
	if (err)
		return err;
	if (!parts->nr)
		return fng_start_verify(&part->image, blob, error);
	for (size_t i = 1; i < parts->nr; i++)
		before[i - 1] = &parts->part[i].image;
	return fng_phase_verify(&part->image, blob, &parts->part[0].image,
				before, parts->nr - 1, error);
}

int fngc_parts_verify(const void *blob, size_t size, struct fngc_parts *parts,
		      struct fng_image_error *error)
{
	size_t at = 0;
	u32 part, wanted = 1;
	int err;

	for (parts->nr = 0; parts->nr < wanted; parts->nr++, at += part) {
		err = verify_part((const char *)blob + at, size - at, parts,
				  &part, error);
		if (err) {
			error->offset += at;
			return err;
		}
		if (!parts->nr)
			wanted += parts->part[0].image.meta->nr_phases;
	}
	if (at == size)
		return 0;
	error->reason = "there is more than the images of the phases";
	error->offset = at;
	return -EINVAL;
}

const struct fng_image *fngc_parts_phase(const struct fngc_parts *parts,
					 const char *name)
{
	for (size_t i = 1; i < parts->nr; i++) {
		if (!strcmp(parts->part[i].image.meta->phase, name))
			return &parts->part[i].image;
	}
	return NULL;
}
