// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which access each system call on files takes: it works with no more than that,
 * and is refused, under the right hook, as soon as any part of it is missing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <linux/fs.h>

#include "expect.h"

#define MAX_NEEDS	2

/* Left open by what prepares an attempt. */
static int held = -1;

static void hold(const void *arg)
{
	held = open("file", O_RDWR | O_CLOEXEC);
	if (held < 0)
		die("cannot open the file");
	(void)arg;
}

static void hold_path(const void *arg)
{
	held = open("file", O_PATH | O_CLOEXEC);
	if (held < 0)
		die("cannot open the file");
	(void)arg;
}

static void hold_tmpfile(const void *arg)
{
	held = open(".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (held < 0)
		die("cannot make a file without a name");
	(void)arg;
}

static const char *held_name(void)
{
	static char name[40];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", held);
	return name;
}

/* What is tried, in a directory with a file, another one, and directories. */
#define ACT(name, expression)						\
static int name(const void *arg)					\
{									\
	(void)arg;							\
	return expression;						\
}

ACT(open_read, errno_of_fd(open("file", O_RDONLY)))
ACT(open_write, errno_of_fd(open("file", O_WRONLY)))
ACT(open_read_write, errno_of_fd(open("file", O_RDWR)))
ACT(open_append, errno_of_fd(open("file", O_WRONLY | O_APPEND)))
ACT(open_for_ioctl, errno_of_fd(open("file", O_ACCMODE)))
ACT(open_path, errno_of_fd(open("file", O_PATH)))
ACT(open_truncate, errno_of_fd(open("file", O_RDONLY | O_TRUNC)))
ACT(open_write_truncate, errno_of_fd(open("file", O_WRONLY | O_TRUNC)))
ACT(open_new, errno_of_fd(open("new", O_WRONLY | O_CREAT, 0600)))
ACT(open_new_exclusive,
	errno_of_fd(open("new", O_RDONLY | O_CREAT | O_EXCL, 0600)))
ACT(open_old_creat, errno_of_fd(open("file", O_RDONLY | O_CREAT, 0600)))
ACT(open_tmpfile, errno_of_fd(open("dir", O_TMPFILE | O_WRONLY, 0600)))
ACT(open_directory, errno_of_fd(open("dir", O_RDONLY | O_DIRECTORY)))
ACT(open_held, errno_of_fd(open(held_name(), O_RDONLY)))
ACT(open_held_write, errno_of_fd(open(held_name(), O_WRONLY)))
ACT(truncate_path, errno_of(truncate("file", 1)))
ACT(truncate_file, errno_of(ftruncate(held, 1)))
ACT(unlink_file, errno_of(unlink("file")))
ACT(unlink_symlink, errno_of(unlink("symlink")))
ACT(rmdir_empty, errno_of(rmdir("dir")))
ACT(mkdir_new, errno_of(mkdir("new", 0700)))
ACT(mknod_fifo, errno_of(mknod("new", S_IFIFO | 0600, 0)))
ACT(mknod_null, errno_of(mknod("new", S_IFCHR | 0600, makedev(1, 3))))
ACT(symlink_new, errno_of(symlink("file", "new")))
ACT(link_new, errno_of(link("file", "new")))
ACT(link_tmpfile, errno_of(linkat(AT_FDCWD, held_name(), AT_FDCWD, "new",
				  AT_SYMLINK_FOLLOW)))
ACT(rename_new, errno_of(rename("file", "new")))
ACT(rename_over, errno_of(rename("file", "other")))
ACT(rename_directory, errno_of(rename("dir", "new")))
ACT(rename_no_replace, errno_of(renameat2(AT_FDCWD, "file", AT_FDCWD, "new",
					  RENAME_NOREPLACE)))
ACT(rename_exchange, errno_of(renameat2(AT_FDCWD, "file", AT_FDCWD, "other",
					RENAME_EXCHANGE)))
ACT(rename_whiteout, errno_of(renameat2(AT_FDCWD, "file", AT_FDCWD, "new",
					RENAME_WHITEOUT)))
ACT(chmod_file, errno_of(chmod("file", 0640)))
ACT(fchmod_file, errno_of(fchmod(held, 0640)))
ACT(chown_file, errno_of(chown("file", 1, 1)))
ACT(fchown_file, errno_of(fchown(held, 1, 1)))
ACT(lchown_symlink, errno_of(lchown("symlink", 1, 1)))

static int bind_unix(const void *arg)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "new" };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	int err;

	(void)arg;
	if (fd < 0)
		return errno;
	err = errno_of(bind(fd, (struct sockaddr *)&name, sizeof(name)));
	close(fd);
	return err;
}

/**
 * struct need - an access that a call takes
 * @access: one of FNG_ACCESS_*; 0 ends the list
 * @hook: which hook sees that it is missing
 */
struct need {
	u32 access;
	int hook;
};

FIXTURE(access) {
};

FIXTURE_VARIANT(access) {
	void (*before)(const void *arg);
	int (*act)(const void *arg);
	struct need needs[MAX_NEEDS];
};

#define NEEDS(name, what, ...)						\
	FIXTURE_VARIANT_ADD(access, name) { .act = what,		\
					    .needs = { __VA_ARGS__ } }
#define NEEDS_HELD(name, how, what, ...)				\
	FIXTURE_VARIANT_ADD(access, name) { .before = how, .act = what,	\
					    .needs = { __VA_ARGS__ } }
#define READ(hook)	{ FNG_ACCESS_READ, FNG_HOOK_##hook }
#define WRITE(hook)	{ FNG_ACCESS_WRITE, FNG_HOOK_##hook }
#define CREATE(hook)	{ FNG_ACCESS_CREATE, FNG_HOOK_##hook }
#define DELETE(hook)	{ FNG_ACCESS_DELETE, FNG_HOOK_##hook }
#define ATTR(hook)	{ FNG_ACCESS_ATTR, FNG_HOOK_##hook }
#define LINK(hook)	{ FNG_ACCESS_LINK, FNG_HOOK_##hook }

NEEDS(open_read, open_read, READ(FILE_OPEN));
NEEDS(open_write, open_write, WRITE(FILE_OPEN));
NEEDS(open_read_write, open_read_write, READ(FILE_OPEN), WRITE(FILE_OPEN));
NEEDS(open_append, open_append, WRITE(FILE_OPEN));
NEEDS(open_for_ioctl, open_for_ioctl, READ(FILE_OPEN), WRITE(FILE_OPEN));
NEEDS(open_path, open_path);
NEEDS(open_truncate, open_truncate, READ(FILE_OPEN), WRITE(FILE_OPEN));
NEEDS(open_write_truncate, open_write_truncate, WRITE(FILE_OPEN));
NEEDS(open_new, open_new, CREATE(PATH_MKNOD), WRITE(FILE_OPEN));
NEEDS(open_new_exclusive, open_new_exclusive, CREATE(PATH_MKNOD),
	READ(FILE_OPEN));
NEEDS(open_what_exists_with_creat, open_old_creat, READ(FILE_OPEN));
NEEDS(open_tmpfile, open_tmpfile, CREATE(FILE_OPEN), WRITE(FILE_OPEN));
NEEDS(open_directory, open_directory, READ(FILE_OPEN));
NEEDS_HELD(reopen_for_reading, hold, open_held, READ(FILE_OPEN));
NEEDS_HELD(reopen_for_writing, hold, open_held_write, WRITE(FILE_OPEN));
NEEDS_HELD(reopen_a_path, hold_path, open_held, READ(FILE_OPEN));
NEEDS_HELD(reopen_a_tmpfile, hold_tmpfile, open_held, READ(FILE_OPEN));
NEEDS(truncate, truncate_path, WRITE(PATH_TRUNCATE));
NEEDS_HELD(ftruncate, hold, truncate_file, WRITE(FILE_TRUNCATE));
NEEDS(unlink, unlink_file, DELETE(PATH_UNLINK));
NEEDS(unlink_symlink, unlink_symlink, DELETE(PATH_UNLINK));
NEEDS(rmdir, rmdir_empty, DELETE(PATH_RMDIR));
NEEDS(mkdir, mkdir_new, CREATE(PATH_MKDIR));
NEEDS(mknod_fifo, mknod_fifo, CREATE(PATH_MKNOD));
NEEDS(mknod_device, mknod_null, CREATE(PATH_MKNOD));
NEEDS(bind_unix_socket, bind_unix, CREATE(PATH_MKNOD));
NEEDS(symlink, symlink_new, CREATE(PATH_SYMLINK));
NEEDS(link, link_new, LINK(PATH_LINK), CREATE(PATH_LINK));
NEEDS_HELD(link_tmpfile, hold_tmpfile, link_tmpfile, LINK(PATH_LINK),
	   CREATE(PATH_LINK));
NEEDS(rename, rename_new, DELETE(PATH_RENAME), CREATE(PATH_RENAME));
NEEDS(rename_over, rename_over, DELETE(PATH_RENAME), CREATE(PATH_RENAME));
NEEDS(rename_directory, rename_directory, DELETE(PATH_RENAME),
	CREATE(PATH_RENAME));
NEEDS(rename_no_replace, rename_no_replace, DELETE(PATH_RENAME),
	CREATE(PATH_RENAME));
NEEDS(rename_exchange, rename_exchange, DELETE(PATH_RENAME),
	CREATE(PATH_RENAME));
NEEDS(rename_whiteout, rename_whiteout, DELETE(PATH_RENAME),
	CREATE(PATH_RENAME));
NEEDS(chmod, chmod_file, ATTR(PATH_CHMOD));
NEEDS_HELD(fchmod, hold, fchmod_file, ATTR(PATH_CHMOD));
NEEDS(chown, chown_file, ATTR(PATH_CHOWN));
NEEDS_HELD(fchown, hold, fchown_file, ATTR(PATH_CHOWN));
NEEDS(lchown_symlink, lchown_symlink, ATTR(PATH_CHOWN));

static void fill_work(void)
{
	make_file("file", "text");
	make_file("other", "other text");
	make_dir("dir");
	if (symlink("file", "symlink"))
		die("cannot make a symbolic link");
}

FIXTURE_SETUP(access)
{
	work_make();
	fill_work();
}

FIXTURE_TEARDOWN(access)
{
	work_remove();
}

/* A policy that grants what is in @access below WORK, and nothing elsewhere. */
static void load_granting(u32 access)
{
	char text[512], words[128] = "";
	u32 bit;

	for (bit = 0; bit < FNG_NR_ACCESS; bit++)
		if (access & FNG_ACCESS_FILES & 1u << bit)
			snprintf(words + strlen(words),
				 sizeof(words) - strlen(words), "%s%s",
				 *words ? ", " : "", fng_access_name(bit));
	snprintf(text, sizeof(text),
		 "policy: files-access\n"
		 "files:\n"
		 "  default: deny\n"
		 "  rules:\n"
		 "    - { path: \"%s/**\", allow: [%s] }\n",
		 *words ? WORK : "/nowhere", *words ? words : "all");
	guard_load(text);
}

#define ATTEMPT(variant) { (variant)->before, (variant)->act, NULL }

TEST_F(access, works_unguarded)
{
	const struct attempt attempt = ATTEMPT(variant);

	expect_control(_metadata, &attempt);
}

TEST_F(access, needs_no_more)
{
	const struct attempt attempt = ATTEMPT(variant);
	struct outcome outcome;

	load_granting(variant->needs[0].access | variant->needs[1].access);
	run_guarded("files-access", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

/* Truncation of an open file has a hook of its own since 6.2. */
static int hook_here(int hook)
{
	struct fng_client_status status;

	if (fng_client_status(guard_client(), false, &status))
		die("no status");
	if (hook == FNG_HOOK_FILE_TRUNCATE && status.absent[hook])
		return FNG_HOOK_PATH_TRUNCATE;
	return hook;
}

TEST_F(access, needs_no_less)
{
	const struct attempt attempt = ATTEMPT(variant);
	const struct need *need;
	struct outcome outcome;

	for (need = variant->needs; need < variant->needs + MAX_NEEDS; need++) {
		struct expected expected = {
			.err = EACCES,
			.class = FNG_CLASS_FILES,
		};

		if (!need->access)
			break;
		expected.hook = hook_here(need->hook);
		load_granting(FNG_ACCESS_FILES & ~need->access);
		work_remove();
		work_make();
		fill_work();
		run_guarded("files-access", &attempt, &outcome);
		expect_refused(_metadata, &outcome, &expected);
	}
}

TEST(refusal_is_an_event)
{
	const struct attempt attempt = { .act = open_append };
	const struct expected expected = {
		.err = EACCES,
		.hook = FNG_HOOK_FILE_OPEN,
		.class = FNG_CLASS_FILES,
		.line = 3,
	};
	struct outcome outcome;
	struct events events;

	work_make();
	fill_work();
	load_granting(FNG_ACCESS_FILES & ~FNG_ACCESS_WRITE);
	events_start(&events);
	run_guarded("files-access", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	expect_event(_metadata, &events, &outcome, &expected,
		     "write " WORK "/file");
	events_stop(&events);
	work_remove();
}

/* What the policy says of one mode of opening it says of the other, too. */
TEST(errno_is_the_policys)
{
	const struct attempt attempt = { .act = open_read };
	const struct expected expected = {
		.err = ENOENT,
		.hook = FNG_HOOK_FILE_OPEN,
		.class = FNG_CLASS_FILES,
	};
	struct outcome outcome;

	work_make();
	fill_work();
	guard_load("policy: files-errno\n"
		   "files: { default: deny }\n"
		   "response: { errno: { files: ENOENT } }\n");
	run_guarded("files-errno", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	work_remove();
}

TEST(audit_counts_and_allows)
{
	const struct attempt attempt = { .act = open_read };
	const struct expected expected = {
		.err = 0,
		.hook = FNG_HOOK_FILE_OPEN,
		.class = FNG_CLASS_FILES,
		.audit = true,
	};
	struct outcome outcome;

	work_make();
	fill_work();
	guard_load("policy: files-audit\n"
		   "mode: audit\n"
		   "files: { default: deny }\n");
	run_guarded("files-audit", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	work_remove();
}

TEST_HARNESS_MAIN
