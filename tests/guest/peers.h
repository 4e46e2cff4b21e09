/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Unix sockets, and who talks to them.
 */
#ifndef TESTS_GUEST_PEERS_H
#define TESTS_GUEST_PEERS_H

#include <stddef.h>
#include <sys/types.h>

#include "common.h"

/* Some of its own, of others, and abstract. */
#define PEERS_POLICY							\
	"policy: unix-peers\n"						\
	"unix: { default: deny, allow: ["				\
	"\"" WORK "/*.sock\", \"/*.sock\", \"@fn-*\", "		\
	"\"host:" WORK "/log\", \"host:/log\"] }\n"

/**
 * struct peer - a socket that has a name
 * @name: its path; or an abstract name, in which '@' stands for the NUL before it
 * @size: bytes of @name, 0 if a NUL ends it
 * @type: SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET
 */
struct peer {
	const char *name;
	size_t size;
	int type;
};

/* Makes the socket, which stays; dies if it cannot. */
int peer_make(const struct peer *peer);
void peer_serve_at(const char *name, int type);

/* Attempts; each is handed a struct peer. */
int peer_serve(const void *arg);
int peer_connect(const void *arg);
int peer_send(const void *arg);
int peer_send_mmsg(const void *arg);

/* Connects a datagram socket beforehand; sends by it. */
void peer_hold_connected(const void *arg);
int peer_send_held(const void *arg);

#endif /* TESTS_GUEST_PEERS_H */
