// SPDX-License-Identifier: MIT
/*
 * Trees against the table of keys.
 */
#include <stdlib.h>

#include <compiler/schema.h>

static const struct fngc_key *keys_of(const struct fngc_scope *scope)
{
	return scope->keys ? scope->keys : fngc_keys;
}

static const struct fngc_key *find_key(const struct fngc_scope *scope,
				       const char *section, const char *name)
{
	for (const struct fngc_key *key = keys_of(scope); key->section; key++) {
		if (!strcmp(key->section, section) && !strcmp(key->name, name))
			return key;
	}
	return NULL;
}

/* A section as a reader would call it. */
static const char *spoken(const char *section)
{
	static const char *const names[][2] = {
		{ "files.rules", "a files rule" },
		{ "egress.rules", "an egress rule" },
		{ "egress.rules.target", "an egress rule" },
		{ "override", "an override" },
		{ "phases", "a phase" },
		{ "tests", "a test" },
		{ "set", "a set" },
		{ "detect.rule", "a rule" },
		{ "detect.match", "a condition" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!strcmp(names[i][0], section))
			return names[i][1];
	}
	return section;
}

static void unknown_key(const struct fngc_scope *scope, const char *section,
			const struct fngc_node *node)
{
	const char *words[64];
	size_t nr = 0;

	for (const struct fngc_key *key = keys_of(scope); key->section; key++) {
		if (!strcmp(key->section, section))
			words[nr++] = key->name;
	}
	words[nr] = NULL;
	fngc_error(scope->c, &node->place,
		   fngc_suggest(scope->c, node->text, words),
		   *section ? "unknown key '%.64s' in %s" :
		   "unknown key '%.64s'", node->text, spoken(section));
}

static u8 expected_kind(u8 type)
{
	switch (type) {
	case FNGC_TYPE_TEXT:
	case FNGC_TYPE_NUMBER:
	case FNGC_TYPE_WORD:
		return FNGC_SCALAR;
	case FNGC_TYPE_MAP:
	case FNGC_TYPE_FREE:
		return FNGC_MAP;
	default:
		return FNGC_LIST;
	}
}

static bool check_kind(const struct fngc_scope *scope, const char *name,
		       const struct fngc_node *node, u8 kind)
{
	static const char *const wanted[] = {
		[FNGC_SCALAR] = "a single value",
		[FNGC_LIST] = "a list",
		[FNGC_MAP] = "a mapping",
	};
	const char *help = NULL;

	if (node->kind == kind)
		return true;
	if (kind == FNGC_LIST && node->kind == FNGC_SCALAR)
		help = fngc_sprintf(&scope->c->arena, "write [%s]", node->text);
	fngc_error(scope->c, &node->place, help, "%s must be %s, not %s", name,
		   wanted[kind], fngc_kind_name(node));
	return false;
}

static void parse_items(const struct fngc_scope *scope,
			const struct fngc_key *key,
			const struct fngc_node *list)
{
	u8 kind = key->type == FNGC_TYPE_MAPS ? FNGC_MAP : FNGC_SCALAR;
	const char *name = fngc_sprintf(&scope->c->arena, "an item of %s",
					key->name);

	if (!list->nr && key->flags & FNGC_KEY_NOT_EMPTY)
		fngc_error(scope->c, &list->place, NULL, "%s is empty",
			   key->name);
	for (const struct fngc_node *i = list->child; i; i = i->next) {
		if (check_kind(scope, name, i, kind))
			key->parse(scope, key, i);
	}
}

static void parse_value(const struct fngc_scope *scope,
			const struct fngc_key *key,
			const struct fngc_node *node)
{
	if (!check_kind(scope, key->name, node, expected_kind(key->type)))
		return;
	if (node->kind == FNGC_LIST)
		parse_items(scope, key, node);
	else if (key->parse)
		key->parse(scope, key, node);
	else if (key->type == FNGC_TYPE_MAP)
		fngc_walk(scope, key->child, node);
}

static void parse_key(const struct fngc_scope *scope, const char *section,
		      const struct fngc_node *name)
{
	const struct fngc_key *key = find_key(scope, section, name->text);

	if (!key) {
		unknown_key(scope, section, name);
	} else if (scope->layer->template &&
		   key->flags & FNGC_KEY_POLICY_ONLY) {
		fngc_error(scope->c, &name->place, NULL,
			   "a template carries no '%s'", name->text);
	} else if (key->parse || key->type == FNGC_TYPE_MAP) {
		parse_value(scope, key, name->value);
	}
}

static void check_required(const struct fngc_scope *scope, const char *section,
			   const struct fngc_node *map)
{
	for (const struct fngc_key *key = keys_of(scope); key->section; key++) {
		if (strcmp(key->section, section) ||
		    !(key->flags & FNGC_KEY_REQUIRED) ||
		    fngc_map_get(map, key->name))
			continue;
		fngc_error(scope->c, &map->place, NULL,
			   "key '%s' is missing%s%s", key->name,
			   *section ? " in " : "", spoken(section));
	}
}

bool fngc_walk(const struct fngc_scope *scope, const char *section,
	       const struct fngc_node *map)
{
	size_t errors = scope->c->diags.nr_errors;

	for (const struct fngc_node *key = map->child; key; key = key->next)
		parse_key(scope, section, key);
	check_required(scope, section, map);
	return scope->c->diags.nr_errors == errors;
}

const char *fngc_text(const struct fngc_scope *scope,
		      const struct fngc_node *node)
{
	return fngc_substitute(scope->c, node);
}

int fngc_word(const struct fngc_scope *scope, const struct fngc_node *node,
	      const char *const *words)
{
	const char *text = fngc_text(scope, node);
	char list[512] = "";
	size_t used = 0;

	if (!text)
		return -1;
	for (int i = 0; words[i]; i++) {
		if (!strcmp(words[i], text))
			return i;
	}
	for (int i = 0; words[i] && used < sizeof(list) - 40; i++)
		used += snprintf(list + used, sizeof(list) - used, "%s%s",
				 i ? ", " : "", words[i]);
	fngc_error(scope->c, &node->place,
		   fngc_suggest(scope->c, text, words),
		   "'%.64s' is none of %s", text, list);
	return -1;
}

bool fngc_number(const struct fngc_scope *scope, const struct fngc_node *node,
		 u64 min, u64 max, u64 *value)
{
	const char *text = fngc_text(scope, node);
	size_t len;

	if (!text)
		return false;
	len = strlen(text);
	*value = strtoull(text, NULL, 10);
	if (len && len < 20 && strspn(text, "0123456789") == len &&
	    (len == 1 || *text != '0') && *value >= min && *value <= max)
		return true;
	fngc_error(scope->c, &node->place, NULL,
		   "'%.64s' is not a whole number from %llu to %llu", text,
		   (unsigned long long)min, (unsigned long long)max);
	return false;
}

bool fngc_is_name(const char *text, size_t max)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t len = strlen(text);

	return len && len <= max && strchr(first, *text) &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-") == len;
}
