// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies that extend the same template: each decides for itself, by the rules of
 * both, and the kernel has what they share once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bound.h"
#include "control.h"
#include "expect.h"

/* Rules of the template that no test asks about; they make it large. */
#define NR_FILLERS	600

static const char *const policies[] = { "base-one", "base-two" };

/**
 * template_make() - write the template
 * @granted: the file that its first rule allows to read
 */
static void template_make(const char *granted)
{
	FILE *file;
	int i;

	make_dir("templates");
	file = fopen("templates/shared.yaml", "w");
	if (!file)
		die("cannot make the template");
	fprintf(file, "template: shared\nfiles:\n  default: deny\n  rules:\n"
		"    - { path: " WORK "/%s, allow: [read] }\n"
		"    - { path: " WORK "/secret, deny: [all] }\n"
		"    - { path: " WORK "/taken, allow: [read] }\n", granted);
	for (i = 0; i < NR_FILLERS; i++)
		fprintf(file, "    - { path: /srv/filler-%04d/data, "
			"allow: [read] }\n", i);
	if (fclose(file))
		die("cannot write the template");
}

/* What is like the template is the most part of it. */
static void text_of(const char *policy, char *text, size_t size)
{
	snprintf(text, size, "policy: %s\nextends: [shared]\nfiles:\n  rules:\n"
		 "    - { path: " WORK "/%s, allow: [read] }\n"
		 "    - { path: " WORK "/taken, deny: [read] }\n",
		 policy, policy);
}

static void load(const char *policy)
{
	char text[512];

	text_of(policy, text, sizeof(text));
	guard_load(text);
}

/* A binding goes some time after its cgroup: until then, it is another's. */
static void unload(const char *policy)
{
	struct fng_client *client = guard_client();
	struct fng_client_status status;

	guard_load("policy: base-heir\n");
	guard_status(&status);
	if (fng_client_policy_unload(client, &status.policy_gen, policy,
				     "base-heir"))
		die("cannot unload %s: %s", policy, client->error);
}

static int open_file(const void *arg)
{
	return errno_of_fd(open(arg, O_RDONLY | O_CLOEXEC));
}

static int try(const char *policy, const char *file)
{
	const struct attempt attempt = { .act = open_file, .arg = file };
	struct outcome outcome;

	run_guarded(policy, &attempt, &outcome);
	return outcome.err;
}

/* KiB in the large pieces of memory that the module has allocated. */
static long memory_used(void)
{
	FILE *file = fopen("/proc/vmallocinfo", "r");
	char line[512];
	long sum = 0, size;

	if (!file)
		die("the kernel does not tell its memory");
	while (fgets(line, sizeof(line), file))
		if (strstr(line, "[fnguard]") &&
		    sscanf(line, "%*s %ld", &size) == 1)
			sum += size;
	fclose(file);
	return sum / 1024;
}

static void begin(void)
{
	alarm_patiently(120);
	work_make();
	setenv("FNGUARD_POLICY_PATH", WORK, 1);
	template_make("granted");
}

static void expect_image(struct __test_metadata *_metadata, const char *policy)
{
	struct blob blob;
	char text[512];
	size_t size;
	void *data;

	text_of(policy, text, sizeof(text));
	blob = control_compile(text);
	ASSERT_EQ(0, fng_client_policy_image(guard_client(), policy, &data,
					     &size));
	EXPECT_EQ(blob.size, size);
	EXPECT_EQ(0, memcmp(blob.data, data, size));
	free(blob.data);
	free(data);
}

/*
 * The kernel gives back what it was given, and kept most of it once. This comes
 * first: what other tests unload is not freed at once.
 */
TEST(what_is_shared_is_there_once)
{
	long before, first, second;

	begin();
	guard_client();
	before = memory_used();
	load(policies[0]);
	first = memory_used();
	load(policies[1]);
	second = memory_used();
	TH_LOG("the first takes %ld KiB, the second %ld", first - before,
	       second - first);
	EXPECT_LT(100, first - before);
	EXPECT_GT(25, second - first);
	expect_image(_metadata, policies[0]);
	expect_image(_metadata, policies[1]);
	unload(policies[0]);
	unload(policies[1]);
	work_remove();
}

FIXTURE(base) {
};

FIXTURE_SETUP(base)
{
	begin();
	make_file("granted", "");
	make_file("secret", "");
	make_file("taken", "");
	make_file("other", "");
	make_file(policies[0], "");
	make_file(policies[1], "");
	load(policies[0]);
	load(policies[1]);
	(void)self;
}

FIXTURE_TEARDOWN(base)
{
	unload(policies[1]);
	work_remove();
	(void)self;
}

FIXTURE_VARIANT(base) {
	const char *file;
	int err;
	u32 line;
	const char *rule;
};

/* The template's rules, its default, and those of the policy. */
FIXTURE_VARIANT_ADD(base, granted_by_template) {
	.file = "granted",
};

FIXTURE_VARIANT_ADD(base, granted_by_policy) {
	.file = "base-two",
};

FIXTURE_VARIANT_ADD(base, denied_by_template) {
	.file = "secret",
	.err = EACCES,
	.line = 6,
	.rule = " rule files deny all /tmp/fng-work/secret at shared.yaml:6",
};

FIXTURE_VARIANT_ADD(base, denied_by_policy) {
	.file = "taken",
	.err = EACCES,
	.line = 6,
	.rule = " rule files deny read /tmp/fng-work/taken at test.yaml:6",
};

FIXTURE_VARIANT_ADD(base, denied_by_default) {
	.file = "other",
	.err = EACCES,
	.line = 3,
	.rule = " rule files default deny at shared.yaml:3",
};

FIXTURE_VARIANT_ADD(base, granted_by_another_policy) {
	.file = "base-one",
	.err = EACCES,
	.line = 3,
	.rule = " rule files default deny at shared.yaml:3",
};

static void expect_rule(struct __test_metadata *_metadata,
			struct events *events, const struct attempt *attempt,
			const FIXTURE_VARIANT(base) *variant)
{
	const struct expected expected = {
		.err = variant->err,
		.hook = FNG_HOOK_FILE_OPEN,
		.class = FNG_CLASS_FILES,
		.line = variant->line,
	};
	char line[EVENT_LINE_SIZE];
	struct outcome outcome;

	run_guarded(policies[1], attempt, &outcome);
	if (!variant->err) {
		expect_allowed(_metadata, &outcome);
		return;
	}
	expect_refused(_metadata, &outcome, &expected);
	ASSERT_TRUE(events_find(events, "denied", outcome.cgroup, line));
	expect_text(_metadata, line, variant->rule);
	expect_text(_metadata, line, " -> EACCES by base-two ");
}

/* With the other one loaded, and with it gone: what is shared stays. */
TEST_F(base, decides)
{
	const struct attempt attempt = {
		.act = open_file,
		.arg = variant->file,
	};
	struct events events;

	events_start(&events);
	expect_control(_metadata, &attempt);
	expect_rule(_metadata, &events, &attempt, variant);
	unload(policies[0]);
	expect_rule(_metadata, &events, &attempt, variant);
	events_stop(&events);
}

static u64 total_of(const char *policy)
{
	struct outcome totals = { 0 };
	u64 count = 0;
	u32 i;

	refusals_read(0, &totals);
	for (i = 0; i < totals.nr; i++)
		if (!strcmp(totals.refusals[i].policy, policy) &&
		    totals.refusals[i].hook == FNG_HOOK_FILE_OPEN &&
		    totals.refusals[i].line == 6)
			count += totals.refusals[i].count;
	return count;
}

/* What a rule of the template refuses is counted for the policy that refused. */
TEST(counters_are_not_shared)
{
	begin();
	make_file("secret", "");
	load(policies[0]);
	load(policies[1]);
	EXPECT_EQ(EACCES, try(policies[0], "secret"));
	EXPECT_EQ(EACCES, try(policies[1], "secret"));
	EXPECT_EQ(EACCES, try(policies[1], "secret"));
	EXPECT_EQ(1, total_of(policies[0]));
	EXPECT_EQ(2, total_of(policies[1]));
	unload(policies[0]);
	unload(policies[1]);
	work_remove();
}

/* Policies change their base one by one: each has the one it came with. */
TEST(a_base_is_replaced)
{
	begin();
	make_file("granted", "");
	make_file("later", "");
	load(policies[0]);
	load(policies[1]);
	EXPECT_EQ(0, try(policies[0], "granted"));
	EXPECT_EQ(EACCES, try(policies[0], "later"));
	template_make("later");
	load(policies[0]);
	EXPECT_EQ(EACCES, try(policies[0], "granted"));
	EXPECT_EQ(0, try(policies[0], "later"));
	EXPECT_EQ(0, try(policies[1], "granted"));
	EXPECT_EQ(EACCES, try(policies[1], "later"));
	unload(policies[0]);
	EXPECT_EQ(0, try(policies[1], "granted"));
	unload(policies[1]);
	work_remove();
}

TEST_HARNESS_MAIN
