/* SPDX-License-Identifier: MIT */
#ifndef REFERENCE_PRINT_H
#define REFERENCE_PRINT_H

#include "model.h"

/**
 * ref_print() - write a policy as YAML
 * @policy: the policy; the lines of its rules and settings are filled in
 * @texts: the file of the policy and those of its templates, to be freed
 */
void ref_print(struct ref_policy *policy, char *texts[REF_MAX_FILES]);

/* The rank of a file by its number, 0 for the policy: lower ones come first. */
u32 ref_file_rank(const struct ref_policy *policy, u32 file);

#endif /* REFERENCE_PRINT_H */
