// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that change, on file systems of all sorts.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "drift.h"

/* Change times are those of a tick, of which the slowest kernels have 100. */
void drift_settle(void)
{
	usleep(30000);
}

long drift_clock_ahead(void)
{
	struct timespec wall, boot;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	wall.tv_sec -= boot.tv_sec;
	return wall.tv_nsec < boot.tv_nsec ? wall.tv_sec - 1 : wall.tv_sec;
}

void drift_move_clock(long seconds)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_sec += seconds;
	if (seconds && clock_settime(CLOCK_REALTIME, &now))
		die("cannot set the clock");
}

static void make_script(void)
{
	make_file("script", "#!" WORK "/program\n");
	if (chmod("script", 0755))
		die("cannot make a script");
}

void drift_make(void)
{
	work_make();
	copy_helper("helper_true", "program");
	copy_helper("helper_true", "library");
	copy_program("/usr/bin/true", "dynamic");
	make_script();
	make_dir("disk");
	make_dir("ram");
}

void drift_rewrite(const char *path)
{
	copy_helper("helper_true", path);
}

int drift_run(const char *path)
{
	char *argv[] = { "program", NULL }, *envp[] = { NULL };

	return errno_of(execve(path, argv, envp));
}

int drift_map(const char *path, int prot)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die("cannot open %s", path);
	return mmap(NULL, 4096, prot, MAP_PRIVATE, fd, 0) == MAP_FAILED ?
	       errno : 0;
}

int drift_map_code(const char *path)
{
	return drift_map(path, PROT_READ | PROT_EXEC);
}

int drift_map_and_protect(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);

	if (page == MAP_FAILED)
		die("cannot map %s", path);
	return errno_of(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

void drift_open_and_leave(const char *path)
{
	close(open(path, O_RDWR));
}

void drift_hold_open(const char *path)
{
	if (open(path, O_RDWR | O_CLOEXEC) < 0)
		die("cannot hold %s", path);
}

void drift_store(const char *path)
{
	int fd = open(path, O_RDWR);
	volatile char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				   MAP_SHARED, fd, 0);
	char byte;

	if (page == MAP_FAILED)
		die("cannot map %s", path);
	/* Reading first makes the page writable where the store is not told. */
	byte = page[0];
	page[0] = byte;
	munmap((void *)page, 4096);
	close(fd);
}

void drift_change_mode(const char *path)
{
	if (chmod(path, 0700))
		die("cannot change the mode of %s", path);
}

int drift_run_if_mounted(const char *path)
{
	return access(path, F_OK) ? ENDED_UNABLE : drift_run(path);
}

static void stack(const char *where, const char *lower, const char *more)
{
	char options[512], upper[64], work[64];

	make_dir(where);
	snprintf(upper, sizeof(upper), "%s.upper", where);
	make_dir(upper);
	snprintf(work, sizeof(work), "%s.work", where);
	make_dir(work);
	snprintf(options, sizeof(options),
		 "lowerdir=" WORK "/%s,upperdir=" WORK "/%s,"
		 "workdir=" WORK "/%s%s", lower, upper, work, more);
	if (mount("stack", where, "overlay", 0, options))
		die("cannot mount an overlay at %s", where);
}

void drift_stack(const char *path)
{
	(void)path;
	make_dir("lower");
	make_dir("lower/upper");
	copy_helper("helper_true", "lower/program");
	copy_helper("helper_true", "lower/upper/program");
	stack("all", "lower", "");
	if (chmod("all/upper/program", 0700))
		die("cannot copy up");
	stack("twice", "all", "");
	stack("meta", "lower", ",metacopy=on");
}

void drift_rewrite_lower(const char *path)
{
	(void)path;
	copy_helper("helper_true", "lower/program");
}

void drift_hold_lower(const char *path)
{
	(void)path;
	drift_hold_open("lower/program");
}

static void fill_disk(void)
{
	copy_helper("helper_true", "disk/program");
	sync();
}

static void make_image(void)
{
	int fd = open("disk.img", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, 8 << 20))
		die("cannot make an image");
	close(fd);
}

/*
 * The kernel may have none, or it is a module. It goes when it is unmounted; mount()
 * would hold it open for writing, which a kernel may refuse to mount.
 */
#define MOUNT_LOOP(type)						\
	"modprobe -qa loop " type "; loop=$(losetup -f --show disk.img) &&" \
	"mount -t " type " $loop disk && losetup -d $loop"

void drift_mount_ext4(const char *path)
{
	(void)path;
	make_image();
	shell("mkfs.ext4 -q -F -I 256 disk.img");
	shell(MOUNT_LOOP("ext4"));
	fill_disk();
}

/* Inodes without room for parts of a second, which are read again. */
void drift_mount_ext4_old(const char *path)
{
	(void)path;
	make_image();
	shell("mkfs.ext4 -q -F -I 128 disk.img 2>/dev/null");
	shell(MOUNT_LOOP("ext4"));
	fill_disk();
	usleep(1100000);
}

#define SECTORS		4096
#define FAT_SECTORS	12

/* An empty disk: FAT12, sectors of 512 bytes, a cluster each. */
static void make_fat(void)
{
	static const unsigned char boot[512] = {
		0xeb, 0x3c, 0x90, 'f', 'n', 'g', 'u', 'a', 'r', 'd', '0',
		0x00, 0x02, 1, 1, 0, 1, 64, 0, SECTORS & 0xff, SECTORS >> 8,
		0xf8, FAT_SECTORS, 0, 32, 0, 2, 0,
		[510] = 0x55, [511] = 0xaa,
	};
	static const unsigned char fat[3] = { 0xf8, 0xff, 0xff };
	int fd;

	make_image();
	fd = open("disk.img", O_RDWR | O_CLOEXEC);
	if (pwrite(fd, boot, sizeof(boot), 0) != sizeof(boot) ||
	    pwrite(fd, fat, sizeof(fat), 512) != sizeof(fat))
		die("cannot write an image");
	close(fd);
}

void drift_mount_vfat(const char *path)
{
	(void)path;
	make_fat();
	if (!system("exec 2>/dev/null; " MOUNT_LOOP("vfat")))
		fill_disk();
}

void drift_mount_ramfs(const char *path)
{
	(void)path;
	if (mount("ram", "ram", "ramfs", 0, NULL))
		die("cannot mount a ramfs");
	copy_helper("helper_true", "ram/program");
}
