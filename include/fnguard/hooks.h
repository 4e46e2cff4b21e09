/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The hooks, by number and name: the kernel's tables, the events and the
 * counters all index by these. New hooks go to the end of their group's free
 * numbers; a number is never used again.
 */
#ifndef FNGUARD_HOOKS_H
#define FNGUARD_HOOKS_H

#define FNG_HOOKS(X) \
	X(BPRM_CHECK,		 0, "bprm_check")		\
	X(MMAP_FILE,		 1, "mmap_file")		\
	X(FILE_MPROTECT,	 2, "file_mprotect")		\
	X(FILE_OPEN,		 3, "file_open")		\
	X(PATH_TRUNCATE,	 4, "path_truncate")		\
	X(FILE_TRUNCATE,	 5, "file_truncate")		\
	X(PATH_UNLINK,		 6, "path_unlink")		\
	X(PATH_RMDIR,		 7, "path_rmdir")		\
	X(PATH_MKDIR,		 8, "path_mkdir")		\
	X(PATH_MKNOD,		 9, "path_mknod")		\
	X(PATH_SYMLINK,		10, "path_symlink")		\
	X(PATH_LINK,		11, "path_link")		\
	X(PATH_RENAME,		12, "path_rename")		\
	X(PATH_CHMOD,		13, "path_chmod")		\
	X(PATH_CHOWN,		14, "path_chown")		\
	X(FILE_RECEIVE,		15, "file_receive")		\
	X(SOCKET_CREATE,	16, "socket_create")		\
	X(SOCKET_CONNECT,	17, "socket_connect")		\
	X(SOCKET_SENDMSG,	18, "socket_sendmsg")		\
	X(LOCAL_OUT,		19, "local_out")		\
	X(CAPABLE,		20, "capable")			\
	X(CREATE_USER_NS,	21, "create_user_ns")		\
	X(SB_MOUNT,		22, "sb_mount")			\
	X(MOVE_MOUNT,		23, "move_mount")		\
	X(SB_PIVOTROOT,		24, "sb_pivotroot")		\
	X(PATH_CHROOT,		25, "path_chroot")		\
	X(KERNEL_LOAD_DATA,	26, "kernel_load_data")		\
	X(KERNEL_READ_FILE,	27, "kernel_read_file")		\
	X(BPF,			28, "bpf")			\
	X(INIT_SECURITY_ANON,	29, "inode_init_security_anon")	\
	X(CGROUP_CAN_FORK,	30, "cgroup_can_fork")		\
	X(CGROUP_ATTACH_TASK,	31, "cgroup_attach_task")	\
	X(CONTROL,		32, "control")			\
	X(PTRACE_ACCESS_CHECK,	33, "ptrace_access_check")	\
	X(TRACEME,		34, "ptrace_traceme")		\
	X(TASK_FIX_SETUID,	35, "task_fix_setuid")		\
	X(TASK_FIX_SETGID,	36, "task_fix_setgid")		\
	X(TASK_FIX_SETGROUPS,	37, "task_fix_setgroups")	\
	X(BPRM_CREDS_FROM_FILE,	38, "bprm_creds_from_file")	\
	X(PERF_EVENT_OPEN,	39, "perf_event_open")		\
	X(KEY_ALLOC,		40, "key_alloc")		\
	X(KEY_PERMISSION,	41, "key_permission")		\
	X(SETTIME64,		42, "settime64")		\
	X(SOCKET_BIND,		43, "socket_bind")		\
	X(SOCKET_LISTEN,	44, "socket_listen")		\
	X(UNIX_STREAM_CONNECT,	45, "unix_stream_connect")	\
	X(UNIX_MAY_SEND,	46, "unix_may_send")		\
	X(NETDEV_INGRESS,	47, "netdev_ingress")		\
	X(NETDEV_EGRESS,	48, "netdev_egress")		\
	X(SOCKET_ACCEPT,	49, "socket_accept")

enum fng_hook {
#define FNG_HOOK_ENUM(id, nr, name) FNG_HOOK_##id = (nr),
	FNG_HOOKS(FNG_HOOK_ENUM)
#undef FNG_HOOK_ENUM
	FNG_NR_HOOKS
};

/*
 * Is it a hook of bound devices? They judge whatever passes there, so that there
 * is no task that could prove them, and they exist where a device is bound.
 */
#define FNG_HOOK_IS_NETDEV(hook) \
	((hook) == FNG_HOOK_NETDEV_INGRESS || (hook) == FNG_HOOK_NETDEV_EGRESS)

#endif /* FNGUARD_HOOKS_H */
