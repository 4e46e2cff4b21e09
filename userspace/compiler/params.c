// SPDX-License-Identifier: MIT
/*
 * Parameters: declared with or without a default, set by a file that extends,
 * set from outside, used as ${name}.
 */
#include <stdlib.h>

#include <compiler/schema.h>
#include <compiler/text.h>

static struct fngc_param *find_param(struct fngc_compile *c, const char *name,
				     size_t len)
{
	for (size_t i = 0; i < c->params.nr; i++) {
		struct fngc_param *param = &c->params.v[i];

		if (strlen(param->name) == len &&
		    !memcmp(param->name, name, len))
			return param;
	}
	return NULL;
}

static const char *suggest_param(struct fngc_compile *c, const char *name)
{
	const char *words[FNGC_MAX_KEYS + 1];
	size_t nr = 0;

	for (size_t i = 0; i < c->params.nr && nr < FNGC_MAX_KEYS; i++) {
		if (c->params.v[i].declared)
			words[nr++] = c->params.v[i].name;
	}
	words[nr] = NULL;
	return fngc_suggest(c, name, words);
}

static void declare(struct fngc_compile *c, const struct fngc_node *key)
{
	struct fngc_param *param = find_param(c, key->text, strlen(key->text));
	const struct fngc_node *value = key->value;

	if (!fngc_is_name(key->text, FNG_MAX_POLICY_NAME)) {
		fngc_error(c, &key->place, NULL,
			   "'%.64s' is not a name: [a-z0-9][a-z0-9._-]*",
			   key->text);
		return;
	}
	if (value->kind != FNGC_SCALAR && value->kind != FNGC_EMPTY) {
		fngc_error(c, &value->place, NULL,
			   "a parameter must be a single value, not %s",
			   fngc_kind_name(value));
		return;
	}
	if (!param)
		param = FNGC_PUSH(&c->params);
	param->name = key->text;
	param->place = key->place;
	param->declared = true;
	if (value->kind == FNGC_SCALAR)
		param->value = value->text;
	if (param->value && strstr(param->value, "${"))
		fngc_error(c, &value->place, NULL, "parameters do not nest");
}

static void set_from_outside(struct fngc_compile *c, const char *option)
{
	const struct fngc_layer *top = c->layers.v[c->layers.nr - 1];
	const struct fngc_place whole = { .source = top->source };
	const char *equals = strchr(option, '=');
	struct fngc_param *param;

	if (!equals || !fngc_is_utf8(option, strlen(option))) {
		fngc_error(c, &whole, NULL,
			   "'--set %.64s' is not name=value", option);
		return;
	}
	param = find_param(c, option, equals - option);
	if (!param)
		fngc_error(c, &whole,
			   suggest_param(c, fngc_strndup(&c->arena, option,
							 equals - option)),
			   "'--set %.64s': the policy has no such parameter",
			   option);
	else
		param->value = fngc_strdup(&c->arena, equals + 1);
}

void fngc_params_collect(struct fngc_compile *c)
{
	const char *const *option = c->options.params;

	for (size_t i = 0; i < c->layers.nr; i++) {
		const struct fngc_node *map =
			fngc_map_get(c->layers.v[i]->root, "params");

		if (!map)
			continue;
		if (map->kind != FNGC_MAP) {
			fngc_error(c, &map->place, NULL,
				   "params must be a mapping, not %s",
				   fngc_kind_name(map));
			continue;
		}
		for (const struct fngc_node *k = map->child; k; k = k->next)
			declare(c, k);
	}
	for (; option && *option; option++)
		set_from_outside(c, *option);
}

void fngc_params_check(struct fngc_compile *c)
{
	for (size_t i = 0; i < c->params.nr; i++) {
		const struct fngc_param *param = &c->params.v[i];

		if (!param->used)
			fngc_error(c, &param->place,
				   fngc_sprintf(&c->arena,
						"use it as ${%s} or remove it",
						param->name),
				   "parameter '%s' is not used", param->name);
	}
}

/* Value of the parameter that "name}" begins with; NULL after reporting. */
static const char *expand(struct fngc_compile *c, const struct fngc_node *node,
			  const char *name, size_t len)
{
	struct fngc_param *param = find_param(c, name, len);

	if (!param) {
		const char *copy = fngc_strndup(&c->arena, name, len);

		fngc_error(c, &node->place, suggest_param(c, copy),
			   "no parameter '%.64s' is declared in params", copy);
		return NULL;
	}
	param->used = true;
	if (!param->value)
		fngc_error(c, &node->place,
			   fngc_sprintf(&c->arena, "add --set %s=VALUE",
					param->name),
			   "parameter '%s' has no value", param->name);
	return param->value;
}

const char *fngc_substitute(struct fngc_compile *c,
			    const struct fngc_node *node)
{
	const char *text = node->text, *start = strstr(text, "${");

	while (start) {
		const char *end = strchr(start, '}'), *value, *before = text;

		if (!end) {
			fngc_error(c, &node->place, NULL, "'${' without '}'");
			return NULL;
		}
		value = expand(c, node, start + 2, end - start - 2);
		if (!value)
			return NULL;
		text = fngc_sprintf(&c->arena, "%.*s%s%s",
				    (int)(start - before), before, value,
				    end + 1);
		if (strlen(text) > 2 * FNG_MAX_PATH) {
			fngc_error(c, &node->place, NULL,
				   "the value is too long with its parameters");
			return NULL;
		}
		start = strstr(text + (start - before) + strlen(value), "${");
	}
	return text;
}
