/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Name servers that guarded tasks have posed as.
 */
#ifndef FNGUARD_KMOD_DISTRUST_H
#define FNGUARD_KMOD_DISTRUST_H

#include "engine/engine.h"

/* Any context. */
bool fng_distrust_add(u64 net, const struct fng_endpoint *server);
bool fng_distrusted(u64 net, const struct fng_endpoint *server);
void fng_distrust_clear(void);

#endif /* FNGUARD_KMOD_DISTRUST_H */
