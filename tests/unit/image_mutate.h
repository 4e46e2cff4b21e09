/* SPDX-License-Identifier: MIT */
/*
 * Changes to an image as an attacker would make them, for tests and fuzzers:
 * most of what random bytes would do is refused by the first check it meets.
 */
#ifndef IMAGE_MUTATE_H
#define IMAGE_MUTATE_H

#include <fnguard/image.h>

#include "prng.h"

/*
 * Change one field, record or stretch of bytes. The size stays, and nothing is
 * assumed of what is there: it may be the result of changes before.
 */
void image_mutate(u8 *data, u32 size, struct prng *prng);

#endif /* IMAGE_MUTATE_H */
