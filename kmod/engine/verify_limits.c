// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * How much of what is allowed.
 */
#include "verify.h"

static int check_rate(const struct fng_verifier *v,
		      const struct fng_image_limit *limit)
{
	if (!limit->cost || limit->cost > FNG_MAX_LIMIT_COST)
		return fng_refuse(v, &limit->cost,
				  "a rate costs nothing or too much");
	if (limit->most > FNG_MAX_LIMIT_BURST)
		return fng_refuse(v, &limit->most,
				  "a rate allows too much at once");
	return 0;
}

static int check_count(const struct fng_verifier *v,
		       const struct fng_image_limit *limit)
{
	static const u64 most[FNG_NR_LIMITS] = {
		[FNG_LIMIT_EGRESS_TOTAL] = FNG_MAX_LIMIT_TOTAL,
		[FNG_LIMIT_DESTINATIONS] = FNG_MAX_DESTINATIONS,
		[FNG_LIMIT_DNS_LABEL] = FNG_MAX_LABEL,
	};

	if (limit->cost)
		return fng_refuse(v, &limit->cost,
				  "a limit that is no rate has a cost");
	if (limit->most > most[limit->kind])
		return fng_refuse(v, &limit->most, "a limit is too high");
	return 0;
}

static int check_limit(const struct fng_verifier *v, u32 i)
{
	const struct fng_image_limit *limit = &v->image.limits[i];

	if (limit->kind >= FNG_NR_LIMITS)
		return fng_refuse(v, &limit->kind, "a limit is not known");
	if (i && limit->kind <= limit[-1].kind)
		return fng_refuse(v, &limit->kind, "limits are out of order");
	if (!fng_rule_valid(v, limit->rule))
		return fng_refuse(v, &limit->rule, "a limit has no rule");
	return fng_limit_is_rate(limit->kind) ? check_rate(v, limit) :
	       check_count(v, limit);
}

/**
 * fng_verify_observed() - verify what is reported, and how much of it
 * @v: verifier of no base
 *
 * Return: 0 or a negative errno.
 */
int fng_verify_observed(const struct fng_verifier *v)
{
	const struct fng_image_meta *meta = v->image.meta;
	const struct fng_image_limit rate = { .cost = meta->observe_cost };

	if (meta->observe >> FNG_NR_OBSERVABLES)
		return fng_refuse(v, &meta->observe,
				  "it observes what is not known");
	if (!meta->observe != !meta->observe_cost ||
	    meta->observe_cost > FNG_MAX_LIMIT_COST)
		return fng_refuse(v, &meta->observe_cost,
				  "a report costs nothing or too much");
	if (!meta->observe != !meta->observe_burst ||
	    meta->observe_burst > FNG_MAX_OBSERVE_BURST ||
	    fng_limit_price(&rate, meta->observe_burst) > FNG_MAX_LIMIT_BURST)
		return fng_refuse(v, &meta->observe_burst,
				  "it reports nothing at once, or too much");
	return 0;
}

/**
 * fng_verify_limits() - verify limits
 * @v: verifier that has seen the classes
 *
 * Return: 0 or a negative errno.
 */
int fng_verify_limits(const struct fng_verifier *v)
{
	u32 i;
	int err;

	if (v->image.nr_limits && !v->image.classes[FNG_CLASS_LIMITS].present)
		return fng_refuse(v, v->image.limits,
				  "there are limits without the limits class");
	for (i = 0; i < v->image.nr_limits; i++) {
		err = check_limit(v, i);
		if (err)
			return err;
	}
	return 0;
}
