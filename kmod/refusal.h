/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was refused last, by cgroup: for who asks why afterwards, with nobody having
 * listened.
 */
#ifndef FNGUARD_KMOD_REFUSAL_H
#define FNGUARD_KMOD_REFUSAL_H

#include "event_record.h"

/* So many refusals that differ are remembered of one cgroup. */
#define FNG_REFUSALS_OF_CGROUP	16u

/**
 * struct fng_refusal - something that was refused, or would have been
 * @count: how often; once it was forgotten, it is counted anew
 * @record: of the last time; without a row, and without what
 *	fng_record_fill_program() adds
 */
struct fng_refusal {
	u64 count;
	struct fng_record record;
};

int fng_refusal_init(void);
void fng_refusal_exit(void);

/* Any context, inside rcu_read_lock(). */
void fng_refusal_keep(const struct fng_judgement *judgement,
		      const struct fng_object *object);

/* Any context. */
u32 fng_refusal_total(void);
u64 fng_refusal_unkept(void);
bool fng_refusal_get(u32 index, struct fng_refusal *copy);

/* The event worker only. */
void fng_refusal_sweep(void);

#endif /* FNGUARD_KMOD_REFUSAL_H */
