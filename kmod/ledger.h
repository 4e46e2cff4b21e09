/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ledger: exact counts of refusals by (cgroup, policy, hook, rule).
 */
#ifndef FNGUARD_KMOD_LEDGER_H
#define FNGUARD_KMOD_LEDGER_H

#include "judge.h"
#include "row.h"

int fng_ledger_init(void);
void fng_ledger_exit(void);

/*
 * Counts one refusal by policy number @policy of the judgement's subject, in the
 * policy's counters, the cgroup's and the ledger. Any context, never sleeps,
 * never allocates.
 *
 * Returns true if a sample event is due: then fng_event_refusal() must be called
 * for the judgement, in the same RCU read-side critical section. Only the
 * root-most policy of the verdict is sampled, since the event is about its row.
 */
bool fng_ledger_count(const struct fng_judgement *judgement, u8 policy,
		      bool audit);

/* Any context. */
bool fng_ledger_note(const struct fng_judgement *judgement, u8 policy,
		     enum fng_verdict verdict, bool wanted);
u32 fng_ledger_sampled(const struct fng_judgement *judgement, u8 policy,
		       enum fng_verdict verdict);
u64 fng_ledger_gen(void);
u64 fng_ledger_denied(void);
u64 fng_ledger_unheard(void);

/* Refusals without policy and without a row; only the first is ever used. */
extern struct fng_other fng_ledger_other[FNG_NR_VERDICTS];

/* The event worker only. */
void fng_ledger_sweep(void);

#endif /* FNGUARD_KMOD_LEDGER_H */
