// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which descriptors a function may have that it has not opened itself: from a
 * message, from another process, and from who started it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "expect.h"
#include "net.h"
#include "things.h"

EVENTS_OF_SUITE(events);

#define RULES								\
	"files:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - { path: " WORK "/ok, allow: [read] }\n"			\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - { allow: { to: [127.1.0.0/16] } }\n"			\
	"listen: { default: deny, allow: [8080/tcp] }\n"

#define POLICY	"policy: descriptor\n" RULES
#define AUDIT	"policy: descriptor-audit\nmode: audit\n" RULES

/* Above those that every program has. */
#define HIGH	10

/* What becomes of a message whose descriptor was refused. */
#define LOST	4100

static int held = -1;

FIXTURE(descriptor) {
};

FIXTURE_VARIANT(descriptor) {
	struct thing thing;
	bool no_message;	/* the kernel refuses to send it */
	bool standard;		/* it may be what a program is started with */
	int err;		/* 0: it is allowed */
	int class;
	u32 rule;
	const char *object;
};

#define ROW(row, maker, ...)						\
	FIXTURE_VARIANT_ADD(descriptor, row) {				\
		.thing.make = maker, __VA_ARGS__			\
	}
#define NAMED(file)	.thing.name = file
#define FLAGS(value)	.thing.flags = value
#define BY_FILES	.err = EACCES, .class = FNG_CLASS_FILES
#define BY_EGRESS	.err = ECONNREFUSED, .class = FNG_CLASS_EGRESS
#define BY_LISTEN	.err = EPERM, .class = FNG_CLASS_LISTEN
#define BY_FLOOR(part)							\
	.err = EPERM, .class = FNG_CLASS_FLOOR,				\
	.rule = FNG_RULE_FLOOR | FNG_FLOOR_##part
#define ANYWAY		.standard = true
#define AS(text)	.object = text

ROW(allowed_file, thing_file, NAMED("ok"), FLAGS(O_RDONLY));
ROW(other_file, thing_file, NAMED("secret"), FLAGS(O_RDONLY), BY_FILES,
    ANYWAY, AS(WORK "/secret"));
ROW(open_for_more, thing_file, NAMED("ok"), FLAGS(O_RDWR), BY_FILES, ANYWAY,
    AS(WORK "/ok"));
ROW(path_alone, thing_file, NAMED("secret"), FLAGS(O_PATH));
ROW(directory, thing_file, NAMED("dir"), FLAGS(O_RDONLY), BY_FILES,
    AS(WORK "/dir"));
ROW(unmounted_file, thing_unmounted, NAMED("gone/ok"), BY_FILES, ANYWAY,
    .rule = FNG_RULE_GUARD | FNG_GUARD_UNDECIDABLE);
ROW(deleted_file, thing_deleted, NAMED("deleted"));
ROW(memfd, thing_memfd, NAMED("memfd"));
ROW(pipe, thing_pipe);
ROW(null_device, thing_file, NAMED("/dev/null"), FLAGS(O_RDWR));
ROW(kernel_memory, thing_file, NAMED("/dev/mem"), FLAGS(O_RDONLY),
    BY_FLOOR(KMEM), AS("/dev/mem"));
ROW(helper, thing_file, NAMED("/proc/sys/kernel/core_pattern"), FLAGS(O_WRONLY),
    BY_FLOOR(HELPER), AS("/proc/sys/kernel/core_pattern"));
ROW(ring, thing_ring, BY_FLOOR(IO_URING), .no_message = true,
    AS("anon_inode:[io_uring]"));
ROW(bpf_map, thing_map, BY_FLOOR(BPF), AS("anon_inode:bpf-map"));
ROW(unix_socket, thing_unix);
ROW(foreign_socket, thing_foreign, BY_EGRESS,
    .rule = FNG_RULE_GUARD | FNG_GUARD_UNDECIDABLE);
ROW(packet_socket, thing_packet, BY_FLOOR(SOCKET));
ROW(unconnected, thing_unconnected);
ROW(connected, thing_connected, NAMED("127.1.0.1"));
ROW(connected_elsewhere, thing_connected, NAMED("127.2.0.1"), BY_EGRESS);
ROW(pinging_elsewhere, thing_ping, NAMED("127.2.0.1"), BY_EGRESS);
ROW(bound_elsewhere, thing_bound, FLAGS(8081), BY_LISTEN);
ROW(open_for_ioctl, thing_file, NAMED("secret"), FLAGS(3), BY_FILES, ANYWAY,
    AS(WORK "/secret"));
ROW(listener, thing_listener, FLAGS(8080));
ROW(listener_elsewhere, thing_listener, FLAGS(8081), BY_LISTEN);

FIXTURE_SETUP(descriptor)
{
	work_make();
	make_file("ok", "");
	make_file("secret", "");
	make_dir("dir");
	copy_helper("helper_true", "true");
	net_loopback_up();
	held = variant->thing.make(&variant->thing);
	if (held < 0)
		SKIP(return, "this kernel has none");
}

FIXTURE_TEARDOWN(descriptor)
{
	close(held);
	work_remove();
}

union rights {
	char buffer[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

static void send_held(int socket)
{
	struct iovec text = { "?", 1 };
	union rights rights = { 0 };
	struct msghdr message = {
		.msg_iov = &text,
		.msg_iovlen = 1,
		.msg_control = &rights,
		.msg_controllen = sizeof(rights),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &held, sizeof(held));
	if (sendmsg(socket, &message, 0) != 1)
		die("it cannot be sent");
}

/* The message comes without it. */
static int get_by_message(const void *arg)
{
	char text;
	struct iovec into = { &text, 1 };
	union rights rights = { 0 };
	struct msghdr message = {
		.msg_iov = &into,
		.msg_iovlen = 1,
		.msg_control = &rights,
		.msg_controllen = sizeof(rights),
	};
	int ends[2];

	(void)arg;
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends))
		die("no sockets");
	send_held(ends[0]);
	if (recvmsg(ends[1], &message, 0) != 1)
		die("nothing came");
	return message.msg_flags & MSG_CTRUNC ? LOST : 0;
}

static int get_by_pidfd(const void *arg)
{
	int self = syscall(SYS_pidfd_open, getpid(), 0);

	(void)arg;
	return errno_of_fd(syscall(SYS_pidfd_getfd, self, held, 0));
}

/* Nothing of what whoever started the tests has left open comes along. */
static void pass_nothing_on(void)
{
	if (syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */))
		die("descriptors stay");
}

static int execute(void)
{
	char *argv[] = { "true", NULL }, *envp[] = { NULL };

	return errno_of(execve(WORK "/true", argv, envp));
}

static int pass_on(const void *arg)
{
	(void)arg;
	pass_nothing_on();
	fcntl(held, F_DUPFD, HIGH);
	return execute();
}

static int pass_on_as_input(const void *arg)
{
	(void)arg;
	pass_nothing_on();
	dup2(held, STDIN_FILENO);
	return execute();
}

static int keep(const void *arg)
{
	(void)arg;
	fcntl(held, F_DUPFD_CLOEXEC, HIGH);
	pass_nothing_on();
	return execute();
}

static void expect_judged(struct __test_metadata *_metadata,
			  const struct outcome *outcome,
			  const FIXTURE_VARIANT(descriptor) *variant, int err)
{
	const struct expected expected = {
		.err = err,
		.hook = FNG_HOOK_FILE_RECEIVE,
		.class = variant->class,
		.rule = variant->rule,
	};

	if (variant->err)
		expect_refused(_metadata, outcome, &expected);
	else
		expect_allowed(_metadata, outcome);
}

/* The launch of a program is what ends with its execution. */
static void launch(int (*act)(const void *arg), struct outcome *outcome)
{
	const struct attempt attempt = { .act = act };
	struct group group;

	group_make(&group, NULL);
	group_bind(&group, "descriptor");
	run_in(&group, NULL, &attempt, outcome);
	group_remove(&group);
}

TEST_F(descriptor, works_unguarded)
{
	const struct attempt taken = { .act = get_by_pidfd };
	const struct attempt passed_on = { .act = pass_on };

	expect_control(_metadata, &taken);
	expect_control(_metadata, &passed_on);
}

TEST_F(descriptor, is_judged_in_a_message)
{
	const struct attempt attempt = { .act = get_by_message };
	struct outcome outcome;

	if (variant->no_message)
		return;
	guard_load(POLICY);
	run_guarded("descriptor", &attempt, &outcome);
	expect_judged(_metadata, &outcome, variant, LOST);
}

TEST_F(descriptor, is_judged_from_a_process)
{
	const struct attempt attempt = { .act = get_by_pidfd };
	struct expected expected = { .hook = FNG_HOOK_FILE_RECEIVE };
	struct outcome outcome;

	guard_load(POLICY);
	run_guarded("descriptor", &attempt, &outcome);
	expect_judged(_metadata, &outcome, variant, variant->err);
	if (variant->object)
		expect_event(_metadata, &events, &outcome, &expected,
			     variant->object);
}

TEST_F(descriptor, is_judged_when_inherited)
{
	struct outcome outcome;

	guard_load(POLICY);
	launch(pass_on, &outcome);
	expect_judged(_metadata, &outcome, variant, variant->err);
}

TEST_F(descriptor, is_judged_as_input)
{
	struct outcome outcome;

	guard_load(POLICY);
	launch(pass_on_as_input, &outcome);
	if (variant->standard)
		expect_allowed(_metadata, &outcome);
	else
		expect_judged(_metadata, &outcome, variant, variant->err);
}

TEST_F(descriptor, is_not_judged_if_it_stays)
{
	struct outcome outcome;

	guard_load(POLICY);
	launch(keep, &outcome);
	expect_allowed(_metadata, &outcome);
}

static int launch_twice(const void *arg)
{
	return pass_on(arg) == EACCES ? pass_on(arg) : 0;
}

/* That it was refused once does not make it one that was guarded before. */
TEST(is_judged_at_each_try)
{
	struct outcome outcome;

	work_make();
	make_file("secret", "");
	copy_helper("helper_true", "true");
	held = open("secret", O_RDONLY | O_CLOEXEC);
	guard_load(POLICY);
	launch(launch_twice, &outcome);
	EXPECT_EQ(EACCES, outcome.err);
	EXPECT_EQ(1, outcome.nr);
	EXPECT_EQ(2, outcome.refusals[0].count);
	close(held);
	work_remove();
}

TEST(is_told_in_audit_mode)
{
	const struct attempt attempt = { .act = get_by_pidfd };
	const struct expected expected = {
		.hook = FNG_HOOK_FILE_RECEIVE,
		.class = FNG_CLASS_FILES,
		.audit = true,
	};
	struct outcome outcome;

	work_make();
	make_file("secret", "");
	held = open("secret", O_RDONLY | O_CLOEXEC);
	guard_load(AUDIT);
	run_guarded("descriptor-audit", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	close(held);
	work_remove();
}

TEST_HARNESS_MAIN
