// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The verifier: nothing of an image is used before all of it was found sound.
 *
 * In three stages: the shape of the section table, then how many records each
 * section must have beside the others, then every field of every record, none
 * of them on a condition that the image controls. Whether a record is valid can
 * be told from it and from those that it names: no graph is walked, so the time
 * is linear in the size and no image can make the verifier loop or recurse.
 *
 * A base is verified by the same code and first, since it names nothing of the
 * policy's own. What is so of the one is not looked at again for the other, so
 * that a base can be verified once for all who extend it.
 */
#include "verify.h"

static int verify(struct fng_verifier *v, struct fng_image *image)
{
	int err;

	err = fng_verify_shape(v);
	if (err)
		return err;
	err = fng_verify_tables(v);
	if (err)
		return err;
	err = fng_verify_automata(v);
	if (err)
		return err;
	err = fng_verify_egress(v);
	if (err)
		return err;
	err = v->is_base ? 0 : fng_verify_hosts(v);
	if (err)
		return err;
	err = fng_verify_limits(v);
	if (err)
		return err;
	*image = v->image;
	return 0;
}

/**
 * fng_image_split() - find out where the base of an image starts
 * @header: the image's header, or what there is of it, aligned as the image is
 * @size: bytes of the image
 * @own: set to the number of bytes before the base, all of them if it has none;
 *	at least those of the header, at most @size, and a multiple of
 *	FNG_IMAGE_ALIGN if there is a base
 * @error: where to put why the image was refused; untouched if it was not
 *
 * Return: as fng_image_verify().
 */
int fng_image_split(const struct fng_image_header *header, size_t size,
		    u32 *own, struct fng_image_error *error)
{
	struct fng_verifier v = { .blob = (const u8 *)header, .error = error };
	const struct fng_image_span *base;
	int err;

	err = fng_verify_header(&v, size);
	if (err)
		return err;
	base = &header->section[FNG_SECTION_BASE];
	if (base->offset % FNG_IMAGE_ALIGN)
		return fng_refuse(&v, &base->offset,
				  "a section is not aligned");
	if (base->offset < sizeof(*header) || base->offset > size)
		return fng_refuse(&v, &base->offset,
				  "the base starts beyond the image");
	if (base->size != size - base->offset)
		return fng_refuse(&v, &base->size,
				  "the base does not end with the image");
	*own = base->offset;
	return 0;
}

/**
 * fng_base_verify() - verify a base completely
 * @blob: the base, aligned to FNG_IMAGE_ALIGN; must not change any more, from
 *	here to the end of its use
 * @size: bytes of @blob
 * @base: where to put its sections; untouched if it is refused
 * @error: where to put why it was refused; untouched if it is not
 *
 * Return: as fng_image_verify().
 */
int fng_base_verify(const void *blob, size_t size, struct fng_image *base,
		    struct fng_image_error *error)
{
	struct fng_verifier v = {
		.blob = blob,
		.is_base = true,
		.error = error,
	};
	int err;

	err = fng_verify_header(&v, size);
	if (err)
		return err;
	v.size = (u32)size;
	return verify(&v, base);
}

/**
 * fng_own_verify() - verify an image but for its base
 * @blob: the image up to its base, aligned to FNG_IMAGE_ALIGN; must not change
 *	any more, from here to the end of its use
 * @size: bytes of @blob, as fng_image_split() says
 * @base: its base, verified; NULL if it is flat. Has to live as long as @image.
 * @image: where to put its sections; untouched if it is refused
 * @error: where to put why it was refused; untouched if it is not
 *
 * Return: as fng_image_verify().
 */
int fng_own_verify(const void *blob, size_t size, const struct fng_image *base,
		   struct fng_image *image, struct fng_image_error *error)
{
	struct fng_verifier v = { .blob = blob, .base = base, .error = error };
	const struct fng_image_span *span;
	u32 base_size = base ? base->size : 0;
	int err;

	err = fng_verify_header(&v, size + base_size);
	if (err)
		return err;
	span = &((const struct fng_image_header *)blob)->section[FNG_SECTION_BASE];
	if (span->offset != size || span->size != base_size)
		return fng_refuse(&v, span, "the base is somewhere else");
	v.size = (u32)size;
	return verify(&v, image);
}

/**
 * fng_image_verify() - verify an image completely
 * @blob: the image, aligned to FNG_IMAGE_ALIGN; must not change any more, from
 *	here to the end of its use
 * @size: bytes of @blob
 * @base: where to put the sections of its base, if it has one; has to live as
 *	long as @image
 * @image: where to put its own sections; untouched if it is refused
 * @error: where to put why it was refused; untouched if it is not
 *
 * Takes time linear in @size and does not sleep: whoever holds a CPU that must
 * not stall calls it where it may be preempted.
 *
 * Return: 0, -EPROTONOSUPPORT for an abi that is not understood, -E2BIG for
 * more than limits.h allows, or -EINVAL.
 */
int fng_image_verify(const void *blob, size_t size, struct fng_image *base,
		     struct fng_image *image, struct fng_image_error *error)
{
	u32 own;
	int err;

	err = fng_image_split(blob, size, &own, error);
	if (err)
		return err;
	if (own == size)
		return fng_own_verify(blob, own, NULL, image, error);
	err = fng_base_verify((const u8 *)blob + own, size - own, base, error);
	if (err) {
		error->offset += own;
		return err;
	}
	return fng_own_verify(blob, own, base, image, error);
}
