/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections that are under way when policies change.
 */
#ifndef FNGUARD_KMOD_RECHECK_H
#define FNGUARD_KMOD_RECHECK_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/ipv6.h>
#include <net/inet_sock.h>
#include <net/sock.h>

#include "subject.h"

/*
 * Why packets of connections that were judged do not pass unseen: there are some
 * that nobody has judged by the current policies, or some policy counts packets.
 */
#define FNG_SEEN_TO_RECHECK	BIT(0)
#define FNG_SEEN_TO_METER	BIT(1)

/**
 * union fng_seen - all reasons for that
 * @any: zero if there is none
 * @why: FNG_SEEN_*; written under the lock of recheck.c
 * @isolated: some cgroup is in quarantine; written under the lock of the subjects
 */
union fng_seen {
	u16 any;
	struct {
		u8 why;
		bool isolated;
	};
};

extern union fng_seen fng_seen;

/* Are there connections that nobody has judged by the current policies? */
static __always_inline bool fng_recheck_due(void)
{
	return unlikely(READ_ONCE(fng_seen.why) & FNG_SEEN_TO_RECHECK);
}

/* Is there no reason at all to look at a packet that nothing else speaks against? */
static __always_inline bool fng_unseen(void)
{
	return likely(!READ_ONCE(fng_seen.any));
}

/**
 * fng_unseen_of() - the same, for one cgroup's packets
 * @subject: the cgroup's
 */
static __always_inline bool fng_unseen_of(const struct fng_subject *subject)
{
	return fng_unseen() ||
	       (!fng_recheck_due() && !subject->quarantined &&
		!fng_subject_limits(subject, FNG_LIMITS_OF_PACKETS));
}

/* Who was accepted has the interface that he came in by; nobody else can set it. */
static __always_inline bool fng_sock_accepted(const struct sock *sk)
{
#if IS_ENABLED(CONFIG_IPV6)
	if (sk->sk_family == AF_INET6)
		return inet6_sk(sk)->mcast_oif;
#endif
	return inet_sk(sk)->mc_index;
}

/* Inside rcu_read_lock(), any context. */
int fng_recheck_judge(const struct fng_subject *subject, const struct sock *sk);
void fng_recheck_connects(struct sock *sk);

/* Under fng_control_mutex: before and after policies are published. */
void fng_recheck_begin(void);
void fng_recheck_start(void);
void fng_recheck_meet(void);
void fng_recheck_meter(bool meters);
/* Under fng_control_mutex; sleeps. Nobody judges any more. */
void fng_recheck_stop(void);

/* Any context. */
void fng_recheck_wake(void);
void fng_recheck_exit(void);

#endif /* FNGUARD_KMOD_RECHECK_H */
