/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registration that most hooks share.
 */
#ifndef FNGUARD_KMOD_DISPATCH_H
#define FNGUARD_KMOD_DISPATCH_H

struct ftrace_ops;

extern struct ftrace_ops fng_dispatch_ops;

#endif /* FNGUARD_KMOD_DISPATCH_H */
