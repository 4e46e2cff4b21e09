/* SPDX-License-Identifier: MIT */
/*
 * Rules on where something was sent.
 */
#ifndef LEARN_EGRESS_H
#define LEARN_EGRESS_H

#include <learn/learn.h>

/**
 * fngl_write_egress() - write the section egress
 * @acts: all, settled
 * @left: those that templates do not allow
 * @out: where to
 *
 * What had a name gets a rule on that name, in place of an address that it may not
 * have tomorrow.
 */
void fngl_write_egress(const struct fngl_acts *acts,
		       const struct fngl_acts *left, FILE *out);

/* Does the address of an act "connect" mean something else on each network? */
bool fngl_is_special(const struct fngl_act *act);

/* Writes the line of a rule on one destination, of an act "connect". */
void fngl_put_endpoint(const struct fngl_act *act, FILE *out);

#endif /* LEARN_EGRESS_H */
