/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What guarded cgroups ask name servers, and what these answer.
 */
#ifndef FNGUARD_KMOD_DNS_H
#define FNGUARD_KMOD_DNS_H

#include "judge_egress.h"
#include "packet.h"
#include "query.h"
#include "subject.h"
#include "translate.h"

/* Bytes of a question: a name, and little else. What is longer cannot be read. */
#define FNG_DNS_MAX_QUESTION	512

/* Does it come from the port that name servers answer from? */
static __always_inline bool fng_dns_from_server(const struct sk_buff *skb,
						int transport)
{
	__be16 buffer, *source;

	source = skb_header_pointer(skb, transport, sizeof(buffer), &buffer);
	return source && *source == htons(FNG_DNS_PORT);
}

/**
 * fng_dns_concerns() - does a packet go to a name server, or come from one?
 * @skb: the packet
 * @packet: what was read of it
 *
 * Only the first of its fragments tells.
 */
static inline bool fng_dns_concerns(const struct sk_buff *skb,
				    const struct fng_packet *packet)
{
	if ((packet->endpoint.proto != FNG_PROTO_UDP &&
	     packet->endpoint.proto != FNG_PROTO_TCP) ||
	    packet->transport < 0)
		return false;
	return packet->endpoint.port == FNG_DNS_PORT ||
	       fng_translation_dns(skb) ||
	       fng_dns_from_server(skb, packet->transport);
}

/* Inside rcu_read_lock(), any context but a hard interrupt. */
int fng_dns_sent(struct sk_buff *skb, const struct sock *sk,
		 const struct fng_subject *subject,
		 const struct fng_packet *packet);

/**
 * struct fng_dns_asker - who asks a name server
 * @subject: what applies
 * @hook: where it is seen
 * @cookie: of the socket, or 0
 */
struct fng_dns_asker {
	const struct fng_subject *subject;
	u8 hook;
	u64 cookie;
};

/* For who has a message, in the same context. */
bool fng_dns_read_question(struct sk_buff *skb, u32 transport,
			   struct fng_dns_question *question);
int fng_dns_ask(const struct fng_dns_asker *asker,
		const struct fng_conversation *between,
		const struct fng_dns_question *question);
void fng_dns_receive(struct sk_buff *skb, u32 transport,
		     const struct fng_conversation *between);
void fng_dns_read(const u8 *message, u32 len,
		  const struct fng_conversation *between);

/* Of netfilter, inside rcu_read_lock(): both let everything pass. */
unsigned int fng_dns_receive_v4(struct sk_buff *skb,
				const struct nf_hook_state *state);
unsigned int fng_dns_receive_v6(struct sk_buff *skb,
				const struct nf_hook_state *state);

/* Are answers believed, and not only for candidates? Any context. */
bool fng_dns_relied(void);

/* Under fng_control_mutex; these sleep. */
int fng_dns_start(void);
void fng_dns_rely(bool is_relied);
void fng_dns_stop(void);
void fng_dns_clear(void);

#endif /* FNGUARD_KMOD_DNS_H */
