// SPDX-License-Identifier: MIT
/*
 * What names are like that change with each run.
 */
#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include <learn/shape.h>

/* Where something is looked for: in which directories, and what else is asked. */
enum {
	IN_PROC = 1,
	IN_TEMPORARY = 2,
	IN_PYCACHE = 4,
	ONLY_READ = 8,
	TRANSIENT = 16,
	MIXED = 32,
	IN_COMMON = 64,
};

/**
 * struct kind - a kind of name, or of part of one
 * @where: flags of the above; TRANSIENT if it has to be made and removed again,
 *	MIXED if it has to have both digits and letters, or letters of both cases
 * @keep: characters at its beginning that stay
 * @regex: extended regular expression
 * @pattern: takes its place; NULL for a question mark for each letter and digit
 * @reason: for readers
 */
struct kind {
	u32 where;
	size_t keep;
	const char *regex;
	const char *pattern;
	const char *reason;
};

#define HEX(nr)	"[0-9a-f]{" #nr "}"

/* Of several that begin at the same place, the first counts. */
static const struct kind kinds[] = {
	{ IN_PROC, 0, "^[0-9]+$", "[0-9]*",
	  "numbers of processes, threads and descriptors" },
	{ 0, 0, HEX(8) "-" HEX(4) "-" HEX(4) "-" HEX(4) "-" HEX(12), NULL,
	  "uuids" },
	{ IN_PYCACHE, 0, "^.*\\.pyc$", "*.pyc", "what Python compiles" },
	{ IN_PYCACHE, 0, "^.*\\.pyc\\.[0-9]+$", "*.pyc.[0-9]*",
	  "what Python compiles" },
	{ MIXED, 0, "[0-9a-f]{12,}", NULL, "ids in hexadecimal" },
	{ IN_TEMPORARY, 3, "^tmp[0-9a-z_]{8}", "????????", "temporary names" },
	{ IN_TEMPORARY | TRANSIENT, 0, "^[0-9a-z_]{8}$", "????????",
	  "temporary names" },
	{ IN_TEMPORARY | MIXED, 1, "[._-][0-9A-Za-z]{6,}$", "*",
	  "temporary names" },
	{ IN_TEMPORARY, 0, "[0-9]{3,}", "[0-9]*", "numbers that change" },
	{ ONLY_READ, 0, "[0-9]+(\\.[0-9]+)+", "[0-9]*", "versions" },
};

#define NR_KINDS	(sizeof(kinds) / sizeof(*kinds))

static regex_t *compiled(size_t kind)
{
	static regex_t regexes[NR_KINDS];
	static bool done;

	for (size_t i = 0; !done && i < NR_KINDS; i++)
		if (regcomp(&regexes[i], kinds[i].regex, REG_EXTENDED))
			abort();
	done = true;
	return &regexes[kind];
}

static bool starts_with(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

static u32 how_of(u32 access)
{
	const u32 transient = FNG_ACCESS_CREATE | FNG_ACCESS_DELETE;

	return (access & ~FNG_ACCESS_READ ? 0 : ONLY_READ) |
	       ((access & transient) == transient ? TRANSIENT : 0);
}

/* Where what is beside something may be anything: secrets, devices, others' files. */
static bool is_common(const char *name)
{
	static const char *const dirs[] = {
		"/etc/", "/sys/", "/dev/", "/run/", "/root/", "/home/",
	};

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		if (starts_with(name, dirs[i]))
			return true;
	return false;
}

static u32 place_of(const char *name, u32 access)
{
	static const char *const temporary[] = {
		"/tmp/", "/var/tmp/", "/dev/shm/", "@",
	};

	if (starts_with(name, FNG_PEER_HOST))
		name += strlen(FNG_PEER_HOST);
	for (size_t i = 0; i < sizeof(temporary) / sizeof(*temporary); i++)
		if (starts_with(name, temporary[i]))
			return how_of(access) | IN_TEMPORARY;
	if (starts_with(name, "/proc/"))
		return IN_PROC;
	return is_common(name) ? IN_COMMON : how_of(access);
}

static bool is_mixed(const char *text, size_t len)
{
	bool digit = false, lower = false, upper = false;

	for (size_t i = 0; i < len; i++) {
		digit |= isdigit((unsigned char)text[i]) != 0;
		lower |= islower((unsigned char)text[i]) != 0;
		upper |= isupper((unsigned char)text[i]) != 0;
	}
	return digit + lower + upper > 1;
}

static bool applies(const struct kind *kind, u32 where, const char *text,
		    const regmatch_t *match)
{
	const u32 places = kind->where & ~(u32)MIXED;
	size_t keep = kind->keep;

	if (where & (IN_COMMON | IN_PROC) && !(kind->where & where))
		return false;
	return (places & where) == places &&
	       (!(kind->where & MIXED) ||
		is_mixed(text + match->rm_so + keep,
			 match->rm_eo - match->rm_so - keep));
}

/* The first part of a component that is of some kind; NULL if there is none. */
static const struct kind *find_kind(const char *text, bool begins, u32 where,
				    regmatch_t *match)
{
	const struct kind *found = NULL;
	regmatch_t one;

	for (size_t i = 0; i < NR_KINDS; i++) {
		if (regexec(compiled(i), text, 1, &one,
			    begins ? 0 : REG_NOTBOL) ||
		    !applies(&kinds[i], where, text, &one) ||
		    (found && one.rm_so >= match->rm_so))
			continue;
		found = &kinds[i];
		*match = one;
	}
	return found;
}

static void put_pattern(FILE *out, const struct kind *kind, const char *text,
			size_t len)
{
	if (kind->pattern)
		fputs(kind->pattern, out);
	for (size_t i = 0; !kind->pattern && i < len; i++)
		fputc(text[i] == '-' ? '-' : '?', out);
}

static void put_literal(FILE *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (strchr("?*[]{}\\", text[i]))
			fputc('\\', out);
		fputc(text[i], out);
	}
}

/* Returns the last reason for not writing it as it is, or NULL. */
static const char *put_component(FILE *out, const char *text, u32 where)
{
	const struct kind *kind;
	const char *reason = NULL;
	bool begins = true;
	regmatch_t match;

	while (*text) {
		kind = find_kind(text, begins, where, &match);
		if (!kind)
			break;
		put_literal(out, text, match.rm_so + kind->keep);
		put_pattern(out, kind, text + match.rm_so,
			    match.rm_eo - match.rm_so);
		reason = kind->reason;
		text += match.rm_eo;
		begins = false;
	}
	put_literal(out, text, strlen(text));
	return reason;
}

static const char *finish(struct fngc_arena *arena, FILE *out, char **text)
{
	const char *pattern;

	if (fclose(out))
		abort();
	pattern = fngc_strdup(arena, *text);
	free(*text);
	return pattern;
}

const char *fngl_literal(struct fngc_arena *arena, const char *name)
{
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	put_literal(out, name, strlen(name));
	return finish(arena, out, &text);
}

struct fngl_shape fngl_shape(struct fngc_arena *arena, const char *name,
			     u32 access)
{
	u32 where = place_of(name, access);
	char *copy = strdup(name), *at = copy, *component;
	struct fngl_shape shape = { NULL, NULL };
	const char *reason;
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	while ((component = strsep(&at, "/"))) {
		reason = put_component(out, component, where);
		shape.reason = reason ?: shape.reason;
		if (!strcmp(component, "__pycache__"))
			where |= IN_PYCACHE;
		if (at)
			fputc('/', out);
	}
	free(copy);
	shape.pattern = finish(arena, out, &text);
	return shape;
}

/* The same of siblings. */
static bool is_shared_by_all(const char *pattern, size_t len)
{
	if (is_common(pattern) || starts_with(pattern, "/proc/"))
		return true;
	return len < 2 || !memchr(pattern + 1, '/', len - 1);
}

const char *fngl_siblings(struct fngc_arena *arena, const char *pattern)
{
	const char *slash = strrchr(pattern, '/');
	const char *dot = slash ? strrchr(slash + 1, '.') : NULL;

	if (*pattern != '/' || !dot || dot == slash + 1 ||
	    strpbrk(dot, "?*[]{}\\") ||
	    is_shared_by_all(pattern, slash - pattern))
		return NULL;
	return fngc_sprintf(arena, "%.*s/*%s", (int)(slash - pattern), pattern,
			    dot);
}
