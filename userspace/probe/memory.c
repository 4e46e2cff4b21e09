// SPDX-License-Identifier: MIT
/*
 * Turning data into code.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/shm.h>
#include <sys/syscall.h>

#include "technique.h"

static int mapped(void *map)
{
	return map == MAP_FAILED ? errno : 0;
}

static int map_anonymous(int prot)
{
	return mapped(mmap(NULL, FNG_PROBE_PAGE, prot,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static int map_held(const struct fng_case *c, int prot, int flags)
{
	return mapped(mmap(NULL, FNG_PROBE_PAGE, prot, flags, c->fd, 0));
}

static int hold_library(struct fng_case *c)
{
	int err = fng_probe_make_program("library", 0755);

	c->fd = open("library", O_RDWR | O_CLOEXEC);
	return err ?: c->fd < 0 ? errno : 0;
}

/* A private page of a library, overwritten. */
static int overwrite_library(struct fng_case *c)
{
	int err = hold_library(c);

	if (err)
		return err;
	c->page = mmap(NULL, FNG_PROBE_PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE, c->fd, 0);
	if (c->page == MAP_FAILED)
		return errno;
	memset(c->page, 0xc3, FNG_PROBE_PAGE);
	return 0;
}

static int write_page(struct fng_case *c)
{
	memset(c->page, 0xc3, FNG_PROBE_PAGE);
	return 0;
}

static int protect_page(struct fng_case *c)
{
	return fng_act_call(mprotect(c->page, FNG_PROBE_PAGE, PROT_READ));
}

static int imply_execution(struct fng_case *c)
{
	(void)c;
	return fng_act_call(personality(READ_IMPLIES_EXEC));
}

/* It goes when its last user is gone. */
static int share_memory(struct fng_case *c)
{
	c->fd = shmget(IPC_PRIVATE, FNG_PROBE_PAGE, IPC_CREAT | 0700);
	if (c->fd < 0)
		return errno;
	c->page = shmat(c->fd, NULL, 0);
	shmctl(c->fd, IPC_RMID, NULL);
	return mapped(c->page);
}

static int map_writable(struct fng_case *c)
{
	(void)c;
	return map_anonymous(PROT_READ | PROT_WRITE | PROT_EXEC);
}

static int map_implied(struct fng_case *c)
{
	(void)c;
	return map_anonymous(PROT_READ | PROT_WRITE);
}

static int grow_heap(struct fng_case *c)
{
	(void)c;
	return (long)sbrk(16 * FNG_PROBE_PAGE) == -1 ? errno : 0;
}

static int make_executable(struct fng_case *c)
{
	return fng_act_call(
		mprotect(c->page, FNG_PROBE_PAGE, PROT_READ | PROT_EXEC));
}

static int make_executable_often(struct fng_case *c)
{
	int err = 0;

	for (int i = 0; i < 8; i++)
		err = make_executable(c);
	return err;
}

static int make_executable_by_key(struct fng_case *c)
{
	return fng_act_call(syscall(SYS_pkey_mprotect, c->page, FNG_PROBE_PAGE,
				    PROT_READ | PROT_EXEC, -1));
}

static int map_code(struct fng_case *c)
{
	return map_held(c, PROT_READ | PROT_EXEC, MAP_PRIVATE);
}

static int map_shared_code(struct fng_case *c)
{
	return map_held(c, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_SHARED);
}

static int attach_executable(struct fng_case *c)
{
	return mapped(shmat(c->fd, NULL, SHM_EXEC));
}

static int write_own_memory(struct fng_case *c)
{
	int fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC), err = 0;

	if (fd < 0)
		return errno;
	if (pwrite(fd, "\xc3", 1, (off_t)c->page) != 1)
		err = errno;
	close(fd);
	return err;
}

const struct fng_technique fng_techniques_memory[] = {
	{ "library", FNG_THREAT_CODE, "T1129",
	  "map a library that was just written", hold_library, map_code, NULL,
	  &fng_remedy_exec },
	{ "memfd-library", FNG_THREAT_CODE, "T1620",
	  "map a library that is only in memory", fng_probe_hold_memfd,
	  map_code, NULL,
	  &fng_remedy_fileless },
	{ "writable-code", FNG_THREAT_CODE, "T1055",
	  "map memory that is writable and executable", NULL, map_writable,
	  NULL, &fng_remedy_write_exec },
	{ "writable-library", FNG_THREAT_CODE, "T1055",
	  "map a file to be written and executed", hold_library,
	  map_shared_code, NULL, &fng_remedy_write_exec },
	{ "written-page", FNG_THREAT_CODE, "T1055",
	  "make a page executable that was written (mprotect)", write_page,
	  make_executable, NULL, &fng_remedy_write_exec },
	{ "written-page-again", FNG_THREAT_CODE, "T1055",
	  "try to make a page executable that was written, again and again",
	  write_page, make_executable_often, NULL, &fng_remedy_write_exec },
	{ "written-page-by-key", FNG_THREAT_CODE, "T1055",
	  "make a page executable that was written (pkey_mprotect)", write_page,
	  make_executable_by_key, NULL, &fng_remedy_write_exec },
	{ "overwritten-library", FNG_THREAT_CODE, "T1055",
	  "make a library's page executable that was overwritten",
	  overwrite_library, make_executable, NULL, &fng_remedy_write_exec },
	{ "implied-execution", FNG_THREAT_CODE, "T1055",
	  "map memory where reading implies executing", imply_execution,
	  map_implied, NULL, &fng_remedy_write_exec },
	{ "executable-heap", FNG_THREAT_CODE, "T1055",
	  "grow the heap where reading implies executing", imply_execution,
	  grow_heap, NULL, &fng_remedy_write_exec },
	{ "shared-memory", FNG_THREAT_CODE, "T1055",
	  "attach System V shared memory to be executed", share_memory,
	  attach_executable, NULL, &fng_remedy_write_exec },
	{ "own-memory", FNG_THREAT_CODE, "T1055.009",
	  "write to a page that is read-only through /proc/self/mem",
	  protect_page, write_own_memory, NULL, &fng_remedy_write_exec },
	{ 0 },
};
