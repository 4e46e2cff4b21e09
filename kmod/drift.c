// SPDX-License-Identifier: GPL-2.0-only
/*
 * When a file was changed last.
 *
 * The change time of an inode moves with whatever is done to the file, and no
 * call sets it to anything but now. That holds where this kernel alone changes
 * the inode. Where it is a copy of what a server or a program says, or cannot be
 * stored, it says nothing: of other file systems than those listed here, every
 * file counts as changed.
 */
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/minmax.h>
#include <linux/time64.h>

#include "compat.h"
#include "drift.h"

static bool keeps_change_time(const struct inode *inode)
{
	if (IS_NOCMTIME(inode))
		return false;
	switch (inode->i_sb->s_magic) {
	case EXT4_SUPER_MAGIC:
	case XFS_SUPER_MAGIC:
	case BTRFS_SUPER_MAGIC:
	case F2FS_SUPER_MAGIC:
	case TMPFS_MAGIC:
	case RAMFS_MAGIC:
	/* These are only read, and say what the image does. */
	case EROFS_SUPER_MAGIC_V1:
	case SQUASHFS_MAGIC:
		return true;
	default:
		return false;
	}
}

/* Has it inodes without room for the part of a second, which is lost on reading? */
static bool cuts_seconds(const struct super_block *sb)
{
	return sb->s_magic == EXT4_SUPER_MAGIC || sb->s_time_gran > 1;
}

/* A second without a part may be one whose part is gone: it may have been any. */
static s64 latest(const struct inode *inode, const struct timespec64 *ctime)
{
	s64 second = ctime->tv_sec * NSEC_PER_SEC;

	if (!ctime->tv_nsec && cuts_seconds(inode->i_sb))
		return second + NSEC_PER_SEC - 1;
	return second + ctime->tv_nsec;
}

static s64 stamp_of(const struct inode *inode)
{
	bool written = atomic_read(&inode->i_writecount) > 0;
	struct timespec64 ctime;

	/* Who has closed it in between has left a stamp. */
	smp_rmb();
	ctime = fng_inode_ctime(inode);
	/* Beyond the last second that it can store, all changes look the same. */
	if (written || ctime.tv_sec < 0 ||
	    ctime.tv_sec >= inode->i_sb->s_time_max ||
	    ctime.tv_sec >= KTIME_SEC_MAX)
		return FNG_DRIFT_UNKNOWN;
	return latest(inode, &ctime);
}

static bool is_stacked(const struct inode *inode)
{
	return inode->i_sb->s_magic == OVERLAYFS_SUPER_MAGIC;
}

/**
 * fng_drift_inode() - the inode that keeps what a file is
 * @file: open, or mapped
 *
 * Context: any, inside rcu_read_lock() or with @file open.
 * Return: NULL if it cannot be told.
 */
struct inode *fng_drift_inode(struct file *file)
{
	struct inode *inode = file_inode(file);

	if (!is_stacked(inode))
		return inode;
	inode = d_inode(fng_dentry_real(file->f_path.dentry));
	return inode && !is_stacked(inode) ? inode : NULL;
}

/**
 * fng_drift_stamp() - when a file was changed last
 * @file: open, or mapped
 *
 * What an overlay remembers of the change time is looked at as well: it is that
 * of the copy that has the file's mode and owner, which on some kernels is not
 * where its content is. Changes that go around the overlay, in a layer below, are
 * seen in the inode itself.
 *
 * Context: any, inside rcu_read_lock().
 * Return: nanoseconds of the wall clock, the latest that it may have been, or
 * FNG_DRIFT_UNKNOWN.
 */
s64 fng_drift_stamp(struct file *file)
{
	const struct inode *inode = file_inode(file);
	const struct inode *real = fng_drift_inode(file);

	if (!real || !keeps_change_time(real))
		return FNG_DRIFT_UNKNOWN;
	if (inode == real)
		return stamp_of(real);
	return max(stamp_of(inode), stamp_of(real));
}

/**
 * fng_drift_look() - which file it is, and how it is
 * @file: open, or mapped
 * @state: filled, from the inode that keeps the file
 *
 * Context: any, inside rcu_read_lock() or with @file open.
 * Return: false if the file is being written, or nobody can tell.
 */
bool fng_drift_look(struct file *file, struct fng_file_state *state)
{
	s64 stamp = fng_drift_stamp(file);
	const struct inode *inode;
	struct timespec64 ctime;

	if (stamp == FNG_DRIFT_UNKNOWN)
		return false;
	inode = fng_drift_inode(file);
	if (!inode)
		return false;
	ctime = fng_inode_ctime(inode);
	*state = (struct fng_file_state) {
		.dev = inode->i_sb->s_dev,
		.ino = inode->i_ino,
		.generation = inode->i_generation,
		.size = i_size_read(inode),
		.ctime = timespec64_to_ns(&ctime),
		.stamp = stamp,
	};
	return true;
}

/*
 * Some ioctls change what is in a file and leave its change time alone. It must
 * not be forgotten with the inode, which is written when it can be: that of a
 * file system that is frozen stays as it is for as long as the file is open.
 */
static void move_change_time(struct inode *inode)
{
	if (!S_ISREG(inode->i_mode) || !keeps_change_time(inode))
		return;
	fng_inode_touch(inode);
	if (!sb_start_write_trylock(inode->i_sb))
		return;
	__mark_inode_dirty(inode, I_DIRTY_TIME);
	sb_end_write(inode->i_sb);
}

/**
 * fng_drift_open() - a file is being opened
 * @file: counted among those that write, if it may be written
 *
 * Who may write it might change it in a way that leaves no mark, so that counts
 * as a change. A file in a stacked file system may not have been copied up yet,
 * and what is below is not changed: the real file is opened as well, with the
 * same flags, by the same task.
 *
 * Context: any.
 */
void fng_drift_open(struct file *file)
{
	struct inode *inode = file_inode(file);

	if (file->f_mode & FMODE_WRITE && !is_stacked(inode))
		move_change_time(inode);
}

/**
 * fng_drift_map_shared() - a file that may be written is mapped shared
 * @file: open for writing, maybe since before anybody looked
 *
 * Most file systems move the change time with the first store through a mapping.
 * In tmpfs the store may pass unseen, so it counts as one that a mapping is made.
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_drift_map_shared(struct file *file)
{
	struct inode *inode = fng_drift_inode(file);

	if (inode)
		move_change_time(inode);
}
