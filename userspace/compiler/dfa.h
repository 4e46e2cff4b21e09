/* SPDX-License-Identifier: MIT */
/*
 * Deterministic automata: from the nodes of nfa.h by subset construction
 * (subset.c), to the fewest states (minimise.c), to the tables of an image
 * (table.c).
 */
#ifndef COMPILER_DFA_H
#define COMPILER_DFA_H

#include <compiler/nfa.h>

/*
 * Bounds of the subset construction, beside FNG_MAX_STATES: patterns with many
 * wildcards multiply, and must end in an error rather than in exhaustion.
 */
#define FNGC_MAX_MEMBERS	(24u << 20)
#define FNGC_MAX_EXCEPTIONS	(12u << 20)
/* Fuzzers make it small: they look for mistakes and not for patience. */
#ifndef FNGC_MAX_STEPS
#define FNGC_MAX_STEPS		536870912
#endif

/**
 * struct fngc_rows - an automaton, a row per state: a default and exceptions
 * @nr: number of states; 0 is dead, 1 the start
 * @accept: per state, what a name that ends there gets
 * @dflt: per state, the next state unless an exception says otherwise
 * @start: per state, its first exception; one more than @nr
 * @class: per exception, the byte class; ascending within a state
 * @target: per exception, the next state
 * @nr_classes: number of byte classes
 * @map: byte to class
 */
struct fngc_rows {
	u32 nr;
	u32 *accept;
	u32 *dflt;
	u32 *start;
	u8 *class;
	u32 *target;
	u32 nr_classes;
	u8 map[256];
};

/**
 * typedef fngc_accept_fn - what a set of rules gives
 * @arg: the caller's
 * @rules: rules that match, ascending
 * @nr: number of @rules; never 0
 *
 * Return: index of the result, 0 for that of no rules.
 */
typedef u32 (*fngc_accept_fn)(void *arg, const u32 *rules, size_t nr);

/**
 * fngc_subsets() - make an automaton deterministic
 * @nfa: the automaton
 * @accept: what sets of rules give
 * @arg: for @accept
 * @rows: filled in; freed by fngc_rows_free(), on failure too
 *
 * Return: NULL, or what there is too much of, for a message.
 */
const char *fngc_subsets(const struct fngc_nfa *nfa, fngc_accept_fn accept,
			 void *arg, struct fngc_rows *rows);

/* The same language with the fewest states, numbered breadth first. */
void fngc_minimise(const struct fngc_rows *rows, struct fngc_rows *out);

/**
 * fngc_automaton() - make an automaton deterministic, with the fewest states
 * @nfa: the automaton
 * @accept: what sets of rules give
 * @arg: for @accept
 * @minimal: filled in; freed by fngc_rows_free()
 * @subsets: set to the number of states before they are made fewer; or NULL
 *
 * Return: as fngc_subsets().
 */
const char *fngc_automaton(const struct fngc_nfa *nfa, fngc_accept_fn accept,
			   void *arg, struct fngc_rows *minimal, u32 *subsets);

void fngc_rows_free(struct fngc_rows *rows);

/* Predecessors of each state, [start[s], start[s + 1]) of the return value. */
u32 *fngc_rows_reverse(const struct fngc_rows *rows, u32 **start);

/**
 * struct fngc_table - an automaton as it is in an image
 * @map: byte to class
 * @states: states
 * @trans: transition slots
 * @nr_states: number of @states
 * @nr_trans: number of @trans
 */
struct fngc_table {
	u8 map[256];
	struct fng_image_state *states;
	struct fng_image_trans *trans;
	u32 nr_states;
	u32 nr_trans;
};

/* Packs rows; @accepts gives the masks, or is NULL for none. */
void fngc_table_pack(const struct fngc_rows *rows,
		     const struct fng_image_accept *accepts,
		     struct fngc_table *table);
/*
 * Makes the states that @to does not say FNGC_NONE of hand over to a state of
 * the base; so far they have led to themselves.
 */
void fngc_table_hand_over(const struct fngc_rows *rows, const u32 *to,
			  const struct fngc_table *base,
			  struct fngc_table *table);
void fngc_table_free(struct fngc_table *table);

#endif /* COMPILER_DFA_H */
