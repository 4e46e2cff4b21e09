// SPDX-License-Identifier: MIT
/*
 * Named sets of addresses: some built in, others in policy/sets.
 */
#include <stdlib.h>

#include <compiler/address.h>

/* What each cloud answers with credentials to whoever asks. */
static const char *const metadata[] = {
	"169.254.169.254",	/* AWS, Azure, Google, OpenStack, Oracle, ... */
	"169.254.170.2",	/* AWS ECS */
	"169.254.170.23",	/* AWS EKS */
	"168.63.129.16",	/* Azure */
	"100.100.100.200",	/* Alibaba */
	"192.0.0.192",		/* Oracle, older */
	"fd00:ec2::254",	/* AWS */
	"fd00:ec2::23",		/* AWS EKS */
	"fd20:ce::254",		/* Google */
	NULL,
};

static const char *const loopback[] = { "127.0.0.0/8", "::1", NULL };
static const char *const private[] = { "10.0.0.0/8", "172.16.0.0/12",
				       "192.168.0.0/16", "100.64.0.0/10",
				       "fc00::/7", NULL };
static const char *const any[] = { "0.0.0.0/0", "::/0", NULL };

static const struct builtin {
	const char *name;
	const char *const *networks;
} builtins[] = {
	{ "loopback", loopback },
	{ "private", private },
	{ "metadata", metadata },
	{ "any", any },
	{ NULL, NULL },
};

static struct fngc_set *new_set(struct fngc_compile *c, const char *name)
{
	struct fngc_set *set = fngc_alloc(&c->arena, sizeof(*set));

	set->name = fngc_strdup(&c->arena, name);
	*FNGC_PUSH(&c->sets) = set;
	return set;
}

static void keep_ranges(struct fngc_compile *c, struct fngc_set *set,
			fngc_ranges *ranges)
{
	struct fngc_range *kept;

	kept = fngc_alloc(&c->arena, ranges->nr * sizeof(*kept));
	if (ranges->nr)
		memcpy(kept, ranges->v, ranges->nr * sizeof(*kept));
	set->ranges = kept;
	set->nr_ranges = ranges->nr;
	free(ranges->v);
}

static const struct fngc_set *load_builtin(struct fngc_compile *c,
					   const struct builtin *builtin)
{
	struct fngc_set *set = new_set(c, builtin->name);
	fngc_ranges ranges = { 0 };

	for (const char *const *text = builtin->networks; *text; text++)
		fngc_network_parse(c, *text, FNGC_PUSH(&ranges));
	keep_ranges(c, set, &ranges);
	return set;
}

void fngc_parse_set_name(const struct fngc_scope *scope,
			 const struct fngc_key *key,
			 const struct fngc_node *node)
{
	if (strcmp(node->text, scope->layer->source->name))
		fngc_error(scope->c, &node->place, NULL,
			   "this file is set '%s', not '%.64s'",
			   scope->layer->source->name, node->text);
	(void)key;
}

void fngc_parse_set_addresses(const struct fngc_scope *scope,
			      const struct fngc_key *key,
			      const struct fngc_node *node)
{
	fngc_ranges *ranges = scope->out;
	struct fngc_range range;
	const char *bad = fngc_network_parse(scope->c, node->text, &range);

	if (bad)
		fngc_error(scope->c, &node->place, NULL, "%s", bad);
	else
		*FNGC_PUSH(ranges) = range;
	(void)key;
}

/* A set that is wrong has been complained about: it is then empty. */
static const struct fngc_set *load_file(const struct fngc_scope *scope,
					const struct fngc_place *place,
					const char *name, const char *path)
{
	struct fngc_compile *c = scope->c;
	struct fngc_layer layer = { 0 };
	struct fngc_set *set = new_set(c, name);
	struct fngc_scope inner = { .c = c, .layer = &layer };
	fngc_ranges ranges = { 0 };
	int err;

	layer.source = fngc_source_read(c, path, &err);
	if (!layer.source) {
		fngc_error(c, place, NULL, "set '%s': cannot read %s: %s",
			   name, path, strerror(-err));
		return set;
	}
	layer.root = fngc_yaml_parse(c, layer.source);
	inner.out = &ranges;
	if (layer.root && layer.root->kind != FNGC_MAP)
		fngc_error(c, &layer.root->place, NULL,
			   "a set must be a mapping");
	else if (layer.root)
		fngc_walk(&inner, "set", layer.root);
	keep_ranges(c, set, &ranges);
	return set;
}

static const struct fngc_set *unknown_set(const struct fngc_scope *scope,
					  const struct fngc_place *place,
					  const char *name)
{
	const char *words[sizeof(builtins) / sizeof(*builtins)];

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		words[i] = builtins[i].name ?
			   fngc_sprintf(&scope->c->arena, "@%s",
					builtins[i].name) : NULL;
	name = fngc_sprintf(&scope->c->arena, "@%s", name);
	fngc_error(scope->c, place, fngc_suggest(scope->c, name, words),
		   "unknown set '%.64s'", name);
	return NULL;
}

const struct fngc_set *fngc_set_find(const struct fngc_scope *scope,
				     const struct fngc_place *place,
				     const char *name)
{
	struct fngc_compile *c = scope->c;
	const char *path;

	for (size_t i = 0; i < c->sets.nr; i++) {
		if (!strcmp(c->sets.v[i]->name, name))
			return c->sets.v[i];
	}
	for (const struct builtin *b = builtins; b->name; b++) {
		if (!strcmp(b->name, name))
			return load_builtin(c, b);
	}
	if (!fngc_is_name(name, FNG_MAX_POLICY_NAME))
		return unknown_set(scope, place, name);
	path = fngc_source_find(c, "sets", name);
	if (!path)
		return unknown_set(scope, place, name);
	return load_file(scope, place, name, path);
}
