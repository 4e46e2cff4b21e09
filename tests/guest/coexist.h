/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is looked at beside a neighbour on the hooked functions: a function opens,
 * executes and connects to what it may and to what it may not. Include it once, in
 * the suite itself, as expect.h.
 */
#ifndef TESTS_GUEST_COEXIST_H
#define TESTS_GUEST_COEXIST_H

#include <fcntl.h>
#include <stdlib.h>

#include "control.h"
#include "expect.h"
#include "net.h"

#define COEXIST_POLICY							\
	"policy: coexist\n"						\
	"exec: { default: deny, allow: [" WORK "/good] }\n"		\
	"files:\n"							\
	"  default: allow\n"						\
	"  rules:\n"							\
	"    - { path: " WORK "/secret, deny: [read] }\n"		\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - { allow: { to: [127.0.0.1], ports: [8000/tcp] } }\n"

/* What the deeds below call; the guard registers the second with others. */
#define COEXIST_FUNCTIONS						\
	"security_file_open", "security_bprm_check", "security_socket_connect"

/**
 * struct deed - something that is done to two objects
 * @act: does it
 * @allowed: may be done
 * @denied: may not be done
 * @expected: how that is refused
 * @object: what the event calls it
 */
struct deed {
	int (*act)(const void *arg);
	const void *allowed;
	const void *denied;
	struct expected expected;
	const char *object;
};

static int coexist_open(const void *arg)
{
	return errno_of_fd(open(arg, O_RDONLY | O_CLOEXEC));
}

static int coexist_execute(const void *arg)
{
	char *argv[] = { "program", NULL }, *envp[] = { NULL };

	return errno_of(execve(arg, argv, envp));
}

static const struct target coexist_targets[] = {
	{ .address = "127.0.0.1", .port = 8000, .type = SOCK_STREAM },
	{ .address = "127.0.0.1", .port = 8001, .type = SOCK_STREAM },
};

static const struct deed coexist_deeds[] = {
	{
		.act = coexist_open,
		.allowed = WORK "/plain",
		.denied = WORK "/secret",
		.expected = { .err = EACCES, .hook = FNG_HOOK_FILE_OPEN,
			      .class = FNG_CLASS_FILES, .line = 6 },
		.object = "read " WORK "/secret",
	},
	{
		.act = coexist_execute,
		.allowed = WORK "/good",
		.denied = WORK "/bad",
		.expected = { .err = EACCES, .hook = FNG_HOOK_BPRM_CHECK,
			      .class = FNG_CLASS_EXEC, .line = 2 },
		.object = "exec " WORK "/bad",
	},
	{
		.act = net_connect,
		.allowed = &coexist_targets[0],
		.denied = &coexist_targets[1],
		.expected = { .err = ECONNREFUSED,
			      .hook = FNG_HOOK_SOCKET_CONNECT,
			      .class = FNG_CLASS_EGRESS, .line = 8 },
		.object = "127.0.0.1 port 8001/tcp",
	},
};

static inline void coexist_begin(void)
{
	net_loopback_up();
	net_listen(8000);
	net_listen(8001);
	work_make();
	make_file(WORK "/plain", "");
	make_file(WORK "/secret", "");
	copy_helper("helper_true", WORK "/good");
	copy_helper("helper_true", WORK "/bad");
}

static inline void coexist_end(void)
{
	work_remove();
}

/* As before anybody armed it, so that a neighbour comes first. */
static inline void coexist_reload(void)
{
	system("fnguard disarm --reason 'a neighbour comes first' >/dev/null");
	if (system("rmmod fnguard && insmod /usr/lib/fnguard/fnguard.ko"))
		die("the module is not loaded again");
}

/* In a cgroup without a policy all of it works. */
static inline void coexist_control(struct __test_metadata *_metadata)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(coexist_deeds); i++) {
		const struct attempt attempt = {
			.act = coexist_deeds[i].act,
			.arg = coexist_deeds[i].denied,
		};

		expect_control(_metadata, &attempt);
	}
}

/* One deed, after whatever @before does to the task: what may be, and what not. */
static inline void coexist_do(struct __test_metadata *_metadata,
			      const struct deed *deed,
			      void (*before)(const void *arg),
			      struct events *events)
{
	const struct attempt good = { .before = before, .act = deed->act,
				      .arg = deed->allowed };
	const struct attempt bad = { .before = before, .act = deed->act,
				     .arg = deed->denied };
	struct outcome outcome;

	run_guarded("coexist", &good, &outcome);
	expect_allowed(_metadata, &outcome);
	run_guarded("coexist", &bad, &outcome);
	expect_refused(_metadata, &outcome, &deed->expected);
	expect_event(_metadata, events, &outcome, &deed->expected,
		     deed->object);
}

/* All deeds; and the guard says of itself that its hooks are in place. */
static inline void coexist_check(struct __test_metadata *_metadata,
				 const char *when,
				 void (*before)(const void *arg),
				 struct events *events)
{
	struct fng_client_status status;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(coexist_deeds); i++)
		coexist_do(_metadata, &coexist_deeds[i], before, events);
	status = control_status();
	EXPECT_TRUE(status.state == FNG_STATE_ENFORCING ||
		    status.state == FNG_STATE_UNATTENDED);
	if (!_metadata->passed)
		TH_LOG("this was %s", when);
}

/**
 * struct neighbour - somebody else on the same functions
 * @start: comes; returns why it is not here, if it cannot be
 * @seen: how many calls it has seen
 * @stop: goes
 */
struct neighbour {
	const char *(*start)(void);
	u64 (*seen)(void);
	void (*stop)(void);
};

/* While it is there, it sees something, and nothing is decided by that. */
static inline void coexist_beside(struct __test_metadata *_metadata,
				  const struct neighbour *neighbour,
				  const char *when, struct events *events)
{
	u64 before = neighbour->seen();

	coexist_check(_metadata, when, NULL, events);
	EXPECT_LT(before, neighbour->seen());
	neighbour->stop();
}

/* It comes before us and leaves while we are armed, and comes and leaves again. */
static inline void coexist_with(struct __test_metadata *_metadata,
				const struct neighbour *neighbour)
{
	struct events events;
	const char *missing;

	coexist_reload();
	missing = neighbour->start();
	if (missing)
		SKIP(return, "%s", missing);
	guard_load(COEXIST_POLICY);
	events_start(&events);
	coexist_control(_metadata);
	coexist_beside(_metadata, neighbour, "with it first", &events);
	coexist_check(_metadata, "once it had left", NULL, &events);
	neighbour->start();
	coexist_beside(_metadata, neighbour, "with it second", &events);
	coexist_check(_metadata, "in the end", NULL, &events);
	events_stop(&events);
}

/* Arms the guard after what has been tried, where all works as if it had not. */
static inline void coexist_alone(struct __test_metadata *_metadata,
				 const char *when)
{
	struct events events;

	guard_load(COEXIST_POLICY);
	events_start(&events);
	coexist_control(_metadata);
	coexist_check(_metadata, when, NULL, &events);
	events_stop(&events);
}

#endif /* TESTS_GUEST_COEXIST_H */
