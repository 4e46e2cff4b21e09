/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the running kernel must offer.
 */
#ifndef FNGUARD_KMOD_PRECONDITION_H
#define FNGUARD_KMOD_PRECONDITION_H

int fng_precondition_check(void);

#endif /* FNGUARD_KMOD_PRECONDITION_H */
