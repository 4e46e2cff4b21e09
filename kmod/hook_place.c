// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order in which hooks are counted.
 *
 * Files, sockets and ports meet at descriptors that are received. Many rules are on
 * files, destinations and ports, and few on the kinds of sockets.
 */
#include <linux/build_bug.h>

#include "hook_place.h"

#define PLACES(X)		\
	X(BPRM_CHECK)		\
	X(MMAP_FILE)		\
	X(FILE_MPROTECT)	\
	X(FILE_OPEN)		\
	X(PATH_TRUNCATE)	\
	X(FILE_TRUNCATE)	\
	X(PATH_UNLINK)		\
	X(PATH_RMDIR)		\
	X(PATH_MKDIR)		\
	X(PATH_MKNOD)		\
	X(PATH_SYMLINK)		\
	X(PATH_LINK)		\
	X(PATH_RENAME)		\
	X(PATH_CHMOD)		\
	X(PATH_CHOWN)		\
	X(FILE_RECEIVE)		\
	X(SOCKET_CONNECT)	\
	X(SOCKET_SENDMSG)	\
	X(LOCAL_OUT)		\
	X(NETDEV_INGRESS)	\
	X(NETDEV_EGRESS)	\
	X(SOCKET_BIND)		\
	X(SOCKET_LISTEN)	\
	X(SOCKET_ACCEPT)	\
	X(SOCKET_CREATE)	\
	X(CAPABLE)		\
	X(CREATE_USER_NS)	\
	X(SB_MOUNT)		\
	X(MOVE_MOUNT)		\
	X(SB_PIVOTROOT)		\
	X(PATH_CHROOT)		\
	X(KERNEL_LOAD_DATA)	\
	X(KERNEL_READ_FILE)	\
	X(BPF)			\
	X(INIT_SECURITY_ANON)	\
	X(CGROUP_CAN_FORK)	\
	X(CGROUP_ATTACH_TASK)	\
	X(CONTROL)		\
	X(PTRACE_ACCESS_CHECK)	\
	X(TRACEME)		\
	X(TASK_FIX_SETUID)	\
	X(TASK_FIX_SETGID)	\
	X(TASK_FIX_SETGROUPS)	\
	X(BPRM_CREDS_FROM_FILE)	\
	X(PERF_EVENT_OPEN)	\
	X(KEY_ALLOC)		\
	X(KEY_PERMISSION)	\
	X(SETTIME64)		\
	X(UNIX_STREAM_CONNECT)	\
	X(UNIX_MAY_SEND)

enum place {
#define PLACE_ENUM(id) PLACE_##id,
	PLACES(PLACE_ENUM)
#undef PLACE_ENUM
	NR_PLACES
};

static_assert((int)NR_PLACES == (int)FNG_NR_HOOKS, "a place for each hook");

static const u8 places[] = {
#define PLACE_OF(id) [FNG_HOOK_##id] = PLACE_##id,
	PLACES(PLACE_OF)
#undef PLACE_OF
};

static const u8 hooks[] = {
#define HOOK_AT(id) [PLACE_##id] = FNG_HOOK_##id,
	PLACES(HOOK_AT)
#undef HOOK_AT
};

/**
 * fng_hook_place() - where a hook is counted
 * @hook: enum fng_hook
 *
 * Return: its place, below FNG_NR_HOOKS.
 */
u8 fng_hook_place(u8 hook)
{
	return places[hook];
}

/**
 * fng_place_hook() - which hook is counted there
 * @place: below FNG_NR_HOOKS
 *
 * Return: enum fng_hook.
 */
u8 fng_place_hook(u8 place)
{
	return hooks[place];
}
