/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What follows a refusal: who is refused is killed, or the cgroup comes into
 * quarantine.
 */
#ifndef FNGUARD_KMOD_RESPONSE_H
#define FNGUARD_KMOD_RESPONSE_H

#include "judge.h"

struct netlink_ext_ack;

/* Task context, inside rcu_read_lock(); any locks may be held. */
bool fng_response_kill(const struct fng_judgement *judgement);
/* Any context, inside rcu_read_lock(). */
void fng_response_count(const struct fng_judgement *judgement,
			const struct fng_object *object);

/* Under fng_control_mutex. */
int fng_response_release(u64 cgroup_id, struct netlink_ext_ack *extack);

u64 fng_response_kills(void);
void fng_response_init(void);
void fng_response_exit(void);

#endif /* FNGUARD_KMOD_RESPONSE_H */
