// SPDX-License-Identifier: MIT
/*
 * What a policy answers to a question.
 */
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "session.h"

const char *fng_answer_verdict(const struct fng_decision *decision)
{
	if (!decision->refused)
		return "allow";
	return decision->audit ? "audit" : "deny";
}

enum fng_colour fng_answer_colour(const json_t *value)
{
	const char *text = json_string_value(value);

	if (!strcmp(text, "deny"))
		return FNG_BAD;
	return strcmp(text, "allow") ? FNG_WARN : FNG_GOOD;
}

/* The file as it was given, where there is one; the image has its last part. */
void fng_answer_set_rule(json_t *object, const struct fng_offline *policy,
			 u32 rule)
{
	struct fngc_origin origin;
	char at[4096];

	fngc_origin(&policy->image, rule, &origin);
	fng_set_text(object, "rule", origin.text);
	if (!*origin.file)
		return;
	if (policy->result && !*policy->image.meta->phase &&
	    rule < policy->result->nr_rules)
		origin.file = policy->result->rules[rule].file;
	snprintf(at, sizeof(at), "%s:%u", origin.file, origin.line);
	fng_set_text(object, "at", at);
	fng_set_text(object, "file", origin.file);
	json_object_set_new(object, "line", json_integer(origin.line));
}

json_t *fng_answer(const struct fng_offline *policy,
		   const struct fng_decision *decision)
{
	char access[FNGC_ACCESS_NAMES_SIZE];
	json_t *object = json_object();

	fng_set_text(object, "policy", policy->image.meta->name);
	fng_set_text(object, "phase", policy->image.meta->phase);
	fng_set_text(object, "section", fngc_class_name(decision->class));
	fng_set_text(object, "verdict", fng_answer_verdict(decision));
	fng_answer_set_rule(object, policy, decision->rule);
	if (!decision->refused)
		return object;
	fng_set_text(object, "errno", fngc_errno_name(decision->err));
	if (decision->access)
		fng_set_text(object, "refused",
			     fngc_access_names(decision->access, access));
	return object;
}
