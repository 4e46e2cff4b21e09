// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that start functions and are themselves part of the host: by inode, so
 * that no name inside a sandbox can pretend to be one.
 */
#include <linux/binfmts.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/module.h>
#include <linux/namei.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>

#include <fnguard/limits.h>
#include "compat.h"
#include "entering.h"
#include "name.h"

static char *launchers[FNG_MAX_LAUNCHERS] = {
	"/usr/bin/runc",
	"/usr/sbin/runc",
	"/usr/bin/crun",
	"/usr/lib/systemd/systemd-executor",
};

static int nr_launchers = 4;
module_param_array(launchers, charp, &nr_launchers, 0444);
MODULE_PARM_DESC(launchers, "Paths of the programs that start functions");

/**
 * struct identity - a file on this host
 * @dev: device of its file system
 * @ino: inode number
 * @generation: tells a reused inode number
 */
struct identity {
	dev_t dev;
	unsigned long ino;
	u32 generation;
};

static struct identity identities[FNG_MAX_LAUNCHERS];
static unsigned int nr_identities;
static DEFINE_SPINLOCK(identities_lock);

/* Of PID 1, which keeps it; compared only. Written under fng_control_mutex. */
static const struct dentry *host_root;

static struct identity identify(const struct inode *inode)
{
	return (struct identity) {
		.dev = inode->i_sb->s_dev,
		.ino = inode->i_ino,
		.generation = inode->i_generation,
	};
}

static void find_host_root(void)
{
	struct path root = { };
	struct task_struct *init;

	rcu_read_lock();
	init = pid_task(find_pid_ns(1, &init_pid_ns), PIDTYPE_PID);
	if (init)
		get_task_struct(init);
	rcu_read_unlock();
	if (!init)
		return;
	task_lock(init);
	if (init->fs)
		get_fs_root(init->fs, &root);
	task_unlock(init);
	put_task_struct(init);
	if (!root.dentry)
		return;
	WRITE_ONCE(host_root, root.dentry);
	/* Sleeps, so not under task_lock(). */
	path_put(&root);
}

/**
 * fng_launchers_resolve() - look the launchers' inodes up again
 *
 * Done when arming and with each load of policies, so that an upgraded runtime
 * is known. A path that does not exist is skipped.
 *
 * Context: process, under fng_control_mutex; sleeps.
 */
void fng_launchers_resolve(void)
{
	struct identity found[FNG_MAX_LAUNCHERS];
	unsigned int nr = 0;
	unsigned long flags;
	struct path path;
	int i;

	find_host_root();
	for (i = 0; i < nr_launchers; i++) {
		if (kern_path(launchers[i], LOOKUP_FOLLOW, &path))
			continue;
		found[nr++] = identify(d_backing_inode(path.dentry));
		path_put(&path);
	}
	spin_lock_irqsave(&identities_lock, flags);
	memcpy(identities, found, nr * sizeof(*found));
	nr_identities = nr;
	spin_unlock_irqrestore(&identities_lock, flags);
}

static bool known(const struct inode *inode)
{
	struct identity this = identify(inode);
	unsigned long flags;
	bool found = false;
	unsigned int i;

	spin_lock_irqsave(&identities_lock, flags);
	for (i = 0; i < nr_identities && !found; i++)
		found = identities[i].dev == this.dev &&
			identities[i].ino == this.ino &&
			identities[i].generation == this.generation;
	spin_unlock_irqrestore(&identities_lock, flags);
	return found;
}

/* Has the task not changed its root yet? Mounts of one tree share dentries. */
static bool at_host_root(void)
{
	bool same;

	if (!current->fs)
		return false;
	fng_fs_lock(current->fs);
	same = current->fs->root.dentry == READ_ONCE(host_root);
	fng_fs_unlock(current->fs);
	return same;
}

/**
 * fng_launcher() - does this file continue a launch?
 * @file: image that an entering task, current, executes
 *
 * An image without a name is one that the launcher made of itself: runc runs
 * from a sealed copy. Neither counts once the task has a root of its own: a
 * launcher that is executed there would load the sandbox's libraries.
 */
bool fng_launcher(const struct file *file)
{
	return at_host_root() &&
	       (known(d_backing_inode(file->f_path.dentry)) ||
		fng_name_is_pseudo(&file->f_path));
}
