/* SPDX-License-Identifier: MIT */
/*
 * What programs begin and end with that make up policies.
 */
#ifndef REFERENCE_START_H
#define REFERENCE_START_H

#include <fnguard/types.h>

/* A number from the environment. */
u64 ref_number_from(const char *name, u64 otherwise);
u64 ref_random_seed(void);

/* Removes a directory with the templates that were written into it. */
void ref_directory_remove(const char *directory);

#endif /* REFERENCE_START_H */
