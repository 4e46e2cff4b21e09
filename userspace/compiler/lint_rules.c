// SPDX-License-Identifier: MIT
/*
 * Rules that never decide anything, and rules that together give too much.
 */
#include <stdlib.h>

#include <compiler/lint.h>
#include <compiler/nfa.h>

static void lint_idle(struct fngc_compile *c, const struct fngc_entry *entry)
{
	const struct fngc_entry *other;

	if (!entry->beaten_by) {
		fngc_warning(c, &entry->place, NULL,
			     "the rule is unreachable: '%.120s' never decides",
			     entry->text);
		return;
	}
	other = &c->model.entries.v[entry->beaten_by - 1];
	if (other->effect != entry->effect)
		fngc_warning(c, &entry->place, NULL,
			     "the rule is shadowed by '%.80s' at %s:%u",
			     other->text, other->layer->source->base,
			     other->place.line);
	else if (other->layer == entry->layer)
		fngc_warning(c, &entry->place, NULL,
			     "the rule is unreachable: '%.80s' at %s:%u says "
			     "all of it", other->text,
			     other->layer->source->base, other->place.line);
}

void fngc_lint_rules(struct fngc_compile *c)
{
	for (size_t i = 0; i < c->model.entries.nr; i++) {
		const struct fngc_entry *entry = &c->model.entries.v[i];

		if (!entry->decides && !entry->resolver &&
		    (!entry->layer->template || !entry->layer->depth ||
		     entry->beaten_by))
			lint_idle(c, entry);
	}
}

/**
 * struct pairs - paths that are written and executed, while they are looked for
 * @c: the compilation
 * @entry_of: per rule id, the index of its entry, or FNGC_NONE for a setting
 * @seen: pairs of rules that were reported
 */
struct pairs {
	struct fngc_compile *c;
	u32 *entry_of;
	struct fngc_intern seen;
};

static void find_entries(struct pairs *p)
{
	const struct fngc_model *model = &p->c->model;

	p->entry_of = fngc_xcalloc(p->c->rules.nr + 1, sizeof(u32));
	memset(p->entry_of, 0xff, p->c->rules.nr * sizeof(u32));
	for (size_t i = 0; i < model->entries.nr; i++)
		p->entry_of[model->entries.v[i].rule] = i;
}

static void report_pair(struct fngc_compile *c, const struct fngc_entry *code,
			u32 write)
{
	const struct fngc_rule *other = &c->rules.v[write];

	fngc_warning(c, &code->place, NULL,
		     "writable and executable at once: '%.80s' and '%.80s' at "
		     "line %u share paths", code->text, other->text,
		     other->line);
}

/* Each pair of rules once, whatever the number of states they share. */
static void lint_accept(struct pairs *p, const struct fng_image_accept *accept)
{
	const u32 write_bits[] = { 1, 2 }, code_bits[] = { 6, 7 };

	for (u32 i = 0; i < 4; i++) {
		u32 w = write_bits[i % 2], x = code_bits[i / 2];
		u32 pair[] = { accept->rule[w], accept->rule[x] };
		u32 known = p->seen.nr, code;

		if (!(accept->granted >> w & accept->granted >> x & 1))
			continue;
		code = p->entry_of[pair[1]];
		if (code != FNGC_NONE && fngc_intern(&p->seen, pair, 2) == known)
			report_pair(p->c, &p->c->model.entries.v[code],
				    pair[0]);
	}
}

static_assert(FNG_ACCESS_WRITE == 1u << 1 && FNG_ACCESS_CREATE == 1u << 2 &&
	      FNG_ACCESS_EXEC == 1u << 6 && FNG_ACCESS_MAP == 1u << 7, "bits");

void fngc_lint_paths(struct fngc_compile *c,
		     const struct fng_image_accept *accepts, size_t nr)
{
	struct pairs p = { .c = c };

	if (!c->model.section[FNG_CLASS_EXEC].set ||
	    !c->model.section[FNG_CLASS_FILES].set)
		return;
	find_entries(&p);
	for (size_t i = 0; i < nr; i++)
		lint_accept(&p, &accepts[i]);
	fngc_intern_free(&p.seen);
	free(p.entry_of);
}

static bool may_be(const struct fngc_compile *c, const char *path, u32 access)
{
	struct fng_decision decision;

	fng_name_decide(&c->result.view, path, strlen(path), access, &decision);
	return !decision.refused;
}

void fngc_lint_digests(struct fngc_compile *c)
{
	for (size_t i = 0; i < c->model.digests.nr; i++) {
		const struct fngc_digest *digest = &c->model.digests.v[i];

		if (!fngc_layer_inherited(digest->layer) &&
		    !may_be(c, digest->path, FNG_ACCESS_EXEC) &&
		    !may_be(c, digest->path, FNG_ACCESS_MAP))
			fngc_warning(c, &digest->place, NULL,
				     "'%.80s' may neither be executed nor "
				     "mapped, whatever is in it",
				     digest->path);
	}
}
