// SPDX-License-Identifier: GPL-2.0-only
/*
 * Phases in audit mode: what they would refuse is told, and what was in force before
 * stays so beside them, with its limits.
 */
#include <errno.h>
#include <string.h>

#include <client/phase.h>

#include "bound.h"
#include "expect.h"

#define POLICY	"phase-audit"
#define HEAD								\
	"policy: " POLICY "\n"						\
	"files:\n"							\
	"  default: allow\n"						\
	"  rules: [ { path: " WORK "/b, deny: [all] } ]\n"		\
	"limits: { open: 3/h burst 3 }\n"				\
	"phases:\n"							\
	"  tell: { mode: audit, files: { default: deny }, limits: { open: 1/h burst 1 } }\n" \
	"  last: { files: { default: deny } }\n"

FIXTURE(audit) {
	struct group group;
	struct worker worker;
};

FIXTURE_SETUP(audit)
{
	bound_setup();
	guard_load(HEAD);
	group_make(&self->group, NULL);
	worker_start(&self->worker);
	worker_move(&self->worker, &self->group);
	group_bind(&self->group, POLICY);
}

FIXTURE_TEARDOWN(audit)
{
	worker_end(&self->worker);
	group_remove(&self->group);
	work_remove();
}

static int enter(const struct group *group, const char *phase)
{
	return fng_client_phase_enter(guard_client(), group->fd, POLICY, phase);
}

static u64 count(const struct outcome *outcome, u32 class, bool audit)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < outcome->nr; i++)
		if (outcome->refusals[i].class == class &&
		    outcome->refusals[i].audit == audit)
			sum += outcome->refusals[i].count;
	return sum;
}

TEST_F(audit, what_was_in_force_stays_so_with_its_limits)
{
	struct outcome outcome;

	ASSERT_EQ(0, enter(&self->group, "tell"));
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'b'));
	/* Three are left of one limit, of which the other does not take any. */
	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
	EXPECT_EQ(0, bound_ask(&self->worker, 'c'));
	EXPECT_EQ(0, bound_ask(&self->worker, 'd'));
	EXPECT_EQ(EAGAIN, bound_ask(&self->worker, 'a'));
	refusals_read(self->group.id, &outcome);
	EXPECT_EQ(1, count(&outcome, FNG_CLASS_FILES, false));
	EXPECT_EQ(5, count(&outcome, FNG_CLASS_FILES, true));
	EXPECT_EQ(1, count(&outcome, FNG_CLASS_LIMITS, false));
	EXPECT_LE(2, count(&outcome, FNG_CLASS_LIMITS, true));
}

/* What was used before is used in the phase that enforces. */
TEST_F(audit, limits_go_on_in_the_next_phase)
{
	guard_load("policy: " POLICY "\n"
		   "files: { default: allow }\n"
		   "limits: { open: 3/h burst 3 }\n"
		   "phases: { last: { files: { rules:"
		   " [ { path: " WORK "/b, deny: [all] } ] } } }\n");
	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
	ASSERT_EQ(0, enter(&self->group, "last"));
	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
	EXPECT_EQ(EAGAIN, bound_ask(&self->worker, 'a'));
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'b'));
}

/* It takes a place of its own among those that can apply. */
TEST_F(audit, where_there_is_no_place_left)
{
	char name[] = "phase-audit-0";
	struct outcome outcome;
	u32 i;

	for (i = 1; i < FNG_MAX_APPLIED; i++) {
		name[sizeof(name) - 2] = '0' + i;
		bound_load(name, "", "abcd");
		group_bind(&self->group, name);
	}
	EXPECT_EQ(0, bound_ask(&self->worker, 'a'));
	ASSERT_EQ(0, enter(&self->group, "tell"));
	EXPECT_EQ(EPERM, bound_ask(&self->worker, 'a'));
	refusals_read(self->group.id, &outcome);
	EXPECT_EQ(1, count(&outcome, FNG_CLASS_SUBJECT, false));
	ASSERT_EQ(0, enter(&self->group, "last"));
	EXPECT_EQ(EACCES, bound_ask(&self->worker, 'a'));
}

TEST_HARNESS_MAIN
