/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What policies that learn have seen.
 */
#ifndef TESTS_GUEST_LEARNED_H
#define TESTS_GUEST_LEARNED_H

#include <client/learned.h>

#include "common.h"

/* Learns all there is to learn. */
#define LEARNER								\
	"policy: learn\nmode: learn\n"					\
	"exec: { default: deny, fileless: deny }\n"			\
	"memory: { write-exec: deny }\n"				\
	"files: { default: deny }\n"					\
	"egress: { default: deny }\n"					\
	"listen: { default: deny }\n"					\
	"unix: { default: deny }\n"					\
	"sockets: { families: [], types: [] }\n"			\
	"privileges: { capabilities: [], allow: [] }\n"

/* Loads it, with nothing learned. */
void learned_begin(void);

/**
 * struct learned - an act that is looked for
 * @kind: enum fng_act_kind
 * @name: name of a file or socket, address, or name that was asked for; NULL for
 *	any
 * @target: the other name, or that of an address; NULL for any
 * @number: of those that are numbers, see there; port of those that have one
 */
struct learned {
	u32 kind;
	const char *name;
	const char *target;
	u32 number;
};

/**
 * struct found - what was found of it
 * @times: how often it is listed
 * @access: what was done with it
 * @all: how many acts are listed
 * @unkept: how often something found no room
 */
struct found {
	u32 times;
	u32 access;
	u32 all;
	u64 unkept;
};

/* Looks for an act of a policy's; ends the test if there is no list. */
struct found learned_find(const char *policy, const struct learned *learned);

/* What is listed, as lines of comment, for who reads a failure. */
void learned_print(const char *policy);

#endif /* TESTS_GUEST_LEARNED_H */
