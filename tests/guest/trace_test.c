// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one task reads and changes of another: a function may do it to what is
 * below the cgroup that its policy is bound to, and to nobody else.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/kcmp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "bound.h"
#include "expect.h"

#define POLICY							\
	"policy: trace\n"					\
	"files: { default: allow }\n"

#define AUDIT_POLICY						\
	"policy: trace-audit\n"					\
	"mode: audit\n"						\
	"files: { default: allow }\n"

/* Whom the attempts are about. Before it is 0, the task's parent. */
static pid_t other;

/* The same address in every process of the test. */
static char memory = '?';

static pid_t target(void)
{
	return other ?: getppid();
}

/* It stops nobody, and ends with the one who did it. */
static int seize(const void *arg)
{
	(void)arg;
	return errno_of(ptrace(PTRACE_SEIZE, target(), NULL, NULL));
}

static int move_memory(long call)
{
	char copy = memory;
	struct iovec here = { &copy, 1 }, there = { &memory, 1 };
	long moved = syscall(call, target(), &here, 1L, &there, 1L, 0L);

	return moved < 0 && errno == ENOSYS ? ENDED_UNABLE : errno_of(moved);
}

static int read_memory(const void *arg)
{
	(void)arg;
	return move_memory(SYS_process_vm_readv);
}

static int write_memory(const void *arg)
{
	(void)arg;
	return move_memory(SYS_process_vm_writev);
}

static int take_descriptor(const void *arg)
{
	int pidfd = syscall(SYS_pidfd_open, target(), 0), err;

	(void)arg;
	if (pidfd < 0)
		die("no descriptor of a process");
	err = errno_of_fd(syscall(SYS_pidfd_getfd, pidfd, 0, 0));
	close(pidfd);
	return err;
}

static int compare(const void *arg)
{
	long order = syscall(SYS_kcmp, getpid(), target(), KCMP_FS, 0L, 0L);

	(void)arg;
	return order < 0 && errno == ENOSYS ? ENDED_UNABLE : errno_of(order);
}

/* May this task look into the one with that pid? */
static int look(const void *pid)
{
	void *list;
	size_t size;

	return errno_of(syscall(SYS_get_robust_list, (long)pid, &list, &size));
}

static int find_list(const void *arg)
{
	(void)arg;
	return look((const void *)(long)target());
}

static void name_of(const void *arg, char *path, size_t size)
{
	snprintf(path, size, "/proc/%d/%s", target(), (const char *)arg);
}

static int open_entry(const void *arg)
{
	char path[64];

	name_of(arg, path, sizeof(path));
	return errno_of_fd(open(path, O_RDONLY | O_CLOEXEC));
}

static int read_link(const void *arg)
{
	char path[64], text[64];

	name_of(arg, path, sizeof(path));
	return errno_of(readlink(path, text, sizeof(text)));
}

EVENTS_OF_SUITE(events);

FIXTURE(trace) {
};

FIXTURE_VARIANT(trace) {
	int (*act)(const void *arg);
	const char *arg;
	int err;
	bool reads;
};

#define ROW(name, how, argument, error, only_reads)			\
	FIXTURE_VARIANT_ADD(trace, name) {				\
		.act = how,						\
		.arg = argument,					\
		.err = error,						\
		.reads = only_reads,					\
	}

ROW(seize, seize, NULL, EPERM, false);
ROW(process_vm_readv, read_memory, NULL, EPERM, false);
ROW(process_vm_writev, write_memory, NULL, EPERM, false);
ROW(pidfd_getfd, take_descriptor, NULL, EPERM, false);
ROW(kcmp, compare, NULL, EPERM, true);
ROW(get_robust_list, find_list, NULL, EPERM, true);
ROW(proc_mem, open_entry, "mem", EACCES, false);
ROW(proc_environ, open_entry, "environ", EACCES, true);
ROW(proc_auxv, open_entry, "auxv", EACCES, true);
ROW(proc_maps, open_entry, "maps", EACCES, true);
ROW(proc_root, open_entry, "root/tmp", EACCES, true);
ROW(proc_cwd, open_entry, "cwd", EACCES, true);
ROW(proc_fd, open_entry, "fd/0", EACCES, true);
ROW(proc_exe, read_link, "exe", EACCES, true);
ROW(proc_ns, read_link, "ns/mnt", EACCES, true);

FIXTURE_SETUP(trace)
{
	work_make();
	guard_load(POLICY);
	guard_load(AUDIT_POLICY);
}

FIXTURE_TEARDOWN(trace)
{
	work_remove();
}

static struct attempt attempt_of(const FIXTURE_VARIANT(trace) *variant)
{
	return (struct attempt) {
		.act = variant->act,
		.arg = variant->arg,
	};
}

static struct expected expected_of(const FIXTURE_VARIANT(trace) *variant)
{
	return (struct expected) {
		.err = variant->err,
		.hook = FNG_HOOK_PTRACE_ACCESS_CHECK,
		.class = FNG_CLASS_FLOOR,
		.rule = FNG_RULE_FLOOR | FNG_FLOOR_PTRACE_OUTSIDE,
	};
}

TEST_F(trace, works_unguarded)
{
	const struct attempt attempt = attempt_of(variant);

	expect_control(_metadata, &attempt);
}

TEST_F(trace, of_the_outside_is_refused)
{
	const struct attempt attempt = attempt_of(variant);
	const struct expected expected = expected_of(variant);
	struct outcome outcome;

	run_guarded("trace", &attempt, &outcome);
	if (outcome.err == ENDED_UNABLE)
		SKIP(return, "the kernel cannot do this");
	expect_refused(_metadata, &outcome, &expected);
	/* The hook's own answer, which /proc turns into another. */
	outcome.err = EPERM;
	if (outcome.nr)
		expect_event(_metadata, &events, &outcome, &expected,
			     variant->reads ? "ptrace-read" : "ptrace");
}

TEST_F(trace, of_the_outside_is_told_in_audit_mode)
{
	const struct attempt attempt = attempt_of(variant);
	struct expected expected = expected_of(variant);
	struct outcome outcome;

	expected.err = 0;
	expected.audit = true;
	run_guarded("trace-audit", &attempt, &outcome);
	if (outcome.err == ENDED_UNABLE)
		SKIP(return, "the kernel cannot do this");
	expect_refused(_metadata, &outcome, &expected);
}

static void sleep_for_good(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

/* A child of its own; all that the row does is done to it. */
static int to_a_child(const void *arg)
{
	const FIXTURE_VARIANT(trace) *variant = arg;
	int err;

	other = fork();
	if (other < 0)
		return errno;
	if (!other)
		sleep_for_good();
	err = variant->act(variant->arg);
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
	return err;
}

TEST_F(trace, of_a_child_is_allowed)
{
	const struct attempt attempt = { .act = to_a_child, .arg = variant };
	struct outcome outcome;

	run_guarded("trace", &attempt, &outcome);
	if (outcome.err == ENDED_UNABLE)
		SKIP(return, "the kernel cannot do this");
	expect_allowed(_metadata, &outcome);
}

/* Where a program starts is shown to who may trace it; others are told 1. */
static int start_is_hidden(const void *arg)
{
	char path[64], text[1024] = "";
	const char *field;
	int fd, i;

	(void)arg;
	snprintf(path, sizeof(path), "/proc/%d/stat", target());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	if (read(fd, text, sizeof(text) - 1) < 0)
		die("cannot read %s", path);
	close(fd);
	field = strrchr(text, ')');
	for (i = 2; field && i < 26; i++)
		field = strchr(field + 1, ' ');
	return field && strtoul(field, NULL, 10) > 1 ? 0 : EPERM;
}

/* Who shows a list of processes asks about each; nobody is blamed for that. */
TEST(question_without_an_audit_is_not_counted)
{
	const struct attempt attempt = { .act = start_is_hidden };
	struct outcome outcome;

	guard_load(POLICY);
	guard_load(AUDIT_POLICY);
	expect_control(_metadata, &attempt);
	run_guarded("trace", &attempt, &outcome);
	EXPECT_EQ(EPERM, outcome.err);
	EXPECT_EQ(0, outcome.nr);
	run_guarded("trace-audit", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

/* Two functions below a slice, each with a child of its own. */
FIXTURE(family) {
	struct group slice, one, inner, sibling;
	struct worker in_one, in_inner, in_sibling;
};

FIXTURE_SETUP(family)
{
	guard_load(POLICY);
	guard_load(AUDIT_POLICY);
	guard_load("policy: trace-slice\nfiles: { default: allow }\n");
	group_make(&self->slice, NULL);
	group_make(&self->one, &self->slice);
	group_make(&self->inner, &self->one);
	group_make(&self->sibling, &self->slice);
	worker_start(&self->in_one);
	worker_start(&self->in_inner);
	worker_start(&self->in_sibling);
	worker_move(&self->in_one, &self->one);
	worker_move(&self->in_inner, &self->inner);
	worker_move(&self->in_sibling, &self->sibling);
}

FIXTURE_TEARDOWN(family)
{
	worker_end(&self->in_one);
	worker_end(&self->in_inner);
	worker_end(&self->in_sibling);
	group_remove(&self->inner);
	group_remove(&self->one);
	group_remove(&self->sibling);
	group_remove(&self->slice);
}

static int ask(const struct worker *who, pid_t about)
{
	return worker_do(who, look, (const void *)(long)about);
}

TEST_F(family, may_do_it_without_a_policy)
{
	EXPECT_EQ(0, ask(&self->in_one, self->in_sibling.pid));
	EXPECT_EQ(0, ask(&self->in_one, getpid()));
}

TEST_F(family, functions_are_apart)
{
	group_bind(&self->one, "trace");
	group_bind(&self->sibling, "trace");
	EXPECT_EQ(0, ask(&self->in_one, self->in_inner.pid));
	EXPECT_EQ(0, ask(&self->in_inner, self->in_one.pid));
	EXPECT_EQ(EPERM, ask(&self->in_one, self->in_sibling.pid));
	EXPECT_EQ(EPERM, ask(&self->in_sibling, self->in_one.pid));
	EXPECT_EQ(EPERM, ask(&self->in_inner, self->in_sibling.pid));
	EXPECT_EQ(EPERM, ask(&self->in_inner, getpid()));
}

TEST_F(family, slice_with_one_policy_is_together)
{
	group_bind(&self->slice, "trace-slice");
	EXPECT_EQ(0, ask(&self->in_one, self->in_sibling.pid));
	EXPECT_EQ(EPERM, ask(&self->in_one, getpid()));
}

/* Only the policy whose cgroup the other is outside of has refused it. */
TEST_F(family, each_policy_has_its_own_outside)
{
	struct outcome outcome;

	group_bind(&self->slice, "trace-slice");
	group_bind(&self->one, "trace");
	EXPECT_EQ(EPERM, ask(&self->in_one, self->in_sibling.pid));
	refusals_read(self->one.id, &outcome);
	ASSERT_EQ(1, outcome.nr);
	EXPECT_STREQ("trace", outcome.refusals[0].policy);
	EXPECT_FALSE(outcome.refusals[0].audit);
	EXPECT_EQ(1, outcome.refusals[0].count);
	EXPECT_EQ(0, ask(&self->in_sibling, self->in_one.pid));
}

/* Whatever came first: the innermost cgroup of a policy is what counts. */
TEST_F(family, policy_that_is_bound_twice)
{
	group_bind(&self->slice, "trace");
	group_bind(&self->one, "trace");
	group_bind(&self->sibling, "trace");
	EXPECT_EQ(EPERM, ask(&self->in_one, self->in_sibling.pid));
	EXPECT_EQ(EPERM, ask(&self->in_sibling, self->in_one.pid));
	EXPECT_EQ(0, ask(&self->in_one, self->in_inner.pid));
}

/* Of each cgroup below the slice that the template names. */
TEST_F(family, template_is_bound_where_it_matches_first)
{
	char text[256];

	snprintf(text, sizeof(text), "policy: trace-template\n"
		 "attach: { cgroup: [\"%s/*\"] }\n"
		 "files: { default: allow }\n", self->slice.path);
	guard_load(text);
	EXPECT_EQ(0, ask(&self->in_one, self->in_inner.pid));
	EXPECT_EQ(0, ask(&self->in_inner, self->in_one.pid));
	EXPECT_EQ(EPERM, ask(&self->in_one, self->in_sibling.pid));
	bound_unload("trace-template");
	EXPECT_EQ(0, ask(&self->in_one, self->in_sibling.pid));
}

/* What the host puts there sets up a sandbox, with rights of its own. */
TEST_F(family, task_that_is_entering_is_outside)
{
	struct worker entering;

	group_bind(&self->one, "trace");
	worker_start(&entering);
	EXPECT_EQ(EPERM, ask(&self->in_one, entering.pid));
	worker_move(&entering, &self->one);
	EXPECT_EQ(EPERM, ask(&self->in_one, entering.pid));
	EXPECT_EQ(0, ask(&entering, self->in_one.pid));
	worker_end(&entering);
}

TEST_F(family, policy_that_audits_leaves_it_to_the_other)
{
	struct outcome outcome;

	group_bind(&self->slice, "trace-slice");
	group_bind(&self->one, "trace-audit");
	EXPECT_EQ(0, ask(&self->in_one, self->in_sibling.pid));
	refusals_read(self->one.id, &outcome);
	ASSERT_EQ(1, outcome.nr);
	EXPECT_STREQ("trace-audit", outcome.refusals[0].policy);
	EXPECT_TRUE(outcome.refusals[0].audit);
	EXPECT_EQ(EPERM, ask(&self->in_one, getpid()));
}

TEST_HARNESS_MAIN
