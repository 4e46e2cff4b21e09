/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of what is counted and told.
 */
#ifndef FNGUARD_KMOD_VERDICT_H
#define FNGUARD_KMOD_VERDICT_H

/**
 * enum fng_verdict - what becomes of what is counted and told
 * @FNG_VERDICT_DENIED: it was refused
 * @FNG_VERDICT_WOULD_DENY: it would have been
 * @FNG_VERDICT_OBSERVED: it was allowed, and somebody wants to know
 * @FNG_NR_VERDICTS: number of these
 *
 * The first two are false and true of whether a refusal is only audited.
 */
enum fng_verdict {
	FNG_VERDICT_DENIED,
	FNG_VERDICT_WOULD_DENY,
	FNG_VERDICT_OBSERVED,
	FNG_NR_VERDICTS
};

#endif /* FNGUARD_KMOD_VERDICT_H */
