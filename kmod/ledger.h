/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ledger: exact counts of refusals by (cgroup, policy, hook, rule), in a
 * table that is allocated when the module is loaded.
 */
#ifndef FNGUARD_KMOD_LEDGER_H
#define FNGUARD_KMOD_LEDGER_H

#include "judge.h"

/**
 * struct fng_row - one row of the ledger
 * @cgroup_id: guarded cgroup; 0 marks a free row
 * @policy_id: fng_policy.id
 * @rule: rule id
 * @hook: enum fng_hook
 * @class: enum fng_class
 * @audit: counts would-be refusals
 * @samples: sample events taken so far, at most FNG_MAX_SAMPLES
 * @count: refusals; any context
 * @reported: of @count, those told in events; event worker only
 *
 * The key is written once, under the bucket's lock, before the row is linked.
 */
struct fng_row {
	u64 cgroup_id;
	u64 policy_id;
	u32 rule;
	u8 hook;
	u8 class;
	bool audit;
	atomic_t samples;
	atomic64_t count;
	u64 reported;
	struct hlist_node node;
};

int fng_ledger_init(void);
void fng_ledger_exit(void);

/*
 * Counts one refusal by policy number @policy of the judgement's subject, in the
 * policy's counters, the cgroup's and the ledger. Any context, never sleeps,
 * never allocates. Returns true if a sample event is due for the row.
 */
bool fng_ledger_count(const struct fng_judgement *judgement, u8 policy,
		      bool audit);

#endif /* FNGUARD_KMOD_LEDGER_H */
