// SPDX-License-Identifier: MIT
/*
 * Rule ids: those of templates first, which do not depend on who extends them,
 * then per section its default, its settings, its rules.
 */
#include <stdlib.h>

#include <compiler/model.h>

/* Bytes of a rule's text in an image. */
#define MAX_TEXT	200

/* Texts end up in terminals and logs: short, and no control characters. */
static const char *clean(struct fngc_compile *c, const char *text)
{
	char copy[MAX_TEXT + 16], *to = copy;

	for (; *text && to - copy < MAX_TEXT; text++) {
		unsigned char byte = *text;

		if (byte < 0x20 || byte == 0x7f)
			to += sprintf(to, "\\x%02x", byte);
		else
			*to++ = byte;
	}
	/* Not in the middle of a character. */
	for (u32 i = 0; i < 3 && (*text & 0xc0) == 0x80; i++)
		*to++ = *text++;
	strcpy(to, *text ? "..." : "");
	return fngc_strdup(&c->arena, copy);
}

static u32 add_rule(struct fngc_compile *c, u8 class, u8 effect,
		    const struct fngc_layer *layer,
		    const struct fngc_place *place, const char *text)
{
	struct fngc_rule *rule = FNGC_PUSH(&c->rules);

	rule->class = class;
	rule->effect = effect;
	rule->file = layer->source->path;
	rule->line = place->line;
	rule->column = place->column;
	rule->width = place->width;
	rule->text = clean(c, text);
	rule->template = fngc_layer_inherited(layer) ? layer->source->name :
			 NULL;
	return c->rules.nr - 1;
}

/* A setting; one that nobody wrote is attributed to its section. */
static void number_scalar(struct fngc_compile *c, u8 class, const char *name,
			  struct fngc_scalar *scalar, u64 implied)
{
	const struct fngc_scalar *origin = scalar->set ? scalar :
					   &c->model.section[class];
	const char *text;

	if (!scalar->set)
		scalar->value = implied;
	text = fngc_sprintf(&c->arena, "%s %s %s%s", fngc_class_name(class),
			    name, fngc_effect_name(scalar->value),
			    scalar->set ? "" : " (not said)");
	scalar->rule = add_rule(c, class, scalar->value, origin->layer,
				&origin->place, text);
}

/* A set; of one that nobody wrote, everything is in it, or nothing. */
static void number_bits(struct fngc_compile *c, u32 class, const char *name,
			struct fngc_scalar *bits, u64 implied)
{
	const struct fngc_scalar *origin = bits->set ? bits :
				&c->model.section[class];
	const char *text = fngc_sprintf(&c->arena, "%s %s%s",
					fngc_class_name(class), name,
					bits->set ? "" :
					implied ? " any (not said)" :
					" none (not said)");

	if (!bits->set)
		bits->value = implied;
	bits->rule = add_rule(c, class, bits->set || !implied ?
			      FNG_EFFECT_DENY : FNG_EFFECT_ALLOW,
			      origin->layer, &origin->place, text);
}

static int compare_digests(const void *left, const void *right)
{
	const struct fngc_digest *a = left, *b = right;

	return strcmp(a->path, b->path);
}

static void number_digests(struct fngc_compile *c)
{
	struct fngc_model *model = &c->model;

	if (model->digests.nr)
		qsort(model->digests.v, model->digests.nr,
		      sizeof(*model->digests.v), compare_digests);
	for (size_t i = 0; i < model->digests.nr; i++) {
		struct fngc_digest *digest = &model->digests.v[i];
		const char *text = fngc_sprintf(&c->arena, "exec sha256 %s",
						digest->path);

		digest->rule = add_rule(c, FNG_CLASS_EXEC, FNG_EFFECT_DENY,
					digest->layer, &digest->place, text);
	}
}

/* Where nobody may be asked, what nobody wrote is no rule. */
static void number_dns(struct fngc_compile *c)
{
	struct fngc_scalar *dns = &c->model.dns;
	const struct fngc_scalar *origin = dns->set ? dns :
				&c->model.section[FNG_CLASS_EGRESS];
	const char *text = !dns->set ? "egress dns any (not said)" :
			   dns->value == FNG_EFFECT_DENY ?
			   "egress dns strict" : "egress dns any";

	if (!dns->set)
		dns->value = FNG_EFFECT_ALLOW;
	dns->rule = FNG_RULE_NONE;
	if (dns->set || c->model.resolvers.nr)
		dns->rule = add_rule(c, FNG_CLASS_EGRESS, dns->value,
				     origin->layer, &origin->place, text);
}

static void number_limits(struct fngc_compile *c)
{
	static const char *const names[] = FNG_LIMIT_NAMES;

	for (u32 kind = 0; kind < FNG_NR_LIMITS; kind++) {
		struct fngc_limit *limit = &c->model.limits[kind];

		if (!limit->most.set)
			continue;
		limit->most.rule =
			add_rule(c, FNG_CLASS_LIMITS, FNG_EFFECT_DENY,
				 limit->most.layer, &limit->most.place,
				 fngc_sprintf(&c->arena, "limits %s %s",
					      names[kind], limit->text));
	}
}

static void number_settings(struct fngc_compile *c, u32 class)
{
	struct fngc_model *model = &c->model;

	switch (class) {
	case FNG_CLASS_EXEC:
		number_scalar(c, class, "fileless", &model->fileless,
			      FNG_EFFECT_DENY);
		if (model->modified.set)
			number_scalar(c, class, "modified", &model->modified,
				      FNG_EFFECT_ALLOW);
		number_digests(c);
		break;
	case FNG_CLASS_MEMORY:
		number_scalar(c, class, "write-exec", &model->write_exec,
			      FNG_EFFECT_DENY);
		break;
	case FNG_CLASS_EGRESS:
		number_dns(c);
		break;
	case FNG_CLASS_SOCKETS:
		number_bits(c, class, "families", &model->families, ~0ull);
		number_bits(c, class, "types", &model->types, ~0ull);
		break;
	case FNG_CLASS_PRIVILEGES:
		number_bits(c, class, "capabilities", &model->capabilities,
			    ~0ull);
		number_bits(c, class, "allow", &model->privileges, 0);
		break;
	case FNG_CLASS_LIMITS:
		number_limits(c);
		break;
	default:
		break;
	}
}

static void number_entries(struct fngc_compile *c, u32 class, bool inherited)
{
	struct fngc_model *model = &c->model;

	for (size_t i = 0; i < model->entries.nr; i++) {
		struct fngc_entry *entry = &model->entries.v[i];

		if (entry->class != class ||
		    fngc_entry_inherited(entry) != inherited)
			continue;
		entry->rule = add_rule(c, class, entry->effect, entry->layer,
				       &entry->place, entry->text);
		c->rules.v[entry->rule].access = entry->access;
	}
}

static void number_class(struct fngc_compile *c, u32 class)
{
	struct fngc_model *model = &c->model;

	if (!model->section[class].set)
		return;
	/* What memory refuses is one setting, which is its default as well. */
	if (class != FNG_CLASS_MEMORY && class != FNG_CLASS_LIMITS)
		number_scalar(c, class, "default", &model->dflt[class],
			      FNG_EFFECT_DENY);
	number_settings(c, class);
	if (class == FNG_CLASS_MEMORY) {
		model->dflt[class].value = model->write_exec.value;
		model->dflt[class].rule = model->write_exec.rule;
	}
	if (class == FNG_CLASS_LIMITS) {
		model->dflt[class].value = FNG_EFFECT_ALLOW;
		model->dflt[class].rule = FNG_RULE_NONE;
	}
	number_entries(c, class, false);
}

void fngc_rules_number(struct fngc_compile *c)
{
	for (u32 class = 0; class < FNG_CLASS_FLOOR; class++)
		number_entries(c, class, true);
	c->nr_inherited = c->rules.nr;
	for (u32 class = 0; class < FNG_CLASS_FLOOR; class++)
		number_class(c, class);
	c->result.rules = c->rules.v;
	c->result.nr_rules = c->rules.nr;
}
