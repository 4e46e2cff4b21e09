// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hooks on sockets: what a task may create, and where it may connect and send.
 *
 * The packet itself is judged once more when it leaves, in egress.c. These hooks
 * exist because they know the task, and can give it an errno at once.
 */
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/security.h>
#include <linux/socket.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "entering.h"
#include "hooks.h"
#include "judge_egress.h"
#include "judge_limit.h"
#include "judge_socket.h"
#include "observe.h"

/*
 * How much of a sockaddr must be there before a field of it is looked at; the
 * kernel refuses what is shorter.
 */
#define SOCKADDR_MIN	offsetofend(struct sockaddr, sa_family)

static int judge_socket_create(const struct fng_subject *subject, int family,
			       int type, int protocol, int kern)
{
	struct fng_judgement judgement __uninitialized;
	struct fng_object object;
	char text[48];

	if (kern)
		return 0;
	fng_judge_begin(&judgement, subject, FNG_HOOK_SOCKET_CREATE);
	fng_judge_socket(&judgement, family, type, protocol);
	if (likely(!fng_judge_refuses(&judgement)))
		return 0;
	object = (struct fng_object) { .kind = FNG_OBJECT_NAME, .name = text };
	object.name_len = scnprintf(text, sizeof(text),
				    "family=%d type=%d protocol=%d",
				    family, type, protocol);
	return fng_judge_end(&judgement, &object);
}

static bool endpoint_v4(const void *address, int len,
			struct fng_endpoint *endpoint)
{
	const struct sockaddr_in *sin = address;

	if (len < (int)sizeof(*sin))
		return false;
	endpoint->family = 4;
	endpoint->port = ntohs(sin->sin_port);
	memcpy(endpoint->addr, &sin->sin_addr, 4);
	return true;
}

static bool endpoint_v6(const void *address, int len,
			struct fng_endpoint *endpoint)
{
	const struct sockaddr_in6 *sin6 = address;

	if (len < SIN6_LEN_RFC2133)
		return false;
	endpoint->family = 6;
	endpoint->port = ntohs(sin6->sin6_port);
	memcpy(endpoint->addr, &sin6->sin6_addr, 16);
	return true;
}

/*
 * Where does this address lead, if anywhere? An IPv4 socket takes AF_UNSPEC for
 * AF_INET when sending; connecting to it takes the connection apart.
 */
static bool endpoint_of(const struct sock *sk, const struct sockaddr *address,
			int len, bool sending, struct fng_endpoint *endpoint)
{
	if (!address || len < (int)SOCKADDR_MIN)
		return false;
	memset(endpoint, 0, sizeof(*endpoint));
	endpoint->proto = fng_egress_proto(sk->sk_protocol);
	switch (address->sa_family) {
	case AF_INET:
		return endpoint_v4(address, len, endpoint);
	case AF_INET6:
		return endpoint_v6(address, len, endpoint);
	case AF_UNSPEC:
		return sending && READ_ONCE(sk->sk_family) == AF_INET &&
		       endpoint_v4(address, len, endpoint);
	default:
		return false;
	}
}

/* A launcher has no business in the network, whatever its policies allow. */
static noinline int judge_endpoint(const struct fng_subject *subject, u8 hook,
				   const struct fng_endpoint *endpoint,
				   bool entering)
{
	struct fng_object object = {
		.kind = FNG_OBJECT_ENDPOINT,
		.endpoint = *endpoint,
	};
	struct fng_judgement judgement __uninitialized;

	fng_judge_begin(&judgement, subject, hook);
	if (entering)
		fng_judge_traffic(&judgement, FNG_CLASS_EGRESS,
				  FNG_GUARD_ENTERING);
	else if (hook == FNG_HOOK_SOCKET_CONNECT &&
		 endpoint->proto == FNG_PROTO_UDP)
		fng_judge_route(&judgement, endpoint);
	else
		fng_judge_endpoint(&judgement, endpoint);
	if (fng_judge_refuses(&judgement))
		fng_endpoint_name(subject, &object);
	return fng_judge_end(&judgement, &object);
}

/*
 * Whether the socket has a destination already cannot be told before it is locked:
 * another thread might have it taken away meanwhile.
 */
static bool is_choice(u8 hook, const struct sock *sk)
{
	return hook == FNG_HOOK_SOCKET_CONNECT ||
	       (sk->sk_type == SOCK_STREAM && sk->sk_protocol != IPPROTO_SCTP);
}

/* Of a datagram socket that is connected, what is sent is judged when it is. */
static bool sends(u8 hook, const struct socket *sock)
{
	return hook == FNG_HOOK_SOCKET_SENDMSG ||
	       (sock->sk->sk_type != SOCK_DGRAM &&
		sock->sk->sk_type != SOCK_RAW);
}

static noinline int judge_use(const struct fng_subject *subject, u8 hook,
			      const struct socket *sock,
			      const struct fng_endpoint *endpoint)
{
	const struct fng_object object = {
		.kind = FNG_OBJECT_ENDPOINT,
		.endpoint = *endpoint,
	};
	const struct fng_sighting sighting = {
		.subject = subject,
		.hook = hook,
		.what = FNG_OBSERVABLE_CONNECT,
	};
	struct fng_use use = { .object = &object };
	int err;

	if (is_choice(hook, sock->sk))
		use.kinds |= BIT(FNG_LIMIT_CONNECT);
	if (sends(hook, sock))
		use.kinds |= BIT(FNG_LIMIT_DESTINATIONS);
	err = fng_judge_use(subject, hook, &use);
	if (!err && fng_observes(subject, FNG_OBSERVABLE_CONNECT))
		fng_observe_endpoint(&sighting, endpoint);
	return err;
}

/* Most addresses are of IPv4 and were allowed just before. */
static __always_inline bool is_known_v4(const struct fng_subject *subject,
					const struct sock *sk,
					const struct sockaddr *address, int len)
{
	const struct sockaddr_in *sin = (const void *)address;
	u64 head;

	if (!sin || len < (int)sizeof(*sin) || sin->sin_family != AF_INET)
		return false;
	head = fng_endpoint_head(4, fng_egress_proto(sk->sk_protocol),
				 ntohs(sin->sin_port), sin->sin_addr.s_addr);
	return fng_v4_allowed(subject, head);
}

static __always_inline int
judge_destination(const struct fng_subject *subject, u8 hook,
		  const struct socket *sock, const struct sockaddr *address,
		  int len)
{
	const struct sock *sk = sock->sk;
	bool entering = fng_entering(current), limited;
	struct fng_endpoint endpoint;
	int err = 0;

	if (likely(!entering && is_known_v4(subject, sk, address, len)))
		return 0;
	if (!endpoint_of(sk, address, len, hook == FNG_HOOK_SOCKET_SENDMSG,
			 &endpoint))
		return 0;
	limited = fng_subject_limits(subject, FNG_CARES_OF_DESTINATIONS);
	if (entering || (endpoint.family != 6 && !limited) ||
	    !fng_endpoint_allowed(subject, &endpoint))
		err = judge_endpoint(subject, hook, &endpoint, entering);
	if (!err && limited)
		err = judge_use(subject, hook, sock, &endpoint);
	return err;
}

static int judge_socket_connect(const struct fng_subject *subject,
				const struct socket *sock,
				const struct sockaddr *address, int len)
{
	if (!fng_sock_is_inet(sock->sk))
		return 0;
	return judge_destination(subject, FNG_HOOK_SOCKET_CONNECT, sock,
				 address, len);
}

/* Named on a stream, it means something with TCP Fast Open alone. */
static bool names_destination(const struct sock *sk, const struct msghdr *msg)
{
	return sk->sk_type != SOCK_STREAM || msg->msg_flags & MSG_FASTOPEN ||
	       sk->sk_protocol == IPPROTO_SCTP;
}

static int judge_socket_sendmsg(const struct fng_subject *subject,
				const struct socket *sock,
				const struct msghdr *msg)
{
	if (!fng_sock_is_inet(sock->sk) || !names_destination(sock->sk, msg))
		return 0;
	return judge_destination(subject, FNG_HOOK_SOCKET_SENDMSG, sock,
				 msg->msg_name, msg->msg_namelen);
}

FNG_HOOK(SOCKET_CREATE, security_socket_create,
	 judge_socket_create(subject, FNG_ARG(int, 0), FNG_ARG(int, 1),
			     FNG_ARG(int, 2), FNG_ARG(int, 3)),
	 int, int, int, int)
FNG_HOOK_PROTOTYPE(security_socket_connect,
		   struct socket *, struct sockaddr *, int);
FNG_HOOK_OWN(SOCKET_CONNECT, true, subject->matters,
	     judge_socket_connect(subject, FNG_ARG(struct socket *, 0),
				  FNG_ARG(struct sockaddr *, 1),
				  FNG_ARG(int, 2)));
FNG_HOOK_PROTOTYPE(security_socket_sendmsg,
		   struct socket *, struct msghdr *, int);
/* Most of what is sent names no destination. */
FNG_HOOK_OWN(SOCKET_SENDMSG, FNG_ARG(struct msghdr *, 1)->msg_name,
	     subject->matters,
	     judge_socket_sendmsg(subject, FNG_ARG(struct socket *, 0),
				  FNG_ARG(struct msghdr *, 1)));

static const struct fng_hook_entry hooks[] = {
	FNG_HOOK_ENTRY(SOCKET_CREATE, "security_socket_create"),
	FNG_HOOK_ENTRY_OWN(SOCKET_CONNECT, "security_socket_connect"),
	FNG_HOOK_ENTRY_OWN(SOCKET_SENDMSG, "security_socket_sendmsg"),
};

const struct fng_hook_group fng_hooks_socket = { hooks, ARRAY_SIZE(hooks) };
