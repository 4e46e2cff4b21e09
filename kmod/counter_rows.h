/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules that a refusal can name, and at which hooks.
 */
#ifndef FNGUARD_KMOD_COUNTER_ROWS_H
#define FNGUARD_KMOD_COUNTER_ROWS_H

#include <linux/types.h>

#include "engine/engine.h"

/**
 * struct fng_counter_row - counters of a rule that a refusal can name
 * @rule: rule id
 * @start: index of the counter of the hook at @first
 * @first: place of the first hook that can refuse by the rule
 * @end: one more than that of the last
 */
struct fng_counter_row {
	u32 rule;
	u32 start;
	u8 first;
	u8 end;
};

/**
 * struct fng_counter_rows - the rules of one part of a policy that have counters
 * @rows: rules, ascending; owned
 * @nr: number of @rows
 * @nr_count: number of their counters
 *
 * Immutable after fng_counter_rows_init(); that of a base is shared, as it is.
 */
struct fng_counter_rows {
	struct fng_counter_row *rows;
	u32 nr;
	u32 nr_count;
};

/* Process context; may sleep. */
int fng_counter_rows_init(struct fng_counter_rows *list,
			  const struct fng_image *image,
			  const struct fng_counter_rows *base);

/* Also right for what is all zeroes. */
void fng_counter_rows_exit(struct fng_counter_rows *list);

/* Any context. */
u32 fng_counter_rows_index(const struct fng_counter_rows *list, u32 rule,
			   u8 hook);
u8 fng_counter_rows_name(const struct fng_counter_rows *list, u32 index,
			 u32 *rule);

#endif /* FNGUARD_KMOD_COUNTER_ROWS_H */
