// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <linux/userfaultfd.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "acts.h"

#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif
#ifndef SYS_fsopen
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#endif
#define CONFIG_CREATE 6
#define KEXEC_NO_FLAGS 0x8000UL /* no such flag: refused after the hook */
#define NO_INITRAMFS 4UL
#define MOVE_FROM_FD 0x00000004 /* MOVE_MOUNT_F_EMPTY_PATH */

int fng_act_call(long result)
{
	return result < 0 ? errno : 0;
}

int fng_act_fd(int fd)
{
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

int fng_act_apart(int (*act)(void *data), void *data)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return -1;
	if (!pid)
		_exit(act(data));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
				   FNG_ACT_SIGNAL + WTERMSIG(status);
}

/* An open file descriptor for writing would keep the image from being read. */
int fng_act_make_garbage(int dir)
{
	static const char garbage[4096] = "this is not a kernel module";
	int fd = openat(dir, "image", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return -1;
	if (write(fd, garbage, sizeof(garbage)) != sizeof(garbage)) {
		close(fd);
		return -1;
	}
	close(fd);
	return openat(dir, "image", O_RDONLY | O_CLOEXEC);
}

int fng_act_make_mount(void)
{
	int fs = syscall(SYS_fsopen, "tmpfs", 1 /* FSOPEN_CLOEXEC */), mount;

	if (fs < 0)
		return -1;
	if (syscall(SYS_fsconfig, fs, CONFIG_CREATE, NULL, NULL, 0)) {
		close(fs);
		return -1;
	}
	mount = syscall(SYS_fsmount, fs, 1 /* FSMOUNT_CLOEXEC */, 0);
	close(fs);
	return mount;
}

int fng_act_execute(int program)
{
	char *argv[] = { "true", NULL }, *envp[] = { NULL };

	return fng_act_call(
		syscall(SYS_execveat, program, "", argv, envp, AT_EMPTY_PATH));
}

int fng_act_init_module(void)
{
	static const char garbage[4096];

	return fng_act_call(
		syscall(SYS_init_module, garbage, sizeof(garbage), ""));
}

int fng_act_finit_module(int garbage)
{
	return fng_act_call(syscall(SYS_finit_module, garbage, "", 0));
}

int fng_act_kexec_load(void)
{
	return fng_act_call(
		syscall(SYS_kexec_load, 0, 0, NULL, KEXEC_NO_FLAGS));
}

int fng_act_kexec_file_load(int garbage)
{
	return fng_act_call(syscall(SYS_kexec_file_load, garbage, -1, 1UL, "",
				    NO_INITRAMFS));
}

int fng_act_bpf_map(void)
{
	union bpf_attr attr = { .map_type = 0xffff };

	return fng_act_fd(
		syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr)));
}

int fng_act_io_uring(void)
{
	struct io_uring_params params = { 0 };

	return fng_act_fd(syscall(SYS_io_uring_setup, 1, &params));
}

int fng_act_userfaultfd(void)
{
	return fng_act_fd(
		syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY));
}

/* It counts nothing. */
int fng_act_perf(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_DUMMY,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};

	return fng_act_fd(syscall(SYS_perf_event_open, &attr, 0, -1, -1,
				  PERF_FLAG_FD_CLOEXEC));
}

int fng_act_clone_into(int cgroup)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = cgroup,
	};
	long pid = syscall(SYS_clone3, &args, sizeof(args));

	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return fng_act_call(pid);
}

int fng_act_leave(int procs)
{
	return fng_act_call(write(procs, "0", 1));
}

int fng_act_move_mount(int mount, const char *target)
{
	return fng_act_call(syscall(SYS_move_mount, mount, "", AT_FDCWD, target,
				    MOVE_FROM_FD));
}

/* There is no such length: refused after the hook. */
int fng_act_host_name(void)
{
	return fng_act_call(syscall(SYS_sethostname, "", -1));
}

int fng_act_be_traced(void *data)
{
	(void)data;
	return fng_act_call(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

int fng_act_user_namespace(void *data)
{
	(void)data;
	return fng_act_call(unshare(CLONE_NEWUSER));
}

int fng_act_leave_groups(void *data)
{
	(void)data;
	return fng_act_call(setgroups(0, NULL));
}

/* A keyring of the process, which ends with it. */
int fng_act_make_keyring(void *data)
{
	(void)data;
	return fng_act_call(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID,
				    KEY_SPEC_PROCESS_KEYRING, 1));
}
