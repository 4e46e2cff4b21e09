// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define SAFE (MS_NOSUID | MS_NODEV | MS_NOEXEC)
#define KMEMLEAK "/sys/kernel/debug/kmemleak"
/* Made by a command that has looked for leaks when all else was done. */
#define LOOKED "/run/looked-for-leaks"

static const struct {
	const char *type;
	const char *target;
	unsigned long flags;
	const char *data;
} mounts[] = {
	{ "devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "gid=5,mode=0620,ptmxmode=0666" },
	{ "tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV, "mode=1777" },
	{ "tmpfs", "/tmp", MS_NOSUID | MS_NODEV, "mode=1777" },
	{ "tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=0755" },
	{ "cgroup2", "/sys/fs/cgroup", SAFE, "nsdelegate,memory_recursiveprot" },
	{ "bpf", "/sys/fs/bpf", SAFE, "mode=0700" },
	{ "securityfs", "/sys/kernel/security", SAFE, NULL },
	{ "debugfs", "/sys/kernel/debug", SAFE, NULL },
	{ "tracefs", "/sys/kernel/tracing", SAFE, NULL },
};

static void loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request))
		perror("runner: loopback");
	close(fd);
}

void set_up_machine(void)
{
	reboot(RB_DISABLE_CAD);
	umask(022);
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].target, 0755);
		if (mount(mounts[i].type, mounts[i].target, mounts[i].type, mounts[i].flags, mounts[i].data))
			fprintf(stderr, "runner: %s: %s\n", mounts[i].target, strerror(errno));
	}
	mkdir("/run/lock", 01777);
	if (symlink("/proc/self/fd", "/dev/fd") || symlink("fd/0", "/dev/stdin") || symlink("fd/1", "/dev/stdout") ||
	    symlink("fd/2", "/dev/stderr"))
		perror("runner: /dev/fd");
	sethostname("fnguard-guest", strlen("fnguard-guest"));
	loopback_up();
}

/* kmemleak does not report what is younger than five seconds, and its first look may catch what is merely in flight. */
void check_leaks(void)
{
	int fd;

	/* Looking takes half a minute. */
	if (!access(LOOKED, F_OK))
		return;
	fd = open(KMEMLEAK, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	sleep(6);
	for (int i = 0; i < 2; i++)
		if (write(fd, "scan", 4) != 4)
			perror("runner: kmemleak");
	close(fd);
	if (system("head -c 20000 " KMEMLEAK " >/dev/console"))
		perror("runner: kmemleak");
}

char *read_file_line(const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return NULL;
	if (getline(&line, &size, file) > 0)
		line[strcspn(line, "\n")] = '\0';
	fclose(file);
	return line;
}
