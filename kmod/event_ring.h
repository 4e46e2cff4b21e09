/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU rings of records.
 */
#ifndef FNGUARD_KMOD_EVENT_RING_H
#define FNGUARD_KMOD_EVENT_RING_H

#include "event_record.h"

int fng_ring_init(void);
void fng_ring_exit(void);

/* Any context, preemption disabled from the one to the other. */
struct fng_record *fng_ring_reserve(bool refused);
void fng_ring_commit(struct fng_record *record);

/* The event worker only. */
struct fng_record *fng_ring_peek(int cpu);
void fng_ring_pop(int cpu);

#endif /* FNGUARD_KMOD_EVENT_RING_H */
