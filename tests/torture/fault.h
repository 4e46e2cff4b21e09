/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Making one allocation of one system call fail.
 */
#ifndef TESTS_TORTURE_FAULT_H
#define TESTS_TORTURE_FAULT_H

#include <client/client.h>

/* More allocations than any call makes. */
#define FAULT_NEVER	0x7fffffffu

/* Can this kernel do it? Then all kinds of allocations are made to count. */
bool fault_setup(void);

/*
 * Between the two, the allocation of that number fails; fault_end() returns how
 * many more there would have had to be, 0 if it was reached.
 */
void fault_begin(u32 n);
u32 fault_end(void);

/**
 * fault_client() - let requests fail
 * @client: connection, whose requests are sent with a fault from now on
 *
 * Only the call that sends is hit: the kernel handles a request within it.
 */
void fault_client(struct fng_client *client);

/* The fault that requests are sent with, and what fault_end() said of the last. */
extern u32 fault_nth;
extern u32 fault_left;

#endif /* TESTS_TORTURE_FAULT_H */
