// SPDX-License-Identifier: MIT
/*
 * Keys at the top of a policy, and those that several sections have.
 */
#include <compiler/glob.h>
#include <compiler/schema.h>

void fngc_parse_name(const struct fngc_scope *scope, const struct fngc_key *key,
		     const struct fngc_node *node)
{
	const char *text = fngc_text(scope, node);

	if (!text)
		return;
	if (!fngc_is_name(text, FNG_MAX_POLICY_NAME))
		fngc_error(scope->c, &node->place, NULL,
			   "'%.80s' is not a name: [a-z0-9][a-z0-9._-]{0,%u}",
			   text, FNG_MAX_POLICY_NAME - 1);
	else if (scope->layer->template &&
		 strcmp(text, scope->layer->source->name) &&
		 scope->layer->source->order)
		fngc_error(scope->c, &node->place, NULL,
			   "this file is template '%s', not '%s'",
			   scope->layer->source->name, text);
	if (!scope->layer->source->order)
		scope->c->model.name = text;
	(void)key;
}

void fngc_parse_version(const struct fngc_scope *scope,
			const struct fngc_key *key,
			const struct fngc_node *node)
{
	u64 value;

	if (fngc_number(scope, node, 0, UINT32_MAX, &value))
		fngc_scalar_set(scope->c, scope->layer,
				&scope->c->model.version, value, &node->place);
	(void)key;
}

static bool parse_mode(const struct fngc_scope *scope,
		       const struct fngc_node *node, u64 *mode)
{
	int word = fngc_word(scope, node, fngc_mode_words);

	*mode = word;
	return word >= 0;
}

void fngc_parse_mode(const struct fngc_scope *scope, const struct fngc_key *key,
		     const struct fngc_node *node)
{
	u64 mode;

	if (parse_mode(scope, node, &mode))
		fngc_scalar_set(scope->c, scope->layer, &scope->c->model.mode,
				mode, &node->place);
	(void)key;
}

void fngc_parse_class_mode(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	u64 mode;

	if (parse_mode(scope, node, &mode))
		fngc_scalar_set(scope->c, scope->layer,
				&scope->c->model.class_mode[scope->class],
				mode, &node->place);
	(void)key;
}

void fngc_parse_class(const struct fngc_scope *scope,
		      const struct fngc_key *key, const struct fngc_node *node)
{
	struct fngc_scope inner = *scope;

	inner.class = key->class;
	fngc_scalar_set(scope->c, scope->layer,
			&scope->c->model.section[key->class], 1, &node->place);
	fngc_walk(&inner, key->child, node);
	if (key->class == FNG_CLASS_SOCKETS)
		fngc_sockets_empty(&inner, node);
	if (key->class == FNG_CLASS_PRIVILEGES)
		fngc_privileges_empty(&inner, node);
}

void fngc_parse_default(const struct fngc_scope *scope,
			const struct fngc_key *key,
			const struct fngc_node *node)
{
	int word = fngc_word(scope, node, key->words);

	if (word >= 0)
		fngc_scalar_set(scope->c, scope->layer,
				&scope->c->model.dflt[scope->class], word,
				&node->place);
}

void fngc_parse_attach_cgroup(const struct fngc_scope *scope,
			      const struct fngc_key *key,
			      const struct fngc_node *node)
{
	const char *text = fngc_text(scope, node);
	struct fngc_attach attach = { .pattern = text, .place = node->place };

	if (text && fngc_glob_parse(scope->c, &node->place, text,
				    &attach.globs, &attach.nr_globs))
		*FNGC_PUSH(&scope->c->model.attach) = attach;
	(void)key;
}

void fngc_parse_attach_interface(const struct fngc_scope *scope,
				 const struct fngc_key *key,
				 const struct fngc_node *node)
{
	const char *text = fngc_text(scope, node);
	struct fngc_attach attach = { .pattern = text, .place = node->place };

	if (text && fngc_glob_parse_device(scope->c, &node->place, text,
					   &attach.globs, &attach.nr_globs))
		*FNGC_PUSH(&scope->c->model.interfaces) = attach;
	(void)key;
}

void fngc_parse_override(const struct fngc_scope *scope,
			 const struct fngc_key *key,
			 const struct fngc_node *node)
{
	struct fngc_override override = {
		.layer = scope->layer,
		.place = node->place,
	};
	struct fngc_scope inner = *scope;

	inner.out = &override;
	if (!fngc_walk(&inner, key->child, node))
		return;
	override.place = fngc_map_get(node, "rule")->place;
	*FNGC_PUSH(&scope->c->model.overrides) = override;
}

/* Both keys of an override are kept as they are written. */
void fngc_parse_text_out(const struct fngc_scope *scope,
			 const struct fngc_key *key,
			 const struct fngc_node *node)
{
	struct fngc_override *override = scope->out;
	const char *text = fngc_text(scope, node);

	if (!text)
		return;
	if (!*text)
		fngc_error(scope->c, &node->place, NULL, "%s is empty",
			   key->name);
	if (!strcmp(key->name, "rule"))
		override->rule = text;
	else
		override->reason = text;
}
