// SPDX-License-Identifier: GPL-2.0-only
/*
 * Code in files that are not what they were when the policy was bound.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "drift.h"
#include "expect.h"

#define LOADER	"/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"

#define CODE								\
	"exec:\n"							\
	"  default: deny\n"						\
	"  allow: [\"" WORK "/**\", " LOADER "]\n"			\
	"  map: [\"/usr/lib/**\"]\n"

#define DENY_POLICY	"policy: drift\n" CODE "  modified: deny\n"
#define ALLOW_POLICY	"policy: drift-allow\n" CODE "  modified: allow\n"
#define SILENT_POLICY	"policy: drift-silent\n" CODE
#define AUDIT_POLICY							\
	"policy: drift-audit\n"						\
	"mode: audit\n" CODE "  modified: deny\n"
#define FILELESS_POLICY							\
	"policy: drift-fileless\n" CODE					\
	"  fileless: allow\n"						\
	"  modified: deny\n"

/**
 * struct deed - something happens to a file, and then it becomes code
 * @before: prepares it, before the cgroup is bound; or NULL
 * @change: what happens, if anything
 * @use: how it becomes code
 * @path: the file
 */
struct deed {
	void (*before)(const char *path);
	void (*change)(const char *path);
	int (*use)(const char *path);
	const char *path;
};

static int held = -1;

static void prepare(const void *arg)
{
	const struct deed *deed = arg;

	if (deed->before)
		deed->before(deed->path);
	drift_settle();
}

static int perform(const void *arg)
{
	const struct deed *deed = arg;

	if (deed->change)
		deed->change(deed->path);
	return deed->use(deed->path);
}

/* How a file becomes code. */

static int run(const char *path)
{
	return drift_run(path);
}

static int run_script(const char *path)
{
	(void)path;
	return run("script");
}

static int run_held(const char *path)
{
	char *argv[] = { "program", NULL }, *envp[] = { NULL };

	(void)path;
	return errno_of(syscall(SYS_execveat, held, "", argv, envp,
				AT_EMPTY_PATH));
}

static int run_by_loader(const char *path)
{
	char *argv[] = { "loader", (char *)path, NULL }, *envp[] = { NULL };
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDERR_FILENO);
	return errno_of(execve(LOADER, argv, envp));
}

/* What happens to it. */

static void rewrite_dynamic(const char *path)
{
	copy_program("/usr/bin/true", path);
}

/* Not a byte is different. */
static void write_same(const char *path)
{
	int fd = open(path, O_RDWR);
	char byte;

	if (pread(fd, &byte, 1, 0) != 1 || pwrite(fd, &byte, 1, 0) != 1)
		die("cannot write to %s", path);
	close(fd);
}

/* Another file's first block for that of the program, with what is in it. */
static void exchange(const char *path)
{
	struct {
		__u32 reserved;
		__u32 donor;
		__u64 from, to, blocks, moved;
	} move = { .blocks = 1 };
	int fd = open(path, O_RDWR), donor;

	copy_helper("helper_true", "disk/donor");
	donor = open("disk/donor", O_RDWR);
	move.donor = fd;
	if (fsync(fd) || fsync(donor) ||
	    ioctl(donor, _IOWR('f', 15, move), &move) || move.moved != 1)
		die("cannot exchange blocks of %s", path);
	close(donor);
	close(fd);
}

/* What is below was not opened. */
static void open_stacked(const char *path)
{
	(void)path;
	drift_open_and_leave("all/program");
}

static void read_it(const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY);

	if (read(fd, &byte, 1) != 1)
		die("cannot read %s", path);
	close(fd);
}

static void touch(const char *path)
{
	const struct timeval past[2] = { { 1000, 0 }, { 1000, 0 } };

	if (utimes(path, past))
		die("cannot set the times of %s", path);
}

static void make_other(const char *path)
{
	(void)path;
	copy_helper("helper_true", "other");
}

static void replace(const char *path)
{
	if (rename("other", path))
		die("cannot replace %s", path);
}

static void link_it(const char *path)
{
	if (link(path, "another name"))
		die("cannot link %s", path);
}

static void drop(const char *path)
{
	unlink(path);
	drift_rewrite(path);
}

static void rewrite_interpreter(const char *path)
{
	(void)path;
	drift_rewrite("program");
}

/* The wall clock is two hours late while the file is written. */
static void rewrite_in_the_past(const char *path)
{
	drift_move_clock(-7200);
	drift_rewrite(path);
	drift_move_clock(7200);
}

/* It never shows a time that was before the policy was bound. */
static void move_clock_ahead_and_back(const char *path)
{
	(void)path;
	drift_move_clock(7200);
	drift_move_clock(-3600);
}

/* It was set back more often than anybody remembers one by one. */
static void rewrite_after_moving_clock(const char *path)
{
	int i;

	for (i = 0; i < 40; i++) {
		drift_move_clock(200 + i);
		drift_move_clock(-100);
	}
	rewrite_in_the_past(path);
}

static void hold_memfd(const char *path)
{
	char name[40];

	(void)path;
	held = memfd_create("program", MFD_CLOEXEC);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", held);
	copy_helper("helper_true", name);
}

static void hold_deleted(const char *path)
{
	drop(path);
	held = open(path, O_RDONLY | O_CLOEXEC);
	if (held < 0 || unlink(path))
		die("cannot unlink %s", path);
}

FIXTURE(code) {
	long ahead;
};

FIXTURE_VARIANT(code) {
	const char *policy;
	struct deed deed;
	struct expected expected;
};

#define ROW(name, what, file, happens, how, ...)			\
	FIXTURE_VARIANT_ADD(code, name) {				\
		.policy = what,						\
		.deed = { NULL, happens, how, file },			\
		.expected = { __VA_ARGS__ },				\
	}
/* One that takes a preparation. */
#define ROW_PREPARED(name, what, file, first, happens, how, ...)	\
	FIXTURE_VARIANT_ADD(code, name) {				\
		.policy = what,						\
		.deed = { first, happens, how, file },			\
		.expected = { __VA_ARGS__ },				\
	}
#define ALLOWED		0
#define BY(hook)	EACCES, FNG_HOOK_##hook, FNG_CLASS_EXEC, .line = 6
#define REFUSED		BY(BPRM_CHECK)

ROW(untouched, "drift", "program", NULL, run, ALLOWED);
ROW(read_only, "drift", "program", read_it, run, ALLOWED);
/* There are ways to write that leave no mark, so having been able to counts. */
ROW(opened, "drift", "program", drift_open_and_leave, run, REFUSED);
ROW(opened_where_not_said, "drift-silent", "program", drift_open_and_leave, run, ALLOWED);
ROW(rewritten, "drift", "program", drift_rewrite, run, REFUSED);
ROW(written_the_same, "drift", "program", write_same, run, REFUSED);
ROW(stored, "drift", "program", drift_store, run, REFUSED);
ROW(touched, "drift", "program", touch, run, REFUSED);
ROW(mode_changed, "drift", "program", drift_change_mode, run, REFUSED);
ROW(linked, "drift", "program", link_it, run, REFUSED);
ROW_PREPARED(replaced, "drift", "program", make_other, replace, run, REFUSED);
ROW(dropped, "drift", "new", drop, run, REFUSED);
ROW(rewritten_in_the_past, "drift", "program", rewrite_in_the_past, run,
	REFUSED);
ROW(clock_ahead_and_back, "drift", "program", move_clock_ahead_and_back, run, ALLOWED);
ROW(rewritten_after_clock_moved_often, "drift", "program",
	rewrite_after_moving_clock, run, REFUSED);
ROW(script_untouched, "drift", "script", NULL, run, ALLOWED);
ROW(script_touched, "drift", "script", touch, run, REFUSED);
ROW(interpreter_rewritten, "drift", "script", rewrite_interpreter, run_script,
	REFUSED);
ROW(dynamic_untouched, "drift", "dynamic", NULL, run, ALLOWED);
ROW(dynamic_rewritten, "drift", "dynamic", rewrite_dynamic, run, REFUSED);
ROW(by_loader_untouched, "drift", WORK "/dynamic", NULL, run_by_loader, ALLOWED);
ROW(by_loader_rewritten, "drift", WORK "/dynamic", rewrite_dynamic,
	run_by_loader, ENDED_STATUS + 127, FNG_HOOK_MMAP_FILE, FNG_CLASS_EXEC, .line = 6);
ROW(mapped_untouched, "drift", "library", NULL, drift_map_code, ALLOWED);
ROW(mapped_rewritten, "drift", "library", drift_rewrite, drift_map_code, BY(MMAP_FILE));
ROW(mapped_while_open, "drift", "library", drift_hold_open, drift_map_code, BY(MMAP_FILE));
ROW_PREPARED(mapped_while_open_before, "drift", "library", drift_hold_open, NULL, drift_map_code,
	BY(MMAP_FILE));
ROW(protected_untouched, "drift", "library", NULL, drift_map_and_protect, ALLOWED);
ROW(protected_rewritten, "drift", "library", drift_rewrite, drift_map_and_protect,
	BY(FILE_MPROTECT));
ROW_PREPARED(memfd, "drift-fileless", "program", NULL, hold_memfd, run_held,
	ALLOWED);
ROW_PREPARED(deleted, "drift-fileless", "program", NULL, hold_deleted, run_held,
	ALLOWED);
ROW(rewritten_where_allowed, "drift-allow", "program", drift_rewrite, run, ALLOWED);
ROW(rewritten_where_not_said, "drift-silent", "program", drift_rewrite, run, ALLOWED);
ROW(rewritten_where_audited, "drift-audit", "library", drift_rewrite, drift_map_code,
	.err = 0, .hook = FNG_HOOK_MMAP_FILE, .class = FNG_CLASS_EXEC,
	.line = 7, .audit = true);

/* In an overlay; what is in it comes from the layer below. */
ROW_PREPARED(overlay_untouched, "drift", "all/program", drift_stack, NULL, run,
	ALLOWED);
ROW_PREPARED(overlay_rewritten, "drift", "all/program", drift_stack, drift_rewrite,
	run, REFUSED);
ROW_PREPARED(overlay_stored, "drift", "all/program", drift_stack, drift_store, run,
	REFUSED);
ROW_PREPARED(overlay_opened, "drift", "all/program", drift_stack,
	drift_open_and_leave, run, REFUSED);
ROW_PREPARED(overlay_mode_changed, "drift", "all/program", drift_stack,
	drift_change_mode, run, REFUSED);
ROW_PREPARED(overlay_copied_up_before, "drift", "all/upper/program",
	drift_stack, NULL, run, ALLOWED);
ROW_PREPARED(overlay_copied_up_rewritten, "drift", "all/upper/program",
	drift_stack, drift_rewrite, run, REFUSED);
ROW_PREPARED(overlay_copied_up_opened, "drift", "all/upper/program",
	drift_stack, drift_open_and_leave, run, REFUSED);
ROW_PREPARED(overlay_opened_below_untouched, "drift", "lower/program",
	drift_stack, open_stacked, run, ALLOWED);
ROW_PREPARED(overlay_written_below, "drift", "all/program", drift_stack,
	drift_rewrite_lower, run, REFUSED);
ROW_PREPARED(overlay_open_below, "drift", "all/program", drift_stack,
	drift_hold_lower, run, REFUSED);
ROW_PREPARED(overlay_of_overlay_untouched, "drift", "twice/program",
	drift_stack, NULL, run, ALLOWED);
ROW_PREPARED(overlay_of_overlay_rewritten, "drift", "twice/program",
	drift_stack, drift_rewrite, run, REFUSED);
ROW_PREPARED(overlay_metacopy_untouched, "drift", "meta/program",
	drift_stack, NULL, run, ALLOWED);
ROW_PREPARED(overlay_metacopy_mode_changed, "drift", "meta/program",
	drift_stack, drift_change_mode, run, REFUSED);
ROW_PREPARED(overlay_mapped_untouched, "drift", "all/program", drift_stack,
	NULL, drift_map_code, ALLOWED);
ROW_PREPARED(overlay_mapped_while_open, "drift", "all/program", drift_stack,
	drift_hold_open, drift_map_code, BY(MMAP_FILE));
ROW_PREPARED(overlay_protected_untouched, "drift", "all/program", drift_stack,
	NULL, drift_map_and_protect, ALLOWED);
ROW_PREPARED(overlay_protected_rewritten, "drift", "all/program", drift_stack,
	drift_rewrite, drift_map_and_protect, BY(FILE_MPROTECT));

/* On a disk. */
ROW_PREPARED(ext4_untouched, "drift", "disk/program", drift_mount_ext4, NULL,
	run, ALLOWED);
ROW_PREPARED(ext4_rewritten, "drift", "disk/program", drift_mount_ext4, drift_rewrite,
	run, REFUSED);
ROW_PREPARED(ext4_exchanged, "drift", "disk/program", drift_mount_ext4,
	exchange, run, REFUSED);
ROW_PREPARED(ext4_stored, "drift", "disk/program", drift_mount_ext4, drift_store, run,
	REFUSED);
ROW_PREPARED(ext4_of_seconds_untouched, "drift", "disk/program",
	drift_mount_ext4_old, NULL, run, ALLOWED);
ROW_PREPARED(ext4_of_seconds_rewritten, "drift", "disk/program",
	drift_mount_ext4_old, drift_rewrite, run, REFUSED);
ROW_PREPARED(ramfs_untouched, "drift", "ram/program", drift_mount_ramfs, NULL,
	run, ALLOWED);
ROW_PREPARED(ramfs_stored, "drift", "ram/program", drift_mount_ramfs, drift_store,
	run, REFUSED);
/* Nobody knows what this one does with change times. */
ROW_PREPARED(vfat_untouched, "drift", "disk/program", drift_mount_vfat, NULL,
	drift_run_if_mounted, REFUSED);

FIXTURE_SETUP(code)
{
	self->ahead = drift_clock_ahead();
	drift_make();
	guard_load(DENY_POLICY);
	guard_load(ALLOW_POLICY);
	guard_load(SILENT_POLICY);
	guard_load(AUDIT_POLICY);
	guard_load(FILELESS_POLICY);
}

FIXTURE_TEARDOWN(code)
{
	drift_move_clock(self->ahead - drift_clock_ahead());
	work_remove();
}

TEST_F(code, works_unguarded)
{
	const struct attempt attempt = { prepare, perform, &variant->deed };

	expect_control(_metadata, &attempt);
}

TEST_F(code, is_judged)
{
	const struct attempt attempt = { prepare, perform, &variant->deed };
	struct outcome outcome;

	run_guarded(variant->policy, &attempt, &outcome);
	if (outcome.err == ENDED_UNABLE)
		SKIP(return, "the kernel cannot do this");
	if (variant->expected.err || variant->expected.audit)
		expect_refused(_metadata, &outcome, &variant->expected);
	else
		expect_allowed(_metadata, &outcome);
}

TEST(refusal_is_an_event)
{
	const struct deed deed = { NULL, drift_rewrite, run, "program" };
	const struct attempt attempt = { prepare, perform, &deed };
	const struct expected expected = { REFUSED };
	char line[EVENT_LINE_SIZE];
	struct outcome outcome;
	struct events events;

	drift_make();
	guard_load(DENY_POLICY);
	events_start(&events);
	run_guarded("drift", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	ASSERT_TRUE(events_find(&events, "denied", outcome.cgroup, line));
	expect_text(_metadata, line, "exec " WORK "/program ");
	expect_text(_metadata, line, "exec modified deny");
	events_stop(&events);
	work_remove();
}

TEST_HARNESS_MAIN
