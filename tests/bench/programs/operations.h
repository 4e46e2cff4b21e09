/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is measured.
 */
#ifndef TESTS_BENCH_OPERATIONS_H
#define TESTS_BENCH_OPERATIONS_H

#include <stdbool.h>

/**
 * struct operation - one row of the table
 * @name: of the row
 * @prepare: makes what it needs, once; or NULL
 * @run: does it once
 * @refused: for an operation that a guard is to refuse: whether it was, the last
 *	time; NULL for others, which end the program if they fail
 * @renewed: some of what @prepare makes costs more than others of its kind for as
 *	long as it lives, so it is made several times
 * @varies: no two rounds are alike, since it takes and gives back many pages, wakes
 *	whoever reads of refusals or goes elsewhere each time; it is done less often
 */
struct operation {
	const char *name;
	void (*prepare)(void);
	void (*run)(void);
	bool (*refused)(void);
	bool renewed;
	bool varies;
};

extern const struct operation file_operations[];
extern const struct operation task_operations[];
extern const struct operation net_operations[];
extern const struct operation name_operations[];
extern const struct operation link_operations[];

/* Ends the program unless @name is one. */
const struct operation *operation_find(const char *name);

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
void expect(bool good, const char *what);

/* Where net_operations[] have their sockets; 127.0.0.1 if nobody says otherwise. */
extern const char *net_address;

/**
 * names_serve() - be the name server as well
 *
 * To be called before enter_place(), so that the server's socket belongs to who is
 * outside. It is there afterwards, too.
 */
void names_serve(void);

/**
 * names_learn() - ask for names
 * @number: of names; the one with number N has an address made of N
 *
 * To be called inside.
 */
void names_learn(unsigned int number);

/* Holds network namespaces, as names_serve() does the server's socket. */
void link_reach(void);

/* Whether errno is what a guard refuses with. */
bool errno_is_refusal(void);

#endif /* TESTS_BENCH_OPERATIONS_H */
