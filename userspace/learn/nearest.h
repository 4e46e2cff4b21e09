/* SPDX-License-Identifier: MIT */
/*
 * Of rules that allow something else, the one that comes nearest.
 */
#ifndef LEARN_NEAREST_H
#define LEARN_NEAREST_H

#include <learn/learn.h>

/**
 * fngl_nearest() - the rule that would have allowed an act, had it been a little
 *	wider
 * @image: a verified image
 * @act: what it refuses
 *
 * Of names, the one whose pattern has most in common with it, and more than the
 * root; of destinations, one on the same address or domain, else one on the same
 * port; of ports, the next one of the same protocol.
 *
 * Return: a rule id, or FNG_RULE_NONE.
 */
u32 fngl_nearest(const struct fng_image *image, const struct fngl_act *act);

#endif /* LEARN_NEAREST_H */
