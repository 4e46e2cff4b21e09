// SPDX-License-Identifier: MIT
/*
 * sockets and response.errno.
 */
#include <compiler/schema.h>

void fngc_parse_families(const struct fngc_scope *scope,
			 const struct fngc_key *key,
			 const struct fngc_node *node)
{
	int word = fngc_word(scope, node, key->words);

	if (word >= 0)
		fngc_bits_add(scope, &scope->c->model.families, node,
			      fngc_family_values[word]);
}

void fngc_parse_types(const struct fngc_scope *scope,
		      const struct fngc_key *key, const struct fngc_node *node)
{
	int word = fngc_word(scope, node, key->words);

	if (word >= 0)
		fngc_bits_add(scope, &scope->c->model.types, node,
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

void fngc_sockets_empty(const struct fngc_scope *scope,
			const struct fngc_node *map)
{
	struct fngc_model *model = &scope->c->model;

	fngc_bits_empty(scope, &model->families, fngc_map_get(map, "families"));
	fngc_bits_empty(scope, &model->types, fngc_map_get(map, "types"));
}
