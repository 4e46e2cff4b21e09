// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hooks on files as objects: opening, truncating, changing attributes.
 */
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/major.h>
#include <linux/security.h>
#include <linux/stat.h>

#include "hooks.h"
#include "judge_floor.h"
#include "judge_memory.h"
#include "judge_path.h"

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

static void judge_open_floor(struct fng_judgement *judgement,
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

/* Access mode 3 grants ioctl() alone, which may read and write. */
static u32 access_of(const struct file *file)
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

/*
 * A stacked file system opens directories and copies of its layers with its
 * mounter's credentials, on mounts that nobody else can reach; a copy has no name
 * until it is complete. The user's own open was judged by the name in the stack.
 */
static bool is_layer(const struct path *path, const struct fng_name *name)
{
	return name->kind >= FNG_NAME_DELETED &&
	       current_cred() != current_real_cred() &&
	       !fng_name_reachable(path);
}

static int judge_named(struct fng_judgement *judgement, const struct path *path,
		       const struct fng_name *name, u32 access)
{
	if (access && !is_layer(path, name))
		fng_judge_name(judgement, name, access);
	return fng_judge_end_named(judgement, name);
}

static int judge_path(struct fng_judgement *judgement, const struct path *path,
		      u32 access)
{
	struct fng_name name;
	int err;

	fng_name_begin();
	fng_name_of_path(path, FNG_NAME_FIRST, &name);
	err = judge_named(judgement, path, &name, access);
	fng_name_end();
	return err;
}

/* O_TMPFILE makes a file linkable, by which it is told later, after this. */
static int judge_tmpfile(struct fng_judgement *judgement,
			 const struct path *path, u32 access)
{
	struct fng_name name;
	int err;

	fng_name_begin();
	fng_name_of_tmpfile(path, FNG_NAME_FIRST, &name);
	err = judge_named(judgement, path, &name, access);
	fng_name_end();
	return err;
}

static int judge_file_open(const struct fng_subject *subject,
			   struct file *file)
{
	struct fng_judgement judgement __uninitialized;
	u32 access;

	if (unlikely(fng_canary_is_worker()))
		return -EPERM;
	if (IS_PRIVATE(file_inode(file)) || fng_file_is_backing(file))
		return 0;
	fng_judge_begin(&judgement, subject, FNG_HOOK_FILE_OPEN);
	judge_open_floor(&judgement, file);
	/* What is opened to be executed is judged by the hooks on code. */
	access = file->f_flags & __FMODE_EXEC ? 0 : access_of(file);
	if (!judgement.refused_mask && !judgement.audit_mask &&
	    !fng_path_rules_apply(subject, access))
		return 0;
	if (file->f_flags & __O_TMPFILE)
		return judge_tmpfile(&judgement, &file->f_path, access);
	return judge_path(&judgement, &file->f_path, access);
}

static int judge_path_access(const struct fng_subject *subject, u8 hook,
			     const struct path *path, u32 access)
{
	struct fng_judgement judgement __uninitialized;

	if (IS_PRIVATE(d_backing_inode(path->dentry)) ||
	    !fng_path_rules_apply(subject, access))
		return 0;
	fng_judge_begin(&judgement, subject, hook);
	return judge_path(&judgement, path, access);
}

FNG_HOOK_PROTOTYPE(security_file_open, struct file *);
FNG_HOOK_OWN(FILE_OPEN, true, subject->matters || fng_canary_is_worker(),
	     judge_file_open(subject, FNG_ARG(struct file *, 0)));
FNG_HOOK(PATH_TRUNCATE, security_path_truncate,
	 judge_path_access(subject, FNG_HOOK_PATH_TRUNCATE,
			   FNG_ARG(const struct path *, 0), FNG_ACCESS_WRITE),
	 const struct path *)
#ifdef FNG_HAVE_FILE_TRUNCATE
FNG_HOOK(FILE_TRUNCATE, security_file_truncate,
	 judge_path_access(subject, FNG_HOOK_FILE_TRUNCATE,
			   &FNG_ARG(struct file *, 0)->f_path,
			   FNG_ACCESS_WRITE),
	 struct file *)
#endif
FNG_HOOK(PATH_CHMOD, security_path_chmod,
	 judge_path_access(subject, FNG_HOOK_PATH_CHMOD,
			   FNG_ARG(const struct path *, 0), FNG_ACCESS_ATTR),
	 const struct path *, umode_t)
FNG_HOOK(PATH_CHOWN, security_path_chown,
	 judge_path_access(subject, FNG_HOOK_PATH_CHOWN,
			   FNG_ARG(const struct path *, 0), FNG_ACCESS_ATTR),
	 const struct path *, kuid_t, kgid_t)

static const struct fng_hook_entry hooks[] = {
	FNG_HOOK_ENTRY_OWN(FILE_OPEN, "security_file_open"),
	FNG_HOOK_ENTRY(PATH_TRUNCATE, "security_path_truncate"),
#ifdef FNG_HAVE_FILE_TRUNCATE
	FNG_HOOK_ENTRY(FILE_TRUNCATE, "security_file_truncate"),
#endif
	FNG_HOOK_ENTRY(PATH_CHMOD, "security_path_chmod"),
	FNG_HOOK_ENTRY(PATH_CHOWN, "security_path_chown"),
};

const struct fng_hook_group fng_hooks_file = { hooks, ARRAY_SIZE(hooks) };
