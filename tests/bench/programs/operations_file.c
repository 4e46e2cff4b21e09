// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations on names and files.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "operations.h"

#define SHOP		"/srv/shop"
#define PATH_2		"/srv/prices.json"
#define PATH_6		SHOP "/app/pay/lib/prices.json"
#define PATH_12		SHOP "/app/pay/lib/eu/fr/75/2026/11/26/prices.json"
#define PATH_SECRET	SHOP "/secret/key.pem"
#define PATH_NEW	SHOP "/tmp/order.new"
#define PATH_DONE	SHOP "/tmp/order.done"
#define PATH_LIBRARY	SHOP "/lib/libc.so.6"
#define MAPPED		4096

static int library;
static bool open_refused;

static void stat_file(void)
{
	struct stat st;

	expect(!stat(PATH_6, &st), "stat");
}

static void open_and_close(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	expect(fd >= 0, path);
	close(fd);
}

static void open_2(void)
{
	open_and_close(PATH_2);
}

static void open_6(void)
{
	open_and_close(PATH_6);
}

static void open_12(void)
{
	open_and_close(PATH_12);
}

static void open_secret(void)
{
	int fd = open(PATH_SECRET, O_RDONLY | O_CLOEXEC);

	open_refused = fd < 0;
	if (open_refused)
		expect(errno_is_refusal(), PATH_SECRET);
	else
		close(fd);
}

static bool was_open_refused(void)
{
	return open_refused;
}

static void create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	expect(fd >= 0, path);
	close(fd);
}

static void create_and_unlink(void)
{
	create(PATH_NEW);
	expect(!unlink(PATH_NEW), "unlink");
}

static void prepare_rename(void)
{
	create(PATH_NEW);
}

static void rename_and_back(void)
{
	expect(!rename(PATH_NEW, PATH_DONE), "rename");
	expect(!rename(PATH_DONE, PATH_NEW), "rename back");
}

static void prepare_map(void)
{
	library = open(PATH_LIBRARY, O_RDONLY | O_CLOEXEC);
	expect(library >= 0, PATH_LIBRARY);
}

static void map_code(void)
{
	void *code = mmap(NULL, MAPPED, PROT_READ | PROT_EXEC, MAP_PRIVATE,
			  library, 0);

	expect(code != MAP_FAILED, "mmap");
	munmap(code, MAPPED);
}

const struct operation file_operations[] = {
	{ .name = "stat", .run = stat_file },
	{ .name = "open_2", .run = open_2 },
	{ .name = "open_6", .run = open_6 },
	{ .name = "open_12", .run = open_12 },
	{ .name = "create_unlink", .run = create_and_unlink },
	/* After the row that needs the name to be free. */
	{ .name = "rename", .prepare = prepare_rename,
	  .run = rename_and_back },
	{ .name = "mmap_exec", .prepare = prepare_map, .run = map_code },
	{ .name = "denied_open", .varies = true, .run = open_secret,
	  .refused = was_open_refused },
	{ }
};
