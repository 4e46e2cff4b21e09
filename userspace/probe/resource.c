// SPDX-License-Identifier: MIT
/*
 * Using up what belongs to all. How often something may be done is not limited
 * yet; here is what only the privileged may do without a limit.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <linux/ioprio.h>
#include <linux/keyctl.h>
#include <sys/fanotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/swap.h>
#include <sys/syscall.h>

#include "technique.h"

#define NR_KEYS 16

static int lower_limit(struct fng_case *c)
{
	const struct rlimit limit = { 64, 64 };

	(void)c;
	return fng_act_call(setrlimit(RLIMIT_NOFILE, &limit));
}

static int forbid_locking(struct fng_case *c)
{
	const struct rlimit limit = { 0, 0 };

	(void)c;
	return fng_act_call(setrlimit(RLIMIT_MEMLOCK, &limit));
}

static int hold_pipe(struct fng_case *c)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return errno;
	c->fd = ends[1];
	return 0;
}

static int hold_socket(struct fng_case *c)
{
	c->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return c->fd < 0 ? errno : 0;
}

static int raise_limit(struct fng_case *c)
{
	const struct rlimit limit = { 128, 128 };

	(void)c;
	return fng_act_call(setrlimit(RLIMIT_NOFILE, &limit));
}

static int lock_memory(struct fng_case *c)
{
	return fng_act_call(mlock(c->page, FNG_PROBE_PAGE));
}

/* More than users may have, 1 MiB unless somebody has changed that. */
static int grow_pipe(struct fng_case *c)
{
	return fng_act_call(fcntl(c->fd, F_SETPIPE_SZ, 2 << 20));
}

static int force_buffer(struct fng_case *c)
{
	const int size = 1 << 20;

	return fng_act_call(setsockopt(c->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size,
				       sizeof(size)));
}

static int be_realtime(struct fng_case *c)
{
	const struct sched_param parameters = { .sched_priority = 1 };

	(void)c;
	return fng_act_call(sched_setscheduler(0, SCHED_FIFO, &parameters));
}

static int be_first_at_disk(struct fng_case *c)
{
	(void)c;
	return fng_act_call(syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
				    IOPRIO_PRIO_VALUE(IOPRIO_CLASS_RT, 7)));
}

/* They go with the process. */
static int fill_keyring(struct fng_case *c)
{
	char name[32];
	int i;

	(void)c;
	for (i = 0; i < NR_KEYS; i++) {
		snprintf(name, sizeof(name), "fnguard-probe-%d", i);
		if (syscall(SYS_add_key, "user", name, "x", 1,
			    KEY_SPEC_PROCESS_KEYRING) < 0)
			return errno;
	}
	return 0;
}

static int hold_key(struct fng_case *c)
{
	return fill_keyring(c);
}

static int find_key(struct fng_case *c)
{
	(void)c;
	return fng_act_call(syscall(SYS_request_key, "user", "fnguard-probe-0",
				    NULL, KEY_SPEC_PROCESS_KEYRING));
}

static char limit[PATH_MAX];

/* By name: what the descriptor is of, this mount namespace does not have. */
static int name_limit(struct fng_case *c)
{
	char path[40], name[PATH_MAX / 2];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", c->outside);
	n = readlink(path, name, sizeof(name) - 1);
	if (n < 0)
		return errno;
	name[n] = '\0';
	snprintf(limit, sizeof(limit), "%s/cgroup.max.descendants", name);
	return 0;
}

static int lift_limit(struct fng_case *c)
{
	(void)c;
	return fng_act_fd(open(limit, O_WRONLY | O_CLOEXEC));
}

FNG_ACT(open_ring, fng_act_io_uring())
FNG_ACT(handle_faults, fng_act_userfaultfd())
FNG_ACT(be_nice, fng_act_call(setpriority(PRIO_PROCESS, 0, -1)))
FNG_ACT(make_keyring, fng_act_make_keyring(NULL))
FNG_ACT(use_swap,
	fng_probe_reached(fng_act_call(swapon("not-there", 0)), ENOENT))
FNG_ACT(end_swap, fng_probe_reached(fng_act_call(swapoff("not-there")), ENOENT))
FNG_ACT(watch_files, fng_act_fd(fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC |
						      FAN_UNLIMITED_QUEUE,
					      O_RDONLY)))

const struct fng_technique fng_techniques_resource[] = {
	{ "io-uring", FNG_THREAT_RESOURCE, NULL,
	  "make an io_uring, whose work no one sees", NULL, open_ring, NULL,
	  &fng_remedy_privileges },
	{ "userfaultfd", FNG_THREAT_RESOURCE, "T1068",
	  "stall the kernel by page faults (userfaultfd)", NULL, handle_faults,
	  NULL, &fng_remedy_privileges },
	{ "keyring-fill", FNG_THREAT_RESOURCE, "T1499.001",
	  "fill a keyring (add_key)", NULL, fill_keyring, NULL,
	  &fng_remedy_privileges },
	{ "keyring-make", FNG_THREAT_RESOURCE, "T1499.001",
	  "make a keyring (keyctl)", NULL, make_keyring, NULL,
	  &fng_remedy_privileges },
	{ "keyring-search", FNG_THREAT_LEAK, "T1555",
	  "search a keyring (request_key)", hold_key, find_key, NULL,
	  &fng_remedy_privileges },
	{ "priority", FNG_THREAT_RESOURCE, "T1496",
	  "take processor time from others (nice)", NULL, be_nice, NULL,
	  &fng_remedy_capabilities },
	{ "realtime", FNG_THREAT_RESOURCE, "T1496",
	  "run before all others (SCHED_FIFO)", NULL, be_realtime, NULL,
	  &fng_remedy_capabilities },
	{ "disk-priority", FNG_THREAT_RESOURCE, "T1496",
	  "read and write before all others (ioprio_set)", NULL,
	  be_first_at_disk, NULL, &fng_remedy_capabilities },
	{ "rlimit", FNG_THREAT_RESOURCE, "T1499.001",
	  "raise a limit that was lowered (setrlimit)", lower_limit,
	  raise_limit, NULL, &fng_remedy_capabilities },
	{ "memory-lock", FNG_THREAT_RESOURCE, "T1499.001",
	  "lock more memory than allowed (mlock)", forbid_locking, lock_memory,
	  NULL, &fng_remedy_capabilities },
	{ "pipe-size", FNG_THREAT_RESOURCE, "T1499.001",
	  "make a pipe larger than allowed (F_SETPIPE_SZ)", hold_pipe,
	  grow_pipe, NULL, &fng_remedy_capabilities },
	{ "socket-buffer", FNG_THREAT_RESOURCE, "T1499.001",
	  "take a larger buffer than allowed (SO_RCVBUFFORCE)", hold_socket,
	  force_buffer, NULL, &fng_remedy_capabilities },
	{ "swapon", FNG_THREAT_RESOURCE, "T1499.001", "add a file to swap to",
	  NULL, use_swap, NULL, &fng_remedy_capabilities },
	{ "swapoff", FNG_THREAT_RESOURCE, "T1499.001", "take swap space away",
	  NULL, end_swap, NULL, &fng_remedy_capabilities },
	{ "fanotify", FNG_THREAT_RESOURCE, NULL,
	  "hold up who opens files, in a queue without end (fanotify)", NULL,
	  watch_files, NULL, &fng_remedy_capabilities },
	{ "drop-caches", FNG_THREAT_RESOURCE, "T1499.001", "open drop_caches",
	  NULL, fng_probe_open_write, "/proc/sys/vm/drop_caches",
	  FNG_REMEDY("files", "- { path: \"/proc/sys/**\", deny: [write] }") },
	{ "cgroup-limit", FNG_THREAT_RESOURCE, "T1499.001",
	  "open the limit of a cgroup to be lifted", name_limit, lift_limit,
	  NULL,
	  FNG_REMEDY("files",
		     "- { path: \"/sys/fs/cgroup/**\", deny: [write] }") },
	{ 0 },
};
