// SPDX-License-Identifier: MIT
/*
 * sockets and response.errno.
 */
#include <compiler/schema.h>

/* The bits of several files add up, and so do the items of one list. */
static void add_bit(const struct fngc_scope *scope, struct fngc_scalar *scalar,
		    const struct fngc_node *node, u32 bit)
{
	u64 old = scalar->set ? scalar->value : 0;

	fngc_scalar_set(scope->c, scope->layer, scalar, old | 1ull << bit,
			&node->place);
}

void fngc_parse_families(const struct fngc_scope *scope,
			 const struct fngc_key *key,
			 const struct fngc_node *node)
{
	int word = fngc_word(scope, node, key->words);

	if (word >= 0)
		add_bit(scope, &scope->c->model.families, node,
			fngc_family_values[word]);
}

void fngc_parse_types(const struct fngc_scope *scope,
		      const struct fngc_key *key, const struct fngc_node *node)
{
	int word = fngc_word(scope, node, key->words);

	if (word >= 0)
		add_bit(scope, &scope->c->model.types, node,
			fngc_type_values[word]);
}

void fngc_parse_errno(const struct fngc_scope *scope,
		      const struct fngc_key *key, const struct fngc_node *node)
{
	int word = fngc_word(scope, node, key->words);

	if (word >= 0)
		fngc_scalar_set(scope->c, scope->layer,
				&scope->c->model.err[key->class],
				fngc_errno_values[word], &node->place);
}

static void set_empty(const struct fngc_scope *scope,
		      struct fngc_scalar *scalar, const struct fngc_node *list)
{
	if (list && list->kind == FNGC_LIST && !list->nr && !scalar->set)
		fngc_scalar_set(scope->c, scope->layer, scalar, 0,
				&list->place);
}

void fngc_sockets_empty(const struct fngc_scope *scope,
			const struct fngc_node *map)
{
	struct fngc_model *model = &scope->c->model;

	set_empty(scope, &model->families, fngc_map_get(map, "families"));
	set_empty(scope, &model->types, fngc_map_get(map, "types"));
}
