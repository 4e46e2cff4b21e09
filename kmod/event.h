/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events: per-CPU rings of fixed records, drained by a worker into batched
 * multicast messages.
 */
#ifndef FNGUARD_KMOD_EVENT_H
#define FNGUARD_KMOD_EVENT_H

#include <uapi/fnguard.h>
#include "judge.h"

int fng_event_init(void);
void fng_event_exit(void);

/* The family is registered; it is about to be unregistered. */
void fng_event_open(void);
void fng_event_close(void);

/*
 * Queues the sample that fng_ledger_count() has promised; the caller holds
 * rcu_read_lock(). Any context, never sleeps, never allocates. If there is no
 * room the sample is counted as lost; the refusal itself is in the ledger and
 * will be told as a repeat count.
 */
void fng_event_refusal(const struct fng_judgement *judgement,
		       const struct fng_object *object, bool audit);

/* The same of what fng_ledger_note() has promised, without being lost. */
void fng_event_noted(const struct fng_judgement *judgement,
		     const struct fng_object *object, u8 policy,
		     enum fng_verdict verdict);

/**
 * struct fng_notice - an event about the guard itself
 * @kind: enum fng_event_kind, none that enum fng_verdict is behind
 * @cgroup_id: cgroup concerned, or 0
 * @policy: name of the policy concerned, or NULL
 * @phase: of a phase of it, or NULL
 * @version: its version
 * @activation: number of an activation, or 0
 * @state: enum fng_state for FNG_EVENT_STATE
 * @seconds: for how long, for FNG_EVENT_EXEMPTED and FNG_EVENT_TRIAL
 * @reason: constant or caller's sentence, or NULL; copied, may be truncated
 * @labels: labels of the binding concerned, or NULL
 */
struct fng_notice {
	u32 kind;
	u64 cgroup_id;
	const char *policy;
	const char *phase;
	u32 version;
	u32 activation;
	u32 state;
	u32 seconds;
	const char *reason;
	const char *labels;
};

/* Any context. Records who did it: pid, comm, uid, login uid of current. */
void fng_event_notice(const struct fng_notice *notice);

/* Any context: there is something to tell, or a policy has retired. */
void fng_event_wake(void);

u64 fng_event_lost(void);
u64 fng_event_seq(void);

#endif /* FNGUARD_KMOD_EVENT_H */
