// SPDX-License-Identifier: MIT
/*
 * exec and memory: what may become code.
 */
#include <compiler/glob.h>
#include <compiler/schema.h>

/* Appends a path rule; the pattern is parsed where it stands. */
static void add_path(const struct fngc_scope *scope,
		     const struct fngc_node *node, u8 effect, u32 access)
{
	struct fngc_entry entry = {
		.class = scope->class,
		.effect = effect,
		.access = access,
		.layer = scope->layer,
		.place = node->place,
	};

	entry.pattern = fngc_text(scope, node);
	if (entry.pattern &&
	    fngc_glob_parse(scope->c, &node->place, entry.pattern,
			    &entry.globs, &entry.nr_globs))
		*FNGC_PUSH(&scope->c->model.entries) = entry;
}

void fngc_parse_exec_paths(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	if (!strcmp(key->name, "deny"))
		add_path(scope, node, FNG_EFFECT_DENY, FNG_ACCESS_CODE);
	else if (!strcmp(key->name, "map"))
		add_path(scope, node, FNG_EFFECT_ALLOW, FNG_ACCESS_MAP);
	else
		add_path(scope, node, FNG_EFFECT_ALLOW, FNG_ACCESS_CODE);
}

/* A setting that allows or refuses. */
static void set_effect(const struct fngc_scope *scope,
		       const struct fngc_key *key,
		       const struct fngc_node *node, struct fngc_scalar *effect)
{
	int word = fngc_word(scope, node, key->words);

	if (word >= 0)
		fngc_scalar_set(scope->c, scope->layer, effect, word,
				&node->place);
}

void fngc_parse_fileless(const struct fngc_scope *scope,
			 const struct fngc_key *key,
			 const struct fngc_node *node)
{
	set_effect(scope, key, node, &scope->c->model.fileless);
}

void fngc_parse_modified(const struct fngc_scope *scope,
			 const struct fngc_key *key,
			 const struct fngc_node *node)
{
	set_effect(scope, key, node, &scope->c->model.modified);
}

void fngc_parse_write_exec(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	set_effect(scope, key, node, &scope->c->model.write_exec);
}
