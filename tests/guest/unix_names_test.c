// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose Unix sockets are a function's own, if several policies apply, and how it
 * may change what they are called.
 */
#include <stdio.h>
#include <unistd.h>
#include <sys/socket.h>

#include "expect.h"
#include "peers.h"
#include "worker.h"

EVENTS_OF_SUITE(events);

/* Two functions below a slice; each has sockets of its own. */
FIXTURE(siblings) {
	struct group slice, one, two;
	struct worker in_one, in_two;
};

static const struct peer named_as_own = { .name = WORK "/a.sock",
					  .type = SOCK_STREAM };
static const struct peer named_as_host = { .name = WORK "/log",
					   .type = SOCK_STREAM };

FIXTURE_SETUP(siblings)
{
	work_make();
	guard_load(PEERS_POLICY);
	guard_load("policy: unix-sibling\nunix: { default: allow }\n");
	group_make(&self->slice, NULL);
	group_make(&self->one, &self->slice);
	group_make(&self->two, &self->slice);
	worker_start(&self->in_one);
	worker_start(&self->in_two);
	worker_move(&self->in_one, &self->one);
	worker_move(&self->in_two, &self->two);
	worker_do(&self->in_two, peer_serve, &named_as_own);
	worker_do(&self->in_two, peer_serve, &named_as_host);
}

FIXTURE_TEARDOWN(siblings)
{
	worker_end(&self->in_one);
	worker_end(&self->in_two);
	group_remove(&self->one);
	group_remove(&self->two);
	group_remove(&self->slice);
	work_remove();
}

static void expect_siblings(struct __test_metadata *_metadata,
			    FIXTURE_DATA(siblings) *self, int own, int host)
{
	struct outcome outcome;

	EXPECT_EQ(own, worker_do(&self->in_one, peer_connect, &named_as_own));
	EXPECT_EQ(host, worker_do(&self->in_one, peer_connect,
				  &named_as_host));
	refusals_read(self->one.id, &outcome);
	EXPECT_EQ(!!own + !!host, outcome_sum(&outcome));
}

TEST_F(siblings, are_free_without_a_policy)
{
	expect_siblings(_metadata, self, 0, 0);
}

TEST_F(siblings, are_own_to_a_policy_of_both)
{
	group_bind(&self->slice, "unix-peers");
	expect_siblings(_metadata, self, 0, EPERM);
}

/* That the other is guarded as well makes it no closer. */
TEST_F(siblings, are_foreign_to_a_policy_of_one)
{
	group_bind(&self->one, "unix-peers");
	group_bind(&self->two, "unix-sibling");
	expect_siblings(_metadata, self, EPERM, 0);
}

/* The same policy, on the inside of one and on the outside of the other. */
TEST_F(siblings, must_please_every_policy)
{
	guard_load("policy: unix-slice\n"
		   "unix: { default: deny, allow: [/tmp/fng-work/a.sock] }\n");
	group_bind(&self->slice, "unix-slice");
	group_bind(&self->one, "unix-peers");
	expect_siblings(_metadata, self, EPERM, EPERM);
}

/* What a socket is called decides, so its name must not be had for nothing. */
FIXTURE(move) {
};

FIXTURE_VARIANT(move) {
	bool socket;
	bool link;
	const char *from;
	const char *to;
	int err;
};

FIXTURE_VARIANT_ADD(move, socket_that_is_refused) {
	.socket = true, .from = WORK "/a", .to = WORK "/b.sock", .err = EPERM
};

FIXTURE_VARIANT_ADD(move, socket_that_is_allowed) {
	.socket = true, .from = WORK "/a.sock", .to = WORK "/b.sock"
};

FIXTURE_VARIANT_ADD(move, link_to_socket_that_is_refused) {
	.socket = true, .link = true, .from = WORK "/a",
	.to = WORK "/b.sock", .err = EPERM
};

FIXTURE_VARIANT_ADD(move, file) {
	.from = WORK "/a", .to = WORK "/b.sock"
};

FIXTURE_SETUP(move)
{
	work_make();
	guard_load(PEERS_POLICY);
	if (variant->socket)
		peer_serve_at(variant->from, SOCK_STREAM);
	else
		make_file(variant->from, "");
}

FIXTURE_TEARDOWN(move)
{
	work_remove();
}

static int move(const void *arg)
{
	const FIXTURE_VARIANT(move) *variant = arg;

	return errno_of((variant->link ? link : rename)(variant->from,
							variant->to));
}

TEST_F(move, works_unguarded)
{
	const struct attempt attempt = { .act = move, .arg = variant };

	expect_control(_metadata, &attempt);
}

TEST_F(move, of_a_socket_is_judged)
{
	const struct attempt attempt = { .act = move, .arg = variant };
	const struct expected expected = {
		.err = EPERM,
		.hook = variant->link ? FNG_HOOK_PATH_LINK :
					FNG_HOOK_PATH_RENAME,
		.class = FNG_CLASS_UNIX,
		.line = 2,
	};
	struct outcome outcome;

	run_guarded("unix-peers", &attempt, &outcome);
	if (!variant->err) {
		expect_allowed(_metadata, &outcome);
		return;
	}
	expect_refused(_metadata, &outcome, &expected);
	expect_event(_metadata, &events, &outcome, &expected, variant->from);
}

TEST_HARNESS_MAIN
