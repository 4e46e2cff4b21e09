/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Being where a guard judges: below a root, in a cgroup, under a profile.
 */
#ifndef TESTS_BENCH_ENTER_H
#define TESTS_BENCH_ENTER_H

#include <stdbool.h>

/* -r ROOT, -g CGROUP and -p PROFILE, of which each may be left out. */
#define PLACE_OPTIONS	"+r:g:p:"

/* Takes one of them; false if it is none. */
bool place_option(int option, char *value);

/**
 * enter_place() - go where the options say
 * @argv: what this program was started with
 *
 * Starts the program again there, and returns in that one only. Whoever was moved
 * into a guarded cgroup is entering it until it executes something, and is not
 * judged like others before; a profile begins with a program, too.
 */
void enter_place(char **argv);

#endif /* TESTS_BENCH_ENTER_H */
