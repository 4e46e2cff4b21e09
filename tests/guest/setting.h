/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files by which the kernel is set and asked.
 */
#ifndef TESTS_GUEST_SETTING_H
#define TESTS_GUEST_SETTING_H

#include <fnguard/types.h>

/* Writes a file that is there already; returns 0 or an errno. The other one dies. */
int setting_write(const char *path, const char *text);
void setting_must_write(const char *path, const char *text);

/* The number after @key in the last line that begins with it; 0 if none does. */
u64 setting_number(const char *path, const char *key);

#endif /* TESTS_GUEST_SETTING_H */
