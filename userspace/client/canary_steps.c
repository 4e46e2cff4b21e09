// SPDX-License-Identifier: MIT
/*
 * The canary's steps: each call reaches one hook, and does no harm if it is
 * allowed.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/sched.h>
#include <linux/userfaultfd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "canary.h"

#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif
#define KEXEC_NO_FLAGS	0x8000UL /* no such flag: refused after the hook */
#define MOVE_FROM_FD	0x00000004 /* MOVE_MOUNT_F_EMPTY_PATH */

static int execute(struct fng_canary *canary)
{
	char *argv[] = { "true", NULL }, *envp[] = { NULL };

	return fng_canary_call(syscall(SYS_execveat, canary->program, "", argv,
				       envp, AT_EMPTY_PATH));
}

int fng_canary_code(struct fng_canary *canary, int hook)
{
	void *map;

	switch (hook) {
	case FNG_HOOK_BPRM_CHECK:
	case FNG_HOOK_BPRM_CREDS_FROM_FILE:
		return fng_canary_apart(canary, execute);
	case FNG_HOOK_MMAP_FILE:
		map = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE,
			   canary->program, 0);
		if (map == MAP_FAILED)
			return errno;
		munmap(map, 4096);
		return 0;
	default:
		return fng_canary_call(mprotect(canary->page, 4096,
						PROT_READ | PROT_WRITE));
	}
}

/* By path, since truncation by descriptor is another hook. */
static int truncate_path(struct fng_canary *canary)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", canary->file);
	return fng_canary_call(truncate(path, 0));
}

int fng_canary_file(struct fng_canary *canary, int hook)
{
	int dir = canary->dir;

	switch (hook) {
	case FNG_HOOK_FILE_OPEN:
		return fng_canary_fd(open("/dev/null", O_RDONLY | O_CLOEXEC));
	case FNG_HOOK_PATH_TRUNCATE:
		return truncate_path(canary);
	case FNG_HOOK_FILE_TRUNCATE:
		return fng_canary_call(ftruncate(canary->file, 0));
	case FNG_HOOK_PATH_UNLINK:
		return fng_canary_call(unlinkat(dir, "image", 0));
	case FNG_HOOK_PATH_RMDIR:
		return fng_canary_call(unlinkat(dir, "empty", AT_REMOVEDIR));
	case FNG_HOOK_PATH_MKDIR:
		return fng_canary_call(mkdirat(dir, "new-dir", 0700));
	case FNG_HOOK_PATH_MKNOD:
		return fng_canary_call(mknodat(dir, "new-fifo", S_IFIFO | 0600,
					       0));
	case FNG_HOOK_PATH_SYMLINK:
		return fng_canary_call(symlinkat("file", dir, "new-symlink"));
	case FNG_HOOK_PATH_LINK:
		return fng_canary_call(linkat(dir, "file", dir, "new-link", 0));
	case FNG_HOOK_PATH_RENAME:
		return fng_canary_call(renameat(dir, "file", dir, "new-name"));
	case FNG_HOOK_PATH_CHMOD:
		return fng_canary_call(fchmod(canary->file, 0600));
	default:
		return fng_canary_call(fchown(canary->file, geteuid(),
					      getegid()));
	}
}

int fng_canary_socket(struct fng_canary *canary, int hook)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct sockaddr *any = (struct sockaddr *)&to;
	socklen_t size = sizeof(to);

	if (getsockname(canary->receiver, any, &size))
		return FNG_CANARY_UNTRIED;
	switch (hook) {
	case FNG_HOOK_SOCKET_CREATE:
		return fng_canary_fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC,
					    0));
	case FNG_HOOK_SOCKET_CONNECT:
		return fng_canary_call(connect(canary->loose, any, size));
	case FNG_HOOK_SOCKET_SENDMSG:
		return fng_canary_call(sendto(canary->loose, "?", 1, 0, any,
					      size));
	default: /* LOCAL_OUT: the packet, not the call, is refused */
		return fng_canary_call(write(canary->connected, "?", 1));
	}
}

int fng_canary_mount(struct fng_canary *canary, int hook)
{
	if (fchdir(canary->dir))
		return FNG_CANARY_UNTRIED;
	switch (hook) {
	case FNG_HOOK_SB_MOUNT:
		return fng_canary_call(mount("none", "target", "tmpfs", 0,
					     "size=4k"));
	case FNG_HOOK_MOVE_MOUNT:
		return fng_canary_call(syscall(SYS_move_mount, canary->mount,
					       "", AT_FDCWD, "target",
					       MOVE_FROM_FD));
	case FNG_HOOK_SB_PIVOTROOT: /* no mount point: refused afterwards */
		return fng_canary_call(syscall(SYS_pivot_root, "busy", "busy"));
	default:
		return fng_canary_call(chroot("/"));
	}
}

static int new_user_namespace(struct fng_canary *canary)
{
	(void)canary;
	return fng_canary_call(unshare(CLONE_NEWUSER));
}

static int leave_cgroup(struct fng_canary *canary)
{
	return fng_canary_call(write(canary->outside, "0", 1));
}

static int load_data(const struct fng_canary *canary)
{
	static const char garbage[4096];

	if (canary->no_modules)
		return fng_canary_call(syscall(SYS_kexec_load, 0, 0, NULL,
					       KEXEC_NO_FLAGS));
	return fng_canary_call(syscall(SYS_init_module, garbage,
				       sizeof(garbage), ""));
}

static int read_file(const struct fng_canary *canary)
{
	if (canary->no_modules)
		return fng_canary_call(syscall(SYS_kexec_file_load,
					       canary->image, -1, 1UL, "",
					       4UL /* no initramfs */));
	return fng_canary_call(syscall(SYS_finit_module, canary->image, "", 0));
}

static int bad_map(void)
{
	union bpf_attr attr = { .map_type = 0xffff };

	return fng_canary_fd(syscall(SYS_bpf, BPF_MAP_CREATE, &attr,
				     sizeof(attr)));
}

static int anonymous_inode(const struct fng_canary *canary)
{
	struct io_uring_params params = { 0 };

	if (canary->no_io_uring)
		return fng_canary_fd(syscall(SYS_userfaultfd,
					     O_CLOEXEC | UFFD_USER_MODE_ONLY));
	return fng_canary_fd(syscall(SYS_io_uring_setup, 1, &params));
}

static int clone_into(const struct fng_canary *canary)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = canary->cgroup,
	};
	long pid = syscall(SYS_clone3, &args, sizeof(args));

	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return fng_canary_call(pid);
}

/* Where a task's futexes are is told to who may trace it. */
static int ask_for_list(pid_t pid)
{
	void *list;
	size_t size;

	return fng_canary_call(syscall(SYS_get_robust_list, pid, &list, &size));
}

int fng_canary_privilege(struct fng_canary *canary, int hook)
{
	struct fng_client_status status;

	switch (hook) {
	case FNG_HOOK_CAPABLE: /* no such length: refused afterwards */
		return fng_canary_call(syscall(SYS_sethostname, "", -1));
	case FNG_HOOK_CREATE_USER_NS:
		return fng_canary_apart(canary, new_user_namespace);
	case FNG_HOOK_KERNEL_LOAD_DATA:
		return load_data(canary);
	case FNG_HOOK_KERNEL_READ_FILE:
		return read_file(canary);
	case FNG_HOOK_BPF:
		return bad_map();
	case FNG_HOOK_INIT_SECURITY_ANON:
		return anonymous_inode(canary);
	case FNG_HOOK_CGROUP_CAN_FORK:
		return clone_into(canary);
	case FNG_HOOK_CGROUP_ATTACH_TASK:
		return fng_canary_apart(canary, leave_cgroup);
	case FNG_HOOK_PTRACE_ACCESS_CHECK:
		return ask_for_list(getppid());
	case FNG_HOOK_CONTROL:
		return -fng_client_status(&canary->client, false, &status);
	default:
		return FNG_CANARY_UNTRIED;
	}
}
