/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What storms do: executing, opening, removing, connecting and sending; and the
 * policies that say what of it is allowed.
 */
#ifndef TESTS_TORTURE_DEEDS_H
#define TESTS_TORTURE_DEEDS_H

#include <guest/control.h>

#include "storm.h"

/* Those on which all policies agree, and behind them those that may go either way. */
#define DEEDS_AGREED	11
#define DEEDS_ALL	14

extern struct deed deeds[DEEDS_ALL];

/* Opens the file that is always denied, and the one that is always allowed. */
int deeds_open_bad(const void *arg);
int deeds_open_good(const void *arg);

/* Executes a program that does nothing; returns what an act of a deed does. */
int deeds_execute(const void *arg);

/* Makes files, programs and a server; and ends them. */
void deeds_setup(void);
void deeds_cleanup(void);

/**
 * struct rules - a policy about the deeds
 * @name: of the policy
 * @head: more lines of it, or NULL
 * @lenient: it allows what it does not refuse; else the other way
 * @flipped: it refuses what may go either way
 * @extra: number of rules about nothing, which make tables of another size
 * @template: one of rules_templates that it extends, or NULL
 */
struct rules {
	const char *name;
	const char *head;
	bool lenient;
	bool flipped;
	u32 extra;
	const char *template;
};

/* Each has many rules about nothing, and those for what is always denied. */
#define NR_TEMPLATES	2
extern const char *const rules_templates[NR_TEMPLATES];

/* Writes the templates. */
void rules_setup(void);

/* Compiles it; free() the data. */
struct blob rules_compile(const struct rules *rules);

/* Compiles and loads it. */
void rules_load(const struct rules *rules);

#endif /* TESTS_TORTURE_DEEDS_H */
