// SPDX-License-Identifier: MIT
#include <compiler/glob.h>
#include <compiler/lint.h>

/* Cgroups that PID 1 and the host's services live in. */
static const char *const host_cgroups[] = {
	"/", "/init.scope", "/system.slice", "/user.slice", NULL,
};

static void lint_attach(struct fngc_compile *c)
{
	for (size_t i = 0; i < c->model.attach.nr; i++) {
		const struct fngc_attach *attach = &c->model.attach.v[i];
		const char *hit = NULL;

		for (size_t g = 0; g < attach->nr_globs && !hit; g++) {
			for (const char *const *p = host_cgroups; *p && !hit;
			     p++) {
				if (fngc_glob_matches(&attach->globs[g], *p))
					hit = *p;
			}
		}
		if (hit)
			fngc_warning(c, &attach->place,
				     "name the slice that functions live in",
				     "the template is too broad: it matches "
				     "%s, which is the host's", hit);
	}
}

static void lint_mode(struct fngc_compile *c)
{
	const struct fngc_model *model = &c->model;

	if (model->mode.set && model->mode.value == FNG_MODE_AUDIT)
		fngc_report(c, FNGC_NOTE, &model->mode.place, NULL,
			    "the policy refuses nothing, it only reports");
	for (u32 class = 0; class < FNG_CLASS_FLOOR; class++) {
		const struct fngc_scalar *mode = &model->class_mode[class];

		if (mode->set && mode->value == FNG_MODE_AUDIT &&
		    model->mode.value != FNG_MODE_AUDIT)
			fngc_report(c, FNGC_NOTE, &mode->place, NULL,
				    "%s refuses nothing, it only reports",
				    fngc_class_name(class));
	}
}

static void lint_errno(struct fngc_compile *c)
{
	for (u32 class = 0; class < FNG_CLASS_FLOOR; class++) {
		const struct fngc_scalar *err = &c->model.err[class];

		if (err->set && !c->model.section[class].set)
			fngc_warning(c, &err->place, NULL,
				     "the policy has no %s section that could "
				     "refuse", fngc_class_name(class));
	}
}

static bool has_deny(const struct fngc_model *model, u32 class)
{
	for (size_t i = 0; i < model->entries.nr; i++) {
		if (model->entries.v[i].class == class &&
		    model->entries.v[i].effect == FNG_EFFECT_DENY)
			return true;
	}
	return false;
}

static void lint_defaults(struct fngc_compile *c)
{
	const struct fngc_model *model = &c->model;

	for (u32 class = 0; class < FNG_CLASS_FLOOR; class++) {
		if (!model->section[class].set || !model->dflt[class].set ||
		    model->dflt[class].value != FNG_EFFECT_ALLOW ||
		    !has_deny(model, class))
			continue;
		fngc_warning(c, &model->dflt[class].place,
			     "deny by default, and allow what is needed",
			     "deny rules under 'default: allow': what %s does "
			     "not list stays open", fngc_class_name(class));
	}
}

void fngc_lint(struct fngc_compile *c, const struct fng_image_accept *accepts,
	       size_t nr_accepts)
{
	lint_attach(c);
	lint_mode(c);
	lint_errno(c);
	lint_defaults(c);
	fngc_lint_rules(c);
	fngc_lint_paths(c, accepts, nr_accepts);
	fngc_lint_digests(c);
	fngc_lint_egress(c);
	fngc_lint_routes(c);
	fngc_lint_doors(c);
	fngc_lint_privileges(c);
	if (c->options.root && !c->options.isolated)
		fngc_lint_root(c);
}
