/* SPDX-License-Identifier: MIT */
/*
 * What a policy answers to a question.
 */
#ifndef CLI_ANSWER_H
#define CLI_ANSWER_H

#include "output.h"
#include "policy_offline.h"

/* "deny", "allow", or "audit" for what is only told. */
const char *fng_answer_verdict(const struct fng_decision *decision);

/* Its colour; of a column. */
enum fng_colour fng_answer_colour(const json_t *value);

/**
 * fng_answer_set_rule() - say which rule, and where it was written
 * @object: gets rule, at, file and line, as far as there are
 * @policy: whose
 * @rule: rule id
 */
void fng_answer_set_rule(json_t *object, const struct fng_offline *policy,
			 u32 rule);

/**
 * fng_answer() - what a policy has decided, and why
 * @policy: the policy
 * @decision: the decision
 *
 * Return: a new reference.
 */
json_t *fng_answer(const struct fng_offline *policy,
		   const struct fng_decision *decision);

#endif /* CLI_ANSWER_H */
