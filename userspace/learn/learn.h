/* SPDX-License-Identifier: MIT */
/*
 * From what was done under policies that learn to a policy that allows it: sets of
 * acts, and the policies that are written of them.
 *
 * As in the compiler, running out of memory ends the process with a message.
 */
#ifndef LEARN_LEARN_H
#define LEARN_LEARN_H

#include <stdio.h>

#include <compiler/compiler.h>
#include <compiler/mem.h>

/* Acts that are no questions of fngc_query_parse(). */
#define FNGL_RENAME	"rename"
#define FNGL_RENAME_DIR	"rename-dir"
#define FNGL_OTHER	"other"
/* Moving or removing a directory below which something is denied, or would be won. */
#define FNGL_BELOW	"below"

/**
 * struct fngl_act - one thing that was done
 * @verb: as of fngc_query_parse(), where names of files are asked about by "open",
 *	"exec" and "map"; or one of the above
 * @target: as there; of a renamed or linked file its name, of others what it was
 * @access: of "open", FNG_ACCESS_*
 * @more: of "connect" the name that the address was given for, of "resolve" who was
 *	asked, of a rename the new name, of others why no rule can allow it; or ""
 */
struct fngl_act {
	const char *verb;
	const char *target;
	u32 access;
	const char *more;
};

/**
 * struct fngl_acts - a set of them; all zero is empty
 * @v: the acts
 * @nr: number of @v
 * @room: of @v
 * @unkept: how often something was done that is not among them
 * @arena: of their texts
 */
struct fngl_acts {
	struct fngl_act *v;
	size_t nr;
	size_t room;
	u64 unkept;
	struct fngc_arena arena;
};

/* Adds an act; its texts are copied. */
void fngl_add(struct fngl_acts *acts, const struct fngl_act *act);

/* Brings them into their order, and makes one of those that are the same. */
void fngl_settle(struct fngl_acts *acts);

void fngl_free(struct fngl_acts *acts);

/**
 * fngl_dump() - a set as JSON
 * @acts: settled
 * @name: of the policy under which it was done
 *
 * Return: a new reference.
 */
struct json_t *fngl_dump(const struct fngl_acts *acts, const char *name);

/**
 * fngl_read() - add what fngl_dump() has made, here or elsewhere
 * @acts: the set
 * @dump: what may be that; nothing of it is believed
 *
 * Return: name of the policy, valid as long as @dump; or NULL if it is none.
 */
const char *fngl_read(struct fngl_acts *acts, const struct json_t *dump);

/**
 * struct fngl_options - how to write a policy
 * @name: its name
 * @cgroups: for attach.cgroup, NULL-terminated, or NULL
 * @templates: to extend, NULL-terminated; NULL for those of which most is used
 * @compile: how policies are compiled, for where templates are
 */
struct fngl_options {
	const char *name;
	const char *const *cgroups;
	const char *const *templates;
	struct fngc_options compile;
};

/**
 * fngl_write() - write the policy that allows a set of acts
 * @options: how
 * @acts: settled
 * @out: where to
 * @result: if what was written is no policy, as with a template that is none: its
 *	compilation, to be freed; else NULL
 *
 * What names are like that change with each run is written as a pattern, with the
 * reason beside it; never of programs. What the policy refuses all the same, since
 * a template does or no rule can allow it, is said at its end.
 *
 * Return: 0 or -EINVAL.
 */
int fngl_write(const struct fngl_options *options, const struct fngl_acts *acts,
	       FILE *out, struct fngc_result **result);

/* The policy under which everything is learned; of the options its name and cgroups. */
void fngl_write_learner(const struct fngl_options *options, FILE *out);

#endif /* LEARN_LEARN_H */
