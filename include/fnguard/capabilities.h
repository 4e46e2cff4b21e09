/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Capabilities: CAP_X of the kernel, and the word for it in a policy, in the order
 * of their numbers, which never change.
 */
#ifndef FNGUARD_CAPABILITIES_H
#define FNGUARD_CAPABILITIES_H

#define FNG_CAPABILITIES(X) \
	X(CHOWN, "chown") X(DAC_OVERRIDE, "dac_override") \
	X(DAC_READ_SEARCH, "dac_read_search") X(FOWNER, "fowner") \
	X(FSETID, "fsetid") X(KILL, "kill") X(SETGID, "setgid") \
	X(SETUID, "setuid") X(SETPCAP, "setpcap") \
	X(LINUX_IMMUTABLE, "linux_immutable") \
	X(NET_BIND_SERVICE, "net_bind_service") \
	X(NET_BROADCAST, "net_broadcast") X(NET_ADMIN, "net_admin") \
	X(NET_RAW, "net_raw") X(IPC_LOCK, "ipc_lock") \
	X(IPC_OWNER, "ipc_owner") X(SYS_MODULE, "sys_module") \
	X(SYS_RAWIO, "sys_rawio") X(SYS_CHROOT, "sys_chroot") \
	X(SYS_PTRACE, "sys_ptrace") X(SYS_PACCT, "sys_pacct") \
	X(SYS_ADMIN, "sys_admin") X(SYS_BOOT, "sys_boot") \
	X(SYS_NICE, "sys_nice") X(SYS_RESOURCE, "sys_resource") \
	X(SYS_TIME, "sys_time") X(SYS_TTY_CONFIG, "sys_tty_config") \
	X(MKNOD, "mknod") X(LEASE, "lease") X(AUDIT_WRITE, "audit_write") \
	X(AUDIT_CONTROL, "audit_control") X(SETFCAP, "setfcap") \
	X(MAC_OVERRIDE, "mac_override") X(MAC_ADMIN, "mac_admin") \
	X(SYSLOG, "syslog") X(WAKE_ALARM, "wake_alarm") \
	X(BLOCK_SUSPEND, "block_suspend") X(AUDIT_READ, "audit_read") \
	X(PERFMON, "perfmon") X(BPF, "bpf") \
	X(CHECKPOINT_RESTORE, "checkpoint_restore")

enum fng_capability {
#define FNG_CAPABILITY_ENUM(id, word) FNG_CAP_##id,
	FNG_CAPABILITIES(FNG_CAPABILITY_ENUM)
#undef FNG_CAPABILITY_ENUM
	FNG_NR_CAPABILITIES
};

#endif /* FNGUARD_CAPABILITIES_H */
