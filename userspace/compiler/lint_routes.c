// SPDX-License-Identifier: MIT
/*
 * The ways of an attack that a policy leaves open. What it restricts is in its
 * text; this is what it does not say.
 */
#include <compiler/glob.h>
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

/* Programs that run what they read: exec rules do not see that. */
static const struct {
	const char *path;
	const char *what;
} interpreters[] = {
	{ "/usr/bin/dash", "shell scripts" },
	{ "/usr/bin/bash", "shell scripts" },
	{ "/bin/sh", "shell scripts" },
	{ "/usr/bin/busybox", "shell scripts and a hundred tools" },
	{ "/usr/bin/python3.11", "Python" },
	{ "/usr/bin/perl", "Perl" },
	{ "/usr/bin/node", "JavaScript" },
	{ "/usr/bin/ruby", "Ruby" },
	{ "/usr/bin/php", "PHP" },
	{ "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
	  "any program that may be mapped" },
};

static const struct fngc_entry *who_allows(const struct fngc_compile *c,
					   const char *path)
{
	const struct fngc_query query = {
		.verb = FNGC_ACCESS,
		.path = path,
		.access = FNG_ACCESS_EXEC,
	};
	struct fng_decision decision;

	fngc_decide(&c->result.view, &query, &decision);
	for (size_t i = 0; !decision.refused && i < c->model.entries.nr; i++) {
		if (c->model.entries.v[i].rule == decision.rule)
			return &c->model.entries.v[i];
	}
	return NULL;
}

static void lint_interpreters(struct fngc_compile *c)
{
	const struct fngc_entry *last = NULL;

	for (size_t i = 0; i < sizeof(interpreters) / sizeof(*interpreters);
	     i++) {
		const struct fngc_entry *entry = who_allows(c,
							interpreters[i].path);

		if (!entry || entry == last)
			continue;
		last = entry;
		fngc_report(c, FNGC_NOTE, &entry->place, NULL,
			    "'%.80s' lets %s run %s that it can read",
			    entry->text, interpreters[i].path,
			    interpreters[i].what);
	}
}

static void lint_settings(struct fngc_compile *c)
{
	const struct fngc_model *model = &c->model;

	if (model->fileless.set && model->fileless.value == FNG_EFFECT_ALLOW)
		fngc_report(c, FNGC_NOTE, &model->fileless.place, NULL,
			    "fileless: allow lets code run that no rule can "
			    "name: memfd, deleted files");
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
	if (c->model.section[FNG_CLASS_EXEC].set)
		lint_interpreters(c);
	lint_settings(c);
}
