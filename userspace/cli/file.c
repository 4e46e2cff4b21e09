// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

static int write_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes += n;
		size -= n;
	}
	return 0;
}

int fng_file_write(const char *path, const void *bytes, size_t size)
{
	char *temporary;
	int fd, err;

	if (!strcmp(path, "-"))
		return write_all(STDOUT_FILENO, bytes, size);
	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	fd = mkostemp(temporary, O_CLOEXEC);
	err = fd < 0 ? -errno : write_all(fd, bytes, size);
	if (!err && fchmod(fd, 0644))
		err = -errno;
	if (fd >= 0 && close(fd) && !err)
		err = -errno;
	if (!err && rename(temporary, path))
		err = -errno;
	if (err && fd >= 0)
		unlink(temporary);
	free(temporary);
	return err;
}

/* One byte more than there may be says that there is more. */
static int read_all(FILE *file, size_t max, void **bytes, size_t *size)
{
	char *buffer = malloc(max + 1);

	if (!buffer)
		return -ENOMEM;
	*size = fread(buffer, 1, max + 1, file);
	if (!ferror(file) && *size <= max) {
		*bytes = buffer;
		return 0;
	}
	free(buffer);
	return ferror(file) ? -EIO : -EFBIG;
}

int fng_file_read(const char *path, size_t max, void **bytes, size_t *size)
{
	FILE *file = fopen(path, "re");
	int err;

	if (!file)
		return -errno;
	err = read_all(file, max, bytes, size);
	fclose(file);
	return err;
}

int fng_file_lines(const char *path,
		   void (*each)(void *data, const char *line, size_t size),
		   void *data)
{
	bool standard = !strcmp(path, "-");
	FILE *file = standard ? stdin : fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t size;
	int err;

	if (!file)
		return -errno;
	while ((size = getline(&line, &room, file)) > 0) {
		if (line[size - 1] == '\n')
			size--;
		if (size)
			each(data, line, size);
	}
	free(line);
	err = ferror(file) ? -EIO : 0;
	if (!standard)
		fclose(file);
	return err;
}
