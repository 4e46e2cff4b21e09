// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that are reached in other ways than by their name from the root: over
 * mounts, descriptors, links of /proc and stacked file systems.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <linux/mount.h>

#include "expect.h"

/* What is read is in open; what is written, made and removed, in all. */
#define PLACES_POLICY							\
	"policy: places\n"						\
	"files:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - { path: \"" WORK "/open\", allow: [read] }\n"		\
	"    - { path: \"" WORK "/open/**\", allow: [read] }\n"		\
	"    - { path: \"" WORK "/all/**\","				\
	"        allow: [read, write, create, delete] }\n"		\
	"    - { path: \"/inside/**\", allow: [read] }\n"		\
	"    - { path: \"/proc/@self/**\", allow: [read] }\n"		\
	"    - { path: \"/proc/@self\", allow: [read] }\n"

#define LENIENT_POLICY							\
	"policy: lenient\n"						\
	"files:\n"							\
	"  default: allow\n"						\
	"  rules:\n"							\
	"    - { path: \"" WORK "/never\", deny: [all] }\n"

#define TRUSTING_POLICY							\
	"policy: trusting\n"						\
	"files: { default: allow }\n"

#define UNDECIDABLE	(FNG_RULE_GUARD | FNG_GUARD_UNDECIDABLE)

static int held = -1;

static void hold_as(int fd)
{
	if (fd < 0)
		die("cannot hold a file");
	held = fd;
}

static int open_held(int flags)
{
	char name[40];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", held);
	return errno_of_fd(open(name, flags));
}

static int reopen(const void *arg)
{
	(void)arg;
	return open_held(O_RDONLY);
}

static int open_in_held(const void *arg)
{
	return errno_of_fd(openat(held, arg, O_RDONLY));
}

static int open_name(const void *arg)
{
	return errno_of_fd(open(arg, O_RDONLY));
}

static int open_name_write(const void *arg)
{
	return errno_of_fd(open(arg, O_WRONLY));
}

static int list(const void *arg)
{
	DIR *dir = opendir(arg);
	int err = 0;

	if (!dir)
		return errno;
	errno = 0;
	while (readdir(dir))
		;
	err = errno;
	closedir(dir);
	return err;
}

/* An overlay may not be able to do this; then there is nothing to judge. */
static int make_tmpfile(const void *arg)
{
	int err = errno_of_fd(open(arg, O_TMPFILE | O_RDWR, 0600));

	return err == EOPNOTSUPP ? ENDED_UNABLE : err;
}

static void hold_dir(const void *arg)
{
	(void)arg;
	hold_as(open("open", O_PATH | O_DIRECTORY));
}

static void hold_closed(const void *arg)
{
	(void)arg;
	hold_as(open("closed/file", O_RDONLY));
}

static void hold_deleted(const void *arg)
{
	(void)arg;
	make_file("open/gone", "text");
	hold_as(open("open/gone", O_RDONLY));
	if (unlink("open/gone"))
		die("cannot unlink");
}

static void hold_memfd(const void *arg)
{
	(void)arg;
	hold_as(memfd_create("memory", 0));
}

static void hold_pipe(const void *arg)
{
	int fds[2];

	(void)arg;
	if (pipe(fds))
		die("no pipe");
	hold_as(fds[0]);
}

static int make_queue(const void *arg)
{
	mqd_t queue = mq_open(arg, O_RDWR | O_CREAT, 0600, NULL);

	return errno_of_fd(queue);
}

static void make_queue_there(const char *where)
{
	if (make_queue("/queue") || mount("queues", where, "mqueue", 0, NULL))
		die("no message queues");
}

static void queue_at_open(const void *arg)
{
	(void)arg;
	make_queue_there("open");
}

static void queue_at_closed(const void *arg)
{
	(void)arg;
	make_queue_there("closed");
}

/* It was opened in the namespace that the task was in before. */
static void hold_foreign_queue(const void *arg)
{
	hold_as(mq_open(arg, O_RDWR | O_CREAT, 0600, NULL));
	if (unshare(CLONE_NEWIPC))
		die("no IPC namespace");
}

/* The kernel prints its name with "(deleted)" behind, as of this one. */
static void make_imitation(const void *arg)
{
	(void)arg;
	make_file("open/key (deleted)", "text");
}

static void bind_over(const char *from, const char *to)
{
	if (mount(from, to, NULL, MS_BIND, NULL))
		die("cannot bind %s to %s", from, to);
}

static void bind_closed_to_open(const void *arg)
{
	(void)arg;
	bind_over("closed", "open");
}

static void bind_open_to_closed(const void *arg)
{
	(void)arg;
	bind_over("open", "closed");
}

static void mount_at_open(const void *arg)
{
	(void)arg;
	if (mount("other", "open", "tmpfs", 0, NULL))
		die("cannot mount");
	make_file("open/file", "text");
}

static void mount_at_closed(const void *arg)
{
	(void)arg;
	if (mount("other", "closed", "tmpfs", 0, NULL))
		die("cannot mount");
	make_file("closed/file", "text");
}

/* A mount that was taken away, and is still held. */
static void hold_unmounted(const void *arg)
{
	mount_at_open(arg);
	hold_dir(arg);
	if (umount2("open", MNT_DETACH))
		die("cannot unmount");
}

/* A mount that was never anywhere. */
static void hold_detached(const void *arg)
{
	(void)arg;
	hold_as(syscall(SYS_open_tree, AT_FDCWD, WORK "/open",
			OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
}

static void enter_jail(const void *arg)
{
	(void)arg;
	make_dir("jail");
	make_dir("jail/inside");
	make_file("jail/inside/file", "text");
	hold_as(open("open", O_PATH | O_DIRECTORY));
	if (chroot("jail") || chdir("/"))
		die("cannot enter the jail");
}

#define FIFTY_BYTES	"a-part-of-a-name-that-is-fifty-bytes-long-with-it-"
#define LONG_COMPONENT	FIFTY_BYTES FIFTY_BYTES FIFTY_BYTES FIFTY_BYTES	\
			FIFTY_BYTES "-long"

static void make_it(const void *arg)
{
	make_file(arg, "text");
}
#define DEEP_COMPONENT "a-component-of-a-path-that-is-longer-than-any-that-is-judged"

static void go_deep(const void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < 80; i++)
		if (mkdir(DEEP_COMPONENT, 0755) || chdir(DEEP_COMPONENT))
			die("cannot go so deep");
	make_file("file", "text");
}

static void stack(const char *where)
{
	char options[256];

	make_dir("lower");
	make_file("lower/file", "text");
	make_dir("lower/dir");
	make_file("lower/dir/file", "text");
	make_dir("upper");
	make_dir("upper/data");
	make_dir("upper/work");
	snprintf(options, sizeof(options),
		 "lowerdir=" WORK "/lower,upperdir=" WORK "/upper/data,"
		 "workdir=" WORK "/upper/work");
	if (mount("stack", where, "overlay", 0, options))
		die("cannot mount an overlay");
}

static void stack_at_open(const void *arg)
{
	(void)arg;
	stack("open");
}

static void stack_at_all(const void *arg)
{
	(void)arg;
	stack("all");
}

static void stack_at_closed(const void *arg)
{
	(void)arg;
	stack("closed");
}

static int open_own_pid(const void *arg)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", getpid(),
		 (const char *)arg);
	return errno_of_fd(open(path, O_RDONLY));
}

static int open_parents(const void *arg)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", getppid(),
		 (const char *)arg);
	return errno_of_fd(open(path, O_RDONLY));
}

static int open_in_child(const void *arg)
{
	return in_child(open_own_pid, arg);
}

static int open_parents_in_child(const void *arg)
{
	return in_child(open_parents, arg);
}

FIXTURE(places) {
};

FIXTURE_VARIANT(places) {
	const char *policy;
	struct attempt attempt;
	bool refused;
	u32 rule;
};

#define ROW(name, what, verdict, ...)					\
	FIXTURE_VARIANT_ADD(places, name) {				\
		.policy = what,						\
		.attempt = { __VA_ARGS__ },				\
		verdict							\
	}
#define ALLOWED		.refused = false
#define REFUSED		.refused = true
#define REFUSED_BY(r)	.refused = true, .rule = r

ROW(reopen_denied, "places", REFUSED, hold_closed, reopen);
ROW(reopen_deleted_by_default_deny, "places", REFUSED, hold_deleted, reopen);
/* Nobody knows whether it was the file that the rule denies. */
ROW(reopen_deleted_with_a_denied, "lenient", REFUSED, hold_deleted, reopen);
ROW(reopen_deleted_with_none_denied, "trusting", ALLOWED, hold_deleted, reopen);
ROW(reopen_pipe, "places", ALLOWED, hold_pipe, reopen);
ROW(reopen_memfd, "places", ALLOWED, hold_memfd, reopen);
ROW(queue, "places", ALLOWED, NULL, make_queue, "/queue");
ROW(queue_of_other_namespace, "places", REFUSED_BY(UNDECIDABLE),
	hold_foreign_queue, reopen, "/queue");
ROW(queue_where_it_may, "places", ALLOWED, queue_at_open, open_name,
	"open/queue");
ROW(queue_where_it_may_not, "places", REFUSED, queue_at_closed, open_name,
	"closed/queue");
ROW(name_that_looks_deleted, "places", ALLOWED, make_imitation, open_name,
	"open/key (deleted)");
ROW(below_a_directory, "places", ALLOWED, hold_dir, open_in_held, "file");
ROW(bind_mount_where_it_may, "places", ALLOWED, bind_closed_to_open, open_name,
	"open/file");
ROW(bind_mount_where_it_may_not, "places", REFUSED, bind_open_to_closed,
	open_name, "closed/file");
ROW(mount_where_it_may, "places", ALLOWED, mount_at_open, open_name,
	"open/file");
ROW(mount_where_it_may_not, "places", REFUSED, mount_at_closed, open_name,
	"closed/file");
ROW(mount_that_is_gone, "places", REFUSED_BY(UNDECIDABLE), hold_unmounted,
	open_in_held, "file");
ROW(mount_that_is_gone_by_default_allow, "lenient", REFUSED_BY(UNDECIDABLE),
	hold_unmounted, open_in_held, "file");
ROW(mount_that_is_nowhere, "places", REFUSED_BY(UNDECIDABLE), hold_detached,
	open_in_held, "file");
ROW(mount_that_is_nowhere_by_default_allow, "lenient",
	REFUSED_BY(UNDECIDABLE), hold_detached, open_in_held, "file");
ROW(name_inside_a_root, "places", ALLOWED, enter_jail, open_name,
	"/inside/file");
ROW(outside_of_the_root, "places", REFUSED_BY(UNDECIDABLE), enter_jail,
	open_in_held, "file");
ROW(newline_denied, "places", REFUSED, make_it, open_name, "closed/a\nb");
ROW(not_text, "places", ALLOWED, make_it, open_name, "open/\xff\xfe\x80");
ROW(not_text_denied, "places", REFUSED, make_it, open_name,
	"closed/\xff\xfe\x80");
ROW(controls_denied, "places", REFUSED, make_it, open_name,
	"closed/\033[2J\r\x7f");
ROW(component_of_255_denied, "places", REFUSED, make_it, open_name,
	"closed/" LONG_COMPONENT);
ROW(name_too_long, "lenient", REFUSED_BY(UNDECIDABLE), go_deep, open_name,
	"file");
ROW(overlay_file, "places", ALLOWED, stack_at_open, open_name, "open/file");
ROW(overlay_directory, "places", ALLOWED, stack_at_open, list, "open/dir");
ROW(overlay_root, "places", ALLOWED, stack_at_open, list, "open");
ROW(overlay_copy_up, "places", ALLOWED, stack_at_all, open_name_write,
	"all/file");
ROW(overlay_copy_up_in_directory, "places", ALLOWED, stack_at_all,
	open_name_write, "all/dir/file");
ROW(overlay_tmpfile, "places", ALLOWED, stack_at_all, make_tmpfile, "all/dir");
ROW(overlay_tmpfile_denied, "places", REFUSED, stack_at_open, make_tmpfile,
	"open/dir");
ROW(overlay_file_read_only, "places", REFUSED, stack_at_open, open_name_write,
	"open/file");
ROW(overlay_file_denied, "places", REFUSED, stack_at_closed, open_name,
	"closed/file");
ROW(overlay_directory_denied, "places", REFUSED, stack_at_closed, list,
	"closed/dir");
ROW(overlay_layer, "places", REFUSED, stack_at_open, open_name, "lower/file");
ROW(proc_self, "places", ALLOWED, NULL, open_name, "/proc/self/status");
ROW(proc_self_directory, "places", ALLOWED, NULL, list, "/proc/self");
ROW(proc_thread_self, "places", ALLOWED, NULL, open_name,
	"/proc/thread-self/status");
ROW(proc_own_number, "places", ALLOWED, NULL, open_own_pid, "status");
ROW(proc_own_number_of_child, "places", ALLOWED, NULL, open_in_child,
	"task");
ROW(proc_number_of_parent, "places", REFUSED, NULL, open_parents_in_child,
	"status");
ROW(proc_number_of_outsider, "places", REFUSED, NULL, open_parents, "status");
ROW(proc_number_of_init, "places", REFUSED, NULL, open_name, "/proc/1/status");
ROW(proc_root, "places", REFUSED, NULL, open_name, "/proc/version");

/* Mounts are made in the task's own namespace, and go with it. */
static void before(const void *arg)
{
	const struct attempt *attempt = arg;

	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) || chdir(WORK))
		die("no mount namespace");
	if (attempt->before)
		attempt->before(attempt->arg);
}

static int act(const void *arg)
{
	const struct attempt *attempt = arg;

	return attempt->act(attempt->arg);
}

static struct attempt in_namespace(const struct attempt *attempt)
{
	return (struct attempt) { before, act, attempt };
}

FIXTURE_SETUP(places)
{
	work_make();
	guard_load(PLACES_POLICY);
	guard_load(LENIENT_POLICY);
	guard_load(TRUSTING_POLICY);
	make_dir("open");
	make_dir("closed");
	make_dir("all");
	make_file("open/file", "text");
	make_file("closed/file", "text");
}

FIXTURE_TEARDOWN(places)
{
	work_remove();
}

TEST_F(places, works_unguarded)
{
	const struct attempt attempt = in_namespace(&variant->attempt);

	expect_control(_metadata, &attempt);
}

TEST_F(places, is_judged)
{
	const struct attempt attempt = in_namespace(&variant->attempt);
	const struct expected expected = {
		.err = EACCES,
		.hook = FNG_HOOK_FILE_OPEN,
		.class = FNG_CLASS_FILES,
		.rule = variant->rule,
	};
	struct outcome outcome;

	run_guarded(variant->policy, &attempt, &outcome);
	if (outcome.err == ENDED_UNABLE)
		SKIP(return, "the kernel cannot do this");
	if (variant->refused)
		expect_refused(_metadata, &outcome, &expected);
	else
		expect_allowed(_metadata, &outcome);
}

TEST_HARNESS_MAIN
