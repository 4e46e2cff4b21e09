/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The few places where supported kernels differ. Sources are written for the
 * newest kernel; what older ones lack is supplied here, by feature, never by
 * version.
 */
#ifndef FNGUARD_KMOD_COMPAT_H
#define FNGUARD_KMOD_COMPAT_H

#include <linux/ftrace.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>

/*
 * Kernels are built so that locals are zeroed. For a large one that is set before
 * it is read, that can cost as much as what it is there for.
 */
#ifndef __uninitialized
#define __uninitialized	__attribute__((__uninitialized__))
#endif

/**
 * fng_regs() - the registers that an ftrace callback may read and redirect
 * @fregs: as given to the callback
 */
static __always_inline struct pt_regs *fng_regs(struct ftrace_regs *fregs)
{
#ifdef arch_ftrace_regs
	return &arch_ftrace_regs(fregs)->regs;
#else
	return &fregs->regs;
#endif
}

/*
 * for_each_thread() of who holds rcu_read_lock(). That of newer kernels asks
 * lockdep for tasklist_lock as well, which modules cannot link to.
 */
#define fng_for_each_thread(task, thread)				\
	list_for_each_entry_rcu(thread, &(task)->signal->thread_head,	\
				thread_node)

/**
 * fng_file_path() - the path by which the user knows an open or mapped file
 * @file: the file; of a mapping on a stacked file system, the backing file
 */
static inline const struct path *fng_file_path(struct file *file)
{
#ifdef FNG_HAVE_FILE_USER_PATH
	return file_user_path(file);
#else
	return &file->f_path;
#endif
}

/**
 * fng_file_is_backing() - is this a stacked file system opening its own layer?
 * @file: file in security_file_open()
 *
 * Such an open follows one of the user's file, which was judged. Newer kernels
 * mark it; older ones open the layer's inode under the user's path.
 */
static inline bool fng_file_is_backing(const struct file *file)
{
#ifdef FMODE_BACKING
	if (file->f_mode & FMODE_BACKING)
		return true;
#endif
	return file_inode(file)->i_sb != file->f_path.dentry->d_sb;
}

/**
 * fng_inode_state() - the state bits of an inode
 * @inode: the inode
 */
static inline unsigned int fng_inode_state(const struct inode *inode)
{
#ifdef FNG_HAVE_INODE_STATE_READ
	return inode_state_read_once((struct inode *)inode);
#else
	return READ_ONCE(inode->i_state);
#endif
}

/* The change time of an inode. */
static inline struct timespec64 fng_inode_ctime(const struct inode *inode)
{
#ifdef FNG_HAVE_INODE_CTIME
	return inode_get_ctime(inode);
#else
	return inode->i_ctime;
#endif
}

/* Moves it to now. */
static inline void fng_inode_touch(struct inode *inode)
{
#ifdef FNG_HAVE_INODE_CTIME
	inode_set_ctime_current(inode);
#else
	inode->i_ctime = current_time(inode);
#endif
}

/**
 * fng_dentry_real() - what a stacked file system keeps a file in
 * @dentry: of an open file
 *
 * Newer kernels may sleep to find the layer that has the data, but not the one
 * that has mode and owner. What is changed through the stack leaves its mark
 * there as well.
 */
static inline struct dentry *fng_dentry_real(struct dentry *dentry)
{
#ifdef FNG_HAVE_D_REAL_TYPE
	return d_real(dentry, D_REAL_METADATA);
#else
	return d_real(dentry, NULL);
#endif
}

/**
 * fng_fs_lock() - keep a task's root and working directory from changing
 * @fs: of current
 */
static inline void fng_fs_lock(struct fs_struct *fs)
{
#ifdef FNG_HAVE_FS_SEQLOCK
	read_seqlock_excl(&fs->seq);
#else
	spin_lock(&fs->lock);
#endif
}

/* Ends what fng_fs_lock() began. */
static inline void fng_fs_unlock(struct fs_struct *fs)
{
#ifdef FNG_HAVE_FS_SEQLOCK
	read_sequnlock_excl(&fs->seq);
#else
	spin_unlock(&fs->lock);
#endif
}

/**
 * fng_extack_set() - give a sentence that is not a literal at the call site
 * @extack: may be NULL
 * @message: constant, lives as long as the module
 */
static inline void fng_extack_set(struct netlink_ext_ack *extack,
				  const char *message)
{
	if (extack)
		extack->_msg = message;
}

#endif /* FNGUARD_KMOD_COMPAT_H */
