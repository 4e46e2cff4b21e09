/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Do the books of the kernel agree with what attackers have seen?
 */
#ifndef TESTS_TORTURE_BOOKS_H
#define TESTS_TORTURE_BOOKS_H

#include "hear.h"

/**
 * struct books - an account of refusals
 * @hearer: who hears of them
 * @denied: what the kernel had counted when the account was opened
 * @unheard: the same, of those that nobody heard of
 */
struct books {
	struct hearer hearer;
	u64 denied;
	u64 unheard;
};

/* Starts to listen, and opens the account. */
void books_open(struct books *books);

/**
 * books_close() - compare counters and events with what was seen
 * @books: account
 * @seen: refusals that attackers have seen since it was opened
 * @again: of them, those for which a second policy refused as well: each policy
 *	counts and tells its own
 */
void books_close(struct books *books, u64 seen, u64 again);

/* The sum of the totals of a policy since it was loaded. */
u64 books_total(const char *policy);

#endif /* TESTS_TORTURE_BOOKS_H */
