/* SPDX-License-Identifier: MIT */
/*
 * Many globs as one nondeterministic automaton, with common beginnings shared.
 */
#ifndef COMPILER_NFA_H
#define COMPILER_NFA_H

#include <compiler/glob.h>
#include <compiler/intern.h>

#define FNGC_NONE	0xffffffffu

enum fngc_edge_kind {
	FNGC_EDGE_EMPTY,
	FNGC_EDGE_BYTE,
	FNGC_EDGE_SET,
};

/**
 * struct fngc_edge - one way on from a node
 * @next: next edge of the same node, or FNGC_NONE
 * @target: node that it leads to
 * @set: FNGC_EDGE_SET: index of the set of bytes
 * @kind: enum fngc_edge_kind
 * @byte: FNGC_EDGE_BYTE: the byte
 * @key: kind of the item whose way on this is; FNGC_NO_KEY for inner edges
 */
struct fngc_edge {
	u32 next;
	u32 target;
	u32 set;
	u8 kind;
	u8 byte;
	u8 key;
};

#define FNGC_NO_KEY	0xff

/**
 * struct fngc_nfa_node - one node
 * @edges: first edge, or FNGC_NONE
 * @accepts: first of the rules that match here, or FNGC_NONE
 */
struct fngc_nfa_node {
	u32 edges;
	u32 accepts;
};

/**
 * struct fngc_nfa_accept - a rule that matches at a node
 * @next: next one of the same node, or FNGC_NONE
 * @rule: what fngc_nfa_add() was given
 */
struct fngc_nfa_accept {
	u32 next;
	u32 rule;
};

/**
 * struct fngc_nfa - the automaton; node 0 is the start
 * @nodes: nodes
 * @edges: edges of all nodes
 * @accepts: accepts of all nodes
 * @sets: byte sets
 * @set_ids: their words, so that each is kept once
 * @bytes: bytes that some edge names
 */
struct fngc_nfa {
	FNGC_ARRAY(struct fngc_nfa_node) nodes;
	FNGC_ARRAY(struct fngc_edge) edges;
	FNGC_ARRAY(struct fngc_nfa_accept) accepts;
	FNGC_ARRAY(struct fngc_byteset) sets;
	struct fngc_intern set_ids;
	struct fngc_byteset bytes;
};

void fngc_nfa_init(struct fngc_nfa *nfa);
void fngc_nfa_add(struct fngc_nfa *nfa, const struct fngc_glob *glob, u32 rule);
void fngc_nfa_free(struct fngc_nfa *nfa);

/*
 * Byte equivalence classes: bytes that no edge tells apart. Returns their
 * number; they are numbered by their lowest byte.
 */
u32 fngc_nfa_classes(const struct fngc_nfa *nfa, u8 map[256]);

#endif /* COMPILER_NFA_H */
