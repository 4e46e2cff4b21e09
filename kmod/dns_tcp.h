/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Name servers that are talked to over TCP.
 */
#ifndef FNGUARD_KMOD_DNS_TCP_H
#define FNGUARD_KMOD_DNS_TCP_H

#include "dns.h"

/* Inside rcu_read_lock(), with bottom halves or in one. */
int fng_dns_tcp_send(const struct sk_buff *skb, const struct sock *sk,
		     const struct fng_subject *subject, int transport,
		     const struct fng_conversation *between);
bool fng_dns_tcp_receive(const struct sk_buff *skb, int transport,
			 const struct fng_conversation *between);
/* Any context but a hard interrupt. */
void fng_dns_tcp_clear(void);

#endif /* FNGUARD_KMOD_DNS_TCP_H */
