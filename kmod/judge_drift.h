/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judging code by whether its file is as it was when the policy was bound.
 */
#ifndef FNGUARD_KMOD_JUDGE_DRIFT_H
#define FNGUARD_KMOD_JUDGE_DRIFT_H

#include "judge.h"

struct file;

void fng_judge_drift(struct fng_judgement *judgement, struct file *file,
		     u32 access);

#endif /* FNGUARD_KMOD_JUDGE_DRIFT_H */
