// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program that opens a file and ends with the errno, in one file.
 */
#include <errno.h>
#include <fcntl.h>

int main(int argc, char **argv)
{
	return argc == 2 && open(argv[1], O_RDONLY) < 0 ? errno : 0;
}
