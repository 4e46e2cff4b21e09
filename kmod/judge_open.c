// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judging an open file by what it is, whatever it is called.
 */
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/major.h>
#include <linux/stat.h>
#include <linux/string.h>

#include "judge_floor.h"
#include "judge_memory.h"
#include "judge_open.h"

/* Minors of the memory devices that reach the kernel's memory and ports. */
enum { MINOR_MEM = 1, MINOR_KMEM = 2, MINOR_PORT = 4 };

static bool is_kernel_memory(const struct inode *inode)
{
	if (!S_ISCHR(inode->i_mode) || imajor(inode) != MEM_MAJOR)
		return false;
	switch (iminor(inode)) {
	case MINOR_MEM:
	case MINOR_KMEM:
	case MINOR_PORT:
		return true;
	default:
		return false;
	}
}

static bool is_tracing(const struct inode *inode)
{
	unsigned long magic = inode->i_sb->s_magic;

	return magic == TRACEFS_MAGIC || magic == DEBUGFS_MAGIC;
}

static bool is_named(const struct dentry *dentry, const char *const *names,
		     size_t nr)
{
	while (nr--)
		if (!strcmp(dentry->d_name.name, names[nr]))
			return true;
	return false;
}

/* Names in these file systems are the kernel's: nobody makes or moves files. */
static bool is_helper(const struct dentry *dentry)
{
	static const char *const in_proc[] = {
		"core_pattern", "hotplug", "modprobe", "poweroff_cmd",
		"sysrq-trigger",
	};
	static const char *const in_sysfs[] = { "uevent_helper" };
	static const char *const in_cgroup[] = { "release_agent" };

	switch (dentry->d_sb->s_magic) {
	case PROC_SUPER_MAGIC:
		return is_named(dentry, in_proc, ARRAY_SIZE(in_proc));
	case SYSFS_MAGIC:
		return is_named(dentry, in_sysfs, ARRAY_SIZE(in_sysfs));
	case CGROUP_SUPER_MAGIC:
		return is_named(dentry, in_cgroup, ARRAY_SIZE(in_cgroup));
	case BINFMTFS_MAGIC:
		return true;
	default:
		return false;
	}
}

/* Writing there changes any memory of a task, also what may not be written. */
static bool is_task_memory(const struct dentry *dentry)
{
	return dentry->d_sb->s_magic == PROC_SUPER_MAGIC &&
	       !strcmp(dentry->d_name.name, "mem");
}

/**
 * fng_judge_open_floor() - judge an open file by what no rule has to forbid
 * @judgement: being made
 * @file: with its mode
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_judge_open_floor(struct fng_judgement *judgement,
			  const struct file *file)
{
	const struct inode *inode = file_inode(file);

	if (is_kernel_memory(inode))
		fng_judge_floor(judgement, FNG_FLOOR_KMEM);
	if (!(file->f_mode & FMODE_WRITE))
		return;
	if (is_tracing(inode))
		fng_judge_floor(judgement, FNG_FLOOR_TRACING);
	if (is_helper(file->f_path.dentry))
		fng_judge_floor(judgement, FNG_FLOOR_HELPER);
	if (is_task_memory(file->f_path.dentry))
		fng_judge_write_exec(judgement);
}

/**
 * fng_open_access() - what an open file may be used for
 * @file: with its mode
 *
 * Access mode 3 grants ioctl() alone, which may read and write.
 *
 * Return: FNG_ACCESS_* of the class files; 0 for O_PATH.
 */
u32 fng_open_access(const struct file *file)
{
	u32 access = 0;

	if ((file->f_flags & O_ACCMODE) == O_ACCMODE)
		return FNG_ACCESS_READ | FNG_ACCESS_WRITE;
	if (file->f_mode & FMODE_READ)
		access |= FNG_ACCESS_READ;
	if (file->f_mode & FMODE_WRITE || file->f_flags & O_TRUNC)
		access |= FNG_ACCESS_WRITE;
	if (file->f_flags & __O_TMPFILE)
		access |= FNG_ACCESS_CREATE;
	return access;
}
