// SPDX-License-Identifier: MIT
#include <compiler/glob.h>

/* Bytes of the longest name of a device. */
#define MAX_DEVICE_NAME	15

/**
 * enum subject - what a pattern is matched with
 * @PATHS: paths
 * @PEERS: Unix sockets
 * @DEVICES: names of network devices
 */
enum subject {
	PATHS,
	PEERS,
	DEVICES
};

/**
 * struct parser - one pattern without braces
 * @c: compilation
 * @p: what is left of it
 * @items: items so far
 * @nr: number of @items
 * @subject: what it is matched with
 * @bad: what is wrong with it, or NULL
 * @help: what to do about it
 */
struct parser {
	struct fngc_compile *c;
	const char *p;
	struct fngc_item *items;
	size_t nr;
	enum subject subject;
	const char *bad;
	const char *help;
};

static struct fngc_item *push(struct parser *parser, u8 kind)
{
	struct fngc_item *item = &parser->items[parser->nr++];

	item->kind = kind;
	return item;
}

static void fail(struct parser *parser, const char *bad, const char *help)
{
	if (parser->bad)
		return;
	parser->bad = bad;
	parser->help = help;
}

/* One character of a class; -1 at its end or after failing. */
static int class_char(struct parser *parser)
{
	unsigned char byte = *parser->p;

	if (!byte || byte == ']')
		return -1;
	if (byte == '[')
		fail(parser, "'[' inside '[...]'", "write '\\['");
	if (byte == '\\') {
		byte = *++parser->p;
		if (!byte)
			fail(parser, "'\\' at the end of the pattern", NULL);
	}
	if (byte == '/')
		fail(parser, "'/' inside '[...]' can never match", NULL);
	if (byte & 0x80)
		fail(parser, "beyond ASCII, only single characters are allowed "
			     "in '[...]', and not after '^'",
		     "write {a,b} for such characters");
	if (parser->bad)
		return -1;
	parser->p++;
	return byte;
}

static void class_members(struct parser *parser, struct fngc_byteset *set)
{
	int first, last;

	while ((first = class_char(parser)) >= 0) {
		last = first;
		if (parser->p[0] == '-' && parser->p[1] != ']') {
			parser->p++;
			last = class_char(parser);
		}
		if (last < first)
			fail(parser, "a range in '[...]' is upside down", NULL);
		for (; first <= last; first++)
			fngc_byteset_add(set, first);
	}
}

/* Turns a set of ASCII into the characters that are not in it. */
static void invert(struct fngc_byteset *set)
{
	for (size_t i = 0; i < 4; i++)
		set->word[i] = ~set->word[i];
}

static void parse_class(struct parser *parser)
{
	struct fngc_byteset *set = fngc_alloc(&parser->c->arena, sizeof(*set));
	bool negated = *++parser->p == '^';

	parser->p += negated;
	if (*parser->p == '!')
		fail(parser, "'[!' is not how a class is negated",
		     "write '[^...]', or '[\\!...]' for the character");
	if (*parser->p == ']')
		fail(parser, "'[...]' is empty", "write '\\]' for the character");
	class_members(parser, set);
	if (*parser->p != ']')
		fail(parser, "'[' without ']'", "write '\\[' for the character");
	else
		parser->p++;
	if (negated)
		invert(set);
	set->word['/' / 64] &= ~(1ull << ('/' % 64));
	push(parser, FNGC_CHAR)->set = set;
}

static void parse_question(struct parser *parser)
{
	struct fngc_byteset *set = fngc_alloc(&parser->c->arena, sizeof(*set));

	fngc_byteset_add(set, '/');
	invert(set);
	push(parser, FNGC_CHAR)->set = set;
	parser->p++;
}

/* Length of the '/' that is written here, escaped or not; or 0. */
static size_t slash_size(const char *p)
{
	if (*p == '/')
		return 1;
	return p[0] == '\\' && p[1] == '/' ? 2 : 0;
}

static void parse_star(struct parser *parser)
{
	bool start = parser->nr &&
		     parser->items[parser->nr - 1].kind == FNGC_BYTE &&
		     parser->items[parser->nr - 1].byte == '/';
	size_t nr = strspn(parser->p, "*");
	size_t slash = slash_size(parser->p + nr);
	bool end = !parser->p[nr];

	/* After a DIRS a component starts too: it swallowed its '/'. */
	start |= parser->nr && parser->items[parser->nr - 1].kind == FNGC_DIRS;
	parser->p += nr;
	if (nr == 1)
		push(parser, start && (end || slash) ? FNGC_STAR1 : FNGC_STAR);
	else if (start && slash)
		parser->p += slash, push(parser, FNGC_DIRS);
	else
		push(parser, start && end ? FNGC_ANY1 : FNGC_ANY);
}

static void parse_byte(struct parser *parser)
{
	if (*parser->p == '\\' && !*++parser->p) {
		fail(parser, "'\\' at the end of the pattern", NULL);
		return;
	}
	push(parser, FNGC_BYTE)->byte = *parser->p++;
}

static bool is_byte(const struct parser *parser, size_t i, char byte)
{
	return i < parser->nr && parser->items[i].kind == FNGC_BYTE &&
	       parser->items[i].byte == (u8)byte;
}

static void check_component(struct parser *parser, size_t start, size_t end)
{
	size_t size = end - start;

	if (!size && end < parser->nr)
		fail(parser, "'//' never occurs in a path", NULL);
	if ((size == 1 && is_byte(parser, start, '.')) ||
	    (size == 2 && is_byte(parser, start, '.') &&
	     is_byte(parser, start + 1, '.')))
		fail(parser, "'.' and '..' never occur in a path",
		     "write the path that they lead to");
}

static bool ends_in_slash(const struct parser *parser)
{
	return is_byte(parser, parser->nr - 1, '/') ||
	       parser->items[parser->nr - 1].kind == FNGC_DIRS;
}

/* A pattern that no path of the kernel can ever match is a mistake. */
static void check_path(struct parser *parser, size_t root)
{
	size_t start = root + 1;

	for (size_t i = start; i <= parser->nr; i++) {
		bool dirs = i < parser->nr &&
			    parser->items[i].kind == FNGC_DIRS;

		if (i < parser->nr && !is_byte(parser, i, '/') && !dirs)
			continue;
		if (!dirs)
			check_component(parser, start, i);
		start = i + 1;
	}
	if (parser->nr > root + 1 && ends_in_slash(parser))
		fail(parser, "a path never ends in '/'",
		     "leave it out for the directory itself, add '**' for what "
		     "is below it");
	if (parser->nr > FNG_MAX_PATH)
		fail(parser, "the pattern is longer than any path", NULL);
}

/* An abstract name is any bytes, of which the pattern's first is not one. */
static void check_abstract(struct parser *parser)
{
	size_t most = FNG_MAX_ABSTRACT + 1;

	for (size_t i = 1; i < parser->nr; i++)
		most += parser->items[i].kind > FNGC_CHAR;
	if (parser->nr == 1)
		fail(parser, "there is no name behind the '@'", NULL);
	if (parser->nr > most)
		fail(parser, "the pattern is longer than any abstract name",
		     NULL);
}

static void check_device(struct parser *parser)
{
	size_t least = 0;

	for (size_t i = 0; i < parser->nr; i++) {
		least += parser->items[i].kind <= FNGC_CHAR;
		if (is_byte(parser, i, '/') || is_byte(parser, i, ':') ||
		    is_byte(parser, i, ' '))
			fail(parser, "no device has '/', ':' or a blank in its "
				     "name", NULL);
		if (parser->items[i].kind >= FNGC_ANY)
			fail(parser, "'**' is for paths",
			     "write '*': a device's name has no components");
	}
	if (least > MAX_DEVICE_NAME)
		fail(parser, "the pattern is longer than any name of a device",
		     "a name has at most 15 bytes");
}

static_assert(MAX_DEVICE_NAME == 15, "message");

static bool has_prefix(const struct parser *parser, const char *prefix)
{
	size_t i = 0;

	while (prefix[i] && is_byte(parser, i, prefix[i]))
		i++;
	return !prefix[i];
}

static void check_shape(struct parser *parser)
{
	size_t host = strlen(FNG_PEER_HOST);

	bool peer = parser->subject == PEERS;

	if (parser->subject == DEVICES)
		check_device(parser);
	else if (is_byte(parser, 0, '/'))
		check_path(parser, 0);
	else if (peer && is_byte(parser, 0, FNG_PEER_ABSTRACT))
		check_abstract(parser);
	else if (peer && has_prefix(parser, FNG_PEER_HOST "/"))
		check_path(parser, host);
	else
		fail(parser, peer ?
		     "a pattern must start with '/', 'host:/' or '@'" :
		     "a pattern must start with '/'", NULL);
}

static void parse_items(struct parser *parser)
{
	while (*parser->p && !parser->bad) {
		if (*parser->p == '*')
			parse_star(parser);
		else if (*parser->p == '?')
			parse_question(parser);
		else if (*parser->p == '[')
			parse_class(parser);
		else
			parse_byte(parser);
	}
	if (!parser->bad)
		check_shape(parser);
}

static bool parse_text(struct fngc_compile *c, const struct fngc_place *place,
		       const char *text, enum subject subject,
		       struct fngc_glob *glob)
{
	struct parser parser = { .c = c, .p = text, .subject = subject };

	c->pattern_bytes += strlen(text);
	if (c->pattern_bytes > FNGC_MAX_PATTERN_BYTES) {
		fngc_error(c, place, NULL,
			   "the patterns of the policy are longer than %u MiB, "
			   "braces written out", FNGC_MAX_PATTERN_BYTES >> 20);
		return false;
	}
	parser.items = fngc_alloc(&c->arena,
				  (strlen(text) + 1) * sizeof(*parser.items));
	parse_items(&parser);
	if (parser.bad) {
		fngc_error(c, place, parser.help, "%s", parser.bad);
		return false;
	}
	glob->items = parser.items;
	glob->nr = parser.nr;
	return true;
}

static bool parse_glob(struct fngc_compile *c, const struct fngc_place *place,
		       const char *pattern, enum subject subject,
		       const struct fngc_glob **globs, size_t *nr)
{
	const char *const *texts;
	struct fngc_glob *list;

	if (!*pattern) {
		fngc_error(c, place, NULL, "the pattern is empty");
		return false;
	}
	if (strlen(pattern) > FNGC_MAX_ITEMS) {
		fngc_error(c, place, NULL,
			   "the pattern is longer than %u bytes",
			   FNGC_MAX_ITEMS);
		return false;
	}
	if (!fngc_braces_expand(c, place, pattern, &texts, nr))
		return false;
	list = fngc_alloc(&c->arena, *nr * sizeof(*list));
	for (size_t i = 0; i < *nr; i++) {
		if (!parse_text(c, place, texts[i], subject, &list[i]))
			return false;
	}
	*globs = list;
	return true;
}

bool fngc_glob_parse(struct fngc_compile *c, const struct fngc_place *place,
		     const char *pattern, const struct fngc_glob **globs,
		     size_t *nr)
{
	return parse_glob(c, place, pattern, PATHS, globs, nr);
}

bool fngc_glob_parse_peer(struct fngc_compile *c,
			  const struct fngc_place *place, const char *pattern,
			  const struct fngc_glob **globs, size_t *nr)
{
	return parse_glob(c, place, pattern, PEERS, globs, nr);
}

bool fngc_glob_parse_device(struct fngc_compile *c,
			    const struct fngc_place *place, const char *pattern,
			    const struct fngc_glob **globs, size_t *nr)
{
	return parse_glob(c, place, pattern, DEVICES, globs, nr);
}

const char *fngc_glob_literal(struct fngc_compile *c,
			      const struct fngc_glob *glob)
{
	char *text = fngc_alloc(&c->arena, glob->nr + 1);

	for (size_t i = 0; i < glob->nr; i++) {
		if (glob->items[i].kind != FNGC_BYTE)
			return NULL;
		text[i] = glob->items[i].byte;
	}
	return text;
}
