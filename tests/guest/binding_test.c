// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding and unbinding cgroups by hand, and which bindings are refused.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <client/cgroup.h>
#include <client/event.h>

#include "bound.h"
#include "expect.h"

#define POLICY		"binding"

static const struct expected refused = {
	.err = EACCES,
	.hook = FNG_HOOK_FILE_OPEN,
	.class = FNG_CLASS_FILES,
};

FIXTURE(binding) {
	struct group group;
};

FIXTURE_SETUP(binding)
{
	bound_setup();
	bound_load(POLICY, "", "a");
	group_make(&self->group, NULL);
}

FIXTURE_TEARDOWN(binding)
{
	group_remove(&self->group);
	work_remove();
}

TEST_F(binding, unbound_cgroup_is_unguarded)
{
	struct outcome outcome;

	bound_open(&self->group, "b", &outcome);
	expect_allowed(_metadata, &outcome);
}

/* A cgroup whose proof was begun, and not ended, is one like others once it is bound. */
TEST_F(binding, cgroup_that_proves_is_guarded)
{
	struct outcome outcome;

	if (fng_client_arm(guard_client(), self->group.fd,
			   FNG_HOOK_SETTIME64))
		die("no proof: %s", guard_client()->error);
	group_bind(&self->group, POLICY);
	bound_open(&self->group, "b", &outcome);
	expect_refused(_metadata, &outcome, &refused);
	fng_client_prove(guard_client());
}

TEST_F(binding, bound_cgroup_is_guarded)
{
	struct outcome outcome;
	struct events events;
	char line[EVENT_LINE_SIZE];

	events_start(&events);
	group_bind(&self->group, POLICY);
	EXPECT_TRUE(events_find(&events, "bound", self->group.path, line));
	expect_text(_metadata, line, " policy " POLICY " ");
	bound_open(&self->group, "a", &outcome);
	expect_allowed(_metadata, &outcome);
	bound_open(&self->group, "b", &outcome);
	expect_refused(_metadata, &outcome, &refused);
	expect_event(_metadata, &events, &outcome, &refused,
		     "read " WORK "/b");
	events_stop(&events);
}

TEST_F(binding, descendants_are_guarded)
{
	struct group child, grandchild;
	struct outcome outcome;

	group_make(&child, &self->group);
	group_bind(&self->group, POLICY);
	group_make(&grandchild, &child);
	bound_open(&child, "b", &outcome);
	expect_refused(_metadata, &outcome, &refused);
	bound_open(&grandchild, "b", &outcome);
	expect_refused(_metadata, &outcome, &refused);
	group_remove(&grandchild);
	group_remove(&child);
}

TEST_F(binding, unbound_again_it_is_unguarded)
{
	const struct fng_client_binding binding = {
		.cgroup_fd = self->group.fd,
	};
	char line[EVENT_LINE_SIZE];
	struct events events;

	group_bind(&self->group, POLICY);
	EXPECT_EQ(EACCES, bound_errno(&self->group, "b"));
	events_start(&events);
	bound_unbind(&self->group, NULL);
	EXPECT_TRUE(events_find(&events, "unbound", self->group.path, line));
	events_stop(&events);
	EXPECT_EQ(0, bound_errno(&self->group, "b"));
	EXPECT_EQ(-ENOENT, fng_client_unbind(guard_client(), &binding));
	expect_text(_metadata, guard_client()->error, "no such binding");
}

TEST_F(binding, one_of_two_is_unbound)
{
	bound_load("binding-other", "", "b");
	group_bind(&self->group, POLICY);
	group_bind(&self->group, "binding-other");
	EXPECT_EQ(EACCES, bound_errno(&self->group, "a"));
	EXPECT_EQ(EACCES, bound_errno(&self->group, "b"));
	bound_unbind(&self->group, POLICY);
	EXPECT_EQ(EACCES, bound_errno(&self->group, "a"));
	EXPECT_EQ(0, bound_errno(&self->group, "b"));
	group_bind(&self->group, POLICY);
	bound_unbind(&self->group, NULL);
	EXPECT_EQ(0, bound_errno(&self->group, "c"));
}

TEST_F(binding, populated_cgroup_is_guarded_partially)
{
	struct worker opener;
	struct group child;
	struct bound bound;

	group_make(&child, &self->group);
	group_bind(&self->group, POLICY);
	EXPECT_TRUE(bound_find(self->group.id, POLICY, &bound));
	EXPECT_FALSE(bound.partial);
	bound_unbind(&self->group, NULL);
	worker_start(&opener);
	worker_move(&opener, &child);
	group_bind(&self->group, POLICY);
	EXPECT_TRUE(bound_find(self->group.id, POLICY, &bound));
	EXPECT_TRUE(bound.partial);
	EXPECT_FALSE(bound.template);
	EXPECT_STREQ(self->group.path, bound.cgroup);
	worker_end(&opener);
	group_remove(&child);
}

FIXTURE(labels) {
	struct group group;
};

FIXTURE_VARIANT(labels) {
	const char *labels;
	const char *said;	/* NULL: they are taken */
};

#define LABELS(name, text, why)						\
	FIXTURE_VARIANT_ADD(labels, name) { .labels = text, .said = why }
#define MALFORMED	"Labels are key=value,key=value"
#define X64		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

LABELS(taken, "tenant=acme,function=pay,revision=12", NULL);
LABELS(any_value, "k= a/b\"c\\", NULL);
LABELS(longest, "k=" X64 X64 X64 "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
	NULL);
LABELS(too_long, "k=" X64 X64 X64 X64, "longer than 256 bytes");
LABELS(no_value, "tenant", MALFORMED);
LABELS(empty_value, "tenant=", MALFORMED);
LABELS(empty_key, "=acme", MALFORMED);
LABELS(empty_label, "a=b,,c=d", MALFORMED);
LABELS(comma_at_the_end, "a=b,", MALFORMED);
LABELS(capital_in_key, "Tenant=acme", MALFORMED);
LABELS(second_equals, "a=b=c", MALFORMED);
LABELS(new_line, "a=b\nc", MALFORMED);
LABELS(twice, "a=b,c=d,a=e", "given twice");

FIXTURE_SETUP(labels)
{
	bound_setup();
	bound_load(POLICY, "", "");
	group_make(&self->group, NULL);
}

FIXTURE_TEARDOWN(labels)
{
	group_remove(&self->group);
	work_remove();
}

TEST_F(labels, are_kept_or_refused)
{
	struct fng_client_binding binding = {
		.cgroup_fd = self->group.fd,
		.policy = POLICY,
		.labels = variant->labels,
	};
	int err = fng_client_bind(guard_client(), &binding);
	struct bound bound;

	EXPECT_EQ(!variant->said, bound_find(self->group.id, POLICY, &bound));
	if (variant->said) {
		EXPECT_EQ(-EINVAL, err);
		expect_text(_metadata, guard_client()->error, variant->said);
	} else {
		EXPECT_EQ(0, err);
		EXPECT_STREQ(variant->labels, bound.labels);
	}
}

/**
 * struct heard - an event that is listened for
 * @kind: enum fng_event_kind
 * @cgroup_id: about this cgroup
 * @labels: what it says
 */
struct heard {
	u64 kind;
	u64 cgroup_id;
	char labels[FNG_MAX_LABELS + 1];
};

static void hear(const struct fng_event *event, u64 missed, void *data)
{
	struct heard *heard = data;

	(void)missed;
	if (event && fng_attr_number(&event->attrs, FNG_A_KIND) == heard->kind &&
	    fng_attr_number(&event->attrs, FNG_A_CGROUP_ID) == heard->cgroup_id)
		snprintf(heard->labels, sizeof(heard->labels), "%s",
			 fng_attr_string(&event->attrs, FNG_A_LABELS) ?: "");
}

static void await_event(struct fng_stream *stream, struct heard *heard)
{
	struct pollfd fd = { fng_stream_fd(stream), POLLIN, 0 };

	while (!*heard->labels && poll(&fd, 1, 10000) > 0)
		fng_stream_read(stream, hear, heard);
}

TEST_F(binding, labels_are_in_events)
{
	struct fng_client_binding binding = {
		.cgroup_fd = self->group.fd,
		.policy = POLICY,
		.labels = "tenant=acme,function=pay",
	};
	struct heard bound = { FNG_EVENT_BOUND, self->group.id, "" };
	struct heard denied = { .kind = FNG_EVENT_DENIED };
	struct fng_stream stream;
	struct group child;

	group_make(&child, &self->group);
	denied.cgroup_id = child.id;
	ASSERT_EQ(0, fng_stream_open(&stream, guard_client()->group));
	ASSERT_EQ(0, fng_client_bind(guard_client(), &binding));
	await_event(&stream, &bound);
	EXPECT_STREQ(binding.labels, bound.labels);
	EXPECT_EQ(EACCES, bound_errno(&child, "b"));
	await_event(&stream, &denied);
	EXPECT_STREQ(binding.labels, denied.labels);
	fng_stream_close(&stream);
	group_remove(&child);
}

TEST_HARNESS_MAIN
