/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Leaf functions that a refused call is redirected to, one per errno.
 */
#ifndef FNGUARD_KMOD_STUBS_H
#define FNGUARD_KMOD_STUBS_H

#include <fnguard/access.h>

#define FNG_STUB_DECLARE(name) long fng_stub_##name(void);
FNG_ERRNOS(FNG_STUB_DECLARE)
#undef FNG_STUB_DECLARE

#endif /* FNGUARD_KMOD_STUBS_H */
