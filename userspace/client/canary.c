// SPDX-License-Identifier: MIT
/*
 * The canary's preparations, and which steps reach which hook.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "canary.h"
#include "cgroup.h"

#define PROGRAM "/bin/true"

int fng_canary_apart(int (*act)(void *data), void *data)
{
	int err = fng_act_apart(act, data);

	return err < 0 || err >= FNG_ACT_SIGNAL ? FNG_CANARY_UNTRIED : err;
}

/* A file system that nobody else sees and that vanishes with the canary. */
static bool make_dir(struct fng_canary *canary, const char *dir)
{
	static const char *const dirs[] = { "empty", "target", "busy" };
	size_t i;

	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("fnguard-canary", dir, "tmpfs", 0, "size=1m,mode=0700"))
		return false;
	canary->dir = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (canary->dir < 0)
		return false;
	for (i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		if (mkdirat(canary->dir, dirs[i], 0700))
			return false;
	return true;
}

static bool make_files(struct fng_canary *canary)
{
	canary->file =
		openat(canary->dir, "file", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	canary->image = fng_act_make_garbage(canary->dir);
	canary->program = open(PROGRAM, O_RDONLY | O_CLOEXEC);
	canary->page =
		mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return canary->file >= 0 && canary->image >= 0 &&
	       canary->program >= 0 && canary->page != MAP_FAILED;
}

static int udp_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

static bool make_sockets(struct fng_canary *canary)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(address);
	struct sockaddr *any = (struct sockaddr *)&address;

	canary->loose = udp_socket();
	canary->connected = udp_socket();
	canary->receiver = udp_socket();
	return canary->loose >= 0 && canary->connected >= 0 &&
	       !bind(canary->receiver, any, size) &&
	       !getsockname(canary->receiver, any, &size) &&
	       !connect(canary->connected, any, size);
}

static bool setting_is(const char *path, const char *values)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char value = '\0';
	bool is;

	if (fd < 0)
		return false;
	is = read(fd, &value, 1) == 1 && strchr(values, value);
	close(fd);
	return is;
}

static bool find_outside(struct fng_canary *canary)
{
	int root = fng_cgroup_open("/");

	if (root < 0)
		return false;
	canary->outside = openat(root, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	close(root);
	return canary->outside >= 0;
}

const char *fng_canary_prepare(struct fng_canary *canary, int cgroup,
			       const char *dir)
{
	memset(canary, 0, sizeof(*canary));
	canary->cgroup = cgroup;
	if (!find_outside(canary))
		return "open the root cgroup";
	if (!make_dir(canary, dir))
		return "make a file system of its own";
	if (!make_files(canary))
		return "make its files and find " PROGRAM;
	if (!make_sockets(canary))
		return "make its sockets on the loopback address";
	if (!fng_canary_make_peers(canary))
		return "make sockets that it could reach";
	canary->mount = fng_act_make_mount();
	if (canary->mount < 0)
		return "make a mount";
	if (fng_client_open(&canary->client))
		return "connect to the kernel module";
	canary->no_modules =
		setting_is("/proc/sys/kernel/modules_disabled", "1");
	canary->no_io_uring =
		setting_is("/proc/sys/kernel/io_uring_disabled", "2");
	return NULL;
}

int fng_canary_step(struct fng_canary *canary, int hook)
{
	switch (hook) {
	case FNG_HOOK_BPRM_CHECK ... FNG_HOOK_FILE_MPROTECT:
	case FNG_HOOK_BPRM_CREDS_FROM_FILE:
		return fng_canary_code(canary, hook);
	case FNG_HOOK_FILE_OPEN ... FNG_HOOK_FILE_RECEIVE:
		return fng_canary_file(canary, hook);
	case FNG_HOOK_SOCKET_CREATE ... FNG_HOOK_LOCAL_OUT:
		return fng_canary_socket(canary, hook);
	case FNG_HOOK_SB_MOUNT ... FNG_HOOK_PATH_CHROOT:
		return fng_canary_mount(canary, hook);
	case FNG_HOOK_TRACEME ... FNG_HOOK_TASK_FIX_SETGROUPS:
	case FNG_HOOK_PERF_EVENT_OPEN ... FNG_HOOK_SETTIME64:
		return fng_canary_user(hook);
	case FNG_HOOK_SOCKET_BIND ... FNG_HOOK_UNIX_MAY_SEND:
	case FNG_HOOK_SOCKET_ACCEPT:
		return fng_canary_peer(canary, hook);
	default:
		return fng_canary_privilege(canary, hook);
	}
}
