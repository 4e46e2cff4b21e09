// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <compiler/model.h>

/* Counts a diagnostic; false if it is one too many to keep. */
static bool admit(struct fngc_diag_list *list, enum fngc_severity severity)
{
	if (severity == FNGC_ERROR)
		return list->nr_errors++ < FNGC_MAX_ERRORS;
	list->nr_warnings += severity == FNGC_WARNING;
	return list->nr_others++ < FNGC_MAX_WARNINGS;
}

static struct fngc_diag *append(struct fngc_diag_list *list, u32 order)
{
	list->diags = fngc_grow(list->diags, &list->room, list->nr + 1,
				sizeof(*list->diags));
	list->order = fngc_grow(list->order, &list->order_room, list->nr + 1,
				sizeof(*list->order));
	list->order[list->nr] = order;
	return &list->diags[list->nr++];
}

/* A message quotes what it was given: keep terminals and logs out of it. */
static char *printable(char *text)
{
	for (unsigned char *p = (unsigned char *)text; *p; p++) {
		if (*p < 0x20 || *p == 0x7f)
			*p = '?';
	}
	return text;
}

void fngc_report(struct fngc_compile *c, enum fngc_severity severity,
		 const struct fngc_place *place, const char *help,
		 const char *fmt, ...)
{
	const struct fngc_source *source = place->source;
	struct fngc_diag *diag;
	char message[1024];
	const char *line;
	va_list args;

	if (!admit(&c->diags, severity))
		return;
	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	diag = append(&c->diags, source->order);
	line = fngc_source_line(c, source, place->line);
	*diag = (struct fngc_diag){
		.severity = severity,
		.file = source->path,
		.line = place->line,
		.column = place->column,
		.width = place->width ? place->width : 1,
		.message = printable(fngc_strdup(&c->arena, message)),
		.help = help,
		.source = line,
	};
}

static bool is_same(const struct fngc_diag *a, const struct fngc_diag *b)
{
	return a->line == b->line && a->column == b->column &&
	       !strcmp(a->file, b->file) && !strcmp(a->message, b->message);
}

void fngc_diag_adopt(struct fngc_compile *c, const struct fngc_diag *diag)
{
	const struct fngc_source *top = c->layers.v[c->layers.nr - 1]->source;

	for (size_t i = 0; i < c->diags.nr; i++) {
		if (is_same(&c->diags.diags[i], diag))
			return;
	}
	if (admit(&c->diags, diag->severity))
		*append(&c->diags, strcmp(diag->file, top->path) ?
				   c->nr_sources : top->order) = *diag;
}

/* An index list is sorted, since the order array lies beside the diags. */
struct sort_key {
	u32 order;
	size_t index;
	const struct fngc_diag *diag;
};

static int compare_keys(const void *left, const void *right)
{
	const struct sort_key *a = left, *b = right;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	if (a->diag->line != b->diag->line)
		return a->diag->line < b->diag->line ? -1 : 1;
	if (a->diag->column != b->diag->column)
		return a->diag->column < b->diag->column ? -1 : 1;
	return a->index < b->index ? -1 : 1;
}

static void sort_diags(struct fngc_compile *c)
{
	struct fngc_diag_list *list = &c->diags;
	struct fngc_diag *sorted;
	struct sort_key *keys;

	keys = fngc_xcalloc(list->nr, sizeof(*keys));
	for (size_t i = 0; i < list->nr; i++)
		keys[i] = (struct sort_key){ list->order[i], i,
					     &list->diags[i] };
	qsort(keys, list->nr, sizeof(*keys), compare_keys);
	sorted = fngc_alloc(&c->arena, list->nr * sizeof(*sorted));
	for (size_t i = 0; i < list->nr; i++)
		sorted[i] = *keys[i].diag;
	free(keys);
	c->result.diags = sorted;
	c->result.nr_diags = list->nr;
}

void fngc_diags_finish(struct fngc_compile *c)
{
	struct fngc_diag_list *list = &c->diags;

	sort_diags(c);
	c->result.nr_errors = list->nr_errors;
	c->result.nr_warnings = list->nr_warnings;
	free(list->diags);
	free(list->order);
	*list = (struct fngc_diag_list){ 0 };
}

/* Edit distance with transpositions, of words short enough to matter. */
static u32 distance(const char *a, const char *b)
{
	enum { MAX = 32 };
	size_t la = strlen(a), lb = strlen(b);
	u8 d[MAX + 1][MAX + 1];

	if (la > MAX || lb > MAX)
		return MAX;
	for (size_t i = 0; i <= la; i++) {
		for (size_t j = 0; j <= lb; j++) {
			u8 best;

			if (!i || !j) {
				d[i][j] = i + j;
				continue;
			}
			best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			if (d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
	return d[la][lb];
}

const char *fngc_suggest(struct fngc_compile *c, const char *word,
			 const char *const *words)
{
	const char *nearest = NULL;
	u32 best = strlen(word) / 3 + 2;

	for (; *words; words++) {
		u32 d = distance(word, *words);

		if (d < best) {
			best = d;
			nearest = *words;
		}
	}
	if (!nearest || best >= strlen(nearest))
		return NULL;
	return fngc_sprintf(&c->arena, "did you mean '%s'?", nearest);
}
