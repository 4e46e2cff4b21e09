/* SPDX-License-Identifier: MIT */
/*
 * Names of the numbers in messages. A number without a name is "unknown".
 */
#ifndef CLIENT_NAMES_H
#define CLIENT_NAMES_H

#include <fnguard/types.h>

const char *fng_state_name(u32 state);
const char *fng_event_kind_name(u32 kind);
const char *fng_hook_name(u32 hook);
const char *fng_class_name(u32 class);
const char *fng_mode_name(u32 mode);
const char *fng_proto_name(u32 proto);
const char *fng_access_name(unsigned int bit);
/* "EPERM"; NULL if the C library has no name for it. */
const char *fng_errno_name(u32 err);

#endif /* CLIENT_NAMES_H */
