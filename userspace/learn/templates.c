// SPDX-License-Identifier: MIT
/*
 * Templates, and what they allow already.
 */
#include <stdlib.h>
#include <string.h>

#include <learn/check.h>
#include <learn/templates.h>

/* Those without parameters that only allow something. */
static const char *const known[] = { "base", "python3", "node" };

static struct fngc_result *compile(const struct fngl_options *options,
				   const char *const *names)
{
	struct fngc_result *result;
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	fputs("policy: templates\nextends: [", out);
	for (size_t i = 0; names[i]; i++)
		fprintf(out, "%s%s", i ? ", " : "", names[i]);
	fputs("]\n", out);
	if (fclose(out))
		abort();
	fngc_compile_text(&options->compile, "templates", text, size, &result);
	free(text);
	if (!result->nr_errors)
		return result;
	fngc_result_free(result);
	return NULL;
}

/* A section that the templates do not have would be open, and it will not be. */
static bool allows(const struct fngc_result *result, const struct fngl_act *act,
		   struct fng_decision *decision)
{
	return fngl_decide(&result->view, act, decision) &&
	       !decision->refused && result->view.classes[decision->class].present;
}

static bool is_rule(const struct fngc_rule *rule)
{
	return rule->access && rule->effect == FNG_EFFECT_ALLOW;
}

/* Is at least half of its rules on names of some use? */
static bool is_of_use(const struct fngc_result *result,
		      const struct fngl_acts *acts)
{
	bool *used = fngc_xcalloc(result->nr_rules + 1, sizeof(*used));
	size_t nr_used = 0, nr = 0;
	struct fng_decision decision;

	for (size_t i = 0; i < acts->nr; i++)
		if (allows(result, &acts->v[i], &decision) &&
		    decision.rule < result->nr_rules)
			used[decision.rule] = true;
	for (size_t i = 0; i < result->nr_rules; i++) {
		nr += is_rule(&result->rules[i]);
		nr_used += is_rule(&result->rules[i]) && used[i];
	}
	free(used);
	return nr_used && 2 * nr_used >= nr;
}

static void choose(struct fngl_templates *templates,
		   const struct fngl_options *options,
		   const struct fngl_acts *acts)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		const char *const names[] = { known[i], NULL };
		struct fngc_result *result;

		/* A policy cannot extend one of its own name. */
		if (!strcmp(known[i], options->name))
			continue;
		result = compile(options, names);
		if (result && is_of_use(result, acts))
			templates->names[templates->nr++] = known[i];
		fngc_result_free(result);
	}
}

static void take(struct fngl_templates *templates, const char *const *names)
{
	for (; *names && templates->nr < FNGL_MAX_TEMPLATES; names++)
		templates->names[templates->nr++] = *names;
}

void fngl_templates_choose(struct fngl_templates *templates,
			   const struct fngl_options *options,
			   const struct fngl_acts *acts)
{
	if (options->templates)
		take(templates, options->templates);
	else
		choose(templates, options, acts);
	if (templates->nr)
		templates->result = compile(options, templates->names);
}

void fngl_templates_left(const struct fngl_templates *templates,
			 const struct fngl_acts *acts, struct fngl_acts *left)
{
	struct fng_decision decision;

	for (size_t i = 0; i < acts->nr; i++)
		if (!templates->result ||
		    !allows(templates->result, &acts->v[i], &decision))
			fngl_add(left, &acts->v[i]);
	left->unkept = acts->unkept;
}

void fngl_templates_free(struct fngl_templates *templates)
{
	fngc_result_free(templates->result);
}
