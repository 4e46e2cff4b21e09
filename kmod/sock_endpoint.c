// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two ends of a socket.
 */
#include <net/inet_sock.h>
#include <net/ipv6.h>

#include "judge_listen.h"
#include "sock_endpoint.h"

/**
 * fng_sock_peer() - where a socket is connected to
 * @sk: an inet socket
 *
 * Return: the endpoint, of IPv4 if that is what it is; without a port if there is
 *	none.
 */
struct fng_endpoint fng_sock_peer(const struct sock *sk)
{
	struct fng_endpoint peer = {
		.family = 4,
		.proto = fng_egress_proto(sk->sk_protocol),
		.port = ntohs(READ_ONCE(inet_sk(sk)->inet_dport)),
	};

#if IS_ENABLED(CONFIG_IPV6)
	if (READ_ONCE(sk->sk_family) == AF_INET6 &&
	    !ipv6_addr_v4mapped(&sk->sk_v6_daddr)) {
		peer.family = 6;
		memcpy(peer.addr, &sk->sk_v6_daddr, 16);
		return peer;
	}
#endif
	memcpy(peer.addr, &sk->sk_daddr, 4);
	return peer;
}

/**
 * fng_sock_local() - where a socket can be reached
 * @sk: an inet socket that has ports
 *
 * Return: the endpoint, with the port as the rules of listen mean it.
 */
struct fng_endpoint fng_sock_local(const struct sock *sk)
{
	struct fng_endpoint local = {
		.family = 4,
		.proto = fng_listen_proto(sk),
		.port = fng_listen_port(sk),
	};

#if IS_ENABLED(CONFIG_IPV6)
	if (READ_ONCE(sk->sk_family) == AF_INET6) {
		local.family = 6;
		memcpy(local.addr, &sk->sk_v6_rcv_saddr, 16);
		return local;
	}
#endif
	memcpy(local.addr, &sk->sk_rcv_saddr, 4);
	return local;
}
