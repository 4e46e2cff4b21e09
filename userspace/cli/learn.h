/* SPDX-License-Identifier: MIT */
/*
 * What the verbs of learn share.
 */
#ifndef CLI_LEARN_H
#define CLI_LEARN_H

#include <client/learned.h>
#include <learn/learn.h>

/* What the kernel tells of an act, as rules have it. */
void fng_learn_add(struct fngl_acts *acts, const struct fng_client_act *act);

/**
 * fng_learn_fetch() - ask the kernel what was done
 * @acts: empty; settled
 * @name: policy that learns
 *
 * Return: an enum fng_exit; what is wrong has been said.
 */
int fng_learn_fetch(struct fngl_acts *acts, const char *name);

/* Says that something found no room, if it is so. */
void fng_learn_remark(const struct fngl_acts *acts);

#endif /* CLI_LEARN_H */
