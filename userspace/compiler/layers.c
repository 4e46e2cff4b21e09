// SPDX-License-Identifier: MIT
/*
 * The policy and the templates that it extends.
 */
#include <stdlib.h>

#include <compiler/schema.h>

/**
 * struct trail - the chain of extends that leads to a file
 * @source: the file
 * @up: who extends it
 * @depth: length of the chain
 */
struct trail {
	const struct fngc_source *source;
	const struct trail *up;
	u32 depth;
};

static int load(struct fngc_compile *c, struct fngc_source *source,
		const struct trail *up);

static bool is_on_trail(const struct trail *trail, const char *name)
{
	for (; trail; trail = trail->up) {
		if (!strcmp(trail->source->name, name))
			return true;
	}
	return false;
}

static bool is_loaded(const struct fngc_compile *c, const char *name)
{
	for (size_t i = 0; i < c->layers.nr; i++) {
		if (!strcmp(c->layers.v[i]->source->name, name))
			return true;
	}
	return false;
}

static void load_template(struct fngc_compile *c, const struct fngc_node *node,
			  const struct trail *trail)
{
	struct fngc_source *source;
	const char *path;
	int err;

	if (node->kind != FNGC_SCALAR ||
	    !fngc_is_name(node->text, FNG_MAX_POLICY_NAME)) {
		fngc_error(c, &node->place, NULL,
			   "an item of extends must be a template's name");
		return;
	}
	if (is_on_trail(trail, node->text)) {
		fngc_error(c, &node->place, NULL,
			   "'%s' extends itself", node->text);
		return;
	}
	if (is_loaded(c, node->text))
		return;
	if (trail->depth >= FNG_MAX_EXTENDS ||
	    c->layers.nr >= FNG_MAX_EXTENDS) {
		fngc_error(c, &node->place, NULL,
			   "more than %u templates, or as deep",
			   FNG_MAX_EXTENDS);
		return;
	}
	path = fngc_source_find(c, "templates", node->text);
	if (!path) {
		fngc_error(c, &node->place,
			   "templates are looked for beside the policy, in "
			   "policy/templates and in --policy-path",
			   "no template '%s'", node->text);
		return;
	}
	source = fngc_source_read(c, path, &err);
	if (source)
		load(c, source, trail);
	else
		fngc_error(c, &node->place, NULL, "template '%s': cannot read "
			   "%s: %s", node->text, path, strerror(-err));
}

static void load_templates(struct fngc_compile *c, const struct fngc_node *root,
			   const struct trail *trail)
{
	const struct fngc_node *list = fngc_map_get(root, "extends");

	if (!list)
		return;
	if (list->kind != FNGC_LIST) {
		fngc_error(c, &list->place,
			   list->kind == FNGC_SCALAR ?
			   fngc_sprintf(&c->arena, "write [%s]", list->text) :
			   NULL, "extends must be a list, not %s",
			   fngc_kind_name(list));
		return;
	}
	for (const struct fngc_node *i = list->child; i; i = i->next)
		load_template(c, i, trail);
}

static int load(struct fngc_compile *c, struct fngc_source *source,
		const struct trail *up)
{
	struct trail trail = { source, up, up ? up->depth + 1 : 0 };
	struct fngc_node *root = fngc_yaml_parse(c, source);
	struct fngc_layer *layer;

	if (!root)
		return -EINVAL;
	if (root->kind != FNGC_MAP) {
		fngc_error(c, &root->place, NULL,
			   "a policy must be a mapping, not %s",
			   fngc_kind_name(root));
		return -EINVAL;
	}
	load_templates(c, root, &trail);
	layer = fngc_alloc(&c->arena, sizeof(*layer));
	layer->source = source;
	layer->root = root;
	layer->depth = trail.depth;
	layer->template = up || fngc_map_get(root, "template");
	*FNGC_PUSH(&c->layers) = layer;
	return 0;
}

int fngc_layers_load(struct fngc_compile *c, struct fngc_source *source)
{
	return load(c, source, NULL);
}
