// SPDX-License-Identifier: MIT
/*
 * The first process of the guest, in the initramfs: load the drivers, find the disks, put the root together and hand over.
 *
 * The root is an overlay: a tmpfs to write to, then what this run brings (payload), the kernel's modules, and the distribution.
 * Disks are told apart by their serial, never by the order in which they were found.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MODULE_DIR "/modules"
#define PAYLOAD_DIR "/lower/payload/usr/lib/fnguard-vm"

/* No token has been given, so powering off is a failure; the reason is in the log. */
static void __attribute__((noreturn, format(printf, 1, 2))) fail(const char *format, ...)
{
	int error = errno;
	va_list args;

	printf("guest init: ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(": %s\n", strerror(error));
	fflush(stdout);
	reboot(RB_POWER_OFF);
	_exit(1);
}

static void mount_at(const char *source, const char *target, const char *type, unsigned long flags, const char *data)
{
	if (mkdir(target, 0755) && errno != EEXIST)
		fail("cannot create %s", target);
	if (mount(source, target, type, flags, data))
		fail("cannot mount %s (%s) at %s", source, type, target);
}

/* The names begin with a number that gives the order. */
static void load_modules(void)
{
	struct dirent **entries;
	int count = scandir(MODULE_DIR, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		char path[512];
		int fd;

		if (name[0] == '.')
			continue;
		snprintf(path, sizeof(path), MODULE_DIR "/%s", name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST))
			fail("cannot load %s", name);
		close(fd);
	}
}

static int has_serial(const char *disk, const char *serial)
{
	char path[300], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/block/%s/serial", disk);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	return !strcmp(text, serial);
}

static int find_disk(const char *serial, char *device, size_t size)
{
	DIR *dir = opendir("/sys/block");
	struct dirent *entry;
	int found = 0;

	while (!found && dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "vd", 2) || !has_serial(entry->d_name, serial))
			continue;
		snprintf(device, size, "/dev/%s", entry->d_name);
		found = 1;
	}
	if (dir)
		closedir(dir);
	return found;
}

/* Probing goes on while this process runs. Ten seconds is long even for a sanitiser kernel in an emulator. */
static void mount_disk(const char *serial, const char *target)
{
	char device[300];

	for (int tries = 0; !find_disk(serial, device, sizeof(device)); tries++) {
		if (tries == 1000) {
			errno = ENODEV;
			fail("no disk \"%s\"", serial);
		}
		usleep(10000);
	}
	mount_at(device, target, "ext4", MS_RDONLY, NULL);
}

/* Line N of the payload's list names the directory of the disk "shareN". */
static void mount_shares(void)
{
	FILE *list = fopen(PAYLOAD_DIR "/shares", "r");
	char name[256];

	for (int i = 0; list && fgets(name, sizeof(name), list); i++) {
		char serial[32], target[300];

		name[strcspn(name, "\n")] = '\0';
		snprintf(serial, sizeof(serial), "share%d", i);
		snprintf(target, sizeof(target), "/new/share/%s", name);
		mount_disk(serial, target);
	}
	if (list)
		fclose(list);
}

static void build_root(void)
{
	mkdir("/lower", 0755);
	mount_disk("root", "/lower/root");
	mount_disk("modules", "/lower/modules");
	mount_disk("payload", "/lower/payload");
	mount_at("tmpfs", "/upper", "tmpfs", 0, "mode=0755");
	if (mkdir("/upper/data", 0755) || mkdir("/upper/work", 0755))
		fail("cannot create the upper directories");
	mount_at("root", "/new", "overlay", 0,
		 "lowerdir=/lower/payload:/lower/modules:/lower/root,upperdir=/upper/data,workdir=/upper/work");
	mount_shares();
}

static void enter_root(void)
{
	static const char *const moved[] = { "dev", "proc", "sys" };

	for (size_t i = 0; i < sizeof(moved) / sizeof(moved[0]); i++) {
		char from[16], to[32];

		snprintf(from, sizeof(from), "/%s", moved[i]);
		snprintf(to, sizeof(to), "/new/%s", moved[i]);
		if (mount(from, to, NULL, MS_MOVE, NULL))
			fail("cannot move %s", from);
	}
	if (chdir("/new") || mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/"))
		fail("cannot enter the root");
}

static int want_systemd(void)
{
	char line[4096] = "";
	int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && read(fd, line, sizeof(line) - 1) < 0)
		line[0] = '\0';
	close(fd);
	return strstr(line, "fnguard.systemd") != NULL;
}

int main(void)
{
	char *const runner[] = { "/usr/lib/fnguard-vm/runner", NULL };
	char *const systemd[] = { "/lib/systemd/systemd", NULL };
	char *const environment[] = { NULL };
	char *const *argv;

	mount_at("devtmpfs", "/dev", "devtmpfs", MS_NOSUID, "mode=0755");
	mount_at("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	mount_at("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	load_modules();
	build_root();
	argv = want_systemd() ? systemd : runner;
	enter_root();
	execve(argv[0], argv, environment);
	fail("cannot run %s", argv[0]);
}
