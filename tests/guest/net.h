/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets and destinations.
 */
#ifndef TESTS_GUEST_NET_H
#define TESTS_GUEST_NET_H

#include <netinet/in.h>
#include <sys/socket.h>

#include <fnguard/types.h>

/**
 * struct target - a destination, and the socket that is to reach it
 * @address: IPv6 if there is a colon in it
 * @port: its port
 * @type: SOCK_STREAM, SOCK_DGRAM or SOCK_RAW
 * @protocol: as for socket()
 * @size: bytes of the address that are handed over, 0 for all
 * @unspec: the address family is said to be AF_UNSPEC
 */
struct target {
	const char *address;
	u16 port;
	int type;
	int protocol;
	socklen_t size;
	bool unspec;
};

/* The family of a target's socket. */
int target_family(const struct target *target);

/* Fills in an address; returns its size. */
socklen_t target_address(const struct target *target,
			 struct sockaddr_storage *address);

/* One of two messages was sent; the call does not tell why not the other. */
#define NET_SENT_ONE	4001

/* Attempts; each is handed a struct target. */
int net_connect(const void *arg);
int net_send(const void *arg);
int net_send_fastopen(const void *arg);
int net_connect_fastopen(const void *arg);
int net_send_mmsg(const void *arg);
int net_ping(const void *arg);

/* Connects a socket beforehand; writes to it; takes the connection apart. */
void net_hold_connected(const void *arg);
int net_write_held(const void *arg);
int net_disconnect_held(const void *arg);

/* The socket that net_hold_connected() made. */
extern int net_held;

/* Why its connection has ended, as an errno; 0 if it has not. */
int net_held_error(void);

/* A device of this network namespace; that of loopback. */
void net_set_up(const char *name);
void net_loopback_up(void);

/* Makes an IPv6 address one of this machine's. */
void net_add_address(const char *address);

/* The same of a network of IPv4, /24, by a name of its own: "lo:1". */
void net_add_network(const char *name, const char *address);

/* Sets what is below /proc/sys/net. */
void net_set(const char *name, const char *value);

/* A socket at an address of this machine's, once nobody else is there. */
int net_bind(const char *address, u16 port, int type);

/* Answers on that port, over TCP and UDP, on every address of this machine. */
void net_listen(u16 port);

/* Accepts whoever connects to that port, and closes the connection. */
void net_serve(u16 port);

#endif /* TESTS_GUEST_NET_H */
