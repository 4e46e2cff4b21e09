/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A name is asked for, and then an address talked to.
 */
#ifndef TESTS_GUEST_ERRAND_H
#define TESTS_GUEST_ERRAND_H

#include "net.h"
#include "resolver.h"

/* Where somebody listens, as on the port after it. */
#define ERRAND_PORT	8080

#define NAMES_RULES							\
	"egress:\n"							\
	"  default: deny\n"						\
	"  resolvers: [" RESOLVER "]\n"					\
	"  rules:\n"							\
	"    - allow: { host: \"*.n.test\", ports: [8080] }\n"		\
	"    - deny: { host: never.n.test }\n"				\
	"    - allow:\n"						\
	"        { host: \"**.in.test\", answers: any, ports: [8080/tcp] }\n" \
	"    - allow: { to: [" RESOLVER_OTHER "], ports: [53] }\n"

#define AT(where, number, how)						\
	{ .address = where, .port = number, .type = how }
#define TO(where)	AT(where, ERRAND_PORT, SOCK_STREAM)
#define UDP(where)	AT(where, ERRAND_PORT, SOCK_DGRAM)

/**
 * struct errand - a name is asked for, and then an address talked to
 * @name: the name; NULL to ask nothing
 * @to: the address
 * @type: what is asked for, DNS_A if 0
 * @tcp: over TCP
 * @server: instead of RESOLVER
 */
struct errand {
	const char *name;
	struct target to;
	u16 type;
	bool tcp;
	const char *server;
};

/* Starts resolver and listeners. */
void errand_prepare(void);

/* An attempt; without an answer it goes there all the same. */
int errand_run(const void *arg);

#endif /* TESTS_GUEST_ERRAND_H */
