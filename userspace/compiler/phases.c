// SPDX-License-Identifier: MIT
/*
 * Phases: each is compiled as the policy is, with the keys of its sections in the
 * place of the policy's, and then proven to allow nothing that was refused before it.
 */
#include <stdlib.h>

#include <compiler/diff.h>
#include <compiler/model.h>

static void remove_key(struct fngc_node *map, const char *name)
{
	struct fngc_node **link = &map->child, *last = NULL;

	while (*link) {
		if (strcmp((*link)->text, name)) {
			last = *link;
			link = &last->next;
			continue;
		}
		*link = (*link)->next;
		map->nr--;
	}
	map->last = last;
}

static void add_key(struct fngc_compile *c, struct fngc_node *map,
		    const struct fngc_node *key)
{
	struct fngc_node *copy = fngc_alloc(&c->arena, sizeof(*copy));

	*copy = *key;
	copy->next = NULL;
	if (map->last)
		map->last->next = copy;
	else
		map->child = copy;
	map->last = copy;
	map->nr++;
}

static bool is_section(const char *name)
{
	for (u32 class = 0; class < FNG_CLASS_FLOOR; class++) {
		if (!strcmp(name, fngc_class_name(class)))
			return true;
	}
	return false;
}

/* Takes each key of a phase's section out of the same section everywhere. */
static void remove_keys(struct fngc_compile *c, const char *section,
			const struct fngc_node *keys)
{
	for (size_t i = 0; i < c->layers.nr; i++) {
		struct fngc_node *map = fngc_map_get(c->layers.v[i]->root,
						     section);

		if (!map || map->kind != FNGC_MAP)
			continue;
		for (const struct fngc_node *k = keys->child; k; k = k->next)
			remove_key(map, k->text);
	}
}

/* Whoever compiles a phase has found no fault in what is written of it here. */
static void replace_keys(struct fngc_compile *c, const struct fngc_node *phase)
{
	struct fngc_node *top = c->layers.v[c->layers.nr - 1]->root, *map;

	for (const struct fngc_node *s = phase->child; s; s = s->next) {
		if (!is_section(s->text))
			continue;
		remove_keys(c, s->text, s->value);
		map = fngc_map_get(top, s->text);
		if (!map || map->kind != FNGC_MAP) {
			add_key(c, top, s);
			continue;
		}
		for (const struct fngc_node *k = s->value->child; k; k = k->next)
			add_key(c, map, k);
	}
}

/* What a phase does not name is as in the phase before it. */
void fngc_phase_apply(struct fngc_compile *c)
{
	const struct fngc_node *phases, *key;

	if (!c->phase)
		return;
	phases = fngc_map_get(c->layers.v[c->layers.nr - 1]->root, "phases");
	key = phases->child;
	for (u32 i = 0; i <= c->phase->index; i++, key = key->next)
		replace_keys(c, key->value);
}

void fngc_phase_describe(const struct fngc_compile *c,
			 struct fng_image_meta *meta)
{
	const struct fngc_phase_text *phase = c->phase;

	if (!phase) {
		meta->nr_phases = c->model.phases.nr;
		return;
	}
	strcpy(meta->phase, phase->name);
	meta->enter = phase->enter;
	meta->enter_after = phase->enter_after;
	meta->tells = phase->tells;
}

/* Is it about what the phase says, and not about the policy as a whole? */
static bool is_of_phase(const struct fngc_compile *c,
			const struct fngc_phase_text *phase,
			const struct fngc_diag *diag)
{
	return !strcmp(diag->file, phase->place.source->path) &&
	       diag->line >= phase->place.line &&
	       (phase->index + 1 == c->model.phases.nr ||
		diag->line < phase[1].place.line);
}

static void adopt(struct fngc_compile *c, const struct fngc_phase_text *phase,
		  const struct fngc_result *result)
{
	for (size_t i = 0; i < result->nr_diags; i++) {
		const struct fngc_diag *diag = &result->diags[i];

		if (diag->severity == FNGC_ERROR ||
		    (diag->severity != FNGC_NOTE &&
		     is_of_phase(c, phase, diag)))
			fngc_diag_adopt(c, diag);
	}
}

/*
 * Where less may be executed, a directory can be moved to more places: it gains
 * nothing there any more. It binds nothing, since that is done.
 */
static bool is_loosened(const struct fngc_difference *difference)
{
	if (difference->change != FNGC_CHANGE_ALLOWED)
		return false;
	switch (difference->about) {
	case FNGC_ABOUT_DIRECTORY:
	case FNGC_ABOUT_MOVE:
	case FNGC_ABOUT_ANSWER:
	case FNGC_ABOUT_NAMED:
	case FNGC_ABOUT_CGROUP:
	case FNGC_ABOUT_DEVICE:
		return false;
	default:
		return true;
	}
}

static const struct fngc_place *place_of(const struct fngc_phase_text *phase,
					 u8 class)
{
	return phase->sections >> class & 1 ? &phase->section[class] :
					      &phase->place;
}

static void refuse(struct fngc_compile *c, const struct fngc_phase_text *phase,
		   const struct fngc_difference *d)
{
	const char *start = phase->index ? phase[-1].name : NULL;
	bool example = *d->text && strcmp(d->text, d->what);

	fngc_error(c, place_of(phase, d->class),
		   "a key of a phase takes the place of the policy's and of its "
		   "templates'; a phase can only refuse more",
		   "phase '%s' allows what %s%s%s refuses: %s %s%s%s%s%s",
		   phase->name, start ? "phase '" : "the policy",
		   start ? start : "", start ? "'" : "", d->section,
		   d->operation, *d->what ? ": " : "", d->what,
		   example ? ", as " : "", example ? d->text : "");
}

static void prove(struct fngc_compile *c, const struct fngc_phase_text *phase,
		  const struct fng_image *before, const struct fng_image *after)
{
	struct fngc_diff *diff;

	if (fngc_diff(before, after, &diff)) {
		fngc_error(c, &phase->place, NULL,
			   "phase '%s' cannot be compared with what is before "
			   "it: %s", phase->name, diff->error);
	} else {
		for (size_t i = 0; i < diff->nr; i++) {
			if (!is_loosened(&diff->differences[i]))
				continue;
			refuse(c, phase, &diff->differences[i]);
			break;
		}
	}
	fngc_diff_free(diff);
}

static bool build_phase(struct fngc_compile *c,
			const struct fngc_source *source,
			const struct fngc_phase_text *text,
			const struct fng_image *before)
{
	struct fngc_phase *phase = &c->result.phases[c->result.nr_phases++];
	struct fngc_compile *own = fngc_start(&c->options, source->path);

	*phase = (struct fngc_phase) {
		.name = text->name,
		.enter = text->enter,
		.enter_after = text->enter_after,
		.tells = text->tells,
	};
	own->phase = text;
	fngc_compile_source(own, fngc_source_new(own, source->path,
						 source->text, source->size));
	fngc_finish(own, &phase->result);
	adopt(c, text, phase->result);
	if (phase->result->image)
		prove(c, text, before, &phase->result->view);
	return !c->diags.nr_errors;
}

/* Only now, so that whoever comes behind it was compared with what it would do. */
static void only_tell(const struct fngc_phase *phase)
{
	struct fng_image_class *classes =
		(struct fng_image_class *)phase->result->view.classes;

	for (u32 class = 0; class < FNG_NR_CLASSES && phase->tells; class++) {
		if (classes[class].mode == FNG_MODE_ENFORCE)
			classes[class].mode = FNG_MODE_AUDIT;
	}
}

/* The images, one behind the other. */
static void join(struct fngc_compile *c, const struct fngc_source *source)
{
	struct fngc_result *result = &c->result;
	const struct fngc_place whole = { .source = source };
	size_t size = result->image_size;
	char *to;

	for (size_t i = 0; i < result->nr_phases; i++)
		size += result->phases[i].result->image_size;
	if (size > FNG_MAX_IMAGE_SIZE) {
		fngc_error(c, &whole, NULL, "the image would be larger than "
			   "%u MiB with those of its phases",
			   FNG_MAX_IMAGE_SIZE >> 20);
		return;
	}
	c->start = result->image;
	to = fngc_xcalloc(1, size);
	result->image = to;
	to = mempcpy(to, c->start, result->image_size);
	for (size_t i = 0; i < result->nr_phases; i++) {
		only_tell(&result->phases[i]);
		to = mempcpy(to, result->phases[i].result->image,
			     result->phases[i].result->image_size);
	}
	result->image_size = size;
}

static void check_tests(struct fngc_compile *c)
{
	for (size_t i = 0; i < c->model.tests.nr; i++) {
		const struct fngc_test *test = &c->model.tests.v[i];
		const struct fngc_place place = {
			.source = c->layers.v[c->layers.nr - 1]->source,
			.line = test->line,
			.column = test->column,
		};

		if (test->phase && !fngc_phase_view(&c->result, test->phase))
			fngc_error(c, &place, NULL,
				   "the policy has no phase '%.64s'",
				   test->phase);
	}
}

static void drop_image(struct fngc_compile *c)
{
	free((void *)c->result.image);
	c->result.image = NULL;
	c->result.image_size = 0;
}

void fngc_phases_build(struct fngc_compile *c, const struct fngc_source *source)
{
	const struct fng_image *before = &c->result.view;

	if (c->phase)
		return;
	if (c->model.phases.nr && c->model.interfaces.nr)
		fngc_warning(c, &c->model.phases.v[0].place, NULL,
			     "guests behind devices enter no phase");
	for (size_t i = 0; i < c->model.phases.nr; i++) {
		if (!build_phase(c, source, &c->model.phases.v[i], before))
			break;
		before = &c->result.phases[i].result->view;
	}
	if (!c->diags.nr_errors)
		check_tests(c);
	if (!c->diags.nr_errors && c->result.nr_phases)
		join(c, source);
	if (c->diags.nr_errors)
		drop_image(c);
}

const struct fng_image *fngc_phase_view(const struct fngc_result *result,
					const char *name)
{
	for (size_t i = 0; i < result->nr_phases; i++) {
		if (!strcmp(result->phases[i].name, name))
			return &result->phases[i].result->view;
	}
	return NULL;
}
