// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * How much of what is allowed.
 *
 * Of a rate, one number is kept: the time until which all that was used would
 * have lasted, had it been used evenly. Something may be used as long as that is
 * not further away than what may be used at once is worth. Nothing has to be
 * refilled, and one compare-and-exchange is enough to use something.
 */
#include "decide.h"

/**
 * fng_limit_find() - find a limit
 * @image: whose
 * @kind: enum fng_limit
 *
 * Return: the limit, NULL if there is none.
 */
const struct fng_image_limit *fng_limit_find(const struct fng_image *image,
					     u32 kind)
{
	u32 i;

	for (i = 0; i < image->nr_limits; i++)
		if (image->limits[i].kind == kind)
			return &image->limits[i];
	return NULL;
}

/**
 * fng_limit_decide() - decide by a limit
 * @image: whose
 * @limit: the limit; NULL where there is none, which allows
 * @refused: it is exceeded
 * @decision: the decision
 */
void fng_limit_decide(const struct fng_image *image,
		      const struct fng_image_limit *limit, bool refused,
		      struct fng_decision *decision)
{
	fng_decision_set(decision, image, FNG_CLASS_LIMITS, limit && refused,
			 limit ? limit->rule : FNG_RULE_NONE);
}

/**
 * fng_limit_price() - the time that something is worth
 * @limit: a rate
 * @amount: how much
 *
 * Return: in ns, rounded up; ~0 if it is more than can be told.
 */
u64 fng_limit_price(const struct fng_image_limit *limit, u64 amount)
{
	const u64 mask = (1ull << FNG_LIMIT_SHIFT) - 1;
	u64 fraction = limit->cost & mask;
	u64 price, rest;

	/* Of the fraction, no product gets near the end of its type. */
	rest = fraction * (amount >> FNG_LIMIT_SHIFT) +
	       ((fraction * (amount & mask) + mask) >> FNG_LIMIT_SHIFT);
	if (__builtin_mul_overflow(limit->cost >> FNG_LIMIT_SHIFT, amount,
				   &price) ||
	    __builtin_add_overflow(price, rest, &price))
		return ~0ull;
	return price;
}

/**
 * fng_limit_take() - use something, if there is as much
 * @limit: a rate
 * @now: time, in ns from any moment that is not in the future
 * @amount: how much
 * @until: the time until which what was used lasts; moved if it was used, or if
 *	it is to be brought nearer
 *
 * Another rate, and a clock that was set back, may have left @until further away
 * than a full use of @limit would: from now on it is as that.
 *
 * Return: false if there is not.
 */
bool fng_limit_take(const struct fng_image_limit *limit, u64 now, u64 amount,
		    u64 *until)
{
	u64 price = fng_limit_price(limit, amount);
	u64 used = *until > now ? *until - now : 0;

	/* Where nothing is allowed, what was used under another rate is kept. */
	if (price > limit->most)
		return false;
	if (used > limit->most) {
		used = limit->most;
		*until = now + used;
	}
	if (price > limit->most - used)
		return false;
	*until = now + used + price;
	return true;
}

/**
 * fng_label_longest() - how long the longest label of a name is
 * @name: labels with dots between
 * @len: bytes of @name
 */
u32 fng_label_longest(const char *name, size_t len)
{
	u32 longest = 0, label = 0;

	while (len--) {
		label = *name++ == '.' ? 0 : label + 1;
		if (label > longest)
			longest = label;
	}
	return longest;
}

/**
 * fng_label_decide() - decide on asking for a name by how long its labels are
 * @image: whose decision
 * @name: as fng_host_find() takes it
 * @len: bytes of @name
 * @decision: the decision
 */
void fng_label_decide(const struct fng_image *image, const char *name,
		      size_t len, struct fng_decision *decision)
{
	const struct fng_image_limit *limit;

	limit = fng_limit_find(image, FNG_LIMIT_DNS_LABEL);
	fng_limit_decide(image, limit,
			 limit && fng_label_longest(name, len) > limit->most,
			 decision);
}
