// SPDX-License-Identifier: MIT
#include <compiler/glob.h>
#include <compiler/lint.h>

/* Cgroups that PID 1 and the host's services live in. */
static const char *const host_cgroups[] = {
	"/", "/init.scope", "/system.slice", "/user.slice", NULL,
};

/* What the host itself is reached by, as kernel and udev call it. */
static const char *const host_devices[] = {
	"eth0", "eno1", "ens1", "ens3", "enp1s0", "enp0s3", "wlan0", NULL,
};

static const char *first_match(const struct fngc_glob *glob,
			       const char *const *names)
{
	for (; *names; names++) {
		if (fngc_glob_matches(glob, *names))
			return *names;
	}
	return NULL;
}

static void lint_cgroups(struct fngc_compile *c)
{
	for (size_t i = 0; i < c->model.attach.nr; i++) {
		const struct fngc_attach *attach = &c->model.attach.v[i];
		const char *hit = NULL;

		for (size_t g = 0; g < attach->nr_globs && !hit; g++)
			hit = first_match(&attach->globs[g], host_cgroups);
		if (hit)
			fngc_warning(c, &attach->place,
				     "name the slice that functions live in",
				     "the template is too broad: it matches "
				     "%s, which is the host's", hit);
	}
}

/* What is written out is meant. */
static void lint_device(struct fngc_compile *c, const struct fngc_place *place,
			const struct fngc_glob *glob)
{
	const char *hit = first_match(glob, host_devices);
	const char *name = fngc_glob_literal(c, glob);

	if (name && !strcmp(name, "lo"))
		fngc_warning(c, place, NULL,
			     "no guest is behind lo: it is never bound");
	if (!name && hit)
		fngc_warning(c, place,
			     "name the devices that guests are behind, such as "
			     "tap-fn-*", "the template is too broad: it "
			     "matches %s, which may be the host's uplink", hit);
}

static void lint_devices_of(struct fngc_compile *c,
			    const struct fngc_attach *attach)
{
	for (size_t i = 0; i < attach->nr_globs; i++)
		lint_device(c, &attach->place, &attach->globs[i]);
}

/* Behind a device, a policy has nothing else to judge by. */
static void lint_devices(struct fngc_compile *c)
{
	const struct fngc_model *model = &c->model;

	for (size_t i = 0; i < model->interfaces.nr; i++)
		lint_devices_of(c, &model->interfaces.v[i]);
	if (model->interfaces.nr && !model->section[FNG_CLASS_EGRESS].set &&
	    !model->section[FNG_CLASS_LISTEN].set)
		fngc_warning(c, &model->interfaces.v[0].place, NULL,
			     "the policy has no egress and no listen section: "
			     "guests behind its devices may send anything");
}

static void lint_one_mode(struct fngc_compile *c, const char *what,
			  const struct fngc_scalar *mode)
{
	fngc_report(c, FNGC_NOTE, &mode->place, NULL,
		    "%s refuses nothing, it only %s", what,
		    mode->value == FNG_MODE_LEARN ? "learns" : "reports");
}

static void lint_mode(struct fngc_compile *c)
{
	const struct fngc_model *model = &c->model;

	if (model->mode.set && model->mode.value != FNG_MODE_ENFORCE)
		lint_one_mode(c, "the policy", &model->mode);
	for (u32 class = 0; class < FNG_CLASS_FLOOR; class++) {
		const struct fngc_scalar *mode = &model->class_mode[class];

		if (mode->set && mode->value != FNG_MODE_ENFORCE &&
		    model->mode.value != mode->value)
			lint_one_mode(c, fngc_class_name(class), mode);
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
	lint_cgroups(c);
	lint_devices(c);
	lint_mode(c);
	lint_errno(c);
	lint_defaults(c);
	fngc_lint_response(c);
	fngc_lint_observe(c);
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
