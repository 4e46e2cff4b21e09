/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Name servers that the host leads their clients to by translating addresses.
 */
#ifndef FNGUARD_KMOD_DNS_TRANSLATE_H
#define FNGUARD_KMOD_DNS_TRANSLATE_H

#include <net/netfilter/nf_conntrack.h>

#include "packet.h"
#include "subject.h"

/**
 * fng_dns_translation() - is a packet of a conversation with a name server that
 *	somebody leads elsewhere?
 * @skb: a packet that leaves
 *
 * Return: the connection as conntrack knows it, NULL if it is not.
 */
static __always_inline const struct nf_conn *
fng_dns_translation(const struct sk_buff *skb)
{
	const struct nf_conn *ct = (void *)(skb_get_nfct(skb) & NFCT_PTRMASK);

	if (likely(!ct) || !(ct->status & IPS_DST_NAT) ||
	    ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.dst.u.all !=
	    htons(FNG_DNS_PORT))
		return NULL;
	return ct;
}

/**
 * fng_dns_original() - the destination that a connection was made to
 * @ct: the connection
 * @sample: of its family and protocol
 */
static inline struct fng_endpoint
fng_dns_original(const struct nf_conn *ct, const struct fng_endpoint *sample)
{
	const struct nf_conntrack_tuple *tuple =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	struct fng_endpoint original = {
		.family = sample->family,
		.proto = sample->proto,
		.port = ntohs(tuple->dst.u.all),
	};

	memcpy(original.addr, &tuple->dst.u3, sample->family == 4 ? 4 : 16);
	return original;
}

/* Does it go from who was asked to who has asked? */
static inline bool fng_dns_answers(const struct sk_buff *skb)
{
	return CTINFO2DIR(skb_get_nfct(skb) & NFCT_INFOMASK) ==
	       IP_CT_DIR_REPLY;
}

void fng_dns_untranslate(const struct sk_buff *skb,
			 const struct fng_subject *subject,
			 struct fng_packet *packet);

#endif /* FNGUARD_KMOD_DNS_TRANSLATE_H */
