// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which programs may run, in whatever way they are executed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "expect.h"

#define LOADER	"/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"

/* Programs are in bin; what is in other may not run. */
#define EXEC_POLICY							\
	"policy: exec\n"						\
	"exec:\n"							\
	"  default: deny\n"						\
	"  allow: [\"" WORK "/bin/*\"]\n"				\
	"  map: [\"/usr/lib/**\"]\n"					\
	"  deny: [\"" WORK "/bin/debug\"]\n"

/* Nothing is mapped but what may be executed. */
#define STATIC_POLICY							\
	"policy: exec-static\n"						\
	"exec:\n"							\
	"  default: deny\n"						\
	"  allow: [\"" WORK "/bin/*\"]\n"

/* The loader may be run by hand. */
#define LOADER_POLICY							\
	"policy: exec-loader\n"						\
	"exec:\n"							\
	"  default: deny\n"						\
	"  allow: [\"" WORK "/bin/*\", " LOADER "]\n"			\
	"  map: [\"/usr/lib/**\"]\n"

/* Code need not have a name. */
#define FILELESS_POLICY							\
	"policy: exec-fileless\n"					\
	"exec:\n"							\
	"  default: deny\n"						\
	"  fileless: allow\n"						\
	"  map: [\"/usr/lib/**\"]\n"

/* What is executed is not read as a file. */
#define NO_FILES_POLICY							\
	"policy: exec-no-files\n"					\
	"exec:\n"							\
	"  default: deny\n"						\
	"  fileless: allow\n"						\
	"  map: [\"/usr/lib/**\"]\n"					\
	"files: { default: deny }\n"

#define AUDIT_POLICY							\
	"policy: exec-audit\n"						\
	"mode: audit\n"							\
	"exec:\n"							\
	"  default: deny\n"						\
	"  map: [\"" WORK "/**\"]\n"

static int held = -1;

static void hold_as(int fd)
{
	if (fd < 0)
		die("cannot hold a file");
	held = fd;
}

static int execute(const char *path)
{
	char *argv[] = { "program", NULL }, *envp[] = { NULL };

	return errno_of(execve(path, argv, envp));
}

static int run(const void *arg)
{
	return execute(arg);
}

static int run_held(const void *arg)
{
	char *argv[] = { "program", NULL }, *envp[] = { NULL };

	(void)arg;
	return errno_of(syscall(SYS_execveat, held, "", argv, envp,
				AT_EMPTY_PATH));
}

static int run_held_by_name(const void *arg)
{
	char path[40];

	(void)arg;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", held);
	return execute(path);
}

static int run_in_directory(const void *arg)
{
	char *argv[] = { "program", NULL }, *envp[] = { NULL };

	(void)arg;
	return errno_of(syscall(SYS_execveat, held, "program", argv, envp, 0));
}

/* The loader complains of what it was refused. */
static int run_by_loader(const void *arg)
{
	char *argv[] = { "loader", (char *)arg, NULL }, *envp[] = { NULL };
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDERR_FILENO);
	return errno_of(execve(LOADER, argv, envp));
}

static int run_in_thread(const void *arg)
{
	return in_child(run, arg);
}

static void hold_program(const void *arg)
{
	hold_as(open(arg ?: "other/program", O_RDONLY | O_CLOEXEC));
}

static void hold_program_path(const void *arg)
{
	hold_as(open(arg ?: "other/program", O_PATH | O_CLOEXEC));
}

static void hold_directory(const void *arg)
{
	hold_as(open(arg, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

static void copy_to_held(const char *from)
{
	char name[40];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", held);
	copy_program(from, name);
}

static void hold_memfd(const void *arg)
{
	(void)arg;
	hold_as(memfd_create("program", MFD_CLOEXEC));
	copy_to_held("bin/program");
}

/* A script needs a name that its interpreter can open, so it is inherited. */
static void hold_memfd_script(const void *arg)
{
	static const char script[] = "#!" WORK "/bin/program\n";

	(void)arg;
	hold_as(memfd_create("script", 0));
	if (write(held, script, strlen(script)) < 0)
		die("cannot write a script");
}

static void hold_deleted(const void *arg)
{
	(void)arg;
	copy_program("bin/program", "bin/gone");
	hold_as(open("bin/gone", O_RDONLY | O_CLOEXEC));
	if (unlink("bin/gone"))
		die("cannot unlink");
}

/* What is open for writing cannot be executed. */
static void hold_tmpfile(const void *arg)
{
	char name[40];
	int writer;

	(void)arg;
	writer = open("bin", O_TMPFILE | O_RDWR | O_CLOEXEC, 0700);
	hold_as(writer);
	copy_to_held("bin/program");
	snprintf(name, sizeof(name), "/proc/self/fd/%d", writer);
	hold_as(open(name, O_RDONLY | O_CLOEXEC));
	close(writer);
}

FIXTURE(programs) {
};

FIXTURE_VARIANT(programs) {
	const char *policy;
	struct attempt attempt;
	struct expected expected;
};

#define ROW(name, what, how, prepare, argument, ...)			\
	FIXTURE_VARIANT_ADD(programs, name) {				\
		.policy = what,						\
		.attempt = { prepare, how, argument },			\
		.expected = { __VA_ARGS__ },				\
	}
#define ALLOWED		0
#define REFUSED		EACCES, FNG_HOOK_BPRM_CHECK, FNG_CLASS_EXEC
#define FAILS(how)	how, FNG_HOOK_MMAP_FILE, FNG_CLASS_EXEC

ROW(allowed, "exec", run, NULL, "bin/program", ALLOWED);
ROW(denied, "exec", run, NULL, "other/program", REFUSED);
ROW(denied_in_spite_of_allow, "exec", run, NULL, "bin/debug", REFUSED);
ROW(denied_by_full_name, "exec", run, NULL, WORK "/bin/../other/program",
	REFUSED);
ROW(denied_in_child, "exec", run_in_thread, NULL, "other/program", REFUSED);
ROW(symlink_to_denied, "exec", run, NULL, "bin/symlink", REFUSED);
ROW(symlink_to_allowed, "exec", run, NULL, "other/symlink", ALLOWED);
ROW(descriptor_of_allowed, "exec", run_held, hold_program, "bin/program",
	ALLOWED);
ROW(descriptor_of_denied, "exec", run_held, hold_program, NULL, REFUSED);
ROW(path_descriptor_of_denied, "exec", run_held, hold_program_path, NULL,
	REFUSED);
ROW(proc_descriptor_of_denied, "exec", run_held_by_name, hold_program, NULL,
	REFUSED);
ROW(directory_of_allowed, "exec", run_in_directory, hold_directory, "bin",
	ALLOWED);
ROW(directory_of_denied, "exec", run_in_directory, hold_directory, "other",
	REFUSED);
ROW(script, "exec", run, NULL, "bin/script", ALLOWED);
ROW(script_denied, "exec", run, NULL, "other/script", REFUSED);
ROW(script_of_denied, "exec", run, NULL, "bin/script-of-other", REFUSED);
ROW(script_of_script_of_denied, "exec", run, NULL, "bin/script-of-script",
	REFUSED);
ROW(memfd, "exec", run_held, hold_memfd, NULL, REFUSED);
ROW(memfd_by_name, "exec", run_held_by_name, hold_memfd, NULL, REFUSED);
ROW(memfd_script, "exec", run_held, hold_memfd_script, NULL, REFUSED);
ROW(memfd_where_allowed, "exec-fileless", run_held, hold_memfd, NULL, ALLOWED);
ROW(deleted, "exec", run_held, hold_deleted, NULL, REFUSED);
ROW(deleted_where_allowed, "exec-fileless", run_held, hold_deleted, NULL,
	ALLOWED);
ROW(tmpfile, "exec", run_held, hold_tmpfile, NULL, REFUSED);
ROW(deleted_where_no_file_is_read, "exec-no-files", run_held, hold_deleted,
	NULL, ALLOWED);
ROW(tmpfile_where_allowed, "exec-fileless", run_held, hold_tmpfile, NULL,
	ALLOWED);
ROW(named_where_fileless_is_allowed, "exec-fileless", run, NULL, "bin/program",
	REFUSED);
ROW(dynamic, "exec", run, NULL, "bin/dynamic", ALLOWED);
ROW(dynamic_without_its_loader, "exec-static", run, NULL, "bin/dynamic",
	FAILS(ENDED_SIGNAL + SIGSEGV));
ROW(loader, "exec", run_by_loader, NULL, WORK "/bin/dynamic", REFUSED);
ROW(loader_of_allowed, "exec-loader", run_by_loader, NULL, WORK "/bin/dynamic",
	ALLOWED);
ROW(loader_of_denied, "exec-loader", run_by_loader, NULL,
	WORK "/other/dynamic", FAILS(ENDED_STATUS + 127));
ROW(audit, "exec-audit", run, NULL, "other/program", .err = 0,
	.hook = FNG_HOOK_BPRM_CHECK, .class = FNG_CLASS_EXEC, .audit = true);

static void make_script(const char *path, const char *interpreter)
{
	char text[128];

	snprintf(text, sizeof(text), "#!" WORK "/%s\n", interpreter);
	make_file(path, text);
	if (chmod(path, 0755))
		die("cannot make a script");
}

static void fill_work(void)
{
	make_dir("bin");
	make_dir("other");
	copy_helper("helper_true", "bin/program");
	copy_helper("helper_true", "bin/debug");
	copy_helper("helper_true", "other/program");
	copy_program("/usr/bin/true", "bin/dynamic");
	copy_program("/usr/bin/true", "other/dynamic");
	make_script("bin/script", "bin/program");
	make_script("bin/script-of-other", "other/program");
	make_script("bin/script-of-script", "bin/script-of-other");
	make_script("other/script", "bin/program");
	if (symlink("../other/program", "bin/symlink") ||
	    symlink("../bin/program", "other/symlink"))
		die("cannot make symbolic links");
}

FIXTURE_SETUP(programs)
{
	work_make();
	fill_work();
	guard_load(EXEC_POLICY);
	guard_load(STATIC_POLICY);
	guard_load(LOADER_POLICY);
	guard_load(FILELESS_POLICY);
	guard_load(NO_FILES_POLICY);
	guard_load(AUDIT_POLICY);
}

FIXTURE_TEARDOWN(programs)
{
	work_remove();
}

TEST_F(programs, works_unguarded)
{
	expect_control(_metadata, &variant->attempt);
}

TEST_F(programs, is_judged)
{
	struct outcome outcome;

	run_guarded(variant->policy, &variant->attempt, &outcome);
	if (variant->expected.err || variant->expected.audit)
		expect_refused(_metadata, &outcome, &variant->expected);
	else
		expect_allowed(_metadata, &outcome);
}

TEST(refusal_is_an_event)
{
	const struct attempt attempt = { .act = run, .arg = "bin/debug" };
	const struct expected expected = { .err = EACCES,
		.hook = FNG_HOOK_BPRM_CHECK, .class = FNG_CLASS_EXEC,
		.line = 6 };
	struct outcome outcome;
	struct events events;

	work_make();
	fill_work();
	guard_load(EXEC_POLICY);
	events_start(&events);
	run_guarded("exec", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	expect_event(_metadata, &events, &outcome, &expected,
		     "exec " WORK "/bin/debug");
	events_stop(&events);
	work_remove();
}

TEST_HARNESS_MAIN
