// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files by which the kernel is set and asked.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common.h"
#include "setting.h"

int setting_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC), err;

	if (fd < 0)
		return errno_of(fd);
	err = errno_of(write(fd, text, strlen(text)));
	close(fd);
	return err;
}

void setting_must_write(const char *path, const char *text)
{
	errno = setting_write(path, text);
	if (errno)
		die("%s cannot be set to %s", path, text);
}

u64 setting_number(const char *path, const char *key)
{
	char line[256];
	u64 number = 0;
	FILE *in = fopen(path, "re");

	if (!in)
		die("no %s", path);
	while (fgets(line, sizeof(line), in))
		if (!strncmp(line, key, strlen(key)))
			number = strtoull(line + strlen(key), NULL, 10);
	fclose(in);
	return number;
}
