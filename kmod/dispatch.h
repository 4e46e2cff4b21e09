/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registration that most hooks share.
 */
#ifndef FNGUARD_KMOD_DISPATCH_H
#define FNGUARD_KMOD_DISPATCH_H

#include "hook_table.h"

extern struct ftrace_ops fng_dispatch_ops;

void fng_dispatch_add(unsigned long entry, fng_hook_judge *judge);

#endif /* FNGUARD_KMOD_DISPATCH_H */
