/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What of a socket the rules for ports to be reached on are about.
 */
#ifndef FNGUARD_KMOD_JUDGE_LISTEN_H
#define FNGUARD_KMOD_JUDGE_LISTEN_H

#include <linux/in.h>
#include <net/inet_sock.h>
#include <net/sock.h>

#include "judge_egress.h"

/* What no rule can name gets the default of the section. */
static inline u8 fng_listen_proto(const struct sock *sk)
{
	switch (sk->sk_protocol) {
	case IPPROTO_UDPLITE:
		return FNG_PROTO_UDP;
	case IPPROTO_MPTCP:
		return FNG_PROTO_TCP;
	default:
		return sk->sk_protocol > U8_MAX ? FNG_PROTO_OTHER :
		       fng_egress_proto(sk->sk_protocol);
	}
}

/* Raw sockets and pings have no ports. */
static inline bool fng_listen_applies(const struct sock *sk)
{
	return fng_sock_is_inet(sk) && sk->sk_type != SOCK_RAW &&
	       fng_listen_proto(sk) != FNG_PROTO_ICMP;
}

/*
 * The port that bind() was asked for, or 0. That the kernel has chosen it is not
 * told by MPTCP and SCTP: theirs counts, whoever chose it.
 */
static inline u16 fng_listen_port(const struct sock *sk)
{
	if (sk->sk_protocol == IPPROTO_TCP &&
	    !(sk->sk_userlocks & SOCK_BINDPORT_LOCK))
		return 0;
	return READ_ONCE(inet_sk(sk)->inet_num);
}

#endif /* FNGUARD_KMOD_JUDGE_LISTEN_H */
