/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is measured.
 */
#ifndef TESTS_BENCH_OPERATIONS_H
#define TESTS_BENCH_OPERATIONS_H

/**
 * struct operation - one row of the table
 * @name: of the row
 * @prepare: makes what it needs, once; or NULL
 * @run: does it once
 */
struct operation {
	const char *name;
	void (*prepare)(void);
	void (*run)(void);
};

extern const struct operation operations[];
extern const unsigned int nr_operations;

/**
 * shift_allocators() - open a connection that stays
 * @ends: set to its two sockets
 *
 * A byte in it is read by nobody, so that it takes one object of each kind that
 * the operations allocate and free. Whether these are found in the allocators'
 * fast paths depends on how many there are, and can make a difference of 1 %,
 * guarded or not.
 */
void shift_allocators(int ends[2]);

/* Ends the program unless @good. */
void expect(int good, const char *what);

#endif /* TESTS_BENCH_OPERATIONS_H */
