// SPDX-License-Identifier: GPL-2.0-only
/*
 * Phases that begin after a time, of cgroups in which nothing is done meanwhile that
 * a hook would meet.
 */
#include <errno.h>
#include <unistd.h>

#include <client/phase.h>

#include "bound.h"
#include "control.h"
#include "errand.h"
#include "expect.h"

#define POLICY		"idle"
#define HEAD								\
	"policy: " POLICY "\n"						\
	"files:\n"							\
	"  default: allow\n"						\
	"  rules: [ { path: " WORK "/d, deny: [all] } ]\n"		\
	"egress: { default: allow }\n"

static const struct target stream = TO("127.1.0.1");

static void __attribute__((constructor)) prepare(void)
{
	net_listen(ERRAND_PORT);
}

FIXTURE(idle) {
	struct bench bench;
};

FIXTURE_SETUP(idle)
{
	bound_setup();
	guard_load(HEAD);
	bench_start(&self->bench, POLICY);
}

FIXTURE_TEARDOWN(idle)
{
	bench_end(&self->bench);
	work_remove();
}

#define QUIET	"  quiet: { enter: 10s, egress: { default: deny } }\n"

/* The phase between is entered by the worker, and leads on by time as well. */
TEST_F_TIMEOUT(idle, connection_ends_two_phases_later, 300)
{
	const struct worker *worker = &self->bench.worker;

	guard_load(HEAD "phases:\n"
		   "  closed: { enter: 10s, files: { default: deny } }\n" QUIET);
	ASSERT_EQ(0, worker_do(worker, errand_hold, &stream));
	EXPECT_FALSE(errand_has_ended(worker));
	sleep(30);
	EXPECT_TRUE(errand_has_ended(worker));
}

/* The phase between is entered by command. */
TEST_F_TIMEOUT(idle, connection_ends_after_a_command, 300)
{
	const struct worker *worker = &self->bench.worker;

	guard_load(HEAD "phases:\n"
		   "  closed: { files: { default: deny } }\n" QUIET);
	ASSERT_EQ(0, worker_do(worker, errand_hold, &stream));
	ASSERT_EQ(0, fng_client_phase_enter(guard_client(),
					    self->bench.group.fd, POLICY,
					    "closed"));
	EXPECT_FALSE(errand_has_ended(worker));
	sleep(20);
	EXPECT_TRUE(errand_has_ended(worker));
}

/* Policies are published anew for a candidate, though no connection is judged. */
TEST_F_TIMEOUT(idle, connection_ends_though_a_candidate_came, 300)
{
	const struct worker *worker = &self->bench.worker;
	struct fng_client_load candidate = { .candidate = true };

	guard_load(HEAD "phases:\n"
		   "  closed: { files: { default: deny } }\n" QUIET);
	ASSERT_EQ(0, worker_do(worker, errand_hold, &stream));
	ASSERT_EQ(0, fng_client_phase_enter(guard_client(),
					    self->bench.group.fd, POLICY,
					    "closed"));
	EXPECT_EQ(0, control_load_as(HEAD, &candidate));
	EXPECT_FALSE(errand_has_ended(worker));
	sleep(20);
	EXPECT_TRUE(errand_has_ended(worker));
}

/* Another policy is bound, for which it has to be computed anew. */
TEST_F_TIMEOUT(idle, connection_ends_though_bound_meanwhile, 300)
{
	const struct worker *worker = &self->bench.worker;

	guard_load("policy: idle-other\nfiles: { default: allow }\n");
	guard_load(HEAD "phases:\n" QUIET);
	ASSERT_EQ(0, worker_do(worker, errand_hold, &stream));
	EXPECT_EQ(0, bound_ask(worker, 'a'));
	group_bind(&self->bench.group, "idle-other");
	sleep(20);
	EXPECT_TRUE(errand_has_ended(worker));
}

/* What was computed of a cgroup by policies that are gone is not looked at. */
TEST_F(idle, policy_is_gone)
{
	const struct worker *worker = &self->bench.worker;

	guard_load(HEAD "phases: { closed: { enter: 5s,"
			" files: { default: deny } } }\n");
	EXPECT_EQ(0, bound_ask(worker, 'a'));
	guard_load(HEAD);
	sleep(7);
	EXPECT_EQ(0, bound_ask(worker, 'a'));
}

TEST_HARNESS_MAIN
