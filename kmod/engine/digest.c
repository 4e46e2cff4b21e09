// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Files whose content a policy knows by its digest.
 */
#include "decide.h"

/* As strcmp() of @path and the name, which may have a NUL inside. */
static int compare(const char *path, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < len && path[i]; i++)
		if (path[i] != name[i])
			return (u8)path[i] - (u8)name[i];
	return i < len ? -1 : (u8)path[len];
}

/**
 * fng_digest_find() - what a file has to be
 * @image: the policy's
 * @name: of the file, as for fng_name_decide()
 * @len: bytes of it
 *
 * Return: NULL if the policy does not say.
 */
const struct fng_image_digest *fng_digest_find(const struct fng_image *image,
					       const char *name, size_t len)
{
	u32 low = 0, high = image->nr_digests;

	while (low < high) {
		u32 mid = low + (high - low) / 2;
		const struct fng_image_digest *digest = &image->digests[mid];
		int order = compare(image->strings + digest->path, name, len);

		if (!order)
			return digest;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/**
 * fng_digest_decide() - decide on code in a file that is not what it has to be
 * @image: whose decision
 * @digest: one of its digests
 * @decision: the decision
 */
void fng_digest_decide(const struct fng_image *image,
		       const struct fng_image_digest *digest,
		       struct fng_decision *decision)
{
	fng_decision_set(decision, image, FNG_CLASS_EXEC, true, digest->rule);
}
