// SPDX-License-Identifier: MIT
/*
 * Settings that are sets of words: a bit for each.
 */
#include <compiler/schema.h>

/* The bits of several files add up, and so do the items of one list. */
void fngc_bits_add(const struct fngc_scope *scope, struct fngc_scalar *bits,
		   const struct fngc_node *node, u32 bit)
{
	u64 old = bits->set ? bits->value : 0;

	fngc_scalar_set(scope->c, scope->layer, bits, old | 1ull << bit,
			&node->place);
}

/* Only the items of one list add up: that of a later file takes its place. */
void fngc_bits_replace(const struct fngc_scope *scope,
		       struct fngc_scalar *bits, const struct fngc_node *node,
		       u32 bit)
{
	u64 old = bits->set && bits->layer == scope->layer ? bits->value : 0;

	fngc_scalar_set(scope->c, scope->layer, bits, old | 1ull << bit,
			&node->place);
}

bool fngc_list_empty(const struct fngc_node *list)
{
	return list && list->kind == FNGC_LIST && !list->nr;
}

void fngc_bits_empty(const struct fngc_scope *scope, struct fngc_scalar *bits,
		     const struct fngc_node *list)
{
	if (fngc_list_empty(list) && !bits->set)
		fngc_scalar_set(scope->c, scope->layer, bits, 0, &list->place);
}
