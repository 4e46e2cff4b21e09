// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may become executable memory: contents of files, and what was written.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "expect.h"

#define PAGE	4096
#define R	PROT_READ
#define RW	(PROT_READ | PROT_WRITE)
#define RX	(PROT_READ | PROT_EXEC)
#define RWX	(PROT_READ | PROT_WRITE | PROT_EXEC)

/* Code comes from what is in map; nothing is said of memory. */
#define CODE_POLICY							\
	"policy: memory-code\n"						\
	"exec:\n"							\
	"  default: deny\n"						\
	"  map: [\"" WORK "/map/*\", \"/usr/lib/**\"]\n"

/* Code comes from anywhere but from memory that was written. */
#define WRITTEN_POLICY							\
	"policy: memory-written\n"					\
	"memory: { write-exec: deny }\n"

/* As for a compiler of the function's own. */
#define JIT_POLICY							\
	"policy: memory-jit\n"						\
	"exec:\n"							\
	"  default: deny\n"						\
	"  map: [\"" WORK "/map/*\", \"/usr/lib/**\"]\n"		\
	"memory: { write-exec: allow }\n"

/**
 * struct mapping - a page of memory, and what is done with it
 * @path: file, "memfd", or NULL for anonymous memory
 * @flags: MAP_PRIVATE or MAP_SHARED
 * @prot: protections it has one after the other, from mmap() on; 0 ends them
 * @implied: reading implies executing
 *
 * While it is writable, it is written to.
 */
struct mapping {
	const char *path;
	int flags;
	int prot[4];
	bool implied;
};

static int open_file(const struct mapping *mapping)
{
	int fd;

	if (!mapping->path)
		return -1;
	if (!strcmp(mapping->path, "memfd")) {
		fd = memfd_create("memory", MFD_CLOEXEC);
		if (ftruncate(fd, PAGE))
			die("cannot make a memfd");
	} else {
		fd = open(mapping->path, mapping->flags == MAP_SHARED ?
			  O_RDWR : O_RDONLY);
	}
	if (fd < 0)
		die("cannot open %s", mapping->path);
	return fd;
}

static void imply_exec(void)
{
	if (personality(READ_IMPLIES_EXEC) < 0)
		die("no such personality");
}

static int map(const void *arg)
{
	const struct mapping *mapping = arg;
	int flags = mapping->flags | (mapping->path ? 0 : MAP_ANONYMOUS);
	int fd = open_file(mapping);
	const int *prot = mapping->prot;
	char *page;

	if (mapping->implied)
		imply_exec();
	page = mmap(NULL, PAGE, *prot, flags, fd, 0);
	if (page == MAP_FAILED)
		return errno;
	for (;;) {
		if (*prot & PROT_WRITE)
			*page = 1;
		if (!*++prot)
			return 0;
		if (mprotect(page, PAGE, *prot))
			return errno;
	}
}

/* PROT_NONE ends the list of a mapping. */
static int read_implies_exec_later(const void *arg)
{
	int fd = open(arg, O_RDONLY);
	void *page = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE, fd, 0);

	if (fd < 0 || page == MAP_FAILED)
		die("cannot map %s", (const char *)arg);
	imply_exec();
	return errno_of(mprotect(page, PAGE, PROT_READ));
}

static int remap(const void *arg)
{
	int fd = open(arg, O_RDWR);
	void *page = mmap(NULL, 2 * PAGE, R, MAP_SHARED, fd, 0);

	if (fd < 0 || page == MAP_FAILED)
		die("cannot map %s", (const char *)arg);
	imply_exec();
	return errno_of(syscall(SYS_remap_file_pages, page, PAGE, 0, 1, 0));
}

/* The heap grows without being mapped. */
static int run_in_heap(const void *arg)
{
	static const unsigned char ret = 0xc3;
	unsigned char *heap;

	(void)arg;
	imply_exec();
	heap = sbrk(64 * PAGE);
	if (heap == (void *)-1)
		return errno;
	heap[32 * PAGE] = ret;
	((void (*)(void))&heap[32 * PAGE])();
	return 0;
}

/* Through /proc, even memory that may not be written is. */
static int open_own_memory(const void *arg)
{
	char path[64];

	snprintf(path, sizeof(path), arg, getpid());
	return errno_of_fd(open(path, O_RDWR));
}

static int attach_shared_memory(const void *arg)
{
	int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0700);
	void *page;
	int err;

	(void)arg;
	if (id < 0)
		die("no shared memory");
	page = shmat(id, NULL, SHM_EXEC);
	err = page == (void *)-1 ? errno : 0;
	shmctl(id, IPC_RMID, NULL);
	return err;
}

FIXTURE(memory) {
};

FIXTURE_VARIANT(memory) {
	const char *policy;
	struct mapping mapping;
	int (*act)(const void *arg);	/* else the mapping is made */
	const char *path;
	struct expected expected;
};

#define MAP(name, what, file, how, protections, ...)			\
	FIXTURE_VARIANT_ADD(memory, name) {				\
		.policy = what,						\
		.mapping = { file, how, protections },			\
		.expected = { __VA_ARGS__ },				\
	}
#define MAP_IMPLIED(name, what, file, how, protections, ...)		\
	FIXTURE_VARIANT_ADD(memory, name) {				\
		.policy = what,						\
		.mapping = { file, how, protections, true },		\
		.expected = { __VA_ARGS__ },				\
	}
#define ACT(name, what, how, file, ...)					\
	FIXTURE_VARIANT_ADD(memory, name) {				\
		.policy = what,						\
		.act = how,						\
		.path = file,						\
		.expected = { __VA_ARGS__ },				\
	}
#define THEN(...)	{ __VA_ARGS__ }
#define ALLOWED		0
#define NO_CODE(hook)	EACCES, FNG_HOOK_##hook, FNG_CLASS_EXEC
/* The caller of brk() is told nothing but that there is no more memory. */
#define NO_HEAP(class)	ENOMEM, FNG_HOOK_MMAP_FILE, FNG_CLASS_##class
#define NO_WRITTEN(hook) EPERM, FNG_HOOK_##hook, FNG_CLASS_MEMORY

MAP(file, "memory-code", "map/file", MAP_PRIVATE, THEN(RX), ALLOWED);
MAP(file_later, "memory-code", "map/file", MAP_PRIVATE, THEN(R, RX), ALLOWED);
MAP(file_denied, "memory-code", "other/file", MAP_PRIVATE, THEN(RX),
	NO_CODE(MMAP_FILE));
MAP(file_denied_only_exec, "memory-code", "other/file", MAP_PRIVATE,
	THEN(PROT_EXEC), NO_CODE(MMAP_FILE));
MAP(file_denied_shared, "memory-code", "other/file", MAP_SHARED, THEN(RX),
	NO_CODE(MMAP_FILE));
MAP(file_denied_later, "memory-code", "other/file", MAP_PRIVATE, THEN(R, RX),
	NO_CODE(FILE_MPROTECT));
MAP(file_denied_read, "memory-code", "other/file", MAP_PRIVATE, THEN(R, RW),
	ALLOWED);
MAP(file_written, "memory-code", "map/file", MAP_PRIVATE, THEN(RWX),
	NO_CODE(MMAP_FILE));
MAP(file_written_later, "memory-code", "map/file", MAP_PRIVATE, THEN(RW, RX),
	NO_CODE(FILE_MPROTECT));
MAP(file_written_shared, "memory-code", "map/file", MAP_SHARED, THEN(RW, RX),
	ALLOWED);
MAP(memfd, "memory-code", "memfd", MAP_PRIVATE, THEN(RX), NO_CODE(MMAP_FILE));
MAP(memfd_later, "memory-code", "memfd", MAP_SHARED, THEN(RW, RX),
	NO_CODE(FILE_MPROTECT));
MAP(anonymous, "memory-code", NULL, MAP_PRIVATE, THEN(RWX),
	NO_CODE(MMAP_FILE));
MAP(anonymous_later, "memory-code", NULL, MAP_PRIVATE, THEN(RW, RX),
	NO_CODE(FILE_MPROTECT));
MAP(anonymous_data, "memory-code", NULL, MAP_PRIVATE, THEN(RW, R, RW),
	ALLOWED);
MAP(shared_anonymous, "memory-code", NULL, MAP_SHARED, THEN(RWX),
	NO_CODE(MMAP_FILE));
MAP(shared_anonymous_later, "memory-code", NULL, MAP_SHARED, THEN(RW, R, RX),
	NO_CODE(FILE_MPROTECT));
MAP(device_zero, "memory-code", "/dev/zero", MAP_PRIVATE, THEN(RW, RX),
	NO_CODE(FILE_MPROTECT));
ACT(shared_memory, "memory-code", attach_shared_memory, NULL,
	NO_CODE(MMAP_FILE));

MAP_IMPLIED(implied, "memory-code", "map/file", MAP_PRIVATE, THEN(R), ALLOWED);
MAP_IMPLIED(implied_denied, "memory-code", "other/file", MAP_PRIVATE, THEN(R),
	NO_CODE(MMAP_FILE));
MAP_IMPLIED(implied_anonymous, "memory-code", NULL, MAP_PRIVATE, THEN(R),
	NO_CODE(MMAP_FILE));
MAP_IMPLIED(implied_unreadable, "memory-code", "other/file", MAP_SHARED,
	THEN(PROT_WRITE), ALLOWED);
ACT(implied_denied_later, "memory-code", read_implies_exec_later, "other/file",
	NO_CODE(FILE_MPROTECT));
ACT(implied_denied_remapped, "memory-code", remap, "other/file",
	NO_CODE(MMAP_FILE));
MAP_IMPLIED(implied_written, "memory-written", NULL, MAP_PRIVATE, THEN(RW),
	NO_WRITTEN(MMAP_FILE));

ACT(implied_heap, "memory-code", run_in_heap, NULL, NO_HEAP(EXEC));
ACT(implied_heap_written, "memory-written", run_in_heap, NULL, NO_HEAP(MEMORY));
ACT(implied_heap_of_jit, "memory-jit", run_in_heap, NULL, ALLOWED);

MAP(write_and_exec, "memory-written", NULL, MAP_PRIVATE, THEN(RWX),
	NO_WRITTEN(MMAP_FILE));
MAP(write_and_exec_shared, "memory-written", NULL, MAP_SHARED, THEN(RWX),
	NO_WRITTEN(MMAP_FILE));
MAP(write_and_exec_file, "memory-written", "other/file", MAP_PRIVATE,
	THEN(RWX), NO_WRITTEN(MMAP_FILE));
MAP(write_and_exec_shared_file, "memory-written", "other/file", MAP_SHARED,
	THEN(RWX), NO_WRITTEN(MMAP_FILE));
MAP(write_then_exec, "memory-written", NULL, MAP_PRIVATE, THEN(RW, RX),
	NO_WRITTEN(FILE_MPROTECT));
MAP(write_then_read_then_exec, "memory-written", NULL, MAP_PRIVATE,
	THEN(RW, R, RX), NO_WRITTEN(FILE_MPROTECT));
MAP(write_then_exec_shared, "memory-written", NULL, MAP_SHARED, THEN(RW, RX),
	NO_WRITTEN(FILE_MPROTECT));
MAP(write_then_read_then_exec_shared, "memory-written", NULL, MAP_SHARED,
	THEN(RW, R, RX), NO_WRITTEN(FILE_MPROTECT));
MAP(write_then_exec_device, "memory-written", "/dev/zero", MAP_PRIVATE,
	THEN(RW, R, RX), NO_WRITTEN(FILE_MPROTECT));
MAP(exec_then_write, "memory-written", "other/file", MAP_PRIVATE,
	THEN(RX, RWX), NO_WRITTEN(FILE_MPROTECT));
MAP(exec_then_write_then_exec, "memory-written", "other/file", MAP_PRIVATE,
	THEN(RX, RW, RX), NO_WRITTEN(FILE_MPROTECT));
MAP(private_file_written, "memory-written", "other/file", MAP_PRIVATE,
	THEN(RW, R, RX), NO_WRITTEN(FILE_MPROTECT));
MAP(shared_file_written, "memory-written", "other/file", MAP_SHARED,
	THEN(RW, R, RX), NO_WRITTEN(FILE_MPROTECT));
MAP(private_file_read, "memory-written", "other/file", MAP_PRIVATE,
	THEN(R, RX), ALLOWED);
MAP(private_file, "memory-written", "other/file", MAP_PRIVATE, THEN(RX),
	ALLOWED);

ACT(own_memory, "memory-written", open_own_memory, "/proc/self/mem",
	NO_WRITTEN(FILE_OPEN));
ACT(own_memory_by_number, "memory-written", open_own_memory, "/proc/%d/mem",
	NO_WRITTEN(FILE_OPEN));
ACT(own_memory_of_thread, "memory-written", open_own_memory,
	"/proc/self/task/%d/mem", NO_WRITTEN(FILE_OPEN));
ACT(own_memory_of_jit, "memory-jit", open_own_memory, "/proc/self/mem",
	ALLOWED);

MAP(jit_write_and_exec, "memory-jit", NULL, MAP_PRIVATE, THEN(RWX), ALLOWED);
MAP(jit_write_then_exec, "memory-jit", NULL, MAP_PRIVATE, THEN(RW, RX),
	ALLOWED);
MAP(jit_file_written, "memory-jit", "map/file", MAP_PRIVATE, THEN(RW, RX),
	ALLOWED);
MAP(jit_memfd, "memory-jit", "memfd", MAP_PRIVATE, THEN(RX),
	NO_CODE(MMAP_FILE));
MAP(jit_file_denied, "memory-jit", "other/file", MAP_PRIVATE, THEN(RX),
	NO_CODE(MMAP_FILE));

static struct attempt attempt_of(const FIXTURE_VARIANT(memory) *variant)
{
	if (variant->act)
		return (struct attempt) { NULL, variant->act, variant->path };
	return (struct attempt) { NULL, map, &variant->mapping };
}

FIXTURE_SETUP(memory)
{
	work_make();
	make_dir("map");
	make_dir("other");
	copy_helper("helper_true", "map/file");
	copy_helper("helper_true", "other/file");
	guard_load(CODE_POLICY);
	guard_load(WRITTEN_POLICY);
	guard_load(JIT_POLICY);
}

FIXTURE_TEARDOWN(memory)
{
	work_remove();
}

TEST_F(memory, works_unguarded)
{
	const struct attempt attempt = attempt_of(variant);

	expect_control(_metadata, &attempt);
}

TEST_F(memory, is_judged)
{
	const struct attempt attempt = attempt_of(variant);
	struct outcome outcome;

	run_guarded(variant->policy, &attempt, &outcome);
	if (variant->expected.err)
		expect_refused(_metadata, &outcome, &variant->expected);
	else
		expect_allowed(_metadata, &outcome);
}

TEST(refusal_is_an_event)
{
	const struct mapping mapping = {
		.flags = MAP_PRIVATE,
		.prot = { RWX },
	};
	const struct attempt attempt = { .act = map, .arg = &mapping };
	const struct expected expected = { NO_WRITTEN(MMAP_FILE), .line = 2 };
	struct outcome outcome;
	struct events events;

	guard_load(WRITTEN_POLICY);
	events_start(&events);
	run_guarded("memory-written", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	expect_event(_metadata, &events, &outcome, &expected, "[anonymous]");
	events_stop(&events);
}

/* Where memory is opened as a file, its rule is counted as elsewhere. */
TEST(total_names_the_rule)
{
	const struct attempt attempt = { NULL, open_own_memory,
					 "/proc/self/mem" };
	const struct expected expected = { NO_WRITTEN(FILE_OPEN), .line = 2 };
	struct outcome outcome, totals;

	guard_load("policy: memory-total\n"
		   "memory: { write-exec: deny }\n");
	run_guarded("memory-total", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	totals_read("memory-total", &totals);
	ASSERT_EQ(1, totals.nr);
	expect_row(_metadata, &totals.refusals[0], &expected);
}

TEST_HARNESS_MAIN
