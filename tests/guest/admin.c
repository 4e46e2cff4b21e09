// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it takes privileges to do.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "admin.h"
#include "common.h"

/* OPEN_TREE_CLONE, MOVE_MOUNT_F_EMPTY_PATH, FSCONFIG_CMD_CREATE */
#define CLONE_TREE	1
#define FROM_DESCRIPTOR	4
#define CREATE		6
/* KEXEC_FILE_NO_INITRAMFS */
#define NO_INITRAMFS	4L

int admin_held = -1;

static void hold(int fd)
{
	if (fd < 0)
		die("cannot hold a file");
	admin_held = fd;
}

/* Was it judged by what was handed over, and not by who did it? */
static int reached(long result, int err)
{
	return result < 0 && errno != err ? errno : 0;
}

/* A file that is open for writing cannot be loaded. */
void admin_hold_garbage(const void *arg)
{
	static const char garbage[4096] = "this is not an image";
	int fd = open("garbage", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	(void)arg;
	if (write(fd, garbage, sizeof(garbage)) != sizeof(garbage))
		die("cannot write garbage");
	close(fd);
	hold(open("garbage", O_RDONLY | O_CLOEXEC));
}

void admin_hold_mount(const void *arg)
{
	int fs = syscall(SYS_fsopen, "tmpfs", 0);

	(void)arg;
	if (fs < 0 || syscall(SYS_fsconfig, fs, CREATE, NULL, NULL, 0))
		die("no file system");
	hold(syscall(SYS_fsmount, fs, 0, 0));
	close(fs);
}

void admin_mount_target(const void *arg)
{
	(void)arg;
	if (mount("none", "target", "tmpfs", 0, "size=4k"))
		die("cannot mount");
}

/* One of the first version, without controllers, that runs a program. */
void admin_mount_hierarchy(const void *arg)
{
	(void)arg;
	if (mount("none", "target", "cgroup", 0, "none,name=floor"))
		die("cannot mount");
}

void admin_mount_binfmt(const void *arg)
{
	(void)arg;
	if (mount("none", "target", "binfmt_misc", 0, NULL))
		die("cannot mount");
}

/* There, nobody else sees that the root is exchanged for another. */
void admin_enter_target(const void *arg)
{
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		die("no mount namespace");
	admin_mount_target(arg);
	if (chdir("target"))
		die("cannot enter the mount");
}

void admin_drop(const void *arg)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	(void)arg;
	memset(data, 0, sizeof(data));
	if (syscall(SYS_capset, &header, data))
		die("cannot drop capabilities");
}

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int new_map(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 4,
		.max_entries = 1,
	};

	return bpf(BPF_MAP_CREATE, &attr);
}

void admin_hold_map_and_drop(const void *arg)
{
	hold(new_map());
	admin_drop(arg);
}

int admin_bpf_create(const void *arg)
{
	(void)arg;
	return errno_of_fd(new_map());
}

int admin_bpf_look_up(const void *arg)
{
	u32 key = 0, value;
	union bpf_attr attr = {
		.map_fd = admin_held,
		.key = (uintptr_t)&key,
		.value = (uintptr_t)&value,
	};

	(void)arg;
	return errno_of(bpf(BPF_MAP_LOOKUP_ELEM, &attr));
}

int admin_init_module(const void *arg)
{
	static const char garbage[4096];

	(void)arg;
	return reached(syscall(SYS_init_module, garbage, sizeof(garbage), ""),
		       ENOEXEC);
}

int admin_user_namespace_of_child(const void *arg)
{
	long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);

	(void)arg;
	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return errno_of(pid);
}

int admin_io_uring(const void *arg)
{
	struct io_uring_params params = { 0 };

	(void)arg;
	return errno_of_fd(syscall(SYS_io_uring_setup, 1, &params));
}

int admin_set_host_name(const void *arg)
{
	char name[65];

	(void)arg;
	if (gethostname(name, sizeof(name)))
		die("no host name");
	return errno_of(sethostname(name, strlen(name)));
}

int admin_open_read(const void *arg)
{
	int err = errno_of_fd(open(arg, O_RDONLY | O_CLOEXEC));

	return err == ENOENT ? ENDED_UNABLE : err;
}

int admin_open_write(const void *arg)
{
	return errno_of_fd(open(arg, O_WRONLY | O_CLOEXEC));
}

#define ACT(name, expression)						\
int admin_##name(const void *arg)					\
{									\
	(void)arg;							\
	return expression;						\
}

ACT(mount, errno_of(mount("none", "target", "tmpfs", 0, "size=4k")))
ACT(mount_bind, errno_of(mount(".", "target", NULL, MS_BIND, NULL)))
ACT(mount_propagation, errno_of(mount(NULL, ".", NULL, MS_PRIVATE, NULL)))
ACT(umount, errno_of(umount2("target", MNT_DETACH)))
ACT(fsopen, errno_of_fd(syscall(SYS_fsopen, "tmpfs", 0)))
ACT(open_tree, errno_of_fd(syscall(SYS_open_tree, AT_FDCWD, ".", CLONE_TREE)))
ACT(move_mount, errno_of(syscall(SYS_move_mount, admin_held, "", AT_FDCWD,
				 "target", FROM_DESCRIPTOR)))
ACT(pivot_root, errno_of(syscall(SYS_pivot_root, ".", ".")))
ACT(mount_namespace, errno_of(unshare(CLONE_NEWNS)))
ACT(user_namespace, errno_of(unshare(CLONE_NEWUSER)))
ACT(chroot, errno_of(chroot("/")))
ACT(finit_module, reached(syscall(SYS_finit_module, admin_held, "", 0),
			  ENOEXEC))
ACT(delete_module, reached(syscall(SYS_delete_module, "not-there", 0), ENOENT))
ACT(kexec_load, errno_of(syscall(SYS_kexec_load, 0, 0, NULL, 0)))
ACT(kexec_file_load, reached(syscall(SYS_kexec_file_load, admin_held, -1, 1UL,
				     "", NO_INITRAMFS), ENOEXEC))
ACT(reboot, errno_of(reboot(RB_DISABLE_CAD)))
ACT(iopl, errno_of(iopl(3)))
ACT(raise_priority, errno_of(syscall(SYS_setpriority, 0, 0, -1)))

int admin_open_raw(const void *arg)
{
	(void)arg;
	return errno_of_fd(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
}

int admin_open_packet(const void *arg)
{
	(void)arg;
	return errno_of_fd(socket(AF_PACKET, SOCK_DGRAM, 0));
}
