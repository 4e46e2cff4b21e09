// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hooks on being reached: ports that a task binds and listens on.
 *
 * Datagrams arrive once a port is bound, connections only when somebody listens
 * there. A port that the kernel chooses is judged as port 0.
 */
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/security.h>
#include <linux/socket.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "entering.h"
#include "hooks.h"
#include "judge_egress.h"
#include "judge_listen.h"
#include "observe.h"
#include "phase.h"
#include "sock_endpoint.h"

static int judge_port(const struct fng_subject *subject, u8 hook,
		      const struct fng_endpoint *local)
{
	const struct fng_object object = {
		.kind = FNG_OBJECT_ENDPOINT,
		.endpoint = *local,
	};
	const struct fng_sighting sighting = {
		.subject = subject,
		.hook = hook,
		.what = FNG_OBSERVABLE_LISTEN,
	};
	struct fng_judgement judgement __uninitialized;
	int err;

	fng_judge_begin(&judgement, subject, hook);
	fng_judge_port(&judgement, local->proto, local->port);
	err = fng_judge_end(&judgement, &object);
	if (!err && fng_observes(subject, FNG_OBSERVABLE_LISTEN))
		fng_observe_port(&sighting, local);
	return err;
}

/* The port is at the same place whatever the family. */
static void read_address(const struct sockaddr *address, int len,
			 struct fng_endpoint *local)
{
	const struct sockaddr_in *sin = (const void *)address;
	const struct sockaddr_in6 *sin6 = (const void *)address;

	static_assert(offsetof(struct sockaddr_in, sin_port) ==
		      offsetof(struct sockaddr_in6, sin6_port));
	local->port = ntohs(sin->sin_port);
	if (address->sa_family == AF_INET6 && len >= SIN6_LEN_RFC2133) {
		local->family = 6;
		memcpy(local->addr, &sin6->sin6_addr, 16);
	} else {
		local->family = 4;
		memcpy(local->addr, &sin->sin_addr, 4);
	}
}

/* No protocol takes an address that is shorter than that of IPv4. */
static int judge_socket_bind(const struct fng_subject *subject,
			     const struct socket *sock,
			     const struct sockaddr *address, int len)
{
	struct fng_endpoint local = { 0 };

	if (!fng_listen_applies(sock->sk) || len < (int)sizeof(struct sockaddr_in))
		return 0;
	local.proto = fng_listen_proto(sock->sk);
	read_address(address, len, &local);
	/* Nobody can connect before listen(). */
	if (!local.port && (local.proto == FNG_PROTO_TCP ||
			    local.proto == FNG_PROTO_SCTP))
		return 0;
	return judge_port(subject, FNG_HOOK_SOCKET_BIND, &local);
}

/* What a launcher does while it sets a sandbox up is not the function's. */
static void note_service(const struct fng_subject *subject,
			 const struct socket *sock, u8 how)
{
	if (unlikely(subject->enters & BIT(how)) &&
	    fng_listen_applies(sock->sk) &&
	    fng_listen_proto(sock->sk) == FNG_PROTO_TCP &&
	    !fng_entering(current))
		fng_phase_trigger(subject, how);
}

static int judge_socket_listen(const struct fng_subject *subject,
			       const struct socket *sock)
{
	struct fng_endpoint local;
	int err;

	if (!fng_listen_applies(sock->sk))
		return 0;
	local = fng_sock_local(sock->sk);
	err = judge_port(subject, FNG_HOOK_SOCKET_LISTEN, &local);
	if (!err)
		note_service(subject, sock, FNG_ENTER_LISTEN);
	return err;
}

/* Who may listen may accept: it is only that a phase can begin with it. */
static int judge_socket_accept(const struct fng_subject *subject,
			       const struct socket *sock)
{
	note_service(subject, sock, FNG_ENTER_ACCEPT);
	return 0;
}

FNG_HOOK(SOCKET_BIND, security_socket_bind,
	 judge_socket_bind(subject, FNG_ARG(struct socket *, 0),
			   FNG_ARG(struct sockaddr *, 1), FNG_ARG(int, 2)),
	 struct socket *, struct sockaddr *, int)
FNG_HOOK(SOCKET_LISTEN, security_socket_listen,
	 judge_socket_listen(subject, FNG_ARG(struct socket *, 0)),
	 struct socket *, int)
FNG_HOOK(SOCKET_ACCEPT, security_socket_accept,
	 judge_socket_accept(subject, FNG_ARG(struct socket *, 0)),
	 struct socket *, struct socket *)

static const struct fng_hook_entry hooks[] = {
	FNG_HOOK_ENTRY(SOCKET_BIND, "security_socket_bind"),
	FNG_HOOK_ENTRY(SOCKET_LISTEN, "security_socket_listen"),
	FNG_HOOK_ENTRY(SOCKET_ACCEPT, "security_socket_accept"),
};

const struct fng_hook_group fng_hooks_listen = { hooks, ARRAY_SIZE(hooks) };
