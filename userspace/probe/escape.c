// SPDX-License-Identifier: MIT
/*
 * Getting out: of the root directory, the namespaces, the cgroup.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "technique.h"

/* Of <sys/mount.h>, which does not go with <linux/mount.h>. */
extern int mount(const char *source, const char *target, const char *type,
		 unsigned long flags, const void *data);
extern int umount2(const char *target, int flags);
#define MNT_DETACH 2

static int make_target(struct fng_case *c)
{
	(void)c;
	return fng_act_call(mkdir("target", 0700));
}

static int mount_tmpfs(void)
{
	return fng_act_call(mount("none", "target", "tmpfs", 0, "size=4k"));
}

static int mount_target(struct fng_case *c)
{
	return make_target(c) ?: mount_tmpfs();
}

static int enter_target(struct fng_case *c)
{
	return mount_target(c) ?: fng_act_call(chdir("target"));
}

static int hold_file_system(struct fng_case *c)
{
	c->fd = syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
	if (c->fd < 0)
		return errno;
	return fng_act_call(syscall(SYS_fsconfig, c->fd, FSCONFIG_CMD_CREATE,
				    NULL, NULL, 0));
}

static int hold_mount(struct fng_case *c)
{
	c->fd = fng_act_make_mount();
	return c->fd < 0 ? errno : make_target(c);
}

static int hold_namespace(struct fng_case *c)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", c->victim);
	c->fd = open(path, O_RDONLY | O_CLOEXEC);
	return c->fd < 0 ? errno : 0;
}

static int hold_procs(struct fng_case *c)
{
	c->fd = openat(c->outside, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	return c->fd < 0 ? errno : 0;
}

static int make_mount(struct fng_case *c)
{
	return fng_act_fd(syscall(SYS_fsmount, c->fd, FSMOUNT_CLOEXEC, 0));
}

static int move_mount_in(struct fng_case *c)
{
	return fng_act_move_mount(c->fd, "target");
}

static int set_attributes(struct fng_case *c)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_NOSUID };

	(void)c;
	return fng_act_call(syscall(SYS_mount_setattr, AT_FDCWD, ".", 0, &attr,
				    sizeof(attr)));
}

static int join_namespace(struct fng_case *c)
{
	return fng_act_call(setns(c->fd, CLONE_NEWNS));
}

static int unshare_one(struct fng_case *c)
{
	return fng_act_call(unshare(*(const int *)c->technique->arg));
}

static int clone_user_namespace(struct fng_case *c)
{
	struct clone_args args = {
		.flags = CLONE_NEWUSER,
		.exit_signal = SIGCHLD,
	};
	long pid = syscall(SYS_clone3, &args, sizeof(args));

	(void)c;
	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return fng_act_call(pid);
}

static int leave_cgroup(struct fng_case *c)
{
	return fng_act_leave(c->fd);
}

static int clone_outside(struct fng_case *c)
{
	return fng_act_clone_into(c->outside);
}

FNG_ACT(mount_new, mount_tmpfs())
FNG_ACT(mount_again, fng_act_call(mount(".", "target", NULL, MS_BIND, NULL)))
FNG_ACT(hide_mount, fng_act_call(mount(NULL, ".", NULL, MS_PRIVATE, NULL)))
FNG_ACT(unmount, fng_act_call(umount2("target", MNT_DETACH)))
FNG_ACT(open_file_system,
	fng_act_fd(syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC)))
FNG_ACT(copy_tree, fng_act_fd(syscall(SYS_open_tree, AT_FDCWD, ".",
				      OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)))
FNG_ACT(pivot, fng_act_call(syscall(SYS_pivot_root, ".", ".")))
FNG_ACT(change_root, fng_act_call(chroot("/")))

static const int user = CLONE_NEWUSER, mounts = CLONE_NEWNS,
		 network = CLONE_NEWNET, pids = CLONE_NEWPID,
		 names = CLONE_NEWUTS, cgroups = CLONE_NEWCGROUP;

const struct fng_technique fng_techniques_escape[] = {
	{ "mount", FNG_THREAT_PRIVILEGE, "T1611", "mount a file system",
	  make_target, mount_new, NULL, &fng_remedy_privileges },
	{ "mount-bind", FNG_THREAT_PRIVILEGE, "T1611",
	  "give files another name (MS_BIND)", make_target, mount_again, NULL,
	  &fng_remedy_privileges },
	{ "mount-propagation", FNG_THREAT_PRIVILEGE, "T1611",
	  "change where mounts are seen", NULL, hide_mount, NULL,
	  &fng_remedy_privileges },
	{ "mount-attributes", FNG_THREAT_PRIVILEGE, "T1611",
	  "change the attributes of a mount (mount_setattr)", NULL,
	  set_attributes, NULL, &fng_remedy_privileges },
	{ "umount", FNG_THREAT_PRIVILEGE, "T1611",
	  "unmount what hides something", mount_target, unmount, NULL,
	  &fng_remedy_privileges },
	{ "fsopen", FNG_THREAT_PRIVILEGE, "T1611",
	  "prepare a file system (fsopen)", NULL, open_file_system, NULL,
	  &fng_remedy_privileges },
	{ "fsmount", FNG_THREAT_PRIVILEGE, "T1611",
	  "make a mount that is attached nowhere (fsmount)", hold_file_system,
	  make_mount, NULL, &fng_remedy_privileges },
	{ "open-tree", FNG_THREAT_PRIVILEGE, "T1611",
	  "copy a tree of files, attached nowhere (open_tree)", NULL, copy_tree,
	  NULL, &fng_remedy_privileges },
	{ "move-mount", FNG_THREAT_PRIVILEGE, "T1611",
	  "attach a mount that was made elsewhere (move_mount)", hold_mount,
	  move_mount_in, NULL, &fng_remedy_privileges },
	{ "pivot-root", FNG_THREAT_PRIVILEGE, "T1611",
	  "exchange the root directory", enter_target, pivot, NULL,
	  &fng_remedy_privileges },
	{ "chroot", FNG_THREAT_PRIVILEGE, "T1611", "change the root directory",
	  NULL, change_root, NULL, &fng_remedy_privileges },
	{ "user-namespace", FNG_THREAT_PRIVILEGE, "T1068",
	  "become root of a user namespace (unshare)", NULL, unshare_one, &user,
	  &fng_remedy_privileges },
	{ "user-namespace-child", FNG_THREAT_PRIVILEGE, "T1068",
	  "make a child that is root of a user namespace (clone3)", NULL,
	  clone_user_namespace, NULL, &fng_remedy_privileges },
	{ "mount-namespace", FNG_THREAT_PRIVILEGE, "T1611",
	  "make a mount namespace", NULL, unshare_one, &mounts,
	  &fng_remedy_privileges },
	{ "network-namespace", FNG_THREAT_PRIVILEGE, "T1562.004",
	  "make a network namespace, which has no firewall", NULL, unshare_one,
	  &network, &fng_remedy_privileges },
	{ "pid-namespace", FNG_THREAT_PRIVILEGE, "T1564",
	  "make a PID namespace", NULL, unshare_one, &pids,
	  &fng_remedy_privileges },
	{ "uts-namespace", FNG_THREAT_PRIVILEGE, NULL,
	  "make a namespace of the host's name", NULL, unshare_one, &names,
	  &fng_remedy_privileges },
	{ "cgroup-namespace", FNG_THREAT_PRIVILEGE, "T1611",
	  "make a cgroup namespace", NULL, unshare_one, &cgroups,
	  &fng_remedy_privileges },
	{ "join-namespace", FNG_THREAT_PRIVILEGE, "T1611",
	  "join the mount namespace of the host (setns)", hold_namespace,
	  join_namespace, NULL, &fng_remedy_privileges },
	{ "leave-cgroup", FNG_THREAT_PRIVILEGE, "T1611",
	  "move into a cgroup that nobody guards", hold_procs, leave_cgroup,
	  NULL, &fng_remedy_privileges },
	{ "clone-outside", FNG_THREAT_PRIVILEGE, "T1611",
	  "make a child in a cgroup that nobody guards (clone3)", NULL,
	  clone_outside, NULL, &fng_remedy_privileges },
	{ 0 },
};
