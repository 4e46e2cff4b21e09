// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netfilter: what leaves, judged by the cgroup that created the socket.
 *
 * The hook is the last at LOCAL_OUT, in every network namespace, so that no
 * translation inside a sandbox can change the destination after it was judged.
 * What was sent somewhere else is known from conntrack.
 * Current is not asked: a retransmission runs in whatever context there is.
 *
 * Of TCP only the opening of a connection is judged here. Other segments belong
 * to a connection whose opening was, or to one that a peer opened, and go to its
 * other end; but a segment can be told to go elsewhere first.
 */
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/tcp.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include <net/tcp_states.h>

#include "connection.h"
#include "dns.h"
#include "egress.h"
#include "hooks.h"
#include "judge_egress.h"
#include "judge_limit.h"
#include "packet.h"
#include "recheck.h"

static __always_inline bool parse_v4(const struct sk_buff *skb,
				     struct fng_packet *packet)
{
	return fng_packet_read_v4(skb, skb_network_offset(skb), packet);
}

static __always_inline bool parse_v6(const struct sk_buff *skb,
				     struct fng_packet *packet)
{
	return fng_packet_read_v6(skb, skb_network_offset(skb), packet);
}

static __always_inline bool is_tcp(const struct sock *sk)
{
	return sk->sk_protocol == IPPROTO_TCP && sk->sk_type == SOCK_STREAM;
}

static __always_inline bool connects(const struct sock *sk)
{
	return READ_ONCE(sk->sk_state) == TCP_SYN_SENT;
}

/* Does the segment belong to a connection that was judged when it opened? */
static bool is_established(const struct sock *sk)
{
	return is_tcp(sk) && !connects(sk);
}

/*
 * It answers whoever connects: who began to while policies changed was judged by
 * those before.
 */
static __always_inline bool listens(const struct sock *sk)
{
	return READ_ONCE(sk->sk_state) == TCP_LISTEN;
}

/* What a name server is asked over TCP is read, and so who says that it is one. */
static __always_inline bool is_silent(const struct sock *sk)
{
	return sk->sk_dport != htons(FNG_DNS_PORT) &&
	       sk->sk_num != FNG_DNS_PORT;
}

/* The same of most that are, told from as little as possible. */
static __always_inline bool is_under_way(const struct sock *sk)
{
	return READ_ONCE(sk->sk_state) == TCP_ESTABLISHED && is_tcp(sk) &&
	       likely(is_silent(sk));
}

/*
 * A route takes room in the header; without it, the segment goes where it is
 * addressed to. The kernel has just filled the header in: it is there.
 */
static bool is_plain_v4(const struct sk_buff *skb)
{
	return ip_hdr(skb)->ihl == 5;
}

static bool is_plain_v6(const struct sk_buff *skb)
{
	return ipv6_hdr(skb)->nexthdr == IPPROTO_TCP;
}

static unsigned int drop(const struct sock *sk, int err)
{
	/* No other error makes connect() return before its retries are over. */
	if (sk->sk_type == SOCK_STREAM)
		return NF_DROP_ERR(-ECONNREFUSED);
	return NF_DROP_ERR(err);
}

static noinline int judge_endpoint(const struct fng_subject *subject,
				   const struct sock *sk,
				   const struct fng_packet *packet)
{
	struct fng_object object = {
		.kind = FNG_OBJECT_ENDPOINT,
		.endpoint = packet->endpoint,
		.cookie = atomic64_read(&sk->sk_cookie),
		.no_task = true,
	};
	struct fng_judgement judgement __uninitialized;

	fng_judge_begin(&judgement, subject, FNG_HOOK_LOCAL_OUT);
	/* Behind a first hop, it is nowhere that a policy could allow. */
	if (packet->hidden)
		fng_judge_unread(&judgement, FNG_GUARD_UNDECIDABLE);
	fng_judge_endpoint(&judgement, &packet->endpoint);
	if (fng_judge_refuses(&judgement))
		fng_endpoint_name(subject, &object);
	return fng_judge_end(&judgement, &object);
}

static int judge_packet(const struct fng_subject *subject,
			const struct sock *sk, const struct fng_packet *packet)
{
	int err;

	if (fng_subject_canary(subject))
		return fng_canary_judge(subject, FNG_HOOK_LOCAL_OUT);
	err = fng_hook_ready(subject, FNG_HOOK_LOCAL_OUT);
	if (err)
		return err;
	if (likely(!packet->hidden &&
		   fng_endpoint_allowed(subject, &packet->endpoint)))
		return 0;
	return judge_endpoint(subject, sk, packet);
}

/*
 * Who makes a network namespace has the sockets by which the kernel finds
 * neighbours and routers there. Those that it makes for a function's own
 * connections, as MPTCP does, are not raw.
 */
static bool is_of_kernel(const struct sock *sk)
{
	return sk->sk_kern_sock && sk->sk_type == SOCK_RAW;
}

/* What ends a connection says nothing else. */
static bool is_reset(const struct sk_buff *skb, const struct fng_packet *packet)
{
	struct tcphdr buffer;
	const struct tcphdr *tcp;

	tcp = skb_header_pointer(skb, packet->transport, sizeof(buffer),
				 &buffer);
	return tcp && tcp->rst;
}

/* Policies may have changed since the connection was judged. */
static noinline bool may_go_on(const struct sk_buff *skb, const struct sock *sk,
			       const struct fng_subject *subject,
			       const struct fng_packet *packet)
{
	return is_reset(skb, packet) || !fng_recheck_judge(subject, sk);
}

/* Behind a question that is never asked, no other is heard on a connection. */
static noinline int judge_question(struct sk_buff *skb, const struct sock *sk,
				   const struct fng_subject *subject,
				   const struct fng_packet *packet)
{
	int err = fng_dns_sent(skb, sk, subject, packet);

	/* Who answers as a name server may have no memory, or a wrong address. */
	if (err && err != -ENOMEM && is_established(sk) && !listens(sk))
		fng_connection_end((struct sock *)sk, err);
	return err;
}

/*
 * Where a packet was sent, before it was led elsewhere, has to be allowed as well;
 * if that is trusted, nothing else has to.
 */
static noinline int judge_original(const struct sk_buff *skb,
				   const struct sock *sk,
				   const struct fng_subject *subject,
				   struct fng_packet *packet)
{
	struct fng_packet sent = *packet;

	if (packet->hidden || fng_translation_answers(skb))
		return 0;
	sent.endpoint = fng_translation_original(fng_translation(skb),
						 &packet->endpoint);
	if (fng_translation_trusted(subject, sk, &sent.endpoint)) {
		*packet = sent;
		return 0;
	}
	return is_established(sk) ? 0 : judge_packet(subject, sk, &sent);
}

/*
 * What is over a limit of TCP waits there until it may leave: a connection that
 * opens may do so later, and one that is under way only gets slower.
 */
static noinline int judge_use(const struct sk_buff *skb, const struct sock *sk,
			      const struct fng_subject *subject,
			      const struct fng_packet *packet)
{
	const struct fng_object object = {
		.kind = FNG_OBJECT_ENDPOINT,
		.endpoint = packet->endpoint,
		.cookie = atomic64_read(&sk->sk_cookie),
		.no_task = true,
	};
	struct fng_use use = {
		.kinds = FNG_LIMITS_OF_PACKETS,
		.bytes = skb->len,
		.object = &object,
	};
	int err;

	if (fng_subject_canary(subject))
		return 0;
	if (is_established(sk))
		use.kinds &= ~BIT(FNG_LIMIT_DESTINATIONS);
	err = fng_judge_use(subject, FNG_HOOK_LOCAL_OUT, &use);
	return err && sk->sk_type == SOCK_STREAM ? -EPERM : err;
}

/*
 * A tunnel wraps what was judged by where it goes inside, and had got to a device.
 * It is the host's: functions make no tunnels. A VRF takes packets over before
 * they are judged.
 */
static bool is_wrapped(const struct sk_buff *skb)
{
	return skb->dev && !netif_is_l3_master(skb->dev);
}

typedef bool packet_parse(const struct sk_buff *skb,
			  struct fng_packet *packet);

static __always_inline unsigned int
judge_guarded(struct sk_buff *skb, const struct sock *sk,
	      const struct fng_subject *subject, packet_parse *parse)
{
	struct fng_packet packet = {};
	int err;

	if (is_of_kernel(sk) || is_wrapped(skb))
		return NF_ACCEPT;
	if (!parse(skb, &packet))
		packet.hidden = true;
	if (fng_translation(skb) &&
	    judge_original(skb, sk, subject, &packet))
		return drop(sk, -EPERM);
	if (is_established(sk) && !packet.hidden) {
		if ((fng_recheck_due() || listens(sk) ||
		     subject->quarantined) && !may_go_on(skb, sk, subject, &packet))
			return drop(sk, -EPERM);
	} else if (judge_packet(subject, sk, &packet)) {
		return drop(sk, -EPERM);
	}
	if (fng_dns_concerns(skb, &packet)) {
		err = judge_question(skb, sk, subject, &packet);
		if (err)
			return drop(sk, err);
	}
	if (fng_subject_limits(subject, FNG_LIMITS_OF_PACKETS)) {
		err = judge_use(skb, sk, subject, &packet);
		if (err)
			return NF_DROP_ERR(err);
	}
	return NF_ACCEPT;
}

/*
 * Most packets are of IPv4, say at once where they go, and went there just
 * before. Such a destination is all that a packet without options can have.
 */
static __always_inline bool is_known_v4(const struct sk_buff *skb,
					const struct fng_subject *subject)
{
	const struct iphdr *ip = ip_hdr(skb);
	const __be16 *ports = (const void *)(ip + 1);
	u64 head;

	if (ip->ihl != 5 || ip->frag_off & htons(IP_OFFSET) ||
	    (ip->protocol != IPPROTO_UDP && ip->protocol != IPPROTO_TCP) ||
	    (const u8 *)(ports + 2) > skb_tail_pointer(skb) ||
	    ports[0] == htons(FNG_DNS_PORT) || fng_translation(skb))
		return false;
	head = fng_endpoint_head(4, fng_egress_proto(ip->protocol),
				 ntohs(ports[1]), ip->daddr);
	return fng_v4_allowed(subject, head);
}

static noinline unsigned int
judge_guarded_v4(struct sk_buff *skb, const struct sock *sk,
		 const struct fng_subject *subject)
{
	if (likely(is_known_v4(skb, subject)) && fng_unseen_of(subject))
		return NF_ACCEPT;
	return judge_guarded(skb, sk, subject, parse_v4);
}

static noinline unsigned int
judge_guarded_v6(struct sk_buff *skb, const struct sock *sk,
		 const struct fng_subject *subject)
{
	return judge_guarded(skb, sk, subject, parse_v6);
}

typedef unsigned int packet_judge(struct sk_buff *skb, const struct sock *sk,
				  const struct fng_subject *subject);

static __always_inline struct cgroup *cgroup_of(const struct sock *sk)
{
	return sock_cgroup_ptr((void *)&sk->sk_cgrp_data);
}

/* The subject is not in this CPU's cache, and may not be anywhere. */
static noinline unsigned int meet(struct sk_buff *skb, const struct sock *sk,
				  packet_judge *judge)
{
	struct fng_subject scratch;
	const struct fng_subject *subject;

	if (!fng_ruleset_active())
		return NF_ACCEPT;
	subject = fng_subject_find(cgroup_of(sk), &scratch);
	if (subject->matters)
		return judge(skb, sk, subject);
	return NF_ACCEPT;
}

/* A call that returns here would cost each packet of the host a frame. */
static noinline unsigned int judge_connecting(struct sk_buff *skb,
					      const struct sock *sk,
					      packet_judge *judge)
{
	const struct fng_subject *subject;

	if (fng_sock_accepted(sk))
		fng_recheck_connects((struct sock *)sk);
	if (!fng_subject_cached(cgroup_of(sk), &subject))
		return meet(skb, sk, judge);
	return subject->matters ? judge(skb, sk, subject) : NF_ACCEPT;
}

/* A time-wait or request socket is too small to have a cgroup. */
static __always_inline const struct sock *owner_of(const struct sk_buff *skb)
{
	const struct sock *sk = skb->sk;

	if (likely(sk && sk_fullsock(sk)))
		return sk;
	sk = skb_to_full_sk(skb);
	return sk && sk_fullsock(sk) ? sk : NULL;
}

/*
 * Every packet of the host comes here, and most of them need no more than this:
 * their connection was judged, or their cgroup is unguarded. What others need is
 * kept apart, frames for locals above all.
 *
 * Netfilter calls its hooks inside rcu_read_lock().
 */
static __always_inline unsigned int
judge_skb(struct sk_buff *skb, bool (*is_plain)(const struct sk_buff *skb),
	  packet_judge *judge)
{
	const struct fng_subject *subject;
	const struct sock *sk;
	bool known;

	if (skb->sk && is_under_way(skb->sk) && is_plain(skb) &&
	    fng_unseen() && !fng_translation_dns(skb))
		return NF_ACCEPT;
	sk = owner_of(skb);
	if (!sk)
		return NF_ACCEPT;
	if (unlikely(connects(sk)) && is_tcp(sk))
		return judge_connecting(skb, sk, judge);
	known = fng_subject_cached(cgroup_of(sk), &subject);
	if (likely(known && !subject->matters))
		return NF_ACCEPT;
	/* Before its cgroup, which may be long gone, is met for its sake. */
	if (is_established(sk) && !listens(sk) && is_plain(skb) &&
	    is_silent(sk) && (known ? fng_unseen_of(subject) : fng_unseen()) &&
	    !fng_translation_dns(skb))
		return NF_ACCEPT;
	return known ? judge(skb, sk, subject) : meet(skb, sk, judge);
}

static unsigned int hook_v4(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	return judge_skb(skb, is_plain_v4, judge_guarded_v4);
}

static unsigned int hook_v6(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	return judge_skb(skb, is_plain_v6, judge_guarded_v6);
}

static const struct nf_hook_ops hooks[] = {
	{
		.hook = hook_v4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = INT_MAX,
	},
	{
		.hook = hook_v6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = INT_MAX,
	},
};

static int __net_init egress_net_init(struct net *net)
{
	return nf_register_net_hooks(net, hooks, ARRAY_SIZE(hooks));
}

static void __net_exit egress_net_exit(struct net *net)
{
	nf_unregister_net_hooks(net, hooks, ARRAY_SIZE(hooks));
}

static struct pernet_operations egress_net_ops = {
	.init = egress_net_init,
	.exit = egress_net_exit,
};

/**
 * fng_egress_start() - judge packets in every network namespace
 *
 * Context: under fng_control_mutex; sleeps.
 */
int fng_egress_start(void)
{
	return register_pernet_subsys(&egress_net_ops);
}

/* Stops it; returns after the last packet was judged. */
void fng_egress_stop(void)
{
	unregister_pernet_subsys(&egress_net_ops);
	/* Who is in a hook still is not waited for there. */
	synchronize_net();
}
