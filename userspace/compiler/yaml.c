// SPDX-License-Identifier: MIT
/*
 * libfyaml's events become our tree. Aliases, anchors and tags are seen as
 * events and refused, so nothing is ever expanded.
 */
#include <libfyaml.h>
#include <stdlib.h>

#include <compiler/model.h>
#include <compiler/text.h>

#define PARSE_FLAGS	(FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_JSON_AUTO | \
			 FYPCF_DEFAULT_VERSION_1_2)

/**
 * struct reader - state while events arrive
 * @c: compilation
 * @source: file
 * @root: document's root, once seen
 * @stack: open lists and mappings
 * @key: per level of @stack: key that waits for its value
 * @depth: levels in use
 * @nr_nodes: nodes so far
 * @nr_documents: documents so far
 * @failed: an error was reported
 */
struct reader {
	struct fngc_compile *c;
	struct fngc_source *source;
	struct fngc_node *root;
	struct fngc_node *stack[FNGC_MAX_DEPTH];
	struct fngc_node *key[FNGC_MAX_DEPTH];
	u32 depth;
	u32 nr_nodes;
	u32 nr_documents;
	bool failed;
};

static struct fngc_place event_place(struct reader *r, struct fy_event *event)
{
	const struct fy_mark *start = fy_event_start_mark(event);
	const struct fy_mark *end = fy_event_end_mark(event);
	struct fngc_place place = { .source = r->source, .width = 1 };

	if (!start)
		return place;
	place.line = start->line + 1;
	place.column = start->column + 1;
	if (end && end->line == start->line && end->column > start->column)
		place.width = end->column - start->column;
	return place;
}

__attribute__((format(printf, 4, 5)))
static void refuse(struct reader *r, struct fngc_place place, const char *help,
		   const char *fmt, ...)
{
	char message[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	r->failed = true;
	fngc_error(r->c, &place, help, "%s", message);
}

static struct fngc_node *new_node(struct reader *r, u8 kind,
				  struct fngc_place place)
{
	struct fngc_node *node = fngc_alloc(&r->c->arena, sizeof(*node));

	if (++r->nr_nodes > FNGC_MAX_NODES)
		refuse(r, place, NULL, "the file has more than %u values",
		       FNGC_MAX_NODES);
	node->kind = kind;
	node->place = place;
	return node;
}

static void append_child(struct fngc_node *parent, struct fngc_node *node)
{
	if (parent->last)
		parent->last->next = node;
	else
		parent->child = node;
	parent->last = node;
	parent->nr++;
}

static void add_key(struct reader *r, struct fngc_node *map,
		    struct fngc_node *key)
{
	const struct fngc_node *other = NULL;

	if (key->kind != FNGC_SCALAR) {
		refuse(r, key->place, NULL, "a key must be a word");
		return;
	}
	for (const struct fngc_node *k = map->child; k && !other; k = k->next) {
		if (!strcmp(k->text, key->text))
			other = k;
	}
	if (other)
		refuse(r, key->place, NULL,
		       "duplicate key '%.64s', first on line %u", key->text,
		       other->place.line);
	if (map->nr == FNGC_MAX_KEYS)
		refuse(r, key->place, NULL, "more than %u keys in one mapping",
		       FNGC_MAX_KEYS);
	append_child(map, key);
	r->key[r->depth - 1] = key;
}

/* Hangs a node where the events say that it belongs. */
static void attach(struct reader *r, struct fngc_node *node)
{
	struct fngc_node *parent;

	if (!r->depth) {
		r->root = node;
		return;
	}
	parent = r->stack[r->depth - 1];
	if (!node->place.line)
		node->place = parent->place;
	if (parent->kind == FNGC_LIST) {
		append_child(parent, node);
	} else if (!r->key[r->depth - 1]) {
		add_key(r, parent, node);
	} else {
		struct fngc_node *key = r->key[r->depth - 1];

		if (node->kind == FNGC_EMPTY)
			node->place = key->place;
		key->value = node;
		r->key[r->depth - 1] = NULL;
	}
}

static void open_node(struct reader *r, u8 kind, struct fy_event *event)
{
	struct fngc_place place = event_place(r, event);
	struct fngc_node *node = new_node(r, kind, place);

	/* The token of a block collection is its first child's, or empty. */
	node->place.width = 1;
	attach(r, node);
	if (r->failed)
		return;
	if (r->depth == FNGC_MAX_DEPTH) {
		refuse(r, place, NULL, "nested deeper than %u levels",
		       FNGC_MAX_DEPTH);
		return;
	}
	r->stack[r->depth] = node;
	r->key[r->depth++] = NULL;
}

/* Start of a line, or the end of the text. */
static const char *line_start(const struct fngc_source *source, int line)
{
	return source->text + (line >= 0 && (u32)line < source->nr_lines ?
			       source->lines[line] : source->size);
}

/*
 * Of several quotes that are written next to each other, libfyaml loses some.
 * Its marks are not always where the value is, but in the right lines.
 */
static bool loses_quotes(const struct reader *r, struct fy_token *token)
{
	const char *from = line_start(r->source,
				      fy_token_start_mark(token)->line);
	const char *to = line_start(r->source,
				    fy_token_end_mark(token)->line + 1);

	return fy_token_scalar_style(token) == FYSS_SINGLE_QUOTED &&
	       from < to && memmem(from, to - from, "''''", 4);
}

static void scalar_node(struct reader *r, struct fy_event *event)
{
	struct fy_token *token = event->scalar.value;
	struct fngc_node *node;
	const char *text = "";
	size_t size = 0;
	char *copy;

	node = new_node(r, FNGC_SCALAR, event_place(r, event));
	node->plain = !token ||
		      fy_token_scalar_style(token) == FYSS_PLAIN;
	if (token)
		text = fy_token_get_text(token, &size);
	if (!text)
		text = "";
	copy = fngc_strndup(&r->c->arena, text, size);
	if (token && loses_quotes(r, token))
		refuse(r, node->place, "use double quotes around the value",
		       "quotes next to each other are not supported here");
	if (memchr(copy, '\0', size))
		refuse(r, node->place, NULL, "a NUL character is not allowed");
	if (!fngc_is_utf8(copy, size))
		refuse(r, node->place, NULL, "the value is not valid UTF-8");
	fngc_text_show_at(copy, size);
	node->text = copy;
	if (node->plain && (!*copy || !strcmp(copy, "~") ||
			    !strcmp(copy, "null")))
		node->kind = FNGC_EMPTY;
	attach(r, node);
}

/* The mark is where its sign is, or the character after it. */
static struct fngc_place token_place(struct reader *r, struct fy_event *event,
				     struct fy_token *token, char sign)
{
	const struct fy_mark *mark = fy_token_start_mark(token);
	struct fngc_place place = event_place(r, event);
	const char *line;

	if (!mark)
		return place;
	place.line = mark->line + 1;
	place.column = mark->column + 1;
	place.width = 1;
	line = fngc_source_line(r->c, r->source, place.line);
	if (place.column > 1 && line && strlen(line) >= place.column &&
	    line[place.column - 1] != sign && line[place.column - 2] == sign)
		place.column--;
	return place;
}

static void refuse_decoration(struct reader *r, struct fy_event *event,
			      struct fy_token *anchor, struct fy_token *tag)
{
	if (anchor)
		refuse(r, token_place(r, event, anchor, '&'), NULL,
		       "an anchor ('&') is not allowed");
	else if (tag)
		refuse(r, token_place(r, event, tag, '!'), NULL,
		       "a tag ('!') is not allowed");
}

static void start_document(struct reader *r, struct fy_event *event)
{
	struct fy_document_state *state = event->document_start.document_state;
	struct fngc_place place = event_place(r, event);

	if (++r->nr_documents > 1) {
		refuse(r, place, NULL, "a second document is not allowed");
		return;
	}
	if (!place.line)
		place = (struct fngc_place){ r->source, 1, 1, 1 };
	if (state && (fy_document_state_version_explicit(state) ||
		      fy_document_state_tags_explicit(state)))
		refuse(r, place, NULL, "a directive ('%%') is not allowed");
}

static void handle(struct reader *r, struct fy_event *event)
{
	switch (event->type) {
	case FYET_DOCUMENT_START:
		start_document(r, event);
		break;
	case FYET_MAPPING_START:
		refuse_decoration(r, event, event->mapping_start.anchor,
				  event->mapping_start.tag);
		open_node(r, FNGC_MAP, event);
		break;
	case FYET_SEQUENCE_START:
		refuse_decoration(r, event, event->sequence_start.anchor,
				  event->sequence_start.tag);
		open_node(r, FNGC_LIST, event);
		break;
	case FYET_MAPPING_END:
	case FYET_SEQUENCE_END:
		r->depth--;
		break;
	case FYET_SCALAR:
		refuse_decoration(r, event, event->scalar.anchor,
				  event->scalar.tag);
		scalar_node(r, event);
		break;
	case FYET_ALIAS:
		refuse(r, event_place(r, event),
		       "quote a value that starts with '*'",
		       "an alias ('*') is not allowed");
		break;
	default:
		break;
	}
}

/* What a beginner most likely did where the parser only says what it expects. */
static const char *syntax_help(const char *message)
{
	static const struct {
		const char *part;
		const char *help;
	} hints[] = {
		{ "flow", "quote values that contain [ ] { } or a comma, such "
			  "as patterns and ${parameters}" },
		{ "tab", "indent with spaces" },
		{ "cannot start with", "quote the value" },
		{ "nested block mapping", "quote values that contain ': '" },
	};

	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++) {
		if (strstr(message, hints[i].part))
			return hints[i].help;
	}
	return NULL;
}

static void report_syntax(struct reader *r, struct fy_diag *diag)
{
	struct fngc_place place = { .source = r->source, .width = 1 };
	struct fy_diag_error *error;
	void *iterator = NULL;
	char *message;

	error = fy_diag_errors_iterate(diag, &iterator);
	if (!error || !error->msg) {
		refuse(r, place, NULL, "the file cannot be read as YAML");
		return;
	}
	message = fngc_strdup(&r->c->arena, error->msg);
	fngc_text_show_at(message, strlen(message));
	if (error->line > 0) {
		place.line = error->line;
		place.column = error->column > 0 ? error->column : 1;
	}
	refuse(r, place, syntax_help(message), "%s", message);
}

static void run_parser(struct reader *r, struct fy_parser *parser,
		       struct fy_diag *diag)
{
	struct fy_event *event;

	while (!r->failed && (event = fy_parser_parse(parser))) {
		handle(r, event);
		fy_parser_event_free(parser, event);
	}
	if (!r->failed && fy_parser_get_stream_error(parser))
		report_syntax(r, diag);
}

static struct fy_diag *new_diag(void)
{
	struct fy_diag_cfg cfg;
	struct fy_diag *diag;

	fy_diag_cfg_default(&cfg);
	cfg.fp = NULL;
	cfg.colorize = false;
	cfg.show_source = false;
	diag = fy_diag_create(&cfg);
	if (diag)
		fy_diag_set_collect_errors(diag, true);
	return diag;
}

static void parse(struct reader *r)
{
	struct fy_diag *diag = new_diag();
	struct fy_parse_cfg cfg = { .flags = PARSE_FLAGS, .diag = diag };
	struct fy_parser *parser = diag ? fy_parser_create(&cfg) : NULL;
	struct fngc_place whole = { .source = r->source };
	size_t size;
	char *text;

	text = fngc_text_hide_at(r->source, &size);
	if (parser && !fy_parser_set_string(parser, text, size))
		run_parser(r, parser, diag);
	else
		refuse(r, whole, NULL, "the YAML parser cannot start");
	if (parser)
		fy_parser_destroy(parser);
	if (diag)
		fy_diag_destroy(diag);
	free(text);
}

struct fngc_node *fngc_yaml_parse(struct fngc_compile *c,
				  struct fngc_source *source)
{
	struct reader r = { .c = c, .source = source };
	struct fngc_place whole = { .source = source };

	if (!fngc_text_check(c, source))
		return NULL;
	parse(&r);
	if (r.failed)
		return NULL;
	if (!r.root) {
		fngc_error(c, &whole, NULL, "the file is empty");
		return NULL;
	}
	return r.root;
}

const char *fngc_kind_name(const struct fngc_node *node)
{
	static const char *const names[] = {
		[FNGC_EMPTY] = "nothing",
		[FNGC_SCALAR] = "a single value",
		[FNGC_LIST] = "a list",
		[FNGC_MAP] = "a mapping",
	};

	return names[node->kind];
}

struct fngc_node *fngc_map_get(const struct fngc_node *map, const char *key)
{
	if (map->kind != FNGC_MAP)
		return NULL;
	for (struct fngc_node *k = map->child; k; k = k->next) {
		if (!strcmp(k->text, key))
			return k->value;
	}
	return NULL;
}
