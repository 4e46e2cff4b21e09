// SPDX-License-Identifier: MIT
/*
 * The words of the language.
 */
#include <arpa/inet.h>
#include <linux/capability.h>
#include <stdlib.h>

#include "model.h"

const char *const ref_class_names[REF_NR_CLASSES] = {
	[REF_EXEC] = "exec", [REF_MEMORY] = "memory", [REF_FILES] = "files",
	[REF_EGRESS] = "egress", [REF_SOCKETS] = "sockets",
	[REF_PRIVILEGES] = "privileges", [REF_LISTEN] = "listen",
	[REF_UNIX] = "unix", [REF_LIMITS] = "limits", [REF_FLOOR] = "floor",
};

const char *const ref_bit_names[REF_NR_BITS] = {
	"read", "write", "create", "delete", "attr", "link", "exec", "map",
	"unix",
};

const char *const ref_proto_names[REF_NR_PROTOS] = {
	[REF_TCP] = "tcp", [REF_UDP] = "udp", [REF_ICMP] = "icmp",
	[REF_SCTP] = "sctp", [REF_OTHER] = "other",
};

const struct ref_word ref_errnos[] = {
	{ "EPERM", EPERM }, { "ENOENT", ENOENT }, { "EIO", EIO },
	{ "EAGAIN", EAGAIN }, { "EACCES", EACCES }, { "EROFS", EROFS },
	{ "ENOSYS", ENOSYS }, { "EAFNOSUPPORT", EAFNOSUPPORT },
	{ "ENETUNREACH", ENETUNREACH }, { "ETIMEDOUT", ETIMEDOUT },
	{ "ECONNREFUSED", ECONNREFUSED }, { "EHOSTUNREACH", EHOSTUNREACH },
	{ NULL, 0 },
};

const struct ref_word ref_families[] = {
	{ "unix", AF_UNIX }, { "inet", AF_INET }, { "inet6", AF_INET6 },
	{ "netlink", AF_NETLINK }, { "packet", AF_PACKET },
	{ "vsock", AF_VSOCK }, { "mctp", AF_MCTP }, { "ax25", AF_AX25 },
	{ NULL, 0 },
};

const struct ref_word ref_types[] = {
	{ "stream", SOCK_STREAM }, { "dgram", SOCK_DGRAM },
	{ "raw", SOCK_RAW }, { "rdm", SOCK_RDM },
	{ "seqpacket", SOCK_SEQPACKET }, { "dccp", SOCK_DCCP },
	{ "packet", SOCK_PACKET }, { NULL, 0 },
};

const struct ref_word ref_capabilities[] = {
	{ "chown", CAP_CHOWN }, { "dac_override", CAP_DAC_OVERRIDE },
	{ "dac_read_search", CAP_DAC_READ_SEARCH }, { "fowner", CAP_FOWNER },
	{ "fsetid", CAP_FSETID }, { "kill", CAP_KILL },
	{ "setgid", CAP_SETGID }, { "setuid", CAP_SETUID },
	{ "setpcap", CAP_SETPCAP }, { "linux_immutable", CAP_LINUX_IMMUTABLE },
	{ "net_bind_service", CAP_NET_BIND_SERVICE },
	{ "net_broadcast", CAP_NET_BROADCAST }, { "net_admin", CAP_NET_ADMIN },
	{ "net_raw", CAP_NET_RAW }, { "ipc_lock", CAP_IPC_LOCK },
	{ "ipc_owner", CAP_IPC_OWNER }, { "sys_module", CAP_SYS_MODULE },
	{ "sys_rawio", CAP_SYS_RAWIO }, { "sys_chroot", CAP_SYS_CHROOT },
	{ "sys_ptrace", CAP_SYS_PTRACE }, { "sys_pacct", CAP_SYS_PACCT },
	{ "sys_admin", CAP_SYS_ADMIN }, { "sys_boot", CAP_SYS_BOOT },
	{ "sys_nice", CAP_SYS_NICE }, { "sys_resource", CAP_SYS_RESOURCE },
	{ "sys_time", CAP_SYS_TIME }, { "sys_tty_config", CAP_SYS_TTY_CONFIG },
	{ "mknod", CAP_MKNOD }, { "lease", CAP_LEASE },
	{ "audit_write", CAP_AUDIT_WRITE },
	{ "audit_control", CAP_AUDIT_CONTROL }, { "setfcap", CAP_SETFCAP },
	{ "mac_override", CAP_MAC_OVERRIDE }, { "mac_admin", CAP_MAC_ADMIN },
	{ "syslog", CAP_SYSLOG }, { "wake_alarm", CAP_WAKE_ALARM },
	{ "block_suspend", CAP_BLOCK_SUSPEND },
	{ "audit_read", CAP_AUDIT_READ }, { "perfmon", CAP_PERFMON },
	{ "bpf", CAP_BPF }, { "checkpoint_restore", CAP_CHECKPOINT_RESTORE },
	{ NULL, 0 },
};

const struct ref_word ref_grants[] = {
	{ "setuid", REF_PRIVILEGES }, { "ptrace", REF_PRIVILEGES },
	{ "perf", REF_PRIVILEGES }, { "keyring", REF_PRIVILEGES },
	{ "userfaultfd", REF_PRIVILEGES }, { "raw-socket", REF_PRIVILEGES },
	{ "time", REF_PRIVILEGES },
	{ "module", REF_FLOOR }, { "reboot", REF_FLOOR },
	{ "bpf", REF_FLOOR }, { "kmem", REF_FLOOR },
	{ "tracing", REF_FLOOR }, { "io_uring", REF_FLOOR },
	{ "mount", REF_FLOOR }, { "chroot", REF_FLOOR },
	{ "userns", REF_FLOOR }, { "socket", REF_FLOOR },
	{ "helper", REF_FLOOR }, { "ptrace-outside", REF_FLOOR },
	{ NULL, 0 },
};

static const char *const loopback[] = { "127.0.0.0/8", "::1", NULL };
static const char *const private[] = {
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
	"fc00::/7", NULL
};
static const char *const metadata[] = {
	"169.254.169.254", "169.254.170.2", "169.254.170.23", "168.63.129.16",
	"100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd00:ec2::23",
	"fd20:ce::254", NULL
};
static const char *const any[] = { "0.0.0.0/0", "::/0", NULL };

const struct ref_set ref_sets[] = {
	{ "@loopback", loopback }, { "@private", private },
	{ "@metadata", metadata }, { "@any", any },
};

bool ref_section_present(const struct ref_section *section)
{
	for (u32 file = 0; file < REF_MAX_FILES; file++) {
		if (section->present[file])
			return true;
	}
	return false;
}

u32 ref_nr_words(const struct ref_word *words)
{
	u32 nr = 0;

	while (words[nr].name)
		nr++;
	return nr;
}

u32 ref_nr_sets(void)
{
	return sizeof(ref_sets) / sizeof(*ref_sets);
}

bool ref_is_v4(const u8 addr[16])
{
	static const u8 mapped[12] = { [10] = 0xff, [11] = 0xff };

	return !memcmp(addr, mapped, sizeof(mapped));
}

struct ref_network ref_network_read(const char *text)
{
	struct ref_network network = { .prefix = 128 };
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	char address[64] = "::ffff:";
	bool v4 = !strchr(text, ':');

	memcpy(address + (v4 ? 7 : 0), text, len);
	address[(v4 ? 7 : 0) + len] = '\0';
	if (inet_pton(AF_INET6, address, network.addr) != 1)
		abort();
	if (slash)
		network.prefix = (u8)(atoi(slash + 1) + (v4 ? 96 : 0));
	return network;
}
