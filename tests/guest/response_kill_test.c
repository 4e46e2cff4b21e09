// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is refused something is killed, where the policy says so, and nobody else.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "admin.h"
#include "control.h"
#include "errand.h"
#include "exempt.h"
#include "expect.h"

#define KILLED	(ENDED_SIGNAL + SIGKILL)

static const struct target datagram = UDP("127.1.0.1");
static const struct target stream = TO("127.1.0.1");

static int open_file(const void *path)
{
	return errno_of_fd(open(path, O_RDONLY | O_CLOEXEC));
}

static int become(const void *path)
{
	char *const argv[] = { (char *)path, NULL }, *const envp[] = { NULL };

	return errno_of(execve(path, argv, envp));
}

static int map_writable_code(const void *arg)
{
	(void)arg;
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ?
	       errno : 0;
}

static void *open_in_thread(void *path)
{
	open_file(path);
	return NULL;
}

/* One thread is refused something, and another would go on. */
static int open_beside(const void *path)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, open_in_thread, (void *)path))
		return errno;
	pthread_join(thread, NULL);
	return 0;
}

static void unshare_pids(const void *arg)
{
	(void)arg;
	if (unshare(CLONE_NEWPID))
		die("no namespace of processes");
}

/* The first process of a container; its parent tells what became of it. */
static int open_as_init(const void *path)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return errno;
	if (!pid)
		_exit(open_file(path));
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? ENDED_SIGNAL + WTERMSIG(status) :
				     WEXITSTATUS(status);
}

static void __attribute__((constructor)) prepare(void)
{
	net_listen(ERRAND_PORT);
}

EVENTS_OF_SUITE(events);

FIXTURE(kill) {
};

FIXTURE_VARIANT(kill) {
	const char *policy;
	struct attempt attempt;
	int err;	/* without a response */
	bool killed;
	bool audit;
};

#define ROW(name, text, word, does, with, error, dies)			\
	FIXTURE_VARIANT_ADD(kill, name) {				\
		.policy = "policy: kill\n" text				\
			  "response: { kill: [" word "] }\n",		\
		.attempt = { .act = does, .arg = with },		\
		.err = error, .killed = dies,				\
	}

ROW(files, "files: { default: deny }\n", "files", open_file, "a", EACCES,
	true);
ROW(exec, "exec: { default: deny }\n", "exec", become, WORK "/true", EACCES,
	true);
ROW(fileless, "exec: { default: allow }\n", "fileless", map_writable_code,
	NULL, EACCES, true);
ROW(fileless_is_exec, "exec: { default: allow }\n", "exec", map_writable_code,
	NULL, EACCES, true);
ROW(exec_is_not_fileless, "exec: { default: deny }\n", "fileless", become,
	WORK "/true", EACCES, false);
ROW(memory, "memory: { write-exec: deny }\n", "memory", map_writable_code,
	NULL, EPERM, true);
ROW(egress, "egress: { default: deny }\n", "egress", net_connect, &stream,
	ECONNREFUSED, true);
ROW(egress_datagram, "egress: { default: deny }\n", "egress", net_send,
	&datagram, ECONNREFUSED, true);
ROW(capability, "privileges: { capabilities: [] }\n", "privileges",
	admin_raise_priority, NULL, EACCES, true);
ROW(limits, "limits: { connect: 0 }\n", "limits", net_connect, &datagram,
	EAGAIN, true);
ROW(floor, "files: { default: allow }\n", "floor", admin_mount, NULL, EPERM,
	true);
ROW(io_uring, "files: { default: allow }\n", "floor", admin_io_uring, NULL,
	EPERM, true);
ROW(several, "files: { default: deny }\n", "floor, exec, files", open_file,
	"a", EACCES, true);
ROW(another_section, "files: { default: deny }\n", "exec, floor", open_file,
	"a", EACCES, false);
ROW(thread, "files: { default: deny }\n", "files", open_beside, "a", 0, true);
FIXTURE_VARIANT_ADD(kill, audit) {
	.policy = "policy: kill\nmode: audit\nfiles: { default: deny }\n"
		  "response: { kill: [files] }\n",
	.attempt = { .act = open_file, .arg = "a" },
	.audit = true,
};
/* The packet is judged, and whoever sends it may be anybody. */
FIXTURE_VARIANT_ADD(kill, packet) {
	.policy = "policy: kill\negress: { default: deny }\n"
		  "response: { kill: [egress] }\n",
	.attempt = { net_hold_connected, net_write_held, &datagram },
	.err = EPERM,
};
FIXTURE_VARIANT_ADD(kill, init_of_a_container) {
	.policy = "policy: kill\nfiles: { default: deny }\n"
		  "response: { kill: [files] }\n",
	.attempt = { unshare_pids, open_as_init, "a" },
	.err = EACCES,
	.killed = true,
};

FIXTURE_SETUP(kill)
{
	work_make();
	make_file("a", "");
	make_dir("target");
	copy_helper("helper_true", "true");
}

FIXTURE_TEARDOWN(kill)
{
	work_remove();
}

TEST_F(kill, works_unguarded)
{
	expect_control(_metadata, &variant->attempt);
}

TEST_F(kill, refuses_without_a_response)
{
	char text[256];
	struct outcome outcome;

	snprintf(text, sizeof(text), "%.*s",
		 (int)(strstr(variant->policy, "response") - variant->policy),
		 variant->policy);
	guard_load(text);
	run_guarded("kill", &variant->attempt, &outcome);
	if (outcome.err != ENDED_UNABLE)
		EXPECT_EQ(variant->err, outcome.err);
}

TEST_F(kill, kills_whom_it_should)
{
	struct fng_client_status before = control_status();
	char line[EVENT_LINE_SIZE];
	struct outcome outcome;

	guard_load(variant->policy);
	run_guarded("kill", &variant->attempt, &outcome);
	if (outcome.err == ENDED_UNABLE)
		SKIP(return, "the kernel cannot do this");
	EXPECT_EQ(variant->killed ? KILLED : variant->err, outcome.err);
	EXPECT_EQ(1, outcome.nr);
	EXPECT_EQ(variant->audit, outcome.refusals[0].audit);
	EXPECT_EQ(before.kills + variant->killed, control_status().kills);
	EXPECT_TRUE(events_find(&events, variant->audit ? "would-deny" :
				"denied", outcome.cgroup, line));
	EXPECT_EQ(variant->killed, !!strstr(line, " and killed by kill rule "));
}

/* A launcher is refused egress, and lives. */
TEST(who_is_entering_is_spared)
{
	const struct attempt attempt = { NULL, net_connect, &stream };
	u64 before = control_status().kills;
	struct outcome outcome;
	struct group group;

	guard_load("policy: kill\negress: { default: allow }\n"
		   "response: { kill: [egress] }\n");
	group_make(&group, NULL);
	group_bind(&group, "kill");
	run_in(&group, NULL, &attempt, &outcome);
	EXPECT_EQ(ECONNREFUSED, outcome.err);
	EXPECT_EQ(before, control_status().kills);
	group_remove(&group);
}

TEST(who_is_exempt_is_spared)
{
	struct bench bench;

	work_make();
	make_file("a", "");
	guard_load("policy: kill\nfiles: { default: deny }\n"
		   "response: { kill: [files] }\n");
	bench_start(&bench, "kill");
	exempt_begin(&bench.group, 900);
	EXPECT_EQ(0, worker_do(&bench.worker, open_file, "a"));
	exempt_end(&bench.group);
	bench_end(&bench);
	work_remove();
}

TEST_HARNESS_MAIN
