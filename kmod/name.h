/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The name by which a task sees a file: what path rules are matched against.
 */
#ifndef FNGUARD_KMOD_NAME_H
#define FNGUARD_KMOD_NAME_H

#include <linux/dcache.h>
#include <linux/path.h>
#include <linux/types.h>

/**
 * enum fng_name_kind - what can be said of a file's name
 * @FNG_NAME_PATH: it has one, and the task can reach it there
 * @FNG_NAME_TMPFILE: made by O_TMPFILE: the name it would have, "#<inode>" in
 *	the directory it was made in
 * @FNG_NAME_PSEUDO: no directory ever held it: pipe, socket, memfd, anon inode,
 *	message queue
 * @FNG_NAME_DELETED: it was unlinked
 * @FNG_NAME_UNDECIDABLE: too long, or not reachable from the task's root
 */
enum fng_name_kind {
	FNG_NAME_PATH,
	FNG_NAME_TMPFILE,
	FNG_NAME_PSEUDO,
	FNG_NAME_DELETED,
	FNG_NAME_UNDECIDABLE
};

/**
 * struct fng_name - a name in one of the CPU's buffers
 * @text: bytes, with room for a '/' behind them; valid for PATH, TMPFILE, and
 *	for reports only for the other kinds
 * @len: number of bytes
 * @kind: enum fng_name_kind
 */
struct fng_name {
	char *text;
	u32 len;
	u8 kind;
};

/* Which of the CPU's two buffers to use. */
enum fng_name_buffer {
	FNG_NAME_FIRST,
	FNG_NAME_SECOND,
	FNG_NR_NAME_BUFFERS
};

int fng_name_init(void);
void fng_name_exit(void);

/* Names live between these two, which disable and enable preemption. */
static inline void fng_name_begin(void)
{
	preempt_disable();
}

static inline void fng_name_end(void)
{
	preempt_enable();
}

void fng_name_of_path(const struct path *path, enum fng_name_buffer buffer,
		      struct fng_name *name);
void fng_name_of_tmpfile(const struct path *path, enum fng_name_buffer buffer,
			 struct fng_name *name);
void fng_name_of_host(const struct path *path, enum fng_name_buffer buffer,
		      struct fng_name *name);
void fng_name_of_child(const struct path *dir, struct dentry *child,
		       enum fng_name_buffer buffer, struct fng_name *name);
bool fng_name_is_pseudo(const struct path *path);
bool fng_name_reachable(const struct path *path);

#endif /* FNGUARD_KMOD_NAME_H */
