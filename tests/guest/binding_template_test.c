// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cgroups that are bound by their names, the first time anybody acts in them.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

#include <client/cgroup.h>
#include <compiler/compiler.h>

#include "bound.h"
#include "expect.h"

static const struct expected refused = {
	.err = EACCES,
	.hook = FNG_HOOK_FILE_OPEN,
	.class = FNG_CLASS_FILES,
};

/* Of the cgroups that this process makes, by the number that they are given. */
static void load_template(const char *policy, const char *numbers)
{
	char head[128];

	snprintf(head, sizeof(head),
		 "attach: { cgroup: [\"/fnguard.test/%d-%s\"] }\n", getpid(),
		 numbers);
	bound_load(policy, head, "a");
}

FIXTURE(template) {
	struct group before;	/* number 0 */
	struct group other;	/* number 1 */
};

FIXTURE_SETUP(template)
{
	bound_setup();
	group_make(&self->before, NULL);
	group_make(&self->other, NULL);
	ASSERT_EQ(0, bound_errno(&self->before, "b"));
}

FIXTURE_TEARDOWN(template)
{
	bound_unload("template");
	group_remove(&self->other);
	group_remove(&self->before);
	work_remove();
}

/* The program is refused a file: it was guarded before anybody knew of it. */
TEST_F(template, cgroup_made_after_the_load)
{
	struct outcome outcome;
	struct events events;
	struct group after;

	load_template("template", "2");
	events_start(&events);
	group_make(&after, NULL);
	bound_open(&after, "b", &outcome);
	expect_refused(_metadata, &outcome, &refused);
	expect_event(_metadata, &events, &outcome, &refused,
		     "read " WORK "/b");
	events_stop(&events);
	bound_open(&after, "a", &outcome);
	EXPECT_EQ(0, outcome.err);
	group_remove(&after);
}

TEST_F(template, cgroup_made_before_the_load)
{
	struct outcome outcome;

	load_template("template", "0");
	bound_open(&self->before, "b", &outcome);
	expect_refused(_metadata, &outcome, &refused);
}

TEST_F(template, cgroup_that_does_not_match)
{
	struct outcome outcome;

	load_template("template", "0");
	bound_open(&self->other, "b", &outcome);
	expect_allowed(_metadata, &outcome);
}

TEST_F(template, descendants_of_what_matches)
{
	struct group child, grandchild;
	struct outcome outcome;

	load_template("template", "0");
	group_make(&child, &self->before);
	group_make(&grandchild, &child);
	bound_open(&grandchild, "b", &outcome);
	expect_refused(_metadata, &outcome, &refused);
	group_remove(&grandchild);
	group_remove(&child);
}

TEST_F(template, star_does_not_match_a_slash)
{
	struct group child;

	load_template("template", "0*2");
	group_make(&child, &self->before);
	EXPECT_EQ(0, bound_errno(&child, "b"));
	group_remove(&child);
}

static int execute_open(const void *arg)
{
	char *argv[] = { "open", (char *)arg, NULL }, *envp[] = { NULL };

	return errno_of(execve(WORK "/open", argv, envp));
}

/* Not even the first program is started, though the task was just moved in. */
TEST_F(template, first_program)
{
	const struct attempt attempt = { .act = execute_open, .arg = "a" };
	const struct expected expected = {
		.err = EACCES,
		.hook = FNG_HOOK_BPRM_CHECK,
		.class = FNG_CLASS_EXEC,
	};
	struct outcome outcome;
	char text[256];

	snprintf(text, sizeof(text),
		 "policy: template\n"
		 "attach: { cgroup: [\"/fnguard.test/%d-0\"] }\n"
		 "exec: { default: deny }\n", getpid());
	guard_load(text);
	run_in(&self->other, NULL, &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
	run_in(&self->before, NULL, &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

TEST_F(template, is_listed)
{
	struct bound bound;

	load_template("template", "0");
	EXPECT_EQ(EACCES, bound_errno(&self->before, "b"));
	EXPECT_EQ(0, bound_errno(&self->other, "b"));
	EXPECT_TRUE(bound_find(self->before.id, "template", &bound));
	EXPECT_TRUE(bound.template);
	EXPECT_STREQ(self->before.path, bound.cgroup);
	EXPECT_FALSE(bound_find(self->other.id, "template", &bound));
}

/* What a name binds ends with the policy, and not before. */
TEST_F(template, ends_with_its_policy)
{
	const struct fng_client_binding binding = {
		.cgroup_fd = self->before.fd,
	};

	load_template("template", "0");
	EXPECT_EQ(EACCES, bound_errno(&self->before, "b"));
	EXPECT_EQ(-ENOENT, fng_client_unbind(guard_client(), &binding));
	expect_text(_metadata, guard_client()->error,
		    "what a template binds ends with its policy");
	EXPECT_EQ(EACCES, bound_errno(&self->before, "b"));
	load_template("template", "1");
	EXPECT_EQ(0, bound_errno(&self->before, "b"));
	EXPECT_EQ(EACCES, bound_errno(&self->other, "b"));
	bound_unload("template");
	EXPECT_EQ(0, bound_errno(&self->other, "b"));
	load_template("template", "0");
}

/* By hand and by name it is one policy, which counts once. */
TEST_F(template, bound_by_hand_as_well)
{
	struct outcome outcome;

	load_template("template", "0");
	group_bind(&self->before, "template");
	bound_open(&self->before, "b", &outcome);
	expect_refused(_metadata, &outcome, &refused);
	bound_unbind(&self->before, "template");
	EXPECT_EQ(EACCES, bound_errno(&self->before, "b"));
}

/* A process that can be told to be the agent. */
static void __attribute__((noreturn)) be_agent(int ready, int go)
{
	struct fng_client_status status;
	char byte = 0;

	if (fng_client_status(guard_client(), true, &status) ||
	    write(ready, &byte, 1) != 1)
		_exit(1);
	while (read(go, &byte, 1) == 1) {
		char answer = errno_of_fd(open("b", O_RDONLY | O_CLOEXEC));

		if (write(ready, &answer, 1) != 1)
			break;
	}
	_exit(0);
}

/**
 * struct agent - such a process
 * @pid: the process
 * @answer: what it says
 * @ask: told to open a file
 */
struct agent {
	pid_t pid;
	int answer;
	int ask;
};

static void start_agent(struct agent *agent)
{
	int ready[2], go[2];
	char byte;

	if (pipe(ready) || pipe(go))
		die("no pipes");
	agent->pid = fork();
	if (!agent->pid)
		be_agent(ready[1], go[0]);
	agent->answer = ready[0];
	agent->ask = go[1];
	if (read(agent->answer, &byte, 1) != 1)
		die("there is no agent");
}

static int ask_agent(const struct agent *agent)
{
	char err;

	if (write(agent->ask, "", 1) != 1 || read(agent->answer, &err, 1) != 1)
		die("the agent does not answer");
	return err;
}

static void end_agent(const struct agent *agent)
{
	kill(agent->pid, SIGKILL);
	waitpid(agent->pid, NULL, 0);
}

static void move(int pid, int fd)
{
	if (fng_cgroup_move(fd, pid))
		die("cannot move %d", pid);
}

/* Looked at again after each load, the agent's cgroup is left alone. */
TEST_F(template, cgroup_that_the_agent_moved_into)
{
	char line[EVENT_LINE_SIZE];
	struct events events;
	struct agent agent;

	load_template("template", "0");
	start_agent(&agent);
	move(agent.pid, self->before.fd);
	bound_load("template-other", "", "");
	events_start(&events);
	EXPECT_EQ(0, ask_agent(&agent));
	EXPECT_TRUE(events_find(&events, "skipped", self->before.path, line));
	expect_text(_metadata, line, "policy template ");
	expect_text(_metadata, line, "holds PID 1 or the agent");
	events_stop(&events);
	EXPECT_EQ(0, bound_errno(&self->before, "b"));
	end_agent(&agent);
	bound_load("template-other", "", "a");
	EXPECT_EQ(EACCES, bound_errno(&self->before, "b"));
}

FIXTURE(lockout) {
	struct group group;
	struct agent agent;
	int root;
};

FIXTURE_VARIANT(lockout) {
	int who;
	const char *said;
};

enum { CALLER, INIT, AGENT };

FIXTURE_VARIANT_ADD(lockout, caller) {
	.who = CALLER,
	.said = "attach.cgroup matches a cgroup that holds the caller",
};

FIXTURE_VARIANT_ADD(lockout, init) {
	.who = INIT,
	.said = "attach.cgroup matches a cgroup that holds PID 1",
};

FIXTURE_VARIANT_ADD(lockout, agent) {
	.who = AGENT,
	.said = "attach.cgroup matches a cgroup that holds the agent",
};

FIXTURE_SETUP(lockout)
{
	self->root = fng_cgroup_open("/");
	group_make(&self->group, NULL);
	guard_client();
	if (variant->who == AGENT)
		start_agent(&self->agent);
	move(variant->who == CALLER ? 0 : variant->who == INIT ? 1 :
	     self->agent.pid, self->group.fd);
}

FIXTURE_TEARDOWN(lockout)
{
	move(0, self->root);
	move(1, self->root);
	if (self->agent.pid)
		end_agent(&self->agent);
	group_remove(&self->group);
}

static int load(const char *text)
{
	struct fng_client_image image = { NULL };
	struct fng_client_status status;
	struct fngc_result *result;
	int err;

	guard_status(&status);
	if (fngc_compile_text(NULL, "test.yaml", text, strlen(text), &result))
		die("the policy is invalid");
	image.data = result->image;
	image.size = result->image_size;
	err = fng_client_policy_load(guard_client(), &status.policy_gen, &image,
				     1);
	fngc_result_free(result);
	return err;
}

/* Also by a pattern that matches a cgroup above. */
TEST_F(lockout, template_is_refused)
{
	static const char *const patterns[] = { "/fnguard.test/%d-0",
						"/fnguard.tes[t]" };
	struct fng_client_status before, after;
	char pattern[64], text[256];
	size_t i;

	guard_status(&before);
	for (i = 0; i < ARRAY_SIZE(patterns); i++) {
		snprintf(pattern, sizeof(pattern), patterns[i], getpid());
		snprintf(text, sizeof(text),
			 "policy: lockout\n"
			 "attach: { cgroup: [\"%s\"] }\n"
			 "exec: { default: deny }\n", pattern);
		EXPECT_EQ(-EPERM, load(text));
		expect_text(_metadata, guard_client()->error, variant->said);
	}
	guard_status(&after);
	EXPECT_EQ(before.policy_gen, after.policy_gen);
	EXPECT_EQ(before.nr_policies, after.nr_policies);
}

TEST_HARNESS_MAIN
