/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that change, on file systems of all sorts.
 */
#ifndef TESTS_GUEST_DRIFT_H
#define TESTS_GUEST_DRIFT_H

#include "common.h"

/* Makes WORK, with program, script, dynamic and library; work_remove() undoes it. */
void drift_make(void);

/* What was changed before has another change time than what is changed after. */
void drift_settle(void);

/* Seconds that the wall clock is ahead of the time since boot. */
long drift_clock_ahead(void);
void drift_move_clock(long seconds);

/* Every byte of the file is written again, so that it is what it was. */
void drift_rewrite(const char *path);

/*
 * What may happen to a file that is no change of its content: it is opened for
 * writing, and left or not; a byte is stored that is there already; it gets
 * another mode.
 */
void drift_open_and_leave(const char *path);
void drift_hold_open(const char *path);
void drift_store(const char *path);
void drift_change_mode(const char *path);

/*
 * Executes a program; maps the first page of a file, as code, or as data that
 * becomes code. All return an errno.
 */
int drift_run(const char *path);
int drift_map(const char *path, int prot);
int drift_map_code(const char *path);
int drift_map_and_protect(const char *path);

/* The same as the first, or ENDED_UNABLE if it is not there. */
int drift_run_if_mounted(const char *path);

/*
 * Mounts overlays at all, at twice, over the former, and at meta, where a change
 * of the mode alone does not copy what is in a file. program is in the layer
 * below, and all/upper/program has been copied up.
 */
void drift_stack(const char *path);

/* The program in the layer below is written; is held open for writing. */
void drift_rewrite_lower(const char *path);
void drift_hold_lower(const char *path);

/* Mount file systems at disk and at ram, with program; @path is not looked at. */
void drift_mount_ext4(const char *path);
void drift_mount_ext4_old(const char *path);
void drift_mount_vfat(const char *path);
void drift_mount_ramfs(const char *path);

#endif /* TESTS_GUEST_DRIFT_H */
