/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Notices: events about the guard itself, kept until somebody hears them.
 */
#ifndef FNGUARD_KMOD_EVENT_NOTICE_H
#define FNGUARD_KMOD_EVENT_NOTICE_H

#include "event_record.h"

/* Bytes of a reason that a notice keeps, with its NUL. */
#define FNG_NOTICE_REASON	128

/**
 * struct fng_notice_record - a notice, kept
 * @number: of the notice, from 0
 * @boot: time since boot
 * @cgroup_id: as in struct fng_notice
 * @kind: same
 * @version: same
 * @activation: same
 * @state: same
 * @seconds: same
 * @actor: who did it
 * @policy: as in struct fng_notice, or empty
 * @phase: same
 * @reason: same
 * @labels: same
 */
struct fng_notice_record {
	u64 number;
	u64 boot;
	u64 cgroup_id;
	u32 kind;
	u32 version;
	u32 activation;
	u32 state;
	u32 seconds;
	struct fng_actor actor;
	char policy[FNG_MAX_POLICY_NAME + 1];
	char phase[FNG_MAX_PHASE_NAME + 1];
	char reason[FNG_NOTICE_REASON];
	char labels[FNG_MAX_LABELS + 1];
};

int fng_notice_init(void);
void fng_notice_exit(void);

/* Any context. */
bool fng_notice_pending(void);
u64 fng_notice_lost(void);

/* The event worker only. */
bool fng_notice_get(u64 number, struct fng_notice_record *copy);
void fng_notice_told(u64 number);

#endif /* FNGUARD_KMOD_EVENT_NOTICE_H */
