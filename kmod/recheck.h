/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections that are under way when policies change.
 */
#ifndef FNGUARD_KMOD_RECHECK_H
#define FNGUARD_KMOD_RECHECK_H

#include <linux/compiler.h>
#include <net/sock.h>

#include "subject.h"

/* Written under the lock of recheck.c. */
extern bool fng_recheck_pending;

/* Are there connections that nobody has judged by the current policies? */
static __always_inline bool fng_recheck_due(void)
{
	return unlikely(READ_ONCE(fng_recheck_pending));
}

/* Inside rcu_read_lock(), any context. */
int fng_recheck_judge(const struct fng_subject *subject, const struct sock *sk);

/* Under fng_control_mutex: before and after policies are published. */
void fng_recheck_begin(void);
void fng_recheck_start(void);
/* Under fng_control_mutex; sleeps. Nobody judges any more. */
void fng_recheck_stop(void);

#endif /* FNGUARD_KMOD_RECHECK_H */
