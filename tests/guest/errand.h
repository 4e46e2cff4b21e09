/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A name is asked for, and then an address talked to.
 */
#ifndef TESTS_GUEST_ERRAND_H
#define TESTS_GUEST_ERRAND_H

#include "net.h"
#include "resolver.h"
#include "worker.h"

/* Where somebody listens, as on the port after it. */
#define ERRAND_PORT	8080

/* Where nobody is, see errand_translate(). */
#define ELSEWHERE	"203.0.113.53"

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

/*
 * The same in a network namespace of the caller's own, where nobody sits at the
 * resolver's address; but for resolver_start(). Policies are loaded before.
 */
void errand_prepare_alone(void);

/* Leads who asks ELSEWHERE to RESOLVER instead, and to that port. */
void errand_translate(u16 port);

/* An attempt; without an answer it goes there all the same. */
int errand_run(const void *arg);

/* Holds a connection to a target; tells, of a worker, whether what he holds has ended. */
int errand_hold(const void *target);
bool errand_has_ended(const void *worker);

/* Has a child execute a path: 0 or errno. */
int errand_execute(const void *path);

/**
 * struct bench - a task in a bound cgroup that runs one errand after the other
 * @group: the cgroup
 * @worker: the task
 */
struct bench {
	struct group group;
	struct worker worker;
};

void bench_start(struct bench *bench, const char *policy);
int bench_run(const struct bench *bench, const struct errand *errand);
void bench_end(struct bench *bench);

#endif /* TESTS_GUEST_ERRAND_H */
