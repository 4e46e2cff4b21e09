// SPDX-License-Identifier: MIT
/*
 * The canary's steps: each call reaches one hook, and does no harm if it is
 * allowed.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "canary.h"

static int execute(void *data)
{
	return fng_act_execute(((struct fng_canary *)data)->program);
}

int fng_canary_code(struct fng_canary *canary, int hook)
{
	void *map;

	switch (hook) {
	case FNG_HOOK_BPRM_CHECK:
	case FNG_HOOK_BPRM_CREDS_FROM_FILE:
		return fng_canary_apart(execute, canary);
	case FNG_HOOK_MMAP_FILE:
		map = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE,
			   canary->program, 0);
		if (map == MAP_FAILED)
			return errno;
		munmap(map, 4096);
		return 0;
	default:
		return fng_act_call(
			mprotect(canary->page, 4096, PROT_READ | PROT_WRITE));
	}
}

/* By path, since truncation by descriptor is another hook. */
static int truncate_path(struct fng_canary *canary)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", canary->file);
	return fng_act_call(truncate(path, 0));
}

/* From itself, which nobody has to allow. */
static int receive(int fd)
{
	int self = syscall(SYS_pidfd_open, getpid(), 0), err;

	if (self < 0)
		return FNG_CANARY_UNTRIED;
	err = fng_act_fd(syscall(SYS_pidfd_getfd, self, fd, 0));
	close(self);
	return err;
}

int fng_canary_file(struct fng_canary *canary, int hook)
{
	int dir = canary->dir;

	switch (hook) {
	case FNG_HOOK_FILE_OPEN:
		return fng_act_fd(open("/dev/null", O_RDONLY | O_CLOEXEC));
	case FNG_HOOK_PATH_TRUNCATE:
		return truncate_path(canary);
	case FNG_HOOK_FILE_TRUNCATE:
		return fng_act_call(ftruncate(canary->file, 0));
	case FNG_HOOK_PATH_UNLINK:
		return fng_act_call(unlinkat(dir, "image", 0));
	case FNG_HOOK_PATH_RMDIR:
		return fng_act_call(unlinkat(dir, "empty", AT_REMOVEDIR));
	case FNG_HOOK_PATH_MKDIR:
		return fng_act_call(mkdirat(dir, "new-dir", 0700));
	case FNG_HOOK_PATH_MKNOD:
		return fng_act_call(
			mknodat(dir, "new-fifo", S_IFIFO | 0600, 0));
	case FNG_HOOK_PATH_SYMLINK:
		return fng_act_call(symlinkat("file", dir, "new-symlink"));
	case FNG_HOOK_PATH_LINK:
		return fng_act_call(linkat(dir, "file", dir, "new-link", 0));
	case FNG_HOOK_PATH_RENAME:
		return fng_act_call(renameat(dir, "file", dir, "new-name"));
	case FNG_HOOK_PATH_CHMOD:
		return fng_act_call(fchmod(canary->file, 0600));
	case FNG_HOOK_FILE_RECEIVE:
		return receive(canary->file);
	default:
		return fng_act_call(fchown(canary->file, geteuid(), getegid()));
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
		return fng_act_fd(
			socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	case FNG_HOOK_SOCKET_CONNECT:
		return fng_act_call(connect(canary->loose, any, size));
	case FNG_HOOK_SOCKET_SENDMSG:
		return fng_act_call(
			sendto(canary->loose, "?", 1, 0, any, size));
	default: /* LOCAL_OUT: the packet, not the call, is refused */
		return fng_act_call(write(canary->connected, "?", 1));
	}
}

int fng_canary_mount(struct fng_canary *canary, int hook)
{
	if (fchdir(canary->dir))
		return FNG_CANARY_UNTRIED;
	switch (hook) {
	case FNG_HOOK_SB_MOUNT:
		return fng_act_call(
			mount("none", "target", "tmpfs", 0, "size=4k"));
	case FNG_HOOK_MOVE_MOUNT:
		return fng_act_move_mount(canary->mount, "target");
	case FNG_HOOK_SB_PIVOTROOT: /* no mount point: refused afterwards */
		return fng_act_call(syscall(SYS_pivot_root, "busy", "busy"));
	default:
		return fng_act_call(chroot("/"));
	}
}

static int leave_cgroup(void *data)
{
	return fng_act_leave(((struct fng_canary *)data)->outside);
}

static int load_data(const struct fng_canary *canary)
{
	return canary->no_modules ? fng_act_kexec_load() :
				    fng_act_init_module();
}

static int read_file(const struct fng_canary *canary)
{
	return canary->no_modules ? fng_act_kexec_file_load(canary->image) :
				    fng_act_finit_module(canary->image);
}

static int anonymous_inode(const struct fng_canary *canary)
{
	return canary->no_io_uring ? fng_act_userfaultfd() : fng_act_io_uring();
}

/* Where a task's futexes are is told to who may trace it. */
static int ask_for_list(pid_t pid)
{
	void *list;
	size_t size;

	return fng_act_call(syscall(SYS_get_robust_list, pid, &list, &size));
}

int fng_canary_privilege(struct fng_canary *canary, int hook)
{
	struct fng_client_status status;

	switch (hook) {
	case FNG_HOOK_CAPABLE:
		return fng_act_host_name();
	case FNG_HOOK_CREATE_USER_NS:
		return fng_canary_apart(fng_act_user_namespace, NULL);
	case FNG_HOOK_KERNEL_LOAD_DATA:
		return load_data(canary);
	case FNG_HOOK_KERNEL_READ_FILE:
		return read_file(canary);
	case FNG_HOOK_BPF:
		return fng_act_bpf_map();
	case FNG_HOOK_INIT_SECURITY_ANON:
		return anonymous_inode(canary);
	case FNG_HOOK_CGROUP_CAN_FORK:
		return fng_act_clone_into(canary->cgroup);
	case FNG_HOOK_CGROUP_ATTACH_TASK:
		return fng_canary_apart(leave_cgroup, canary);
	case FNG_HOOK_PTRACE_ACCESS_CHECK:
		return ask_for_list(getppid());
	case FNG_HOOK_CONTROL:
		return -fng_client_status(&canary->client, false, &status);
	default:
		return FNG_CANARY_UNTRIED;
	}
}
