/* SPDX-License-Identifier: MIT */
/*
 * Files as a whole.
 */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include <stddef.h>

/**
 * fng_file_write() - replace what a file holds
 * @path: the file; "-" is standard output
 * @bytes: what it is to hold
 * @size: number of @bytes
 *
 * Another process never sees half of it: it appears when it is whole.
 *
 * Return: 0 or a negative errno.
 */
int fng_file_write(const char *path, const void *bytes, size_t size);

/**
 * fng_file_read() - read a file
 * @path: the file
 * @max: most bytes that it may have
 * @bytes: set to what it holds, to be freed
 * @size: set to the number of @bytes
 *
 * Return: 0, -EFBIG if there are more, or another negative errno.
 */
int fng_file_read(const char *path, size_t max, void **bytes, size_t *size);

/**
 * fng_file_lines() - go through the lines of a file
 * @path: the file; "-" is standard input
 * @each: called with each line that is not empty, without its end
 * @data: passed to @each
 *
 * Return: 0 or a negative errno.
 */
int fng_file_lines(const char *path,
		   void (*each)(void *data, const char *line, size_t size),
		   void *data);

#endif /* CLI_FILE_H */
