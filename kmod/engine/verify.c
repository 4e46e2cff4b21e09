// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The verifier: nothing of an image is used before all of it was found sound.
 *
 * In three stages: the shape of the section table, then how many records each
 * section must have beside the others, then every field of every record, none
 * of them on a condition that the image controls. Whether a record is valid can
 * be told from it and from those that it names: no graph is walked, so the time
 * is linear in the size and no image can make the verifier loop or recurse.
 */
#include "verify.h"

/**
 * fng_image_verify() - verify an image completely
 * @blob: the image, aligned to FNG_IMAGE_ALIGN; must not change any more, from
 *	here to the end of its use
 * @size: bytes of @blob
 * @image: where to put its sections; untouched if it is refused
 * @error: where to put why it was refused; untouched if it is not
 *
 * Takes time linear in @size and does not sleep: whoever holds a CPU that must
 * not stall calls it where it may be preempted.
 *
 * Return: 0, -EPROTONOSUPPORT for an abi that is not understood, -E2BIG for
 * more than limits.h allows, or -EINVAL.
 */
int fng_image_verify(const void *blob, size_t size, struct fng_image *image,
		     struct fng_image_error *error)
{
	struct fng_verifier v = { .blob = blob, .error = error };
	int err;

	err = fng_verify_shape(&v, size);
	if (err)
		return err;
	err = fng_verify_tables(&v);
	if (err)
		return err;
	err = fng_verify_automata(&v);
	if (err)
		return err;
	err = fng_verify_egress(&v);
	if (err)
		return err;
	*image = v.image;
	return 0;
}
