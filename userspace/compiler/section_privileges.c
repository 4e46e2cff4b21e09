// SPDX-License-Identifier: MIT
/*
 * privileges: what makes a task more than its user.
 */
#include <compiler/schema.h>

void fngc_parse_privileges(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	int word = fngc_word(scope, node, key->words);

	if (word >= 0)
		fngc_bits_add(scope, &scope->c->model.privileges, node,
			      fngc_privilege_values[word]);
}

void fngc_parse_capabilities(const struct fngc_scope *scope,
			     const struct fngc_key *key,
			     const struct fngc_node *node)
{
	int word = fngc_word(scope, node, key->words);

	if (word >= 0)
		fngc_bits_replace(scope, &scope->c->model.capabilities, node,
				  fngc_capability_values[word]);
}

void fngc_privileges_empty(const struct fngc_scope *scope,
			   const struct fngc_node *map)
{
	const struct fngc_node *list = fngc_map_get(map, "capabilities");
	struct fngc_model *model = &scope->c->model;

	if (fngc_list_empty(list))
		fngc_scalar_set(scope->c, scope->layer, &model->capabilities, 0,
				&list->place);
	fngc_bits_empty(scope, &model->privileges, fngc_map_get(map, "allow"));
}
