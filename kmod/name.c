// SPDX-License-Identifier: GPL-2.0-only
/*
 * The name by which a task sees a file.
 *
 * d_path() prints something for every file, whether the task can reach it there
 * or not: a directory of the host that leaked into a sandbox looks like one of
 * the sandbox, a detached mount like the root. So a name is only believed where
 * it is proven that the file can be reached from the task's root, and the textual
 * marks of d_path(), which a file name can imitate, are not used.
 *
 * Buffers belong to the CPU. Hooks on paths run in task context only and do not
 * nest, so with preemption disabled nobody else can use them.
 */
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/ipc_namespace.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/nsproxy.h>
#include <linux/percpu.h>
#include <linux/pid.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seqlock.h>

#include <fnguard/access.h>
#include <fnguard/limits.h>
#include "compat.h"
#include "name.h"

/* A path, a component appended to it, and a '/' behind. */
#define BUFFER_SIZE	(FNG_MAX_PATH + NAME_MAX + 3)

#define SELF		"@self"
#define SELF_LEN	(sizeof(SELF) - 1)
#define HOST_LEN	(sizeof(FNG_PEER_HOST) - 1)

struct buffers {
	char text[FNG_NR_NAME_BUFFERS][BUFFER_SIZE];
};

static struct buffers __percpu *buffers;

/**
 * fng_name_is_pseudo() - does the file system make its name up?
 * @path: of the file
 */
bool fng_name_is_pseudo(const struct path *path)
{
	const struct dentry *dentry = path->dentry;

	return dentry->d_op && dentry->d_op->d_dname &&
	       (!IS_ROOT(dentry) || dentry != path->mnt->mnt_root);
}

static bool is_tmpfile(const struct dentry *dentry)
{
	const struct inode *inode = d_backing_inode(dentry);

	return inode && fng_inode_state(inode) & I_LINKABLE;
}

/* Is the dentry below the root of the mount that it is seen through? */
static bool below_mount(const struct path *path)
{
	const struct dentry *dentry;
	unsigned int seq;
	bool below;

	rcu_read_lock();
	do {
		seq = read_seqbegin(&rename_lock);
		dentry = path->dentry;
		while (dentry != path->mnt->mnt_root && !IS_ROOT(dentry))
			dentry = READ_ONCE(dentry->d_parent);
		below = dentry == path->mnt->mnt_root;
	} while (read_seqretry(&rename_lock, seq));
	rcu_read_unlock();
	return below;
}

/**
 * fng_name_reachable() - does a file lie below the task's root?
 * @path: of the file, which may have been unlinked
 *
 * path_is_under() takes a global lock, so it is only asked where the answer is
 * not plain: for another mount than the root's, or below a chroot.
 */
bool fng_name_reachable(const struct path *path)
{
	struct path root;
	bool inside;

	if (!current->fs || !below_mount(path))
		return false;
	fng_fs_lock(current->fs);
	root = current->fs->root;
	inside = path->mnt == root.mnt && root.dentry == root.mnt->mnt_root;
	if (!inside)
		inside = path_is_under(path, &root);
	fng_fs_unlock(current->fs);
	return inside;
}

static void undecidable(struct fng_name *name)
{
	name->kind = FNG_NAME_UNDECIDABLE;
	name->text = "";
	name->len = 0;
}

/* Does the task see the mount that the path is on from its root, whole? */
static bool on_root_mount(const struct path *path)
{
	struct path root;

	if (!current->fs)
		return false;
	fng_fs_lock(current->fs);
	root = current->fs->root;
	fng_fs_unlock(current->fs);
	return path->mnt == root.mnt && root.dentry == root.mnt->mnt_root;
}

/*
 * Puts the name of a dentry and the '/' before it ahead of @start. A rename may
 * have torn the name from its length, so that neither is used before it is known
 * that there was none.
 */
static char *prepend_component(const struct dentry *dentry, unsigned int seq,
			       const char *text, char *start)
{
	const unsigned char *component = READ_ONCE(dentry->d_name.name);
	u32 len = READ_ONCE(dentry->d_name.len);

	if (read_seqretry(&rename_lock, seq) || start - text <= len)
		return NULL;
	start -= len;
	memcpy(start, component, len);
	*--start = '/';
	return start;
}

/*
 * What d_path() would print for a file below the root of its mount, and NULL for
 * any other. d_path() has to copy names as if reading them could fault. Those
 * that no rename has touched cannot, and are freed after a grace period only.
 */
static char *print_below(const struct path *path, char *text, char *end)
{
	const struct dentry *root = path->mnt->mnt_root;
	const struct dentry *dentry = path->dentry;
	unsigned int seq = read_seqbegin(&rename_lock);
	char *start = end;

	while (start && dentry != root) {
		start = IS_ROOT(dentry) ? NULL :
			prepend_component(dentry, seq, text, start);
		dentry = READ_ONCE(dentry->d_parent);
	}
	if (start == end)
		*--start = '/';
	return read_seqretry(&rename_lock, seq) ? NULL : start;
}

/*
 * Most files lie on the mount that is the task's root. The walk that prints such
 * a name is the proof that it can be reached. False for any other file, and if
 * there was a rename meanwhile.
 */
static bool print_plain(const struct path *path, char *text,
			struct fng_name *name)
{
	char *end = text + FNG_MAX_PATH - 1;
	char *start;

	if (!on_root_mount(path))
		return false;
	rcu_read_lock();
	start = print_below(path, text, end);
	rcu_read_unlock();
	if (!start)
		return false;
	*end = '\0';
	name->text = start;
	name->len = end - start;
	return true;
}

static bool print_any(const struct path *path, char *text,
		      struct fng_name *name)
{
	char *start;

	if (!fng_name_reachable(path))
		return false;
	start = d_path(path, text, FNG_MAX_PATH);
	if (IS_ERR(start) || *start != '/')
		return false;
	name->text = start;
	name->len = text + FNG_MAX_PATH - 1 - start;
	return true;
}

/*
 * Writes the path to the end of @text[0..FNG_MAX_PATH), if the task can reach the
 * file there.
 */
static bool print(const struct path *path, char *text, struct fng_name *name)
{
	return print_plain(path, text, name) || print_any(path, text, name);
}

/* The component of @path below the root of its file system, or NULL. */
static const struct dentry *top_component(const struct path *path, u32 *depth)
{
	const struct dentry *root = path->mnt->mnt_sb->s_root;
	const struct dentry *dentry = path->dentry;

	*depth = 0;
	while (!IS_ROOT(dentry)) {
		const struct dentry *parent = READ_ONCE(dentry->d_parent);

		++*depth;
		if (parent == root)
			return dentry;
		dentry = parent;
	}
	return NULL;
}

/* Threads are not listed in /proc, but found there by their number. */
static bool is_own_pid(const char *digits, struct super_block *sb)
{
	struct task_struct *task;
	unsigned int pid;
	bool own;

	if (kstrtouint(digits, 10, &pid))
		return false;
	rcu_read_lock();
	task = pid_task(find_pid_ns(pid, proc_pid_ns(sb)), PIDTYPE_PID);
	own = task && same_thread_group(task, current);
	rcu_read_unlock();
	return own;
}

/*
 * In /proc/1234/status, 1234 becomes @self if it is the caller's own. The text
 * before it moves; there is room, for the name ends where the buffer does.
 */
static void replace_own_pid(const struct path *path, const char *text,
			    struct fng_name *name)
{
	const struct dentry *top;
	char digits[12];
	char *end, *start;
	u32 depth, len;

	if (path->mnt->mnt_sb->s_magic != PROC_SUPER_MAGIC ||
	    path->mnt->mnt_root != path->mnt->mnt_sb->s_root)
		return;
	rcu_read_lock();
	top = top_component(path, &depth);
	rcu_read_unlock();
	if (!top)
		return;
	end = name->text + name->len;
	for (start = end; depth && start > name->text; )
		if (*--start == '/' && --depth)
			end = start;
	len = end - ++start;
	if (len >= sizeof(digits))
		return;
	memcpy(digits, start, len);
	digits[len] = '\0';
	if (!is_own_pid(digits, path->mnt->mnt_sb))
		return;
	if (len < SELF_LEN && name->text - text < SELF_LEN - len) {
		undecidable(name);
		return;
	}
	memmove(name->text + len - SELF_LEN, name->text, start - name->text);
	memcpy(end - SELF_LEN, SELF, SELF_LEN);
	name->text += (int)len - (int)SELF_LEN;
	name->len += (int)SELF_LEN - (int)len;
}

static char *buffer_text(enum fng_name_buffer buffer)
{
	return this_cpu_ptr(buffers)->text[buffer];
}

/* If it is unlinked meanwhile, d_path() may have marked it: hence asked again. */
static bool name_linked(const struct path *path, enum fng_name_buffer buffer,
			struct fng_name *name)
{
	char *text = buffer_text(buffer);

	if (d_unlinked(path->dentry) || !print(path, text, name) ||
	    d_unlinked(path->dentry))
		return false;
	name->kind = FNG_NAME_PATH;
	replace_own_pid(path, text, name);
	return true;
}

static void name_parent(const struct path *dir, enum fng_name_buffer buffer,
			struct fng_name *name)
{
	if (fng_name_is_pseudo(dir) || !name_linked(dir, buffer, name))
		undecidable(name);
}

static void append(struct fng_name *name, const struct qstr *component)
{
	/* The root is "/", and is not to become "//". */
	if (name->len > 1)
		name->text[name->len++] = '/';
	if (component->len > NAME_MAX ||
	    name->len + component->len >= FNG_MAX_PATH) {
		undecidable(name);
		return;
	}
	memcpy(name->text + name->len, component->name, component->len);
	name->len += component->len;
}

/**
 * fng_name_of_child() - name an entry of a directory
 * @dir: the directory
 * @child: entry of it, which need not exist yet; the caller holds what keeps
 *	its name from changing
 * @buffer: which of the CPU's buffers to use
 * @name: result
 *
 * Context: task, between fng_name_begin() and fng_name_end().
 */
void fng_name_of_child(const struct path *dir, struct dentry *child,
		       enum fng_name_buffer buffer, struct fng_name *name)
{
	name_parent(dir, buffer, name);
	if (name->kind == FNG_NAME_PATH)
		append(name, &child->d_name);
}

/**
 * fng_name_of_tmpfile() - name a file that O_TMPFILE made
 * @path: of the file
 * @buffer: which of the CPU's buffers to use
 * @name: result
 *
 * Context: task, between fng_name_begin() and fng_name_end().
 */
void fng_name_of_tmpfile(const struct path *path, enum fng_name_buffer buffer,
			 struct fng_name *name)
{
	struct path dir = {
		.mnt = path->mnt,
		.dentry = READ_ONCE(path->dentry->d_parent),
	};

	fng_name_of_child(&dir, path->dentry, buffer, name);
	if (name->kind == FNG_NAME_PATH)
		name->kind = FNG_NAME_TMPFILE;
}

/* For reports only: what d_path() says, whatever it may be. */
static void print_for_report(const struct path *path,
			     enum fng_name_buffer buffer, struct fng_name *name)
{
	char *text = buffer_text(buffer);
	char *start = current->fs ? d_path(path, text, FNG_MAX_PATH) : NULL;

	name->text = IS_ERR_OR_NULL(start) ? "" : start;
	name->len = strlen(name->text);
}

/*
 * mq_open() looks for a queue on a mount that belongs to the IPC namespace and is
 * in nobody's root. What a queue is called is not a path, and means something in
 * that namespace only, as the key of a System V queue does: that the task is in
 * it is what lets it in. A queue of another namespace is not let in by this, nor
 * is one that is found by a path, on a mount of the same file system elsewhere.
 */
static bool is_own_queue(const struct path *path)
{
	const struct nsproxy *namespaces = current->nsproxy;

	return namespaces && path->mnt == namespaces->ipc_ns->mq_mnt;
}

static u8 kind_of_unnamed(const struct path *path)
{
	if (fng_name_is_pseudo(path) || is_own_queue(path))
		return FNG_NAME_PSEUDO;
	if (!d_unlinked(path->dentry))
		return FNG_NAME_UNDECIDABLE;
	return is_tmpfile(path->dentry) ? FNG_NAME_TMPFILE : FNG_NAME_DELETED;
}

/**
 * fng_name_of_path() - name an opened or looked-up file
 * @path: of the file
 * @buffer: which of the CPU's buffers to use
 * @name: result
 *
 * Context: task, between fng_name_begin() and fng_name_end().
 */
void fng_name_of_path(const struct path *path, enum fng_name_buffer buffer,
		      struct fng_name *name)
{
	if (!fng_name_is_pseudo(path) && name_linked(path, buffer, name))
		return;
	name->kind = kind_of_unnamed(path);
	if (name->kind == FNG_NAME_TMPFILE)
		fng_name_of_tmpfile(path, buffer, name);
	else
		print_for_report(path, buffer, name);
}

/* Whose directories can be reached is not asked: they are not the task's. */
static bool print_host(const struct path *path, char *text,
		       struct fng_name *name)
{
	const u32 room = FNG_MAX_PATH - HOST_LEN;
	char *start = d_path(path, text + HOST_LEN, room);

	if (IS_ERR(start) || *start != '/')
		return false;
	name->len = text + FNG_MAX_PATH - 1 - start + HOST_LEN;
	name->text = start - HOST_LEN;
	memcpy(name->text, FNG_PEER_HOST, HOST_LEN);
	return true;
}

/**
 * fng_name_of_host() - name a file of somebody else, as that one knows it
 * @path: of the file, on the mount through which it was made
 * @buffer: which of the CPU's buffers to use
 * @name: result; a path behind FNG_PEER_HOST, from the task's root if the file is
 *	below that, else from the root of the mounts that it was made on
 *
 * Context: task, between fng_name_begin() and fng_name_end().
 */
void fng_name_of_host(const struct path *path, enum fng_name_buffer buffer,
		      struct fng_name *name)
{
	name->kind = FNG_NAME_PATH;
	if (!current->fs || !path->dentry || fng_name_is_pseudo(path) ||
	    d_unlinked(path->dentry) ||
	    !print_host(path, buffer_text(buffer), name) ||
	    d_unlinked(path->dentry))
		undecidable(name);
}

int fng_name_init(void)
{
	buffers = alloc_percpu(struct buffers);
	return buffers ? 0 : -ENOMEM;
}

void fng_name_exit(void)
{
	free_percpu(buffers);
}
