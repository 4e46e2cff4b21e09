// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several policies apply to one cgroup: each of them must allow, each that does
 * not is counted, and the one nearest to the root is the one that speaks.
 */
#include <stdio.h>
#include <string.h>

#include "bound.h"
#include "expect.h"

/* Told apart by what the caller sees. */
#define PARENT		"response: { errno: { files: ENOENT } }\n"
#define PARENT_AUDIT	"mode: audit\n" PARENT

EVENTS_OF_SUITE(events);

FIXTURE(chain) {
	struct group parent;
	struct group child;
};

/**
 * enum verdict - what a policy says
 * @ALLOWS: nothing
 * @AUDITS: that it would refuse
 * @REFUSES: that it refuses
 */
enum verdict { ALLOWS, AUDITS, REFUSES };

FIXTURE_VARIANT(chain) {
	const char *parent;	/* files that it allows */
	const char *child;
	bool parent_audits;
	bool child_audits;
	const char *file;
	enum verdict by_parent;
	enum verdict by_child;
};

#define ROW(name, ...)							\
	FIXTURE_VARIANT_ADD(chain, name) { __VA_ARGS__ }

ROW(allowed_by_both, "ab", "bc", false, false, "b", ALLOWS, ALLOWS);
ROW(allowed_by_parent, "ab", "bc", false, false, "a", ALLOWS, REFUSES);
ROW(allowed_by_child, "ab", "bc", false, false, "c", REFUSES, ALLOWS);
ROW(allowed_by_none, "ab", "bc", false, false, "d", REFUSES, REFUSES);
ROW(parent_audits_child_refuses, "ab", "bc", true, false, "d", AUDITS,
	REFUSES);
ROW(parent_refuses_child_audits, "ab", "bc", false, true, "d", REFUSES,
	AUDITS);
ROW(parent_audits_child_allows, "ab", "bc", true, false, "c", AUDITS, ALLOWS);
ROW(parent_allows_child_audits, "ab", "bc", false, true, "a", ALLOWS, AUDITS);
ROW(both_audit, "ab", "bc", true, true, "d", AUDITS, AUDITS);

FIXTURE_SETUP(chain)
{
	bound_setup();
	bound_load("chain-parent", variant->parent_audits ? PARENT_AUDIT :
							    PARENT,
		   variant->parent);
	bound_load("chain-child", variant->child_audits ? "mode: audit\n" : "",
		   variant->child);
	group_make(&self->parent, NULL);
	group_make(&self->child, &self->parent);
	ASSERT_EQ(0, bound_errno(&self->child, variant->file));
	group_bind(&self->parent, "chain-parent");
	group_bind(&self->child, "chain-child");
}

FIXTURE_TEARDOWN(chain)
{
	group_remove(&self->child);
	group_remove(&self->parent);
	work_remove();
}


static const struct refusal *row_of(const struct outcome *outcome,
				    const char *policy)
{
	u32 i;

	for (i = 0; i < outcome->nr; i++)
		if (!strcmp(outcome->refusals[i].policy, policy))
			return &outcome->refusals[i];
	return NULL;
}

static void expect_verdict(struct __test_metadata *_metadata,
			   const struct outcome *outcome, const char *policy,
			   enum verdict verdict)
{
	const struct expected expected = {
		.hook = FNG_HOOK_FILE_OPEN,
		.class = FNG_CLASS_FILES,
		.audit = verdict == AUDITS,
	};
	const struct refusal *row = row_of(outcome, policy);

	EXPECT_EQ(verdict != ALLOWS, !!row);
	if (row)
		expect_row(_metadata, row, &expected);
}

static int errno_expected(const FIXTURE_VARIANT(chain) *variant)
{
	if (variant->by_parent == REFUSES)
		return ENOENT;
	return variant->by_child == REFUSES ? EACCES : 0;
}

TEST_F(chain, allows_what_all_allow)
{
	struct outcome outcome;

	bound_open(&self->child, variant->file, &outcome);
	EXPECT_EQ(errno_expected(variant), outcome.err);
	EXPECT_EQ((variant->by_parent != ALLOWS) +
		  (variant->by_child != ALLOWS), outcome.nr);
	expect_verdict(_metadata, &outcome, "chain-parent", variant->by_parent);
	expect_verdict(_metadata, &outcome, "chain-child", variant->by_child);
	if (!_metadata->passed)
		outcome_print(&outcome);
}

/* One for those who refuse and one for those who would, whoever they are. */
TEST_F(chain, tells_of_each_kind_once)
{
	const char *refuser = variant->by_parent == REFUSES ? "chain-parent" :
							      "chain-child";
	const char *auditor = variant->by_parent == AUDITS ? "chain-parent" :
							     "chain-child";
	char line[EVENT_LINE_SIZE], text[64];

	bound_errno(&self->child, variant->file);
	if (variant->by_parent == AUDITS || variant->by_child == AUDITS) {
		EXPECT_TRUE(events_find(&events, "would-deny", self->child.path,
					line));
		snprintf(text, sizeof(text), " by %s rule ", auditor);
		expect_text(_metadata, line, text);
	}
	if (errno_expected(variant)) {
		EXPECT_TRUE(events_find(&events, "denied", self->child.path,
					line));
		snprintf(text, sizeof(text), " -> %s by %s rule ",
			 fng_errno_name(errno_expected(variant)), refuser);
		expect_text(_metadata, line, text);
	}
}

/* The child of a cgroup can only be held tighter than its parent. */
TEST_F(chain, parent_is_not_held_by_the_child)
{
	EXPECT_EQ(variant->by_parent == REFUSES ? ENOENT : 0,
		  bound_errno(&self->parent, variant->file));
}

FIXTURE(many) {
	struct group parent;
	struct group child;
};

FIXTURE_SETUP(many)
{
	bound_setup();
	group_make(&self->parent, NULL);
	group_make(&self->child, &self->parent);
}

FIXTURE_TEARDOWN(many)
{
	group_remove(&self->child);
	group_remove(&self->parent);
	work_remove();
}

/* Policy @i of them. */
static int bind_one(const struct group *group, u32 i)
{
	struct fng_client_binding binding = { .cgroup_fd = group->fd };
	char name[32];

	snprintf(name, sizeof(name), "many-%u", i);
	bound_load(name, "", "a");
	binding.policy = name;
	return fng_client_bind(guard_client(), &binding);
}

static void bind_many(const struct group *group, u32 first, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		if (bind_one(group, first + i))
			die("not bound: %s", guard_client()->error);
}

TEST_F(many, as_many_as_may_apply)
{
	struct outcome outcome;
	u32 i;

	bind_many(&self->child, 0, FNG_MAX_APPLIED);
	bound_open(&self->child, "a", &outcome);
	expect_allowed(_metadata, &outcome);
	bound_open(&self->child, "b", &outcome);
	EXPECT_EQ(EACCES, outcome.err);
	EXPECT_EQ(FNG_MAX_APPLIED, outcome.nr);
	for (i = 0; i < outcome.nr; i++)
		EXPECT_EQ(1, outcome.refusals[i].count);
}

TEST_F(many, one_more_is_not_bound)
{
	struct fng_client_status before, after;

	bind_many(&self->child, 0, FNG_MAX_APPLIED);
	guard_status(&before);
	EXPECT_EQ(-E2BIG, bind_one(&self->child, FNG_MAX_APPLIED));
	expect_text(_metadata, guard_client()->error, "Eight policies");
	guard_status(&after);
	EXPECT_EQ(before.binding_gen, after.binding_gen);
	/* Those of cgroups that rows before have removed go at any time. */
	EXPECT_GE(before.nr_bindings, after.nr_bindings);
	EXPECT_EQ(0, bound_errno(&self->child, "a"));
}

/* Bound further up, the ninth shuts everything that is below both. */
TEST_F(many, one_more_in_the_ancestry)
{
	const struct expected expected = {
		.err = EPERM,
		.hook = FNG_HOOK_FILE_OPEN,
		.class = FNG_CLASS_SUBJECT,
		.rule = FNG_RULE_GUARD | FNG_GUARD_TOO_MANY,
	};
	struct worker opener;
	struct outcome outcome = { 0 };

	worker_start(&opener);
	worker_move(&opener, &self->child);
	bind_many(&self->child, 0, FNG_MAX_APPLIED);
	EXPECT_EQ(0, bound_ask(&opener, 'a'));
	bind_many(&self->parent, FNG_MAX_APPLIED, 1);
	outcome.err = bound_ask(&opener, 'a');
	refusals_read(self->child.id, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	EXPECT_EQ(0, bound_errno(&self->parent, "a"));
	bound_unbind(&self->parent, NULL);
	EXPECT_EQ(0, bound_ask(&opener, 'a'));
	worker_end(&opener);
}

/* Bound to several of a task's cgroups, a policy is one policy. */
TEST_F(many, times_the_same)
{
	const struct expected expected = {
		.err = EACCES,
		.hook = FNG_HOOK_FILE_OPEN,
		.class = FNG_CLASS_FILES,
	};
	struct outcome outcome;

	bound_load("many-same", "", "a");
	group_bind(&self->parent, "many-same");
	group_bind(&self->child, "many-same");
	bound_open(&self->child, "b", &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

TEST_HARNESS_MAIN
