// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "generate.h"
#include "glob.h"

#define MAX_ELEMENTS	10
#define ELEMENT_SIZE	40
#define MAX_DRAFTS	(REF_MAX_PATHS + REF_MAX_CGROUPS)
#define MAX_POOL	5

/**
 * struct draft - a pattern as elements, each of them balanced in itself
 * @nr: number of @element
 * @element: "/", a word, a wildcard, a class or braces
 */
struct draft {
	u32 nr;
	char element[MAX_ELEMENTS][ELEMENT_SIZE];
};

/**
 * struct sketch - the patterns of one policy while they are invented
 * @source: choices
 * @pool: words that most names are made of
 * @nr: number of @draft
 * @draft: patterns so far
 */
struct sketch {
	struct ref_source *source;
	const char *pool[MAX_POOL];
	u32 nr;
	struct draft draft[MAX_DRAFTS];
};

static const char *const words[] = {
	"a", "b", "ab", "c", "aa", "ba", "abc", "a.so", ".a", "-", "a-b",
	"@self", "x y", "a,b", "\xc3\xa9", "\xe6\x97\xa5", "\xf0\x9f\x98\x80",
	"a*", "b?", "[a]", "{b", "}", "a\\", "'", "\"", "#a", ": a", "!a", "^",
	"...",
};

static const char *const wildcards[] = { "*", "*", "**", "**", "?" };

static const char *const members[] = {
	"a", "b", "a-c", "b-b", "c", "\\]", "\\-", "\\^", "\\\\", "\\[", ",",
	"{", "}", "*", "?", "!", "+-9", "A-z", "\\a-\\c", ".", "^",
};

static const char *const wide_members[] = {
	"\xc3\xa9", "\xe6\x97\xa5", "\xf0\x9f\x98\x80", "\\\xc3\xa9",
};

/* A word as it is written in a pattern; more may be escaped than must be. */
static void add_word(struct sketch *k, char *out)
{
	const char *word = ref_chance(k->source, 10) ?
			   REF_PICK(k->source, words) :
			   REF_PICK(k->source, k->pool);

	out += strlen(out);
	for (; *word; word++) {
		bool first = (*word & 0xc0) != 0x80;

		if (strchr("*?[{}\\,", *word) ||
		    (first && ref_chance(k->source, 2)))
			*out++ = '\\';
		*out++ = *word;
	}
	*out = '\0';
}

/* Beside '-' only ASCII is taken, and '!' and ']' not at the start. */
static void add_class(struct sketch *k, char *out)
{
	bool negated = ref_chance(k->source, 40);
	u32 nr = ref_below(k->source, 3);

	strcat(out, negated ? "[^" : "[");
	if (ref_chance(k->source, 15))
		strcat(out, "-");
	strcat(out, ref_chance(k->source, 50) ? "a" : "b");
	while (nr--)
		strcat(out, REF_PICK(k->source, members));
	if (!negated && out[strlen(out) - 1] != '-' &&
	    ref_chance(k->source, 25))
		strcat(out, REF_PICK(k->source, wide_members));
	else if (ref_chance(k->source, 15))
		strcat(out, "-");
	strcat(out, "]");
}

static void add_simple(struct sketch *k, char *out)
{
	u32 kind = ref_below(k->source, 10);

	if (kind < 6)
		add_word(k, out);
	else if (kind < 9)
		strcat(out, REF_PICK(k->source, wildcards));
	else
		add_class(k, out);
}

/* Alternatives may be empty, have a '/', or braces of their own. */
static void add_braces(struct sketch *k, char *out, u32 depth)
{
	u32 nr = 1 + ref_below(k->source, 3);

	strcat(out, "{");
	for (u32 i = 0; i < nr && strlen(out) < ELEMENT_SIZE / 2; i++) {
		strcat(out, i ? "," : "");
		if (ref_chance(k->source, 20))
			continue;
		if (ref_chance(k->source, 15))
			strcat(out, "/");
		add_simple(k, out);
		if (depth && ref_chance(k->source, 20))
			add_braces(k, out, depth - 1);
		else if (ref_chance(k->source, 15))
			strcat(out, "/a");
	}
	strcat(out, "}");
}

/* Room for the longest of each kind, so that no element is ever cut. */
static void add_element(struct sketch *k, struct draft *draft)
{
	char text[4 * ELEMENT_SIZE] = "";

	if (ref_chance(k->source, 10))
		add_braces(k, text, 1);
	else
		add_simple(k, text);
	if (draft->nr < MAX_ELEMENTS && strlen(text) < ELEMENT_SIZE)
		strcpy(draft->element[draft->nr++], text);
}

static void invent(struct sketch *k, struct draft *draft)
{
	u32 components = 1 + ref_below(k->source, 4);

	draft->nr = 0;
	while (components-- && draft->nr < MAX_ELEMENTS) {
		strcpy(draft->element[draft->nr++], "/");
		add_element(k, draft);
		while (ref_chance(k->source, 25))
			add_element(k, draft);
	}
}

static void cut(struct draft *draft, u32 at)
{
	draft->nr--;
	memmove(draft->element[at], draft->element[at + 1],
		(draft->nr - at) * ELEMENT_SIZE);
}

/* An earlier pattern with one element other, gone or more. */
static void vary(struct sketch *k, struct draft *draft)
{
	struct draft other = { 0 };
	u32 at;

	*draft = k->draft[ref_below(k->source, k->nr)];
	at = ref_below(k->source, draft->nr);
	add_element(k, &other);
	switch (ref_below(k->source, 4)) {
	case 0:
		if (other.nr)
			strcpy(draft->element[at], other.element[0]);
		break;
	case 1:
		cut(draft, at);
		break;
	case 2:
		add_element(k, draft);
		break;
	default:
		if (draft->nr < MAX_ELEMENTS)
			strcpy(draft->element[draft->nr++], "/");
		add_element(k, draft);
	}
}

static bool join(const struct draft *draft, char pattern[REF_PATTERN_SIZE])
{
	size_t len = 0;

	*pattern = '\0';
	for (u32 i = 0; i < draft->nr; i++) {
		if (len + strlen(draft->element[i]) >= REF_PATTERN_SIZE)
			return false;
		strcpy(pattern + len, draft->element[i]);
		len += strlen(pattern + len);
	}
	return true;
}

/* A component that can be in a path: not empty, "." or "..". */
static bool component_valid(const char *p, const char *end)
{
	u32 dots = 0;

	for (const char *q = p; q < end; q++) {
		q += *q == '\\';
		if (*q != '.')
			return true;
		dots++;
	}
	return dots > 2;
}

/* The shape that the language asks for, of a pattern without braces. */
static bool shape_valid(const char *p)
{
	const char *end;

	if (!strcmp(p, "/"))
		return true;
	if (*p != '/')
		return false;
	while (*p) {
		for (end = ++p; *end && *end != '/';)
			end = ref_glob_piece_end(end);
		if (!component_valid(p, end))
			return false;
		p = end;
	}
	return true;
}

static bool valid(const char *pattern)
{
	struct ref_texts texts = { 0 };

	if (!ref_glob_expand(pattern, &texts))
		return false;
	for (u32 i = 0; i < texts.nr; i++) {
		if (!shape_valid(texts.text[i]))
			return false;
	}
	return true;
}

static void add_pattern(struct sketch *k, char pattern[REF_PATTERN_SIZE])
{
	struct draft *draft = &k->draft[k->nr];

	for (u32 tries = 0; tries < 8; tries++) {
		if (k->nr && ref_chance(k->source, 60))
			vary(k, draft);
		else
			invent(k, draft);
		if (join(draft, pattern) && valid(pattern)) {
			k->nr++;
			return;
		}
	}
	draft->nr = 2;
	strcpy(draft->element[0], "/");
	strcpy(draft->element[1], "a");
	join(draft, pattern);
	k->nr++;
}

/* Some bits, often one, never none. */
static u32 some_bits(struct ref_source *source)
{
	switch (ref_below(source, 4)) {
	case 0:
		return 1u << ref_below(source, 6);
	case 1:
		return REF_FILE_BITS;
	default:
		return 1 + ref_below(source, REF_FILE_BITS);
	}
}

static void choose_access(struct sketch *k, struct ref_path_rule *rule)
{
	u32 bits = some_bits(k->source);

	rule->list = (u8)ref_below(k->source, REF_NR_LISTS);
	if (rule->class == REF_UNIX)
		rule->list = ref_chance(k->source, 60) ? REF_LIST_ALLOW :
							REF_LIST_DENY;
	if (rule->class != REF_FILES)
		return;
	switch (ref_below(k->source, 5)) {
	case 0:
	case 1:
		rule->deny = bits;
		break;
	case 2:
		rule->deny = some_bits(k->source) & ~bits;
		/* fallthrough */
	default:
		rule->allow = bits;
	}
}

/* Longer patterns stay paths: with what is put before them, there is room. */
#define MAX_PEER	90

/*
 * Some names of sockets are not paths of the function's own. An abstract one need
 * not look like a path, but is short and not empty, as braces could make it.
 */
static void make_peer(struct sketch *k, char pattern[REF_PATTERN_SIZE])
{
	char path[MAX_PEER + 1];
	bool like_path = *pattern != '/' || !pattern[1] ||
			 pattern[1] == '{' || ref_chance(k->source, 50);

	if (strlen(pattern) > MAX_PEER || ref_chance(k->source, 40))
		return;
	strcpy(path, pattern);
	if (ref_chance(k->source, 50))
		sprintf(pattern, "host:%s", path);
	else
		sprintf(pattern, "@%s", like_path ? path : path + 1);
}

static u8 choose_class(struct sketch *k)
{
	if (ref_chance(k->source, 25))
		return REF_UNIX;
	return ref_chance(k->source, 35) ? REF_EXEC : REF_FILES;
}

static void add_rules(struct sketch *k, struct ref_policy *policy)
{
	u32 nr = ref_below(k->source, REF_MAX_PATHS + 1);

	for (u32 i = 0; i < nr; i++) {
		u8 class = choose_class(k);
		struct ref_path_rule *rule = &policy->paths[policy->nr_paths];

		if (!ref_section_present(&policy->section[class]))
			continue;
		rule->class = class;
		choose_access(k, rule);
		add_pattern(k, rule->pattern);
		if (class == REF_UNIX)
			make_peer(k, rule->pattern);
		policy->nr_paths++;
	}
}

/* Some start of a pattern becomes a parameter; not the half of a character. */
static void add_root(struct sketch *k, struct ref_policy *policy)
{
	const char *pattern;
	size_t len;

	if (!policy->nr_paths || !ref_chance(k->source, 25))
		return;
	pattern = policy->paths[ref_below(k->source, policy->nr_paths)].pattern;
	len = 1 + ref_below(k->source, (u32)strlen(pattern));
	while ((pattern[len] & 0xc0) == 0x80)
		len++;
	memcpy(policy->root, pattern, len);
	policy->root[len] = '\0';
}

void ref_generate_paths(struct ref_source *source, struct ref_policy *policy)
{
	struct sketch k = { .source = source };

	for (u32 i = 0; i < MAX_POOL; i++)
		k.pool[i] = i < 2 ? words[i] : REF_PICK(source, words);
	add_rules(&k, policy);
	add_root(&k, policy);
	policy->nr_cgroups = ref_below(source, REF_MAX_CGROUPS + 1);
	for (u32 i = 0; i < policy->nr_cgroups; i++)
		add_pattern(&k, policy->cgroups[i]);
}
