/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets that somebody leads elsewhere, by translating their destination.
 */
#ifndef FNGUARD_KMOD_TRANSLATE_H
#define FNGUARD_KMOD_TRANSLATE_H

#include <net/netfilter/nf_conntrack.h>

#include "judge_egress.h"
#include "packet.h"
#include "subject.h"

/**
 * fng_translation() - has the destination of a packet's connection been translated?
 * @skb: a packet that leaves
 *
 * Return: the connection as conntrack knows it, NULL if not.
 */
static __always_inline const struct nf_conn *
fng_translation(const struct sk_buff *skb)
{
	const struct nf_conn *ct = (void *)(skb_get_nfct(skb) & NFCT_PTRMASK);

	return unlikely(ct && ct->status & IPS_DST_NAT) ? ct : NULL;
}

/* The same, if who made the connection takes the other end for a name server. */
static __always_inline const struct nf_conn *
fng_translation_dns(const struct sk_buff *skb)
{
	const struct nf_conn *ct = fng_translation(skb);

	if (!ct || ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.dst.u.all !=
		   htons(FNG_DNS_PORT))
		return NULL;
	return ct;
}

/* Does a packet go to who has made its connection? */
static inline bool fng_translation_answers(const struct sk_buff *skb)
{
	return CTINFO2DIR(skb_get_nfct(skb) & NFCT_INFOMASK) ==
	       IP_CT_DIR_REPLY;
}

/* Any context, inside rcu_read_lock(). */
struct fng_endpoint fng_translation_original(const struct nf_conn *ct,
					     const struct fng_endpoint *sample);
bool fng_translation_trusted(const struct fng_subject *subject,
			     const struct sock *sk,
			     const struct fng_endpoint *original);

#endif /* FNGUARD_KMOD_TRANSLATE_H */
