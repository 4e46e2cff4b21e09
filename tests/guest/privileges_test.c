// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the privileges section names besides capabilities: other users, keys,
 * tracing, and the like.
 */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <sys/fsuid.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timex.h>

#include "admin.h"
#include "expect.h"
#include "privileges.h"

EVENTS_OF_SUITE(events);

static int set_uid(const void *arg)
{
	(void)arg;
	return errno_of(setuid(NOBODY));
}

static int set_saved_uid(const void *arg)
{
	(void)arg;
	return errno_of(setresuid(-1, -1, NOBODY));
}

/* It returns what it was, whatever comes of it. */
static int set_file_uid(const void *arg)
{
	(void)arg;
	setfsuid(NOBODY);
	return setfsuid(-1) == NOBODY ? 0 : EPERM;
}

static int set_gid(const void *arg)
{
	(void)arg;
	return errno_of(setresgid(-1, NOBODY, -1));
}

static int set_groups(const void *arg)
{
	const gid_t group = NOBODY;

	(void)arg;
	return errno_of(syscall(SYS_setgroups, 1, &group));
}

static void make_program(const void *arg)
{
	const mode_t *mode = arg;

	copy_helper("helper_true", "program");
	if (chown("program", NOBODY, NOBODY) || chmod("program", *mode))
		die("no program of another user");
}

static int execute(const void *arg)
{
	char *argv[] = { "program", NULL }, *envp[] = { NULL };

	(void)arg;
	return errno_of(execve("program", argv, envp));
}

static int be_traced(const void *arg)
{
	(void)arg;
	return errno_of(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int trace_child(const void *arg)
{
	pid_t pid = fork();
	int err;

	(void)arg;
	if (!pid) {
		pause();
		_exit(0);
	}
	err = errno_of(ptrace(PTRACE_SEIZE, pid, NULL, NULL));
	kill(pid, SIGKILL);
	return err;
}

/* Debian asks for a capability first, unless it is told not to. */
static void allow_counters(const void *arg)
{
	int fd = open("/proc/sys/kernel/perf_event_paranoid", O_WRONLY);

	(void)arg;
	if (write(fd, "2", 1) != 1)
		die("no counters");
	close(fd);
}

static int open_counter(const void *arg)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_DUMMY,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};

	(void)arg;
	return errno_of_fd(syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0));
}

static int make_keyring(const void *arg)
{
	(void)arg;
	return errno_of(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID,
				KEY_SPEC_PROCESS_KEYRING, 1));
}

static void have_keyring(const void *arg)
{
	if (make_keyring(arg))
		die("no keyring");
}

static int describe_keyring(const void *arg)
{
	(void)arg;
	return errno_of(syscall(SYS_keyctl, KEYCTL_DESCRIBE,
				KEY_SPEC_PROCESS_KEYRING, NULL, 0));
}

static int handle_faults(const void *arg)
{
	(void)arg;
	return errno_of_fd(syscall(SYS_userfaultfd, O_CLOEXEC));
}

static int open_raw_v6(const void *arg)
{
	(void)arg;
	return errno_of_fd(socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6));
}

static int set_nothing(const void *arg)
{
	(void)arg;
	return errno_of(syscall(SYS_settimeofday, NULL, NULL));
}

static int set_same_status(const void *arg)
{
	struct timex clock = { 0 };

	(void)arg;
	adjtimex(&clock);
	clock.modes = ADJ_STATUS;
	return adjtimex(&clock) < 0 ? errno : 0;
}

FIXTURE(privilege) {
};

FIXTURE_VARIANT(privilege) {
	const char *word;
	struct attempt attempt;
	int hook;
	const char *object;
};

#define ROW(name, word_, prepare, how, argument, hook_, what)		\
	FIXTURE_VARIANT_ADD(privilege, name) {				\
		.word = word_,						\
		.attempt = { prepare, how, argument },			\
		.hook = FNG_HOOK_##hook_,				\
		.object = what,						\
	}

static const mode_t of_user = 04755, of_group = 02755;

ROW(setuid, "setuid", NULL, set_uid, NULL, TASK_FIX_SETUID, "setuid");
ROW(setresuid, "setuid", NULL, set_saved_uid, NULL, TASK_FIX_SETUID, "setuid");
ROW(setfsuid, "setuid", NULL, set_file_uid, NULL, TASK_FIX_SETUID, "setuid");
ROW(setresgid, "setuid", NULL, set_gid, NULL, TASK_FIX_SETGID, "setgid");
ROW(setgroups, "setuid", NULL, set_groups, NULL, TASK_FIX_SETGROUPS,
	"setgroups");
ROW(set_user_id, "setuid", make_program, execute, &of_user,
	BPRM_CREDS_FROM_FILE, "set-user-ID");
ROW(set_group_id, "setuid", make_program, execute, &of_group,
	BPRM_CREDS_FROM_FILE, "set-user-ID");
ROW(traceme, "ptrace", NULL, be_traced, NULL, TRACEME, "ptrace");
ROW(seize_child, "ptrace", NULL, trace_child, NULL, PTRACE_ACCESS_CHECK,
	"ptrace");
ROW(perf, "perf", allow_counters, open_counter, NULL, PERF_EVENT_OPEN,
	"perf_event_open");
ROW(key, "keyring", NULL, make_keyring, NULL, KEY_ALLOC, "key");
ROW(keyctl, "keyring", have_keyring, describe_keyring, NULL, KEY_PERMISSION,
	"key");
ROW(userfaultfd, "userfaultfd", NULL, handle_faults, NULL, INIT_SECURITY_ANON,
	"userfaultfd");
ROW(raw, "raw-socket", NULL, admin_open_raw, NULL, SOCKET_CREATE,
	"family=2 type=3 protocol=1");
ROW(raw_v6, "raw-socket", NULL, open_raw_v6, NULL, SOCKET_CREATE,
	"family=10 type=3 protocol=58");
ROW(packet, "raw-socket", NULL, admin_open_packet, NULL, SOCKET_CREATE,
	"family=17 type=2 protocol=0");
ROW(settimeofday, "time", NULL, set_nothing, NULL, SETTIME64, "settimeofday");
ROW(adjtimex, "time", NULL, set_same_status, NULL, CAPABLE, "CAP_SYS_TIME");

FIXTURE_SETUP(privilege)
{
	privileges_setup();
	privileges_load("privileges", "allow: ", "", "");
	privileges_load("privileges-audit", "allow: ", "", "mode: audit\n");
	privileges_load("privileges-lifted", "allow: ", variant->word, "");
}

FIXTURE_TEARDOWN(privilege)
{
	work_remove();
}

TEST_F(privilege, works_unguarded)
{
	expect_control(_metadata, &variant->attempt);
}

static struct expected expected_of(int hook)
{
	return (struct expected) {
		.err = EPERM,
		.hook = hook,
		.class = FNG_CLASS_PRIVILEGES,
		.line = SETTINGS_LINE,
	};
}

TEST_F(privilege, is_refused)
{
	const struct expected expected = expected_of(variant->hook);
	struct outcome outcome;

	run_guarded("privileges", &variant->attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	if (outcome.nr)
		expect_event(_metadata, &events, &outcome, &expected,
			     variant->object);
}

TEST_F(privilege, works_where_it_is_allowed)
{
	struct outcome outcome;

	run_guarded("privileges-lifted", &variant->attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

TEST_F(privilege, is_told_in_audit_mode)
{
	char line[EVENT_LINE_SIZE];
	struct outcome outcome;
	u32 i;

	run_guarded("privileges-audit", &variant->attempt, &outcome);
	EXPECT_EQ(0, outcome.err);
	EXPECT_LE(1, outcome.nr);
	for (i = 0; i < outcome.nr; i++) {
		EXPECT_TRUE(outcome.refusals[i].audit);
		EXPECT_EQ(FNG_CLASS_PRIVILEGES, outcome.refusals[i].class);
	}
	EXPECT_TRUE(events_find(&events, "would-deny", outcome.cgroup, line));
	expect_text(_metadata, line, variant->object);
}

/* One group, so that there is something to compare. */
static void have_group(const void *arg)
{
	if (set_groups(arg))
		die("no groups");
}

static int stay_who_one_is(const void *arg)
{
	return errno_of(setresuid(0, 0, 0)) ?: errno_of(setgid(0)) ?:
	       errno_of(setuid(0)) ?: set_groups(arg);
}

TEST(same_user_is_no_other)
{
	const struct attempt attempt = { have_group, stay_who_one_is, NULL };
	struct outcome outcome;

	privileges_load("privileges", "allow: ", "", "");
	run_guarded("privileges", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

TEST(total_names_the_rule)
{
	const struct attempt attempt = { .act = set_uid };
	const struct expected expected = expected_of(FNG_HOOK_TASK_FIX_SETUID);
	struct outcome outcome, totals;

	privileges_load("privileges-total", "allow: ", "", "");
	run_guarded("privileges-total", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	totals_read("privileges-total", &totals);
	ASSERT_EQ(1, totals.nr);
	expect_row(_metadata, &totals.refusals[0], &expected);
}

/* A mode of its own, whatever that of the policy. */
TEST(mode_of_the_section)
{
	const struct attempt attempt = { .act = set_uid };
	struct outcome outcome;

	privileges_load("privileges-mode", "mode: audit, allow: ", "", "");
	run_guarded("privileges-mode", &attempt, &outcome);
	EXPECT_EQ(0, outcome.err);
	EXPECT_EQ(1, outcome.nr);
	EXPECT_TRUE(outcome.refusals[0].audit);
}

TEST(errno_of_the_section)
{
	const struct attempt attempt = { .act = set_uid };
	struct expected expected = expected_of(FNG_HOOK_TASK_FIX_SETUID);
	struct outcome outcome;

	expected.err = EAGAIN;
	privileges_load("privileges-errno", "allow: ", "",
			"response: { errno: { privileges: EAGAIN } }\n");
	run_guarded("privileges-errno", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

/* The floor of paths comes with it. */
TEST(roots_do_not_change_either)
{
	const struct attempt attempt = { .act = admin_chroot };
	struct outcome outcome;

	privileges_load("privileges", "allow: ", "", "");
	run_guarded("privileges", &attempt, &outcome);
	EXPECT_EQ(EPERM, outcome.err);
	EXPECT_EQ(1, outcome.nr);
	EXPECT_EQ(FNG_RULE_FLOOR | FNG_FLOOR_CHROOT, outcome.refusals[0].rule);
}

TEST_HARNESS_MAIN
