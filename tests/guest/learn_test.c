// SPDX-License-Identifier: GPL-2.0-only
/*
 * Learning: everything is allowed, and each thing that is done remembered once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "admin.h"
#include "bound.h"
#include "errand.h"
#include "expect.h"
#include "learned.h"
#include "net.h"
#include "peers.h"

#define PAGE	4096

static const char file[] = WORK "/a", made[] = WORK "/made";

static int act_read(const void *arg)
{
	return errno_of_fd(open(arg, O_RDONLY | O_CLOEXEC));
}

static int act_write(const void *arg)
{
	return errno_of_fd(open(arg, O_WRONLY | O_CLOEXEC));
}

/* And away again, so that it can be made anew. */
static int act_make(const void *arg)
{
	return errno_of_fd(open(arg, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) ?:
	       errno_of(unlink(arg));
}

static int act_chmod(const void *arg)
{
	return errno_of(chmod(arg, 0600));
}

static int act_rename(const void *arg)
{
	return errno_of(rename(arg, made)) ?: errno_of(rename(made, arg));
}

static int act_link(const void *arg)
{
	return errno_of(link(arg, made)) ?: errno_of(unlink(made));
}

static int act_execute(const void *arg)
{
	char *argv[] = { "open", NULL }, *envp[] = { NULL };

	return errno_of(execve(arg, argv, envp));
}

static int map(int fd, int flags, int prot)
{
	void *page = mmap(NULL, PAGE, prot, flags, fd, 0);

	return page == MAP_FAILED ? errno : errno_of(munmap(page, PAGE));
}

static int act_map(const void *arg)
{
	int fd = open(arg, O_RDONLY | O_CLOEXEC), err;

	err = map(fd, MAP_PRIVATE, PROT_READ | PROT_EXEC);
	close(fd);
	return err;
}

static int act_write_exec(const void *arg)
{
	(void)arg;
	return map(-1, MAP_PRIVATE | MAP_ANONYMOUS, PROT_READ | PROT_WRITE |
						    PROT_EXEC);
}

static int act_fileless(const void *arg)
{
	int fd = memfd_create("code", MFD_CLOEXEC), err;

	(void)arg;
	if (ftruncate(fd, PAGE))
		return errno;
	err = map(fd, MAP_PRIVATE, PROT_READ | PROT_EXEC);
	close(fd);
	return err;
}

/* A deleted file that is opened anew has no name that a rule could be about. */
static int act_reopen(const void *arg)
{
	int fd = open(arg, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	char name[64];
	int err;

	unlink(arg);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	err = errno_of_fd(open(name, O_RDONLY | O_CLOEXEC));
	close(fd);
	return err;
}

static int act_listen(const void *arg)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(8181),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1, err;

	(void)arg;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	err = errno_of(bind(fd, (const void *)&address, sizeof(address))) ?:
	      errno_of(listen(fd, 1));
	close(fd);
	return err;
}

static int act_raw(const void *arg)
{
	(void)arg;
	return errno_of_fd(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC,
				  IPPROTO_TCP));
}

/* What /proc/PID/stat shows depends on it. */
static int act_ask_silently(const void *arg)
{
	int fd = open("/proc/1/stat", O_RDONLY | O_CLOEXEC), err;
	char text[1024];

	(void)arg;
	err = read(fd, text, sizeof(text)) < 0 ? errno : 0;
	close(fd);
	return err;
}

static int act_setuid(const void *arg)
{
	(void)arg;
	return errno_of(setresuid(1, 1, 0)) ?: errno_of(setresuid(0, 0, 0));
}

FIXTURE(learn) {
};

FIXTURE_VARIANT(learn) {
	int (*act)(const void *arg);
	const void *arg;
	struct learned learned;
	u32 access;
};

FIXTURE_SETUP(learn)
{
	bound_setup();
	net_listen(ERRAND_PORT);
	learned_begin();
}

FIXTURE_TEARDOWN(learn)
{
	work_remove();
}

#define NAME(text)	{ .kind = FNG_ACT_NAME, .name = text }
#define NUMBER(what, value)	{ .kind = FNG_ACT_##what, .number = value }
#define ROW(row, attempt, with, what, did)				\
	FIXTURE_VARIANT_ADD(learn, row) {				\
		.act = attempt,						\
		.arg = with,						\
		.learned = what,					\
		.access = did,						\
	}
#define SOCKET_OF(family, type)	((family) | (type) << FNG_ACT_SOCKET_TYPE)

static const struct target tcp = TO("127.0.0.1");
static const struct target udp = UDP("127.0.0.1");
static const struct target six = TO("::1");
static const struct peer abstract = { "@fn-learn", 0, SOCK_STREAM };

ROW(read, act_read, file, NAME(file), FNG_ACCESS_READ);
ROW(write, act_write, file, NAME(file), FNG_ACCESS_WRITE);
ROW(make, act_make, made, NAME(made), FNG_ACCESS_READ | FNG_ACCESS_WRITE |
    FNG_ACCESS_CREATE | FNG_ACCESS_DELETE);
ROW(attributes, act_chmod, file, NAME(file), FNG_ACCESS_ATTR);
ROW(rename, act_rename, file,
    ((struct learned){ FNG_ACT_MOVE, file, made, 0 }), 0);
ROW(renamed, act_rename, file, NAME(made), FNG_ACCESS_CREATE |
    FNG_ACCESS_DELETE);
ROW(link, act_link, file, NAME(file), FNG_ACCESS_LINK);
ROW(linked, act_link, file,
    ((struct learned){ FNG_ACT_MOVE, file, made, 0 }), 0);
ROW(execute, act_execute, WORK "/open", NAME(WORK "/open"), FNG_ACCESS_EXEC |
    FNG_ACCESS_MAP);
ROW(map, act_map, file, NAME(file), FNG_ACCESS_READ | FNG_ACCESS_MAP);
ROW(write_exec, act_write_exec, NULL, NUMBER(WRITE_EXEC, 0), 0);
ROW(fileless, act_fileless, NULL, NUMBER(FILELESS, 0), 0);
ROW(deleted, act_reopen, made, NUMBER(OTHER, 0), FNG_ACCESS_READ);
ROW(connect, net_connect, &tcp,
    ((struct learned){ FNG_ACT_CONNECT, "127.0.0.1", "", ERRAND_PORT }), 0);
ROW(connect_six, net_connect, &six,
    ((struct learned){ FNG_ACT_CONNECT, "::1", "", ERRAND_PORT }), 0);
ROW(send, net_send, &udp,
    ((struct learned){ FNG_ACT_CONNECT, "127.0.0.1", "", ERRAND_PORT }), 0);
ROW(socket, net_connect, &tcp,
    NUMBER(SOCKET, SOCKET_OF(AF_INET, SOCK_STREAM)), 0);
ROW(listen, act_listen, NULL, NUMBER(LISTEN, 8181), 0);
ROW(peer, peer_connect, &abstract, NAME("@fn-learn"), FNG_ACCESS_UNIX);
ROW(raw, act_raw, NULL, NUMBER(PRIVILEGE, FNG_PRIVILEGE_RAW_SOCKET), 0);
ROW(raw_capability, act_raw, NULL, NUMBER(CAPABILITY, CAP_NET_RAW), 0);
ROW(capability, admin_set_host_name, NULL,
    NUMBER(CAPABILITY, CAP_SYS_ADMIN), 0);
ROW(setuid, act_setuid, NULL, NUMBER(PRIVILEGE, FNG_PRIVILEGE_SETUID), 0);
ROW(io_uring, admin_io_uring, NULL, NUMBER(FLOOR, FNG_FLOOR_IO_URING), 0);

/* The same act twice, and another time by another task. */
TEST_F(learn, remembers_once)
{
	const struct attempt attempt = { .act = variant->act,
					 .arg = variant->arg };
	struct outcome outcome;
	struct found found;
	int round;

	if (variant->arg == &abstract)
		peer_make(&abstract);
	for (round = 0; round < 2; round++) {
		run_guarded("learn", &attempt, &outcome);
		expect_allowed(_metadata, &outcome);
	}
	found = learned_find("learn", &variant->learned);
	EXPECT_EQ(1, found.times);
	EXPECT_EQ(variant->access, found.access);
	EXPECT_EQ(0, found.unkept);
	if (!_metadata->passed)
		learned_print("learn");
}

static const struct attempt reads = { .act = act_read, .arg = file };
static const struct learned a_file = NAME(file);

static void begin(void)
{
	bound_setup();
	learned_begin();
}

TEST(one_name_has_one_entry)
{
	const struct attempt writes = { .act = act_write, .arg = file };
	struct outcome outcome;
	struct found found;

	begin();
	run_guarded("learn", &reads, &outcome);
	run_guarded("learn", &writes, &outcome);
	found = learned_find("learn", &a_file);
	EXPECT_EQ(1, found.times);
	EXPECT_EQ(FNG_ACCESS_READ | FNG_ACCESS_WRITE, found.access);
	work_remove();
}

TEST(nothing_is_remembered_that_was_only_asked_about)
{
	static const struct learned ptrace = NUMBER(PRIVILEGE,
						    FNG_PRIVILEGE_PTRACE);
	static const struct learned outside =
		NUMBER(FLOOR, FNG_FLOOR_PTRACE_OUTSIDE);
	const struct attempt attempt = { .act = act_ask_silently };
	struct outcome outcome;

	begin();
	run_guarded("learn", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
	EXPECT_EQ(0, learned_find("learn", &ptrace).times);
	EXPECT_EQ(0, learned_find("learn", &outside).times);
	work_remove();
}

TEST(nothing_is_remembered_of_others)
{
	struct outcome outcome;

	begin();
	bound_load("other", "", "a");
	run_guarded("other", &reads, &outcome);
	expect_allowed(_metadata, &outcome);
	run_unguarded(&reads, &outcome);
	EXPECT_EQ(0, learned_find("learn", &a_file).all);
	work_remove();
}

/* What another policy refuses is refused, and was tried all the same. */
TEST(others_go_on_refusing)
{
	struct group group;

	begin();
	bound_load("other", "", "b");
	group_make(&group, NULL);
	group_bind(&group, "other");
	group_bind(&group, "learn");
	EXPECT_EQ(EACCES, bound_errno(&group, file));
	EXPECT_EQ(1, learned_find("learn", &a_file).times);
	group_remove(&group);
	work_remove();
}

/* A launcher's own acts are not the function's. */
TEST(nothing_is_remembered_of_launchers)
{
	static const struct learned program = NAME(WORK "/open");
	struct group group;

	begin();
	group_make(&group, NULL);
	group_bind(&group, "learn");
	EXPECT_EQ(0, bound_errno(&group, file));
	EXPECT_EQ(1, learned_find("learn", &a_file).times);
	EXPECT_EQ(FNG_ACCESS_EXEC | FNG_ACCESS_MAP,
		  learned_find("learn", &program).access);
	/* The program, the file, and nothing that its starting took. */
	EXPECT_EQ(2, learned_find("learn", &program).all);
	if (!_metadata->passed)
		learned_print("learn");
	group_remove(&group);
	work_remove();
}

TEST(a_reload_keeps_what_was_learned)
{
	struct outcome outcome;

	begin();
	run_guarded("learn", &reads, &outcome);
	guard_load(LEARNER "version: 2\n");
	EXPECT_EQ(1, learned_find("learn", &a_file).times);
	run_guarded("learn", &reads, &outcome);
	EXPECT_EQ(1, learned_find("learn", &a_file).times);
	work_remove();
}

static int ignore(const struct fng_client_act *act, void *data)
{
	(void)act;
	(void)data;
	return 0;
}

TEST(only_who_learns_is_asked)
{
	struct outcome outcome;
	u64 unkept;

	begin();
	run_guarded("learn", &reads, &outcome);
	bound_load("learn", "", "b");
	EXPECT_EQ(-ENODATA, fng_client_learn(guard_client(), "learn", ignore,
					     NULL, &unkept));
	EXPECT_EQ(-ENOENT, fng_client_learn(guard_client(), "nobody", ignore,
					    NULL, &unkept));
	learned_begin();
	EXPECT_EQ(0, learned_find("learn", &a_file).all);
	work_remove();
}

TEST(what_rules_allow_is_not_remembered)
{
	static const struct learned other = NAME(WORK "/b");
	const struct attempt reads_other = { .act = act_read,
					     .arg = WORK "/b" };
	struct outcome outcome;

	bound_setup();
	learned_begin();
	bound_load("learn", "mode: learn\n", "a");
	run_guarded("learn", &reads, &outcome);
	run_guarded("learn", &reads_other, &outcome);
	expect_allowed(_metadata, &outcome);
	EXPECT_EQ(0, learned_find("learn", &a_file).times);
	EXPECT_EQ(1, learned_find("learn", &other).times);
	work_remove();
}

TEST(a_section_can_learn_alone)
{
	const struct attempt connects = { .act = net_connect, .arg = &tcp };
	struct outcome outcome;

	bound_setup();
	net_listen(ERRAND_PORT);
	learned_begin();
	guard_load("policy: learn\n"
		   "files: { mode: learn, default: deny }\n"
		   "egress: { default: deny }\n");
	run_guarded("learn", &reads, &outcome);
	expect_allowed(_metadata, &outcome);
	run_guarded("learn", &connects, &outcome);
	EXPECT_EQ(ECONNREFUSED, outcome.err);
	EXPECT_EQ(1, outcome.nr);
	EXPECT_EQ(1, learned_find("learn", &a_file).times);
	work_remove();
}

TEST(addresses_have_the_names_that_they_were_told_for)
{
	static const struct errand errand = { .name = "good.n.test",
					      .to = TO(RESOLVED) };
	static const struct learned connects = {
		FNG_ACT_CONNECT, RESOLVED, "good.n.test", ERRAND_PORT,
	};
	static const struct learned asks = {
		FNG_ACT_ASK, "good.n.test", RESOLVER, 53,
	};
	const struct attempt attempt = { .act = errand_run, .arg = &errand };
	struct outcome outcome;

	errand_prepare();
	learned_begin();
	run_guarded("learn", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
	EXPECT_EQ(1, learned_find("learn", &connects).times);
	EXPECT_EQ(1, learned_find("learn", &asks).times);
	if (!_metadata->passed)
		learned_print("learn");
}

TEST_HARNESS_MAIN
