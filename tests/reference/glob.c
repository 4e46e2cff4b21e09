// SPDX-License-Identifier: MIT
/*
 * Globs by recursion over their text: slow, and short enough to be believed.
 */
#include <stdio.h>

#include "glob.h"

/**
 * struct ask - what is asked about a pattern without braces
 * @begins: the text is only a beginning: whatever follows will do
 * @rests: collect here what would have to follow, and go on trying
 */
struct ask {
	bool begins;
	struct ref_texts *rests;
};

static bool match(const struct ask *ask, const char *p, const char *s,
		  bool fresh);

size_t ref_char_size(const char *text)
{
	const u8 *p = (const u8 *)text;
	size_t size = p[0] < 0xc2 || p[0] > 0xf4 ? 1 :
		      p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	for (size_t i = 1; i < size; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 1;
	}
	return size;
}

const char *ref_glob_piece_end(const char *p)
{
	if (*p == '\\')
		return p + 1 + ref_char_size(p + 1);
	if (*p == '*')
		return p + strspn(p, "*");
	if (*p != '[')
		return p + ref_char_size(p);
	for (p++; *p != ']'; p++) {
		if (*p == '\\')
			p++;
	}
	return p + 1;
}

/* The member of a class at *p, behind which *p is moved. */
static const char *class_member(const char **p, size_t *size)
{
	const char *member;

	*p += **p == '\\';
	member = *p;
	*size = ref_char_size(member);
	*p += *size;
	return member;
}

static bool class_has(const char *p, const char *c, size_t size)
{
	while (*p != ']') {
		size_t len;
		const char *first = class_member(&p, &len), *last = first;

		if (*p == '-' && p[1] != ']') {
			p++;
			last = class_member(&p, &len);
		}
		if (size == 1 && len == 1 && (u8)*c >= (u8)*first &&
		    (u8)*c <= (u8)*last)
			return true;
		if (size > 1 && size == len && !memcmp(c, first, len))
			return true;
	}
	return false;
}

/* The '?' or the class at @p stands for the character at @c. */
static bool stands_for(const char *p, const char *c, size_t size)
{
	if (*c == '/')
		return false;
	if (*p == '?')
		return true;
	if (p[1] == '^')
		return !class_has(p + 2, c, size);
	return class_has(p + 1, c, size);
}

/* A byte that is not ASCII may be taken alone: names need not be UTF-8. */
static bool match_char(const struct ask *ask, const char *p, const char *s)
{
	const char *after = ref_glob_piece_end(p);
	size_t size = ref_char_size(s);

	if (!*s)
		return false;
	if (stands_for(p, s, size) && match(ask, after, s + size, false))
		return true;
	return size > 1 && stands_for(p, s, 1) &&
	       match(ask, after, s + 1, false);
}

static bool match_star(const struct ask *ask, const char *p, const char *s,
		       bool fresh)
{
	bool alone = fresh && (!p[1] || p[1] == '/');

	if (!alone && match(ask, p + 1, s, false))
		return true;
	for (; *s && *s != '/'; s++) {
		if (match(ask, p + 1, s + 1, false))
			return true;
	}
	return false;
}

/* As a component in the middle: no or more directories. */
static bool match_directories(const struct ask *ask, const char *after,
			      const char *s)
{
	if (match(ask, after, s, true))
		return true;
	for (; *s; s++) {
		if (*s == '/' && match(ask, after, s + 1, true))
			return true;
	}
	return false;
}

static bool match_stars(const struct ask *ask, const char *p, const char *s,
			bool fresh)
{
	const char *after = ref_glob_piece_end(p);

	if (fresh && *after == '/')
		return match_directories(ask, after + 1, s);
	if (!(fresh && !*after) && match(ask, after, s, false))
		return true;
	for (; *s; s++) {
		if (match(ask, after, s + 1, false))
			return true;
	}
	return false;
}

static bool match_literal(const struct ask *ask, const char *p, const char *s)
{
	p += *p == '\\';
	return *p == *s && match(ask, p + 1, s + 1, *p == '/');
}

static bool found_rest(const struct ask *ask, const char *p)
{
	struct ref_texts *rests = ask->rests;

	if (!rests)
		return true;
	if (rests->nr < REF_MAX_ALTERNATIVES)
		strcpy(rests->text[rests->nr++], p);
	return false;
}

/* @fresh: a component begins here. */
static bool match(const struct ask *ask, const char *p, const char *s,
		  bool fresh)
{
	if (!*s && ask->begins)
		return found_rest(ask, p);
	if (!*p)
		return !*s;
	if (p[0] == '*' && p[1] == '*')
		return match_stars(ask, p, s, fresh);
	if (*p == '*')
		return match_star(ask, p, s, fresh);
	if (*p == '?' || *p == '[')
		return match_char(ask, p, s);
	return match_literal(ask, p, s);
}

/* The first '{' of a pattern that is one, or NULL. */
static const char *find_open(const char *p)
{
	while (*p && *p != '{')
		p = ref_glob_piece_end(p);
	return *p ? p : NULL;
}

/* The ',' or '}' that ends the alternative at @p. */
static const char *alternative_end(const char *p)
{
	u32 depth = 0;

	for (;; p = ref_glob_piece_end(p)) {
		if (!depth && (*p == ',' || *p == '}'))
			return p;
		if (*p == '{')
			depth++;
		else if (*p == '}')
			depth--;
	}
}

bool ref_glob_expand(const char *pattern, struct ref_texts *texts)
{
	const char *open = find_open(pattern), *close, *at, *end;
	char text[REF_PATTERN_SIZE];

	if (!open) {
		if (texts->nr == REF_MAX_ALTERNATIVES)
			return false;
		strcpy(texts->text[texts->nr++], pattern);
		return true;
	}
	for (close = open; *close != '}'; close = alternative_end(close + 1))
		;
	for (at = open + 1; at <= close; at = end + 1) {
		end = alternative_end(at);
		snprintf(text, sizeof(text), "%.*s%.*s%s",
			 (int)(open - pattern), pattern, (int)(end - at), at,
			 close + 1);
		if (!ref_glob_expand(text, texts))
			return false;
	}
	return true;
}

static bool ask_all(const struct ask *ask, const char *pattern,
		    const char *text)
{
	struct ref_texts texts;

	if (!find_open(pattern))
		return match(ask, pattern, text, false);
	texts.nr = 0;
	ref_glob_expand(pattern, &texts);
	for (u32 i = 0; i < texts.nr; i++) {
		if (match(ask, texts.text[i], text, false))
			return true;
	}
	return false;
}

bool ref_glob_matches(const char *pattern, const char *text)
{
	const struct ask ask = { 0 };

	return ask_all(&ask, pattern, text);
}

bool ref_glob_reaches(const char *pattern, const char *beginning)
{
	const struct ask ask = { .begins = true };

	return ask_all(&ask, pattern, beginning);
}

void ref_glob_rests(const char *pattern, const char *beginning,
		    struct ref_texts *rests)
{
	const struct ask ask = { .begins = true, .rests = rests };

	ask_all(&ask, pattern, beginning);
}
