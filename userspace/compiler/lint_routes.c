// SPDX-License-Identifier: MIT
/*
 * The ways of an attack that a policy leaves open. What it restricts is in its
 * text; this is what it does not say.
 */
#include <compiler/lint.h>

static const struct {
	u32 class;
	const char *route;
} absent[] = {
	{ FNG_CLASS_EXEC, "no exec section: whatever the function can read or "
			  "write, it can run" },
	{ FNG_CLASS_MEMORY, "no memory section: code can be written into "
			    "memory and run there" },
	{ FNG_CLASS_FILES, "no files section: every file that its user may "
			   "use is open to the function" },
	{ FNG_CLASS_EGRESS, "no egress section: data can be sent anywhere" },
	{ FNG_CLASS_SOCKETS, "no sockets section: every family of sockets that "
			     "the kernel offers is open to attack" },
	{ FNG_CLASS_PRIVILEGES, "no privileges section: the function may use "
				"every capability that it has, and become "
				"another user" },
	{ FNG_CLASS_LISTEN, "no listen section: whoever can reach the function "
			    "can connect to any port that it opens" },
	{ FNG_CLASS_UNIX, "no unix section: the host's daemons are in reach by "
			  "their sockets, such as docker's and D-Bus's" },
};

static void lint_settings(struct fngc_compile *c)
{
	const struct fngc_model *model = &c->model;

	if (model->fileless.set && model->fileless.value == FNG_EFFECT_ALLOW)
		fngc_report(c, FNGC_NOTE, &model->fileless.place, NULL,
			    "fileless: allow lets code run that no rule can "
			    "name: memfd, deleted files");
	if (model->fileless.set && model->fileless.value == FNG_EFFECT_ALLOW &&
	    model->modified.set && model->modified.value == FNG_EFFECT_DENY)
		fngc_report(c, FNGC_NOTE, &model->modified.place, NULL,
			    "modified: deny does not hold for a file that was "
			    "deleted, which fileless: allow lets run");
	if (model->write_exec.set &&
	    model->write_exec.value == FNG_EFFECT_ALLOW)
		fngc_report(c, FNGC_NOTE, &model->write_exec.place, NULL,
			    "write-exec: allow lets code be written into memory "
			    "and run there");
}

void fngc_lint_routes(struct fngc_compile *c)
{
	const struct fngc_layer *top = c->layers.v[c->layers.nr - 1];
	const struct fngc_place whole = { .source = top->source };

	for (size_t i = 0; i < sizeof(absent) / sizeof(*absent); i++) {
		if (!c->model.section[absent[i].class].set)
			fngc_report(c, FNGC_NOTE, &whole, NULL, "%s",
				    absent[i].route);
	}
	lint_settings(c);
}
