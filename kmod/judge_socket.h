/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judging what kind of socket a task has.
 */
#ifndef FNGUARD_KMOD_JUDGE_SOCKET_H
#define FNGUARD_KMOD_JUDGE_SOCKET_H

#include "judge.h"

void fng_judge_socket(struct fng_judgement *judgement, int family, int type,
		      int protocol);

#endif /* FNGUARD_KMOD_JUDGE_SOCKET_H */
