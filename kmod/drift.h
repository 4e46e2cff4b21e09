/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When a file was changed last.
 */
#ifndef FNGUARD_KMOD_DRIFT_H
#define FNGUARD_KMOD_DRIFT_H

#include <linux/types.h>

struct file;
struct inode;

/* Is being changed, or nobody can tell. */
#define FNG_DRIFT_UNKNOWN	S64_MAX

/**
 * struct fng_file_state - which file it is, and how it is
 * @dev: device of its file system
 * @ino: inode number
 * @generation: tells a reused inode number
 * @size: bytes
 * @ctime: change time, in nanoseconds
 * @stamp: the latest that the change may have been; see fng_drift_stamp()
 */
struct fng_file_state {
	dev_t dev;
	u64 ino;
	u32 generation;
	u64 size;
	u64 ctime;
	s64 stamp;
};

static inline bool fng_file_same(const struct fng_file_state *a,
				 const struct fng_file_state *b)
{
	return a->dev == b->dev && a->ino == b->ino &&
	       a->generation == b->generation;
}

s64 fng_drift_stamp(struct file *file);
bool fng_drift_look(struct file *file, struct fng_file_state *state);
struct inode *fng_drift_inode(struct file *file);
void fng_drift_open(struct file *file);
void fng_drift_map_shared(struct file *file);

#endif /* FNGUARD_KMOD_DRIFT_H */
