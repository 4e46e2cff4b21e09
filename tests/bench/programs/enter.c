// SPDX-License-Identifier: GPL-2.0-only
/*
 * Being where a guard judges: below a root, in a cgroup, under a profile.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/syscall.h>

#include "enter.h"
#include "operations.h"

/* Set once that is done. */
#define INSIDE	"BENCH_INSIDE"

/* Where programs and a file system to write to are, below each root. */
#define SHOP	"/srv/shop"

static const char *root, *cgroup, *profile;

bool place_option(int option, char *value)
{
	if (option == 'r')
		root = value;
	else if (option == 'g')
		cgroup = value;
	else if (option == 'p')
		profile = value;
	else
		return false;
	return true;
}

static int open_control(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	expect(fd >= 0, path);
	return fd;
}

static int open_cgroup(void)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	return open_control(path);
}

static void choose_profile(int fd)
{
	char text[256];
	int length = snprintf(text, sizeof(text), "exec %s", profile);

	expect(write(fd, text, length) == length, profile);
}

/* As container runtimes do it: the root is one of a mount namespace of its own. */
static void change_root(void)
{
	expect(!unshare(CLONE_NEWNS), "unshare");
	expect(!mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
	expect(!mount(root, root, NULL, MS_BIND, NULL), "bind");
	expect(!chdir(root), root);
	expect(!mount("tmpfs", "." SHOP "/tmp", "tmpfs", 0, NULL), "tmpfs");
	expect(!syscall(SYS_pivot_root, ".", "."), "pivot_root");
	expect(!umount2(".", MNT_DETACH), "umount");
	expect(!chdir("/"), "/");
}

static void start_again(char **argv)
{
	const char *name = strrchr(argv[0], '/');
	char program[256];

	snprintf(program, sizeof(program), SHOP "%s", name ? name : "/measure");
	execv(program, argv);
	expect(false, program);
}

/*
 * Where memory is decides how much of it the kernel has to find. AppArmor
 * has addresses random again when a profile begins.
 */
static void fix_addresses(char **argv)
{
	int persona = personality(0xffffffff);

	if (persona & ADDR_NO_RANDOMIZE)
		return;
	expect(personality(persona | ADDR_NO_RANDOMIZE) >= 0, "personality");
	start_again(argv);
}

static void move(void)
{
	int cgroup_fd = -1, profile_fd = -1;

	if (cgroup)
		cgroup_fd = open_cgroup();
	if (profile)
		profile_fd = open_control("/proc/self/attr/apparmor/exec");
	if (root)
		change_root();
	if (profile)
		choose_profile(profile_fd);
	if (cgroup)
		expect(write(cgroup_fd, "0", 1) == 1, cgroup);
}

void enter_place(char **argv)
{
	if (getenv(INSIDE)) {
		fix_addresses(argv);
		return;
	}
	move();
	setenv(INSIDE, "", 1);
	start_again(argv);
}
