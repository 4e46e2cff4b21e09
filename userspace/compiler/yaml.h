/* SPDX-License-Identifier: MIT */
/*
 * YAML text as a tree of our own: located, without aliases, anchors, tags,
 * duplicate keys or further documents. Only yaml.c knows the parser library.
 */
#ifndef COMPILER_YAML_H
#define COMPILER_YAML_H

#include <compiler/source.h>

/* Nesting and number of values in one file. */
#define FNGC_MAX_DEPTH		16
#define FNGC_MAX_NODES		(2u << 20)
/* Keys of one mapping. */
#define FNGC_MAX_KEYS		256

enum fngc_kind {
	FNGC_EMPTY,
	FNGC_SCALAR,
	FNGC_LIST,
	FNGC_MAP,
};

/**
 * struct fngc_node - one value
 * @kind: enum fngc_kind; FNGC_EMPTY is a key without a value
 * @text: scalar: its text, NUL-terminated, without NULs inside
 * @plain: scalar: written without quotes
 * @place: where
 * @child: list: first item; map: first key
 * @last: last of the same
 * @next: next item or key
 * @value: of a key: its value
 * @nr: list and map: number of children
 */
struct fngc_node {
	u8 kind;
	bool plain;
	u32 nr;
	const char *text;
	struct fngc_place place;
	struct fngc_node *child;
	struct fngc_node *last;
	struct fngc_node *next;
	struct fngc_node *value;
};

/* The document's root, or NULL after reporting errors. */
struct fngc_node *fngc_yaml_parse(struct fngc_compile *c,
				  struct fngc_source *source);

/* "a list", "a mapping", ... for messages. */
const char *fngc_kind_name(const struct fngc_node *node);

/* The value of a key, or NULL. */
struct fngc_node *fngc_map_get(const struct fngc_node *map, const char *key);

#endif /* COMPILER_YAML_H */
