// SPDX-License-Identifier: MIT
/*
 * {a,b} and the characters of [...] that are more than a byte are written out:
 * each alternative becomes a pattern of its own.
 */
#include <compiler/glob.h>

/**
 * struct group - the first braces of a pattern
 * @open: offset of '{'
 * @close: offset of its '}'
 */
struct group {
	size_t open;
	size_t close;
};

/* Bytes of the piece at @p that a backslash or brackets keep together. */
static size_t piece_size(const char *p)
{
	const char *end = p + 1;

	if (*p == '\\')
		return p[1] ? 2 : 1;
	if (*p != '[')
		return 1;
	while (*end && *end != ']')
		end += *end == '\\' && end[1] ? 2 : 1;
	return *end ? end - p + 1 : 1;
}

/* NULL if the braces are balanced; *found says whether there are any. */
static const char *first_group(const char *text, struct group *group,
			       bool *found)
{
	size_t depth = 0;

	*found = false;
	for (size_t i = 0; text[i]; i += piece_size(text + i)) {
		if (text[i] == '{') {
			if (!depth++ && !*found)
				group->open = i;
		} else if (text[i] == '}') {
			if (!depth--)
				return "'}' without '{'";
			if (!depth && !*found) {
				group->close = i;
				*found = true;
			}
		}
	}
	return depth ? "'{' without '}'" : NULL;
}

static const char *splice(struct fngc_compile *c, const char *text,
			  const struct group *group, size_t start, size_t end)
{
	const char *part = fngc_sprintf(&c->arena, "%.*s%.*s%s",
					(int)group->open, text,
					(int)(end - start), text + start,
					text + group->close + 1);

	c->pattern_bytes += strlen(part);
	return part;
}

/* The texts between the commas of @group, each put between what is around. */
static void split_group(struct fngc_compile *c, const char *text,
			const struct group *group, const char **out,
			size_t *nr, size_t max)
{
	size_t start = group->open + 1, depth = 0, step;

	for (size_t i = start; i <= group->close; i += step) {
		bool end = i == group->close;

		step = piece_size(text + i);
		if (!end && text[i] == '{')
			depth++;
		else if (!end && text[i] == '}')
			depth--;
		if (!end && (text[i] != ',' || depth))
			continue;
		if (*nr < max)
			out[(*nr)] = splice(c, text, group, start, i);
		++*nr;
		start = i + 1;
	}
}

/* Bytes of the member of a class at @p. */
static size_t member_size(const char *p)
{
	size_t size = *p == '\\' && p[1] ? 2 : 1;

	while ((p[size - 1] & 0x80) && (p[size] & 0xc0) == 0x80)
		size++;
	return size;
}

/* A '-' that is escaped, or the first or last in its class, means itself. */
static bool is_range(const char *p, size_t i, size_t size)
{
	return p[i] == '-' && i > 1 && i + 1 < size - 1;
}

/*
 * [abé] is written as {[ab],é}. Classes that are negated or have a range that
 * is not ASCII stay: the glob parser explains.
 */
static bool rewrite_class(const char *p, size_t size, char *out)
{
	char ascii[256], *a = ascii, *o = out;
	bool wide = false, dash = false;

	if (p[1] == '^' || size > 128)
		return false;
	*o++ = '{';
	for (size_t i = 1, n; i < size - 1; i += n) {
		n = member_size(p + i);
		if (!(p[i + n - 1] & 0x80)) {
			a = mempcpy(a, p + i, n);
			dash = is_range(p, i, size);
			continue;
		}
		if (dash || is_range(p, i + n, size))
			return false;
		o = mempcpy(o, p + i, n);
		*o++ = ',';
		wide = true;
	}
	if (!wide)
		return false;
	if (a == ascii)
		o[-1] = '}';
	else
		o += sprintf(o, "[%.*s]}", (int)(a - ascii), ascii);
	*o = '\0';
	return true;
}

static bool has_wide_class(const char *text)
{
	const char *p = strchr(text, '[');

	for (; p && *p; p++) {
		if (*p & 0x80)
			return true;
	}
	return false;
}

static const char *rewrite_classes(struct fngc_compile *c, const char *text)
{
	char *out, *o;

	if (!has_wide_class(text))
		return text;
	o = out = fngc_alloc(&c->arena, strlen(text) * 4 + 1);
	for (size_t i = 0, n; text[i]; i += n) {
		n = piece_size(text + i);
		if (text[i] == '[' && n > 1 && rewrite_class(text + i, n, o))
			o += strlen(o);
		else
			o = mempcpy(o, text + i, n);
	}
	*o = '\0';
	return out;
}

static bool too_many(struct fngc_compile *c, const struct fngc_place *place)
{
	fngc_error(c, place, "write several rules",
		   "the braces stand for more than %u alternatives",
		   FNGC_MAX_ALTERNATIVES);
	return false;
}

/* Puts the alternatives of the first braces of list[at] in its place. */
static bool expand_one(struct fngc_compile *c, const char **list, size_t at,
		       size_t *nr, const struct group *group)
{
	const char *parts[FNGC_MAX_ALTERNATIVES];
	size_t more = 0;

	split_group(c, list[at], group, parts, &more, FNGC_MAX_ALTERNATIVES);
	if (*nr + more - 1 > FNGC_MAX_ALTERNATIVES)
		return false;
	memmove(list + at + more, list + at + 1,
		(*nr - at - 1) * sizeof(*list));
	memcpy(list + at, parts, more * sizeof(*list));
	*nr += more - 1;
	return true;
}

static const char *const *keep(struct fngc_compile *c, const char **list,
			       size_t nr)
{
	const char **kept = fngc_alloc(&c->arena, nr * sizeof(*kept));

	return memcpy(kept, list, nr * sizeof(*kept));
}

bool fngc_braces_expand(struct fngc_compile *c, const struct fngc_place *place,
			const char *pattern, const char *const **texts,
			size_t *nr)
{
	const char *list[FNGC_MAX_ALTERNATIVES], *bad;
	struct group group;
	bool found;

	list[0] = rewrite_classes(c, pattern);
	*nr = 1;
	bad = first_group(list[0], &group, &found);
	if (bad) {
		fngc_error(c, place, "write '\\{' or '\\}' for the character",
			   "%s in the pattern", bad);
		return false;
	}
	for (size_t done = 0; done < *nr;) {
		first_group(list[done], &group, &found);
		if (!found)
			done++;
		else if (!expand_one(c, list, done, nr, &group))
			return too_many(c, place);
	}
	*texts = keep(c, list, *nr);
	return true;
}
