/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files in memory, in which images come and go.
 */
#ifndef FNGUARD_KMOD_MEMFD_H
#define FNGUARD_KMOD_MEMFD_H

#include <linux/types.h>

struct file;

/* Any context. */
bool fng_memfd_sealed(struct file *file);
bool fng_memfd_writable(struct file *file);

/* Process; may sleep, but no file system and no user space is waited for. */
int fng_memfd_read(struct file *file, void *part, u32 size, loff_t pos);
int fng_memfd_write(struct file *file, const void *part, u32 size, loff_t *pos);

#endif /* FNGUARD_KMOD_MEMFD_H */
