/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judging an open file by what it is, whatever it is called.
 */
#ifndef FNGUARD_KMOD_JUDGE_OPEN_H
#define FNGUARD_KMOD_JUDGE_OPEN_H

#include "judge.h"

struct file;

u32 fng_open_access(const struct file *file);
void fng_judge_open_floor(struct fng_judgement *judgement,
			  const struct file *file);

#endif /* FNGUARD_KMOD_JUDGE_OPEN_H */
