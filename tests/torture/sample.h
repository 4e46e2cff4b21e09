/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trying the numbers from 1 on: all of them if there is time, else some.
 */
#ifndef TESTS_TORTURE_SAMPLE_H
#define TESTS_TORTURE_SAMPLE_H

#include <stdbool.h>

#include <fnguard/types.h>

/**
 * sample() - try numbers in a random order
 * @what: for the message that says how many there was time for
 * @total: the last of them, roughly
 * @try: called for each; tells whether there was anything of that number
 * @data: handed to @try
 *
 * One is found in any case. Who has tried all goes on to the first that is not
 * there.
 */
void sample(const char *what, u32 total, bool (*try)(u32 n, void *data),
	    void *data);

#endif /* TESTS_TORTURE_SAMPLE_H */
