/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A name server that lies, and who asks it.
 */
#ifndef TESTS_GUEST_RESOLVER_H
#define TESTS_GUEST_RESOLVER_H

#include <stdbool.h>
#include <netinet/in.h>

#include <fnguard/types.h>

/* Where it listens, over UDP and TCP, and a port of its that is none of DNS. */
#define RESOLVER	"127.0.0.53"
#define RESOLVER_OTHER	"127.0.0.54"

/* What it says of names: an ordinary address, another, and a private one. */
#define RESOLVED	"203.0.113.7"
#define RESOLVED_OTHER	"203.0.113.8"
#define RESOLVED_V6	"2001:db8::7"
#define RESOLVED_PRIVATE "10.1.1.7"

#define DNS_A		1
#define DNS_AAAA	28

/* Answers until the test ends; the first label of a name says how. */
void resolver_start(void);

/**
 * resolver_serve() - the same, on other sockets
 * @datagram: bound; or -1
 * @stream: bound; or -1
 * @other: answers in the place of @datagram where that is the lie; or -1
 */
void resolver_serve(int datagram, int stream, int other);

/* Makes the addresses that it tells this machine's own. */
void resolver_addresses(void);

/**
 * resolver_ask() - ask for the addresses of a name
 * @server: name server
 * @tcp: over TCP, a few bytes at a time
 * @name: the name
 * @type: DNS_A or DNS_AAAA
 * @answer: set to the last address of the answer, unless NULL
 *
 * Return: 0, the errno of a call, or ETIMEDOUT without an answer in time.
 */
int resolver_ask(const char *server, bool tcp, const char *name, u16 type,
		 struct in_addr *answer);

/* The same over a socket that is connected. */
int resolver_ask_over(int fd, bool tcp, const char *name, u16 type,
		      struct in_addr *answer);

/* Makes a question an answer, which is an address; returns its size. */
size_t resolver_answer(u8 *message, size_t len, const char *address);

/* Writes a name as it is in a message; returns its size. */
size_t resolver_name(u8 *to, const char *name);

/* Writes in pieces of odd sizes, so that no segment is a message. */
void resolver_write(int fd, const u8 *bytes, size_t len);

/* Writes a question; returns its size. */
size_t resolver_question(u8 *message, const char *name, u16 type);

#endif /* TESTS_GUEST_RESOLVER_H */
