// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names: what must not be won by giving a file another one, and by which name a
 * file is judged where it has several, or none.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <linux/fs.h>
#include <linux/mount.h>

#include "expect.h"

/* Of a directory: none may read what is in n, r may be read, w written, too. */
#define GAIN_POLICY							\
	"policy: names-gain\n"						\
	"files:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - { path: \"" WORK "/**\","				\
	"        allow: [create, delete, attr, link] }\n"		\
	"    - { path: \"" WORK "/r/**\", allow: [read] }\n"		\
	"    - { path: \"" WORK "/w/**\", allow: [read, write] }\n"	\
	"exec:\n"							\
	"  default: deny\n"						\
	"  allow: [\"" WORK "/x/**\"]\n"

/* Everything may be done, but to app/secrets and to app/frozen. */
#define DENY_POLICY							\
	"policy: names-deny\n"						\
	"files:\n"							\
	"  default: allow\n"						\
	"  rules:\n"							\
	"    - { path: \"" WORK "/app/secrets/**\", deny: [all] }\n"	\
	"    - { path: \"" WORK "/app/frozen\", deny: [write] }\n"

/**
 * struct names - two names
 * @from: the old one
 * @to: the new one; a symbolic link's text
 */
struct names {
	const char *from;
	const char *to;
};

#define ACT(name, expression)						\
static int name(const void *arg)					\
{									\
	const struct names *names = arg;				\
									\
	return expression;						\
}

ACT(act_link, errno_of(link(names->from, names->to)))
ACT(act_rename, errno_of(rename(names->from, names->to)))
ACT(act_exchange, errno_of(renameat2(AT_FDCWD, names->from, AT_FDCWD,
				     names->to, RENAME_EXCHANGE)))
ACT(act_rmdir, errno_of(rmdir(names->from)))
ACT(act_unlink, errno_of(unlink(names->from)))
ACT(act_open, errno_of_fd(open(names->from, O_RDONLY)))
ACT(act_open_write, errno_of_fd(open(names->from, O_WRONLY)))

/* Through a symbolic link, which is no name. */
static int act_follow(const void *arg)
{
	const struct names *names = arg;

	if (symlink(names->to, names->from))
		die("cannot make a symbolic link");
	return errno_of_fd(open(names->from, O_RDONLY));
}

static int act_relative(const void *arg)
{
	const struct names *names = arg;

	if (chdir(names->from))
		die("cannot enter %s", names->from);
	return errno_of_fd(open(names->to, O_RDONLY));
}

FIXTURE(names) {
};

FIXTURE_VARIANT(names) {
	const char *policy;
	int (*act)(const void *arg);
	struct names names;
	int hook;		/* -1: it is allowed */
	int class;
};

static void fill_gain(void)
{
	static const char *const dirs[] = { "n", "r", "w", "x" };
	char path[16];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		make_dir(dirs[i]);
		snprintf(path, sizeof(path), "%s/file", dirs[i]);
		make_file(path, "text");
		snprintf(path, sizeof(path), "%s/other", dirs[i]);
		make_file(path, "text");
		snprintf(path, sizeof(path), "%s/dir", dirs[i]);
		make_dir(path);
	}
}

static void fill_deny(void)
{
	make_dir("app");
	make_dir("empty");
	make_dir("full");
	make_file("full/file", "text");
	make_file("file", "text");
}

static void fill_secrets(void)
{
	make_dir("app/secrets");
	make_file("app/secrets/key", "secret");
	make_file("app/frozen", "text");
}

/* A directory is removed and replaced only if there is nothing in it. */
static bool wants_empty(int (*act)(const void *arg), const struct names *names)
{
	return (act == act_rmdir && !strcmp(names->from, "app")) ||
	       (act == act_rename && !strcmp(names->to, "app"));
}

FIXTURE_SETUP(names)
{
	work_make();
	guard_load(GAIN_POLICY);
	guard_load(DENY_POLICY);
	fill_gain();
	fill_deny();
	if (!wants_empty(variant->act, &variant->names))
		fill_secrets();
}

FIXTURE_TEARDOWN(names)
{
	work_remove();
}

#define ROW(name, what, how, old, new, ...)				\
	FIXTURE_VARIANT_ADD(names, name) {				\
		.policy = what,						\
		.act = how,						\
		.names = { old, new },					\
		__VA_ARGS__						\
	}
#define ALLOWED		.hook = -1
#define REFUSED(h)	.hook = FNG_HOOK_##h, .class = FNG_CLASS_FILES
#define REFUSED_CODE(h)	.hook = FNG_HOOK_##h, .class = FNG_CLASS_EXEC
#define GAIN(name, ...)	ROW(name, "names-gain", __VA_ARGS__)
#define DENY(name, ...)	ROW(name, "names-deny", __VA_ARGS__)

GAIN(link_wins_read, act_link, "n/file", "r/new", REFUSED(PATH_LINK));
GAIN(link_wins_write, act_link, "r/file", "w/new", REFUSED(PATH_LINK));
GAIN(link_wins_exec, act_link, "n/file", "x/new", REFUSED_CODE(PATH_LINK));
GAIN(link_loses, act_link, "w/file", "r/new", ALLOWED);
GAIN(link_keeps, act_link, "r/file", "r/new", ALLOWED);
GAIN(rename_wins_read, act_rename, "n/file", "r/new", REFUSED(PATH_RENAME));
GAIN(rename_wins_write, act_rename, "r/file", "w/new", REFUSED(PATH_RENAME));
GAIN(rename_wins_exec, act_rename, "n/file", "x/new",
	REFUSED_CODE(PATH_RENAME));
GAIN(rename_over_wins_read, act_rename, "n/file", "r/file",
	REFUSED(PATH_RENAME));
GAIN(rename_loses, act_rename, "r/file", "n/new", ALLOWED);
GAIN(rename_keeps, act_rename, "n/file", "n/new", ALLOWED);
GAIN(exchange_wins_at_the_new_name, act_exchange, "n/file", "r/file",
	REFUSED(PATH_RENAME));
GAIN(exchange_wins_at_the_old_name, act_exchange, "r/file", "n/file",
	REFUSED(PATH_RENAME));
GAIN(exchange_wins_exec_at_the_new_name, act_exchange, "n/file", "x/file",
	REFUSED_CODE(PATH_RENAME));
GAIN(exchange_wins_exec_at_the_old_name, act_exchange, "x/file", "n/file",
	REFUSED_CODE(PATH_RENAME));
GAIN(exchange_keeps, act_exchange, "r/file", "r/other", ALLOWED);
GAIN(directory_wins_read, act_rename, "n/dir", "r/new", REFUSED(PATH_RENAME));
GAIN(directory_loses, act_rename, "r/dir", "n/new", ALLOWED);
GAIN(directory_keeps, act_rename, "r/dir", "r/new", ALLOWED);
GAIN(directory_exchange_wins_at_the_new_name, act_exchange, "n/dir", "r/dir",
	REFUSED(PATH_RENAME));
GAIN(directory_exchange_wins_at_the_old_name, act_exchange, "r/dir", "n/dir",
	REFUSED(PATH_RENAME));
GAIN(exchange_of_file_and_directory_wins, act_exchange, "r/file", "n/dir",
	REFUSED(PATH_RENAME));

DENY(open_denied, act_open, "app/secrets/key", NULL, REFUSED(FILE_OPEN));
DENY(open_frozen, act_open, "app/frozen", NULL, ALLOWED);
DENY(open_frozen_for_writing, act_open_write, "app/frozen", NULL,
	REFUSED(FILE_OPEN));
DENY(open_beside, act_open, "file", NULL, ALLOWED);
DENY(open_by_dots, act_open, "full/../app/./secrets//key", NULL,
	REFUSED(FILE_OPEN));
DENY(open_from_inside, act_relative, "app/secrets", "key", REFUSED(FILE_OPEN));
DENY(symlink_to_denied, act_follow, "symlink", "app/secrets/key",
	REFUSED(FILE_OPEN));
DENY(symlink_to_directory_of_denied, act_follow, "symlink", "app", ALLOWED);
DENY(unlink_denied, act_unlink, "app/secrets/key", NULL, REFUSED(PATH_UNLINK));
DENY(link_from_denied, act_link, "app/secrets/key", "new", REFUSED(PATH_LINK));
DENY(link_to_denied, act_link, "file", "app/secrets/new", REFUSED(PATH_LINK));
DENY(link_wins_write_to_frozen, act_link, "app/frozen", "new",
	REFUSED(PATH_LINK));
DENY(rename_denied, act_rename, "app/secrets/key", "new", REFUSED(PATH_RENAME));
DENY(rename_frozen, act_rename, "app/frozen", "new", REFUSED(PATH_RENAME));
DENY(rename_parent_of_denied, act_rename, "app/secrets", "public",
	REFUSED(PATH_RENAME));
DENY(rename_above_denied, act_rename, "app", "public", REFUSED(PATH_RENAME));
DENY(rename_beside_denied, act_rename, "full", "new", ALLOWED);
DENY(rename_over_what_could_hold_denied, act_rename, "empty", "app",
	REFUSED(PATH_RENAME));
DENY(exchange_above_denied, act_exchange, "app", "full", REFUSED(PATH_RENAME));
DENY(exchange_with_what_is_above_denied, act_exchange, "full", "app",
	REFUSED(PATH_RENAME));
DENY(rmdir_above_denied, act_rmdir, "app", NULL, REFUSED(PATH_RMDIR));
DENY(rmdir_beside_denied, act_rmdir, "empty", NULL, ALLOWED);

static struct attempt attempt_of(const FIXTURE_VARIANT(names) *variant)
{
	return (struct attempt) { NULL, variant->act, &variant->names };
}

TEST_F(names, works_unguarded)
{
	const struct attempt attempt = attempt_of(variant);

	expect_control(_metadata, &attempt);
}

TEST_F(names, is_judged)
{
	const struct attempt attempt = attempt_of(variant);
	const struct expected expected = {
		.err = EACCES,
		.hook = variant->hook,
		.class = variant->class,
	};
	struct outcome outcome;

	run_guarded(variant->policy, &attempt, &outcome);
	if (variant->hook < 0)
		expect_allowed(_metadata, &outcome);
	else
		expect_refused(_metadata, &outcome, &expected);
}

TEST_HARNESS_MAIN
