/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judging code by the file that it is in: whether that is as it was when the
 * policy was bound, and as the policy knows it.
 */
#ifndef FNGUARD_KMOD_JUDGE_DRIFT_H
#define FNGUARD_KMOD_JUDGE_DRIFT_H

#include "judge.h"
#include "name.h"

struct file;

void fng_judge_drift(struct fng_judgement *judgement, struct file *file,
		     u32 access);
void fng_judge_digest(struct fng_judgement *judgement, struct file *file,
		      const struct fng_name *name, u32 access);

#endif /* FNGUARD_KMOD_JUDGE_DRIFT_H */
