// SPDX-License-Identifier: MIT
/*
 * The order of the stages. Each runs only if those before found no error, so
 * that one mistake is not reported twice.
 */
#include <stdlib.h>

#include <compiler/emit.h>
#include <compiler/lint.h>
#include <compiler/schema.h>

static const char *directory_of(struct fngc_compile *c, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	return slash == path ? "/" :
	       fngc_strndup(&c->arena, path, slash - path);
}

/* The directory above, as text where it can be: policy/examples -> policy. */
static const char *parent_of(struct fngc_compile *c, const char *dir)
{
	const char *slash = strrchr(dir, '/');
	const char *last = slash ? slash + 1 : dir;

	if (!strcmp(dir, "/"))
		return dir;
	if (!strcmp(last, ".") || !strcmp(last, "..") || !*last)
		return fngc_sprintf(&c->arena, "%s/..", dir);
	if (!slash)
		return ".";
	return slash == dir ? "/" :
	       fngc_strndup(&c->arena, dir, slash - dir);
}

static const char *const *split_path(struct fngc_compile *c, const char *list)
{
	FNGC_ARRAY(const char *) dirs = { 0 };
	const char **kept;

	while (*list) {
		size_t len = strcspn(list, ":");

		if (len)
			*FNGC_PUSH(&dirs) = fngc_strndup(&c->arena, list, len);
		list += len + (list[len] == ':');
	}
	kept = fngc_alloc(&c->arena, (dirs.nr + 1) * sizeof(*kept));
	if (dirs.nr)
		memcpy(kept, dirs.v, dirs.nr * sizeof(*kept));
	free(dirs.v);
	return kept;
}

static void set_search(struct fngc_compile *c, const char *path)
{
	const char *env = getenv("FNGUARD_POLICY_PATH");
	const char **dirs;

	if (c->options.policy_path) {
		c->search = c->options.policy_path;
		return;
	}
	if (env && *env) {
		c->search = split_path(c, env);
		return;
	}
	dirs = fngc_alloc(&c->arena, 5 * sizeof(*dirs));
	dirs[0] = directory_of(c, path);
	dirs[1] = parent_of(c, dirs[0]);
	dirs[2] = "policy";
	dirs[3] = "/usr/share/fnguard/policy";
	c->search = dirs;
}

static void parse_layers(struct fngc_compile *c)
{
	fngc_params_collect(c);
	for (size_t i = 0; i < c->layers.nr; i++) {
		const struct fngc_layer *layer = c->layers.v[i];
		const struct fngc_scope scope = { .c = c, .layer = layer };

		fngc_walk(&scope, "", layer->root);
	}
	if (!c->phase)
		fngc_params_check(c);
}

static void check_top(struct fngc_compile *c, const struct fngc_source *source)
{
	const struct fngc_layer *top = c->layers.v[c->layers.nr - 1];
	const struct fngc_node *policy = fngc_map_get(top->root, "policy");
	const struct fngc_place whole = { .source = source };

	if (!policy && !fngc_map_get(top->root, "template"))
		fngc_error(c, &whole, "start with policy: NAME",
			   "the policy has no name");
	else if (policy && fngc_map_get(top->root, "template"))
		fngc_error(c, &policy->place, NULL,
			   "the file is either a policy or a template");
}

static bool check_rules(struct fngc_compile *c,
			const struct fngc_source *source)
{
	const struct fngc_place whole = { .source = source };

	if (c->rules.nr <= FNG_MAX_RULES)
		return true;
	fngc_error(c, &whole, NULL, "the policy has more than %u rules",
		   FNG_MAX_RULES);
	return false;
}

static void build(struct fngc_compile *c, const struct fngc_source *source)
{
	struct fngc_draft whole = { 0 };
	struct fngc_templates templates = { 0 };
	struct fngc_pool pool = { 0 };
	size_t nr_accepts = 0;

	fngc_merge(c);
	fngc_rules_number(c);
	if (c->diags.nr_errors || !check_rules(c, source))
		return;
	/* Before egress, which looks at what all sets of ports take. */
	whole.listen = fngc_portset_listen(&c->model, &pool);
	if (fngc_paths_build(c, &pool, &whole) &&
	    fngc_attach_build(c, &templates) &&
	    fngc_hosts_build(c, &pool, &whole) &&
	    fngc_egress_build(c, &pool, &whole)) {
		/* Those that only a base has come behind. */
		nr_accepts = pool.accepts.nr;
		fngc_emit(c, &pool, &whole, &templates);
	}
	if (c->result.image)
		fngc_lint(c, pool.accepts.v, nr_accepts);
	fngc_draft_free(&whole);
	fngc_table_free(&templates.cgroup);
	fngc_table_free(&templates.device);
	fngc_pool_free(&pool);
}

/* Neither a copy nor a phase binds anything by itself. */
static void rename_policy(struct fngc_compile *c)
{
	if (c->options.rename)
		c->model.name = c->options.rename;
	if (!c->options.rename && !c->phase)
		return;
	c->model.attach.nr = 0;
	c->model.interfaces.nr = 0;
}

void fngc_compile_source(struct fngc_compile *c, struct fngc_source *source)
{
	if (fngc_layers_load(c, source) || c->diags.nr_errors)
		return;
	check_top(c, source);
	fngc_phase_apply(c);
	parse_layers(c);
	rename_policy(c);
	if (!c->diags.nr_errors)
		build(c, source);
	if (!c->diags.nr_errors)
		fngc_phases_build(c, source);
}

struct fngc_compile *fngc_start(const struct fngc_options *options,
				const char *path)
{
	struct fngc_compile *c = fngc_xcalloc(1, sizeof(*c));

	if (options)
		c->options = *options;
	set_search(c, path);
	return c;
}

int fngc_finish(struct fngc_compile *c, struct fngc_result **result)
{
	fngc_diags_finish(c);
	free(c->layers.v);
	free(c->params.v);
	free(c->sets.v);
	free(c->model.resolvers.v);
	free(c->model.digests.v);
	free(c->model.entries.v);
	free(c->model.attach.v);
	free(c->model.interfaces.v);
	free(c->model.overrides.v);
	free(c->model.phases.v);
	c->layers.v = NULL;
	c->params.v = NULL;
	c->sets.v = NULL;
	c->model.resolvers.v = NULL;
	c->model.digests.v = NULL;
	c->model.entries.v = NULL;
	c->model.attach.v = NULL;
	c->model.interfaces.v = NULL;
	c->model.overrides.v = NULL;
	c->model.phases.v = NULL;
	*result = &c->result;
	return c->result.nr_errors ? -EINVAL : 0;
}

struct fngc_source *fngc_open(struct fngc_compile *c, const char *path,
			      int *err)
{
	struct fngc_source *source = fngc_source_read(c, path, err);
	struct fngc_place whole = { 0 };

	if (source)
		return source;
	whole.source = fngc_source_new(c, path, "", 0);
	fngc_error(c, &whole, NULL, "cannot be read: %s", strerror(-*err));
	return NULL;
}

int fngc_compile_text(const struct fngc_options *options, const char *name,
		      const char *text, size_t size,
		      struct fngc_result **result)
{
	struct fngc_compile *c = fngc_start(options, name);

	fngc_compile_source(c, fngc_source_new(c, name, text, size));
	return fngc_finish(c, result);
}

int fngc_compile_file(const struct fngc_options *options, const char *path,
		      struct fngc_result **result)
{
	struct fngc_compile *c = fngc_start(options, path);
	struct fngc_source *source;
	int err = 0;

	source = fngc_open(c, path, &err);
	if (source)
		fngc_compile_source(c, source);
	return fngc_finish(c, result) && err ? err :
	       c->result.nr_errors ? -EINVAL : 0;
}

void fngc_result_free(struct fngc_result *result)
{
	struct fngc_compile *c = fngc_private(result);

	if (!c)
		return;
	for (size_t i = 0; i < c->result.nr_phases; i++)
		fngc_result_free(c->result.phases[i].result);
	free((void *)c->result.image);
	free((void *)c->start);
	free(c->model.tests.v);
	free(c->rules.v);
	fngc_arena_free(&c->arena);
	free(c);
}
