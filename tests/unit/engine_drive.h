/* SPDX-License-Identifier: MIT */
/*
 * Everything that may be done with a verified image, on any input: what the
 * verifier has accepted must stand this.
 */
#ifndef ENGINE_DRIVE_H
#define ENGINE_DRIVE_H

#include <engine/engine.h>

/*
 * Walk, decide and check what holds of every decision; abort() if it does not.
 * The bytes become names, addresses and everything else that is asked for.
 */
void engine_drive(const struct fng_image *image, const u8 *bytes, size_t len);

#endif /* ENGINE_DRIVE_H */
