// SPDX-License-Identifier: MIT
/*
 * How much of what is allowed.
 */
#include "reference.h"

/* Each number is another rate; of one that allows none, nothing more is said. */
struct ref_rate ref_rate_of(u32 value)
{
	struct ref_rate rate = {
		.number = value % 40,
		.period = "smh"[value / 40 % 3],
		.burst = value / 40 / 3,
	};

	if (!rate.number)
		rate.burst = 0;
	return rate;
}

/* Without a burst, what comes in a second, the last of it begun. */
u32 ref_burst_of(struct ref_rate rate)
{
	u32 seconds = rate.period == 's' ? 1 : rate.period == 'm' ? 60 : 3600;
	u32 burst = 0;

	if (rate.burst)
		return rate.burst;
	while (burst * seconds < rate.number)
		burst++;
	return burst;
}

static struct ref_verdict by_limit(const struct ref_policy *policy,
				   const struct ref_setting *limit,
				   bool exceeded)
{
	return ref_verdict_of(policy, REF_LIMITS, limit->said && exceeded,
			      limit->said ? limit->line : 0);
}

/* So many connections at one moment, nothing having been used before. */
struct ref_verdict ref_decide_use(const struct ref_policy *policy,
				  const struct ref_request *request)
{
	const struct ref_setting *limit = ref_effective(policy->connect);

	return by_limit(policy, limit, request->port >
			ref_burst_of(ref_rate_of(limit->value)));
}

/* Some label is longer than may be. */
struct ref_verdict ref_decide_label(const struct ref_policy *policy,
				    const char *name)
{
	const struct ref_setting *limit = ref_effective(policy->label);
	bool longer = false;

	for (const char *end; *name; name = end + (*end == '.')) {
		end = strchrnul(name, '.');
		longer |= (u32)(end - name) > limit->value + 1;
	}
	return by_limit(policy, limit, longer);
}

/* Is there a limit on what leaves? All that there are here, are. */
bool ref_limits_traffic(const struct ref_policy *policy)
{
	return ref_effective(policy->connect)->said ||
	       ref_effective(policy->label)->said;
}
