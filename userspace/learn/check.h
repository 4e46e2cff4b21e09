/* SPDX-License-Identifier: MIT */
/*
 * Does a policy allow what was done?
 */
#ifndef LEARN_CHECK_H
#define LEARN_CHECK_H

#include <learn/learn.h>

/**
 * fngl_decide() - what a policy says of an act
 * @image: the policy's
 * @act: the act
 * @decision: filled in
 *
 * Return: false if it cannot be asked.
 */
bool fngl_decide(const struct fng_image *image, const struct fngl_act *act,
		 struct fng_decision *decision);

/* Copies what privileges.allow has to name. */
void fngl_privileges(const struct fngl_acts *acts, struct fngl_acts *allowed);

/* Are some of these there for the sake of a capability, whatever was done with it? */
bool fngl_privileges_imply(const struct fngl_acts *acts);

/**
 * fngl_check_moves() - what has to be allowed of files that get another name
 * @acts: what was done
 * @image: of a policy that allows the rest
 * @more: gets acts without which a file would win by its new name
 */
void fngl_check_moves(const struct fngl_acts *acts,
		      const struct fng_image *image, struct fngl_acts *more);

/* Writes what the policy refuses all the same, as comments. */
void fngl_check(const struct fngl_acts *acts, const struct fng_image *image,
		FILE *out);

#endif /* LEARN_CHECK_H */
