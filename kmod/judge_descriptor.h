/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judging descriptors that a task did not open itself.
 */
#ifndef FNGUARD_KMOD_JUDGE_DESCRIPTOR_H
#define FNGUARD_KMOD_JUDGE_DESCRIPTOR_H

#include <linux/types.h>

struct file;
struct fng_subject;

int fng_judge_received(const struct fng_subject *subject, struct file *file);
int fng_judge_inherited(const struct fng_subject *subject);

#endif /* FNGUARD_KMOD_JUDGE_DESCRIPTOR_H */
