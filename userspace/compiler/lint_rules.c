// SPDX-License-Identifier: MIT
/*
 * Rules that never decide anything, and rules that together give too much.
 */
#include <stdlib.h>

#include <compiler/intern.h>
#include <compiler/lint.h>

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

		if (!entry->decides &&
		    (!entry->layer->template || !entry->layer->depth ||
		     entry->beaten_by))
			lint_idle(c, entry);
	}
}

/* The entry with a rule id, or NULL if it is a default or nothing. */
static const struct fngc_entry *entry_of(const struct fngc_model *model,
					 u32 rule)
{
	u32 low = 0, high = model->entries.nr;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (model->entries.v[mid].rule < rule)
			low = mid + 1;
		else
			high = mid;
	}
	return low < model->entries.nr && model->entries.v[low].rule == rule ?
	       &model->entries.v[low] : NULL;
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
static void lint_accept(struct fngc_compile *c,
			const struct fng_image_accept *accept,
			struct fngc_intern *seen)
{
	const u32 write_bits[] = { 1, 2 }, code_bits[] = { 6, 7 };

	for (u32 i = 0; i < 4; i++) {
		u32 w = write_bits[i % 2], x = code_bits[i / 2];
		u32 pair[] = { accept->rule[w], accept->rule[x] };
		const struct fngc_entry *code;
		u32 known = seen->nr;

		if (!(accept->granted >> w & accept->granted >> x & 1))
			continue;
		code = entry_of(&c->model, pair[1]);
		if (code && fngc_intern(seen, pair, 2) == known)
			report_pair(c, code, pair[0]);
	}
}

static_assert(FNG_ACCESS_WRITE == 1u << 1 && FNG_ACCESS_CREATE == 1u << 2 &&
	      FNG_ACCESS_EXEC == 1u << 6 && FNG_ACCESS_MAP == 1u << 7, "bits");

void fngc_lint_paths(struct fngc_compile *c)
{
	const struct fng_image *image = &c->result.view;
	struct fngc_intern seen = { 0 };

	if (!c->model.section[FNG_CLASS_EXEC].set ||
	    !c->model.section[FNG_CLASS_FILES].set)
		return;
	for (u32 i = 0; i < image->nr_accepts; i++)
		lint_accept(c, &image->accepts[i], &seen);
	fngc_intern_free(&seen);
}
