// SPDX-License-Identifier: MIT
/*
 * Reaching into processes outside of the cgroup.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <linux/kcmp.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "technique.h"

/* The victim has it at the same address. */
static long word = 1;

static int hold_victim(struct fng_case *c)
{
	c->fd = syscall(SYS_pidfd_open, c->victim, 0);
	return c->fd < 0 ? errno : 0;
}

static int attach(struct fng_case *c)
{
	if (ptrace(PTRACE_ATTACH, c->victim, NULL, NULL))
		return errno;
	waitpid(c->victim, NULL, __WALL);
	return fng_act_call(ptrace(PTRACE_DETACH, c->victim, NULL, NULL));
}

static int seize(struct fng_case *c)
{
	return fng_act_call(ptrace(PTRACE_SEIZE, c->victim, NULL, NULL));
}

/* Its parent is outside. */
static int be_traced(struct fng_case *c)
{
	return fng_act_be_traced(c);
}

static int move_memory(const struct fng_case *c, int call)
{
	long copy = word;
	struct iovec here = { &copy, sizeof(copy) };
	struct iovec there = { &word, sizeof(word) };

	return fng_act_call(
		syscall(call, c->victim, &here, 1L, &there, 1L, 0L));
}

static int read_memory(struct fng_case *c)
{
	return move_memory(c, SYS_process_vm_readv);
}

static int write_memory(struct fng_case *c)
{
	return move_memory(c, SYS_process_vm_writev);
}

static int open_of_victim(const struct fng_case *c, int flags)
{
	const char *name = c->technique->arg;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", c->victim, name);
	return fng_act_fd(open(path, flags | O_CLOEXEC));
}

static int read_of_victim(struct fng_case *c)
{
	return open_of_victim(c, O_RDONLY);
}

static int write_of_victim(struct fng_case *c)
{
	return open_of_victim(c, O_RDWR);
}

static int take_descriptor(struct fng_case *c)
{
	return fng_act_fd(syscall(SYS_pidfd_getfd, c->fd, c->outside, 0));
}

static int compare(struct fng_case *c)
{
	return fng_act_call(syscall(SYS_kcmp, getpid(), c->victim, KCMP_FILE,
				    c->outside, c->outside));
}

static int ask_for_locks(struct fng_case *c)
{
	void *list;
	size_t size;

	return fng_act_call(
		syscall(SYS_get_robust_list, c->victim, &list, &size));
}

const struct fng_technique fng_techniques_trace[] = {
	{ "ptrace-attach", FNG_THREAT_CODE, "T1055.008",
	  "trace a process outside (PTRACE_ATTACH)", NULL, attach, NULL,
	  &fng_remedy_privileges },
	{ "ptrace-seize", FNG_THREAT_CODE, "T1055.008",
	  "trace a process outside (PTRACE_SEIZE)", NULL, seize, NULL,
	  &fng_remedy_privileges },
	{ "ptrace-traceme", FNG_THREAT_CODE, "T1055.008",
	  "be traced by a process outside", NULL, be_traced, NULL,
	  &fng_remedy_privileges },
	{ "outside-memory-write", FNG_THREAT_CODE, "T1055",
	  "write the memory of a process outside (process_vm_writev)", NULL,
	  write_memory, NULL, &fng_remedy_privileges },
	{ "outside-memory-file", FNG_THREAT_CODE, "T1055.009",
	  "open /proc/PID/mem of a process outside", NULL, write_of_victim,
	  "mem", &fng_remedy_privileges },
	{ "outside-memory-read", FNG_THREAT_LEAK, "T1003",
	  "read the memory of a process outside (process_vm_readv)", NULL,
	  read_memory, NULL, &fng_remedy_privileges },
	{ "outside-environment", FNG_THREAT_LEAK, "T1003.007",
	  "read the environment of a process outside", NULL, read_of_victim,
	  "environ", &fng_remedy_privileges },
	{ "outside-maps", FNG_THREAT_LEAK, "T1003.007",
	  "read the memory map of a process outside", NULL, read_of_victim,
	  "maps", &fng_remedy_privileges },
	{ "outside-root", FNG_THREAT_PRIVILEGE, "T1611",
	  "enter the root directory of a process outside", NULL, read_of_victim,
	  "root", &fng_remedy_privileges },
	{ "init-environment", FNG_THREAT_LEAK, "T1003.007",
	  "read the environment of init", NULL, fng_probe_open_read,
	  "/proc/1/environ", &fng_remedy_privileges },
	{ "outside-descriptor", FNG_THREAT_LEAK, NULL,
	  "take a descriptor from a process outside (pidfd_getfd)", hold_victim,
	  take_descriptor, NULL, &fng_remedy_privileges },
	{ "outside-compare", FNG_THREAT_LEAK, "T1057",
	  "compare descriptors with a process outside (kcmp)", NULL, compare,
	  NULL, &fng_remedy_privileges },
	{ "outside-locks", FNG_THREAT_LEAK, "T1057",
	  "ask where a process outside has its locks (get_robust_list)", NULL,
	  ask_for_locks, NULL, &fng_remedy_privileges },
	{ 0 },
};
