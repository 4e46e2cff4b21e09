/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When a file was changed last.
 */
#ifndef FNGUARD_KMOD_DRIFT_H
#define FNGUARD_KMOD_DRIFT_H

#include <linux/types.h>

struct file;

/* Is being changed, or nobody can tell. */
#define FNG_DRIFT_UNKNOWN	S64_MAX

s64 fng_drift_stamp(struct file *file);
void fng_drift_map_shared(struct file *file);

#endif /* FNGUARD_KMOD_DRIFT_H */
