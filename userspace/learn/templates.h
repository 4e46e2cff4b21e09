/* SPDX-License-Identifier: MIT */
/*
 * Templates, and what they allow already.
 */
#ifndef LEARN_TEMPLATES_H
#define LEARN_TEMPLATES_H

#include <learn/learn.h>

#define FNGL_MAX_TEMPLATES	FNG_MAX_EXTENDS

/**
 * struct fngl_templates - what a policy extends
 * @names: the templates, NULL-terminated
 * @nr: number of them
 * @result: a policy that extends them and says nothing else, NULL if there is none
 */
struct fngl_templates {
	const char *names[FNGL_MAX_TEMPLATES + 1];
	size_t nr;
	struct fngc_result *result;
};

/* Takes those that were asked for, or those of which most is of use. */
void fngl_templates_choose(struct fngl_templates *templates,
			   const struct fngl_options *options,
			   const struct fngl_acts *acts);

/* Copies those acts that the templates do not allow. */
void fngl_templates_left(const struct fngl_templates *templates,
			 const struct fngl_acts *acts, struct fngl_acts *left);

void fngl_templates_free(struct fngl_templates *templates);

#endif /* LEARN_TEMPLATES_H */
