// SPDX-License-Identifier: MIT
/*
 * Cgroups of the v2 hierarchy, by path.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "cgroup.h"

#define DEFAULT_MOUNT	"/sys/fs/cgroup"

static bool is_cgroup2(const char *path)
{
	struct statfs fs;

	return !statfs(path, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC;
}

static bool search_mounts(char *found, size_t size)
{
	FILE *mounts = setmntent("/proc/self/mounts", "r");
	struct mntent *entry;
	bool ok = false;

	while (mounts && !ok && (entry = getmntent(mounts))) {
		if (strcmp(entry->mnt_type, "cgroup2"))
			continue;
		snprintf(found, size, "%s", entry->mnt_dir);
		ok = true;
	}
	if (mounts)
		endmntent(mounts);
	return ok;
}

const char *fng_cgroup_mount(void)
{
	static char found[PATH_MAX];

	if (!*found && is_cgroup2(DEFAULT_MOUNT))
		strcpy(found, DEFAULT_MOUNT);
	else if (!*found && !search_mounts(found, sizeof(found)))
		return NULL;
	return found;
}

/* Full name of a cgroup given either way. */
static int full_name(const char *path, char *name)
{
	const char *mount = fng_cgroup_mount();
	size_t length = mount ? strlen(mount) : 0;
	int n;

	if (!mount)
		return -ENODEV;
	if (!strncmp(path, mount, length) &&
	    (!path[length] || path[length] == '/'))
		n = snprintf(name, PATH_MAX, "%s", path);
	else
		n = snprintf(name, PATH_MAX, "%s/%s", mount,
			     path + strspn(path, "/"));
	return n < PATH_MAX ? 0 : -ENAMETOOLONG;
}

int fng_cgroup_open(const char *path)
{
	char name[PATH_MAX];
	struct statfs fs;
	int fd, err;

	err = full_name(path, name);
	if (err)
		return err;
	fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!fstatfs(fd, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC)
		return fd;
	close(fd);
	return -EMEDIUMTYPE;
}

static int make_parents(char *name)
{
	char *slash = name + strlen(fng_cgroup_mount()) + 1;

	while ((slash = strchr(slash, '/'))) {
		*slash = '\0';
		if (mkdir(name, 0755) && errno != EEXIST)
			return -errno;
		*slash++ = '/';
	}
	return 0;
}

int fng_cgroup_create(const char *path)
{
	char name[PATH_MAX];
	int err;

	err = full_name(path, name);
	if (!err)
		err = make_parents(name);
	if (err)
		return err;
	if (mkdir(name, 0755))
		return -errno;
	return fng_cgroup_open(path);
}

int fng_cgroup_remove(const char *path)
{
	char name[PATH_MAX];
	int err = full_name(path, name);

	if (err)
		return err;
	return rmdir(name) ? -errno : 0;
}

static void kill_tasks(const char *path)
{
	int dir = fng_cgroup_open(path), fd;

	if (dir < 0)
		return;
	fd = openat(dir, "cgroup.kill", O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && write(fd, "1", 1) < 0)
		perror("cgroup.kill");
	if (fd >= 0)
		close(fd);
	close(dir);
}

int fng_cgroup_destroy(const char *path)
{
	const struct timespec pause = { 0, 10 * 1000 * 1000 };
	int err, tries;

	for (tries = 0; tries < 200; tries++) {
		err = fng_cgroup_remove(path);
		if (err != -EBUSY)
			return err;
		if (!tries)
			kill_tasks(path);
		nanosleep(&pause, NULL);
	}
	return err;
}

/* The id is what the kernel puts into a file handle of the directory. */
u64 fng_cgroup_id(int fd)
{
	struct {
		struct file_handle handle;
		u64 id;
	} h = { .handle.handle_bytes = sizeof(u64) };
	int mount;

	if (name_to_handle_at(fd, "", &h.handle, &mount, AT_EMPTY_PATH))
		return 0;
	return h.id;
}

int fng_cgroup_move(int fd, int pid)
{
	char text[16];
	int procs, err = 0;
	ssize_t n;

	procs = openat(fd, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	if (procs < 0)
		return -errno;
	n = snprintf(text, sizeof(text), "%d", pid);
	if (write(procs, text, n) != n)
		err = -errno;
	close(procs);
	return err;
}
