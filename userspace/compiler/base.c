// SPDX-License-Identifier: MIT
/*
 * What policies that extend the same templates have in common: the rules of the
 * templates, compiled as if nobody had added any, and under the defaults that the
 * policy has in the end.
 */
#include <stdlib.h>

#include <compiler/emit.h>

/* The rules of defaults are the policy's own: they have no name in the base. */
static void hide_defaults(const struct fngc_model *model,
			  struct fngc_sections *base)
{
	for (size_t i = 0; i < base->accepts.nr; i++) {
		for (u32 bit = 0; bit < FNG_NR_ACCESS; bit++) {
			u32 class = fng_access_class(1u << bit);
			u32 *rule = &base->accepts.v[i].rule[bit];

			if (model->section[class].set &&
			    *rule == model->dflt[class].rule)
				*rule = FNG_RULE_DEFAULT;
		}
	}
}

static void split_egress(struct fngc_compile *c, struct fngc_pool *pool,
			 const struct fngc_draft *whole,
			 const struct fngc_draft *inherited,
			 struct fngc_sections *own)
{
	u32 no_ports = fngc_portset(&c->model, NULL, 0, pool, true);
	fngc_segments v4 = { 0 }, v6 = { 0 };

	fngc_overlay_egress(&whole->v4, &inherited->v4, no_ports, &v4);
	fngc_overlay_egress(&whole->v6, &inherited->v6, no_ports, &v6);
	fngc_sections_egress(own, pool, &v4, &v6, whole);
	free(v4.v);
	free(v6.v);
}

static bool fits(const struct fngc_sections *sections)
{
	return sections->path.nr_states <= FNG_MAX_STATES &&
	       sections->path.nr_trans <= FNG_MAX_TRANSITIONS &&
	       sections->accepts.nr <= FNG_MAX_ACCEPTS &&
	       sections->v4.nr <= FNG_MAX_RANGES &&
	       sections->v6.nr <= FNG_MAX_RANGES &&
	       sections->portsets.nr <= FNG_MAX_PORTSETS &&
	       sections->ports.nr <= FNG_MAX_PORTS;
}

bool fngc_base_split(struct fngc_compile *c, struct fngc_pool *pool,
		     const struct fngc_draft *whole, struct fngc_sections *own,
		     struct fngc_sections *base)
{
	struct fngc_draft inherited = { .base = true };
	bool fine;

	fine = fngc_paths_build(c, pool, &inherited) &&
	       fngc_egress_build(c, pool, &inherited);
	if (fine) {
		base->nr_rules = c->nr_inherited;
		fngc_sections_paths(base, pool, &inherited.path);
		hide_defaults(&c->model, base);
		fngc_sections_egress(base, pool, &inherited.v4, &inherited.v6,
				     NULL);
		own->first_rule = c->nr_inherited;
		own->nr_rules = c->rules.nr - c->nr_inherited;
		fngc_overlay_paths(pool, &whole->path, &inherited.path,
				   &base->path, own);
		split_egress(c, pool, whole, &inherited, own);
		fine = fits(own) && fits(base);
	}
	fngc_draft_free(&inherited);
	return fine;
}
