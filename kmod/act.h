/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was done under a policy that learns, each act once.
 */
#ifndef FNGUARD_KMOD_ACT_H
#define FNGUARD_KMOD_ACT_H

#include <linux/types.h>

#include <uapi/fnguard.h>
#include "engine/engine.h"

struct fng_acts;

/**
 * struct fng_act - one act
 * @kind: enum fng_act_kind
 * @class: enum fng_class
 * @len: bytes of @name
 * @target_len: bytes of @target
 * @number: see enum fng_act_kind; of FNG_ACT_OTHER, the rule id
 * @access: FNG_ACCESS_*; does not tell acts apart, but adds up
 * @endpoint: all zero where there is none
 * @name: a name, not NUL-terminated
 * @target: another one; the same
 */
struct fng_act {
	u8 kind;
	u8 class;
	u16 len;
	u16 target_len;
	u32 number;
	u32 access;
	struct fng_endpoint endpoint;
	const char *name;
	const char *target;
};

/* Process context. */
struct fng_acts *fng_acts_create(void);
struct fng_acts *fng_acts_get(struct fng_acts *acts);
void fng_acts_put(struct fng_acts *acts);

/* Any context. */
void fng_acts_add(struct fng_acts *acts, const struct fng_act *act);
u32 fng_acts_end(const struct fng_acts *acts);
bool fng_acts_next(const struct fng_acts *acts, u32 *at, u32 end,
		   struct fng_act *act);
u64 fng_acts_unkept(const struct fng_acts *acts);

#endif /* FNGUARD_KMOD_ACT_H */
