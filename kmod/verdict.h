/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of what is counted and told.
 */
#ifndef FNGUARD_KMOD_VERDICT_H
#define FNGUARD_KMOD_VERDICT_H

#include <linux/types.h>

/**
 * enum fng_verdict - what becomes of what is counted and told
 * @FNG_VERDICT_DENIED: it was refused
 * @FNG_VERDICT_WOULD_DENY: it would have been
 * @FNG_VERDICT_OBSERVED: it was allowed, and somebody wants to know
 * @FNG_VERDICT_CANDIDATE_DENIES: a candidate would refuse what its policy allows
 * @FNG_VERDICT_CANDIDATE_ALLOWS: it would allow what that refuses
 * @FNG_NR_VERDICTS: number of these
 *
 * The first two are false and true of whether a refusal is only audited.
 */
enum fng_verdict {
	FNG_VERDICT_DENIED,
	FNG_VERDICT_WOULD_DENY,
	FNG_VERDICT_OBSERVED,
	FNG_VERDICT_CANDIDATE_DENIES,
	FNG_VERDICT_CANDIDATE_ALLOWS,
	FNG_NR_VERDICTS
};

/* Is it a refusal, or would it be one, by what is in force? The rest comes second. */
static inline bool fng_verdict_refuses(enum fng_verdict verdict)
{
	return verdict <= FNG_VERDICT_WOULD_DENY;
}

#endif /* FNGUARD_KMOD_VERDICT_H */
