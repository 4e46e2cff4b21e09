/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections that are under way when policies change.
 */
#ifndef FNGUARD_KMOD_RECHECK_H
#define FNGUARD_KMOD_RECHECK_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <net/sock.h>

#include "subject.h"

/*
 * Why packets of connections that were judged do not pass unseen: there are some
 * that nobody has judged by the current policies, or some policy counts packets.
 */
#define FNG_SEEN_TO_RECHECK	BIT(0)
#define FNG_SEEN_TO_METER	BIT(1)

/* Bits of these; written under the lock of recheck.c. */
extern u8 fng_seen;

/* Are there connections that nobody has judged by the current policies? */
static __always_inline bool fng_recheck_due(void)
{
	return unlikely(READ_ONCE(fng_seen) & FNG_SEEN_TO_RECHECK);
}

/* Is there no reason at all to look at a packet that nothing else speaks against? */
static __always_inline bool fng_unseen(void)
{
	return likely(!READ_ONCE(fng_seen));
}

/**
 * fng_unseen_of() - the same, for one cgroup's packets
 * @subject: the cgroup's
 */
static __always_inline bool fng_unseen_of(const struct fng_subject *subject)
{
	u8 seen = READ_ONCE(fng_seen);

	return likely(!seen) ||
	       (!(seen & FNG_SEEN_TO_RECHECK) &&
		!fng_subject_limits(subject, FNG_LIMITS_OF_PACKETS));
}

/* Inside rcu_read_lock(), any context. */
int fng_recheck_judge(const struct fng_subject *subject, const struct sock *sk);
void fng_recheck_connects(struct sock *sk);

/* Under fng_control_mutex: before and after policies are published. */
void fng_recheck_begin(void);
void fng_recheck_start(void);
void fng_recheck_meter(bool meters);
/* Under fng_control_mutex; sleeps. Nobody judges any more. */
void fng_recheck_stop(void);

#endif /* FNGUARD_KMOD_RECHECK_H */
