// SPDX-License-Identifier: MIT
/*
 * Sets of acts, and their form in JSON.
 */
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include <compiler/address.h>
#include <compiler/schema.h>
#include <learn/learn.h>

void fngl_add(struct fngl_acts *acts, const struct fngl_act *act)
{
	acts->v = fngc_grow(acts->v, &acts->room, acts->nr + 1,
			    sizeof(*acts->v));
	acts->v[acts->nr++] = (struct fngl_act) {
		.verb = fngc_strdup(&acts->arena, act->verb),
		.target = fngc_strdup(&acts->arena, act->target),
		.access = act->access,
		.more = fngc_strdup(&acts->arena, act->more),
	};
}

static int compare(const void *left, const void *right)
{
	const struct fngl_act *a = left, *b = right;

	return strcmp(a->verb, b->verb) ?: strcmp(a->target, b->target) ?:
	       strcmp(a->more, b->more);
}

void fngl_settle(struct fngl_acts *acts)
{
	size_t nr = 0;

	if (acts->nr)
		qsort(acts->v, acts->nr, sizeof(*acts->v), compare);
	for (size_t i = 0; i < acts->nr; i++) {
		if (nr && !compare(&acts->v[nr - 1], &acts->v[i]))
			acts->v[nr - 1].access |= acts->v[i].access;
		else
			acts->v[nr++] = acts->v[i];
	}
	acts->nr = nr;
}

void fngl_free(struct fngl_acts *acts)
{
	fngc_arena_free(&acts->arena);
	free(acts->v);
	memset(acts, 0, sizeof(*acts));
}

/* What the further text of an act is called; NULL if it has none. */
static const char *key_of_more(const char *verb)
{
	static const char *const keys[][2] = {
		{ "connect", "host" }, { "resolve", "resolver" },
		{ FNGL_RENAME, "to" }, { FNGL_RENAME_DIR, "to" },
		{ FNGL_OTHER, "why" },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!strcmp(verb, keys[i][0]))
			return keys[i][1];
	return NULL;
}

static json_t *dump_act(const struct fngl_act *act)
{
	char access[FNGC_ACCESS_NAMES_SIZE];
	json_t *object = json_pack("{s:s, s:s}", "verb", act->verb, "target",
				   act->target);

	if (act->access)
		json_object_set_new(object, "access",
				    json_string(fngc_access_names(act->access,
								  access)));
	if (*act->more)
		json_object_set_new(object, key_of_more(act->verb) ?: "more",
				    json_string(act->more));
	return object;
}

json_t *fngl_dump(const struct fngl_acts *acts, const char *name)
{
	json_t *list = json_array();

	for (size_t i = 0; i < acts->nr; i++)
		json_array_append_new(list, dump_act(&acts->v[i]));
	return json_pack("{s:s, s:I, s:o}", "policy", name, "unkept",
			 (json_int_t)acts->unkept, "acts", list);
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool is_question(const struct fngl_act *act, const char *access,
			u32 *bits)
{
	struct fngc_query query;
	char reason[128];

	if (fngc_query_parse(act->verb, act->target, access, &query, reason,
			     sizeof(reason)) ||
	    (!strcmp(act->verb, "connect") && *query.host))
		return false;
	*bits = strcmp(act->verb, "open") ? 0 : query.access;
	return true;
}

/* One that the compiler takes for a name, or an address, whatever is behind it. */
static bool is_target(const char *verb, const char *target)
{
	u32 unused;

	return is_question(&(struct fngl_act) {
		.verb = verb, .target = target,
	}, NULL, &unused);
}

/* Whoever wrote it could have written more than it seems into a policy. */
static bool is_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

static bool is_address(const char *text)
{
	u8 address[16], family;

	return fngc_address_parse(text, address, &family);
}

/* What is asked may leave out what an act has. */
static bool more_is_valid(const struct fngl_act *act)
{
	if (!strcmp(act->verb, "connect"))
		return !*act->more || is_target("resolve", act->more);
	if (!strcmp(act->verb, "resolve"))
		return is_address(act->more);
	return strcmp(act->verb, "socket") || strchr(act->target, '/');
}

static bool is_valid(struct fngl_act *act, const char *access)
{
	if (!is_plain(act->target) || !is_plain(act->more))
		return false;
	if (!strcmp(act->verb, FNGL_OTHER))
		return true;
	if (!strcmp(act->verb, FNGL_RENAME) ||
	    !strcmp(act->verb, FNGL_RENAME_DIR))
		return is_target("open", act->target) &&
		       is_target("open", act->more);
	return is_question(act, access, &act->access) && more_is_valid(act);
}

/* A rule is written of what comes from elsewhere: it has to mean something here. */
static bool read_act(struct fngl_acts *acts, const json_t *object)
{
	struct fngl_act act = {
		.verb = text_of(object, "verb"),
		.target = text_of(object, "target"),
	};
	const char *key = act.verb ? key_of_more(act.verb) : NULL;

	act.more = (key ? text_of(object, key) : NULL) ?: "";
	if (!act.verb || !act.target ||
	    !is_valid(&act, text_of(object, "access")))
		return false;
	fngl_add(acts, &act);
	return true;
}

const char *fngl_read(struct fngl_acts *acts, const json_t *dump)
{
	const json_t *unkept = json_object_get(dump, "unkept");
	const json_t *list = json_object_get(dump, "acts");
	const char *name = text_of(dump, "policy");

	if (!name || !fngc_is_name(name, FNG_MAX_POLICY_NAME) ||
	    !json_is_array(list) || !json_is_integer(unkept) ||
	    json_integer_value(unkept) < 0)
		return NULL;
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!read_act(acts, json_array_get(list, i)))
			return NULL;
	if (__builtin_add_overflow(acts->unkept, json_integer_value(unkept),
				   &acts->unkept))
		acts->unkept = ~0ULL;
	return name;
}
