// SPDX-License-Identifier: MIT
/*
 * From what each file says to the policy: overrides, doubles, order.
 */
#include <stdlib.h>

#include <compiler/schema.h>

u32 fngc_class_mode(const struct fngc_model *model, u32 class)
{
	if (model->class_mode[class].set)
		return model->class_mode[class].value;
	return model->mode.value;
}

u32 fngc_class_default(const struct fngc_model *model, u32 class)
{
	if (!model->section[class].set)
		return FNG_EFFECT_ALLOW;
	return model->dflt[class].value;
}

void fngc_scalar_set(struct fngc_compile *c, const struct fngc_layer *layer,
		     struct fngc_scalar *scalar, u64 value,
		     const struct fngc_place *place)
{
	if (scalar->set && scalar->layer != layer) {
		scalar->inherited = true;
		scalar->base = scalar->value;
	}
	scalar->set = true;
	scalar->value = value;
	scalar->layer = layer;
	scalar->place = *place;
	(void)c;
}

/* An effect that a template left at deny, by its words or by its silence. */
static void check_effect(struct fngc_compile *c, const char *name,
			 const struct fngc_scalar *section,
			 const struct fngc_scalar *effect)
{
	if (!effect->set || effect->value != FNG_EFFECT_ALLOW)
		return;
	if (effect->inherited ? effect->base == FNG_EFFECT_DENY :
	    section->inherited)
		fngc_report(c, FNGC_LOOSENING, &effect->place, NULL,
			    "%s is allow here, and deny in a template", name);
}

/* A template that has the section and not the list said @implied. */
static void check_bits(struct fngc_compile *c, const char *name,
		       const struct fngc_scalar *section,
		       const struct fngc_scalar *bits, u64 implied,
		       const char *const *words, const u32 *values)
{
	u64 base = bits->inherited ? bits->base :
		   section->inherited ? implied : ~0ull;

	for (size_t i = 0; bits->set && words[i]; i++) {
		u64 bit = 1ull << values[i];

		if (bits->value & bit && !(base & bit))
			fngc_report(c, FNGC_LOOSENING, &bits->place, NULL,
				    "%s adds '%s' to those of a template",
				    name, words[i]);
	}
}

static void check_loosening(struct fngc_compile *c)
{
	const struct fngc_model *m = &c->model;
	const struct fngc_scalar *sockets = &m->section[FNG_CLASS_SOCKETS];
	const struct fngc_scalar *privileges =
		&m->section[FNG_CLASS_PRIVILEGES];

	for (u32 class = 0; class < FNG_CLASS_FLOOR; class++)
		check_effect(c, fngc_sprintf(&c->arena, "%s.default",
					     fngc_class_name(class)),
			     &m->section[class], &m->dflt[class]);
	check_effect(c, "exec.fileless", &m->section[FNG_CLASS_EXEC],
		     &m->fileless);
	/* What does not say it allows it. */
	if (m->modified.inherited)
		check_effect(c, "exec.modified", &m->section[FNG_CLASS_EXEC],
			     &m->modified);
	if (m->dns.inherited && m->dns.base == FNG_EFFECT_DENY &&
	    m->dns.value == FNG_EFFECT_ALLOW)
		fngc_report(c, FNGC_LOOSENING, &m->dns.place, NULL,
			    "egress.dns is any here, and strict in a template");
	check_effect(c, "memory.write-exec", &m->section[FNG_CLASS_MEMORY],
		     &m->write_exec);
	check_bits(c, "sockets.families", sockets, &m->families, ~0ull,
		   fngc_family_words, fngc_family_values);
	check_bits(c, "sockets.types", sockets, &m->types, ~0ull,
		   fngc_type_words, fngc_type_values);
	check_bits(c, "privileges.capabilities", privileges, &m->capabilities,
		   ~0ull, fngc_capability_words, fngc_capability_values);
	check_bits(c, "privileges.allow", privileges, &m->privileges, 0,
		   fngc_privilege_words, fngc_privilege_values);
	fngc_limits_check(c);
	fngc_response_check(c);
}

/* "name:line" or "name:line:column", against where an entry was written. */
static bool is_at(const struct fngc_entry *entry, const char *rule)
{
	const char *name = entry->layer->source->name;
	size_t len = strlen(name);
	unsigned int line, column;
	int end = 0, all = 0;

	if (strncmp(rule, name, len) || rule[len] != ':')
		return false;
	if (sscanf(rule + len, ":%u%n:%u%n", &line, &end, &column, &all) < 1)
		return false;
	if (line != entry->place.line)
		return false;
	if (!all)
		return !rule[len + end];
	return !rule[len + all] && column == entry->place.column;
}

static bool same_place(const struct fngc_entry *a, const struct fngc_entry *b)
{
	return a->place.source == b->place.source &&
	       a->place.line == b->place.line &&
	       a->place.column == b->place.column;
}

static void remove_entry(struct fngc_compile *c, struct fngc_entry *entry,
			 const struct fngc_override *override)
{
	bool deny = entry->effect == FNG_EFFECT_DENY;

	entry->removed = true;
	fngc_report(c, deny ? FNGC_LOOSENING : FNGC_NOTE, &override->place,
		    NULL, "removes '%s' of %s:%u: %s", entry->text,
		    entry->layer->source->name, entry->place.line,
		    override->reason);
}

static void apply_override(struct fngc_compile *c,
			   const struct fngc_override *override)
{
	struct fngc_entry *found = NULL;
	bool several = false;

	for (size_t i = 0; i < c->model.entries.nr; i++) {
		struct fngc_entry *entry = &c->model.entries.v[i];

		if (entry->layer == override->layer ||
		    !entry->layer->template || !is_at(entry, override->rule))
			continue;
		several |= found && !same_place(found, entry);
		if (!found)
			found = entry;
	}
	if (!found && c->phase)
		return;
	if (!found) {
		fngc_error(c, &override->place, NULL,
			   "no rule of a template is at '%.80s'",
			   override->rule);
		return;
	}
	if (several) {
		fngc_error(c, &override->place,
			   "add the column, as in 'strict:14:9'",
			   "'%.80s' has more than one rule", override->rule);
		return;
	}
	for (struct fngc_entry *e = found;
	     e < c->model.entries.v + c->model.entries.nr; e++) {
		if (same_place(found, e) && e->layer == found->layer)
			remove_entry(c, e, override);
	}
}

static void write_texts(struct fngc_compile *c)
{
	char access[FNGC_ACCESS_NAMES_SIZE];

	for (size_t i = 0; i < c->model.entries.nr; i++) {
		struct fngc_entry *entry = &c->model.entries.v[i];
		const char *verb = fngc_effect_name(entry->effect);

		if (entry->text)
			continue;
		if (entry->class == FNG_CLASS_EXEC)
			entry->text = fngc_sprintf(&c->arena, "exec %s %s",
				entry->access == FNG_ACCESS_MAP ? "map" : verb,
				entry->pattern);
		else
			entry->text = fngc_sprintf(&c->arena, "files %s %s %s",
				verb, fngc_access_names(entry->access, access),
				entry->pattern);
	}
}

/* The policy's own rules come before those of templates. */
static int compare_entries(const void *left, const void *right)
{
	const struct fngc_entry *a = left, *b = right;

	if (a->removed != b->removed)
		return a->removed ? 1 : -1;
	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	if (a->layer->source->order != b->layer->source->order)
		return a->layer->source->order < b->layer->source->order ? -1 :
		       1;
	return a->rule < b->rule ? -1 : 1;
}

static void sort_entries(struct fngc_model *model)
{
	for (size_t i = 0; i < model->entries.nr; i++)
		model->entries.v[i].rule = i;
	if (model->entries.nr)
		qsort(model->entries.v, model->entries.nr,
		      sizeof(*model->entries.v), compare_entries);
	while (model->entries.nr &&
	       model->entries.v[model->entries.nr - 1].removed)
		model->entries.nr--;
}

void fngc_merge(struct fngc_compile *c)
{
	struct fngc_model *model = &c->model;

	write_texts(c);
	for (size_t i = 0; i < model->overrides.nr; i++)
		apply_override(c, &model->overrides.v[i]);
	sort_entries(model);
	fngc_doubles_remove(c);
	sort_entries(model);
	fngc_resolvers_collect(c);
	check_loosening(c);
}
