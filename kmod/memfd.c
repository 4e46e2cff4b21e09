// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files in memory. To read or write one touches nothing but memory: no file
 * system, no page fault that user space could answer.
 */
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/shmem_fs.h>

#include "memfd.h"

#define MEMFD_SEALS	(F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW)

/* Only shmem gives inodes whose own mapping has its operations. */
static bool is_in_memory(struct file *file)
{
	struct inode *inode = file_inode(file);

	return S_ISREG(inode->i_mode) && inode->i_mapping == &inode->i_data &&
	       shmem_mapping(inode->i_mapping);
}

/**
 * fng_memfd_sealed() - can this be read, and nobody change it any more?
 * @file: the file
 *
 * Only a memfd can carry these seals: other files of tmpfs are sealed against
 * sealing.
 */
bool fng_memfd_sealed(struct file *file)
{
	return file->f_mode & FMODE_READ && is_in_memory(file) &&
	       (READ_ONCE(SHMEM_I(file_inode(file))->seals) & MEMFD_SEALS) ==
		       MEMFD_SEALS;
}

/**
 * fng_memfd_writable() - is it in memory, and open for writing?
 * @file: the file
 */
bool fng_memfd_writable(struct file *file)
{
	return file->f_mode & FMODE_WRITE && is_in_memory(file);
}

/**
 * fng_memfd_read() - copy a part of what a file holds
 * @file: the file
 * @part: where to
 * @size: bytes of it, all of which must be there
 * @pos: where in the file
 */
int fng_memfd_read(struct file *file, void *part, u32 size, loff_t pos)
{
	loff_t end = pos + size;
	ssize_t n;

	while (pos < end) {
		n = kernel_read(file, part, end - pos, &pos);
		if (n < 0)
			return n;
		if (!n)
			return -EIO;
		part += n;
	}
	return 0;
}

/**
 * fng_memfd_write() - put bytes into a file
 * @file: the file
 * @part: the bytes
 * @size: number of them
 * @pos: where to; set to behind them
 */
int fng_memfd_write(struct file *file, const void *part, u32 size, loff_t *pos)
{
	loff_t end = *pos + size;
	ssize_t n;

	while (*pos < end) {
		n = kernel_write(file, part, end - *pos, pos);
		if (n <= 0)
			return n ?: -EIO;
		part += n;
	}
	return 0;
}
