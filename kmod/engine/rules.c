// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Rules by their ids: those of the base come first.
 */
#include "engine.h"

/**
 * fng_rule_find() - find a rule
 * @image: whose rule
 * @rule: rule id
 * @strings: set to the strings that the rule's offsets are into
 *
 * Return: the rule; NULL if the id is not that of a rule which was written.
 */
const struct fng_image_rule *fng_rule_find(const struct fng_image *image,
					   u32 rule, const char **strings)
{
	const struct fng_image *base = image->base;
	const struct fng_image *part = image;

	if (rule >= fng_rules_count(image))
		return NULL;
	if (base && rule < base->nr_rules)
		part = base;
	else if (base)
		rule -= base->nr_rules;
	*strings = part->strings;
	return &part->rules[rule];
}
