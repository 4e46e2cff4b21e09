// SPDX-License-Identifier: MIT
/*
 * The words of the language and the numbers that they stand for.
 */
#include <linux/capability.h>
#include <sys/socket.h>

#include <compiler/schema.h>
#include <fnguard/capabilities.h>

const char *const fngc_effect_words[] = { "deny", "allow", NULL };
const char *const fngc_mode_words[] = { "enforce", "audit", "learn", NULL };
const char *const fngc_access_words[] = { "read", "write", "create", "delete",
					  "attr", "link", "all", NULL };

const char *const fngc_errno_words[] = {
#define WORD(name) #name,
	FNG_ERRNOS(WORD)
#undef WORD
	NULL
};

const u32 fngc_errno_values[] = {
#define VALUE(name) name,
	FNG_ERRNOS(VALUE)
#undef VALUE
};

/* Words, and the numbers in the same order, of a list of both. */
#define LISTED_WORD(name, value)	name,
#define LISTED_VALUE(name, value)	value,
#define TABLES(what, list) \
	const char *const fngc_##what##_words[] = { list(LISTED_WORD) NULL }; \
	const u32 fngc_##what##_values[] = { list(LISTED_VALUE) };

#define FAMILIES(X) \
	X("unix", AF_UNIX) X("inet", AF_INET) X("ax25", AF_AX25) \
	X("ipx", AF_IPX) X("appletalk", AF_APPLETALK) X("netrom", AF_NETROM) \
	X("x25", AF_X25) X("inet6", AF_INET6) X("rose", AF_ROSE) \
	X("key", AF_KEY) X("netlink", AF_NETLINK) X("packet", AF_PACKET) \
	X("rds", AF_RDS) X("pppox", AF_PPPOX) X("llc", AF_LLC) \
	X("mpls", AF_MPLS) X("can", AF_CAN) X("tipc", AF_TIPC) \
	X("bluetooth", AF_BLUETOOTH) X("rxrpc", AF_RXRPC) \
	X("phonet", AF_PHONET) X("ieee802154", AF_IEEE802154) \
	X("alg", AF_ALG) X("nfc", AF_NFC) X("vsock", AF_VSOCK) \
	X("kcm", AF_KCM) X("qipcrtr", AF_QIPCRTR) X("smc", AF_SMC) \
	X("xdp", AF_XDP) X("mctp", AF_MCTP)

TABLES(family, FAMILIES)

#define TYPES(X) \
	X("stream", SOCK_STREAM) X("dgram", SOCK_DGRAM) X("raw", SOCK_RAW) \
	X("rdm", SOCK_RDM) X("seqpacket", SOCK_SEQPACKET) \
	X("dccp", SOCK_DCCP) X("packet", SOCK_PACKET)

TABLES(type, TYPES)

/* Not among them: leaving the cgroup, and talking to the guard. */
#define PRIVILEGES(X) \
	X("setuid", FNG_PRIVILEGE_SETUID) X("ptrace", FNG_PRIVILEGE_PTRACE) \
	X("perf", FNG_PRIVILEGE_PERF) X("keyring", FNG_PRIVILEGE_KEYRING) \
	X("userfaultfd", FNG_PRIVILEGE_USERFAULTFD) \
	X("raw-socket", FNG_PRIVILEGE_RAW_SOCKET) \
	X("time", FNG_PRIVILEGE_TIME) \
	X("module", FNGC_LIFT + FNG_FLOOR_MODULE) \
	X("reboot", FNGC_LIFT + FNG_FLOOR_REBOOT) \
	X("bpf", FNGC_LIFT + FNG_FLOOR_BPF) \
	X("kmem", FNGC_LIFT + FNG_FLOOR_KMEM) \
	X("tracing", FNGC_LIFT + FNG_FLOOR_TRACING) \
	X("io_uring", FNGC_LIFT + FNG_FLOOR_IO_URING) \
	X("mount", FNGC_LIFT + FNG_FLOOR_MOUNT) \
	X("chroot", FNGC_LIFT + FNG_FLOOR_CHROOT) \
	X("userns", FNGC_LIFT + FNG_FLOOR_USERNS) \
	X("socket", FNGC_LIFT + FNG_FLOOR_SOCKET) \
	X("helper", FNGC_LIFT + FNG_FLOOR_HELPER) \
	X("ptrace-outside", FNGC_LIFT + FNG_FLOOR_PTRACE_OUTSIDE)

TABLES(privilege, PRIVILEGES)

const char *const fngc_capability_words[] = {
#define WORD(id, name) name,
	FNG_CAPABILITIES(WORD)
#undef WORD
	NULL
};

const u32 fngc_capability_values[] = {
#define VALUE(id, name) CAP_##id,
	FNG_CAPABILITIES(VALUE)
#undef VALUE
};

const char *fngc_class_name(u32 class)
{
	static const char *const names[] = FNG_CLASS_NAMES;

	return class < FNG_NR_CLASSES ? names[class] : "unknown";
}

const char *fngc_mode_name(u32 mode)
{
	return mode < FNG_NR_MODES ? fngc_mode_words[mode] : "unknown";
}

const char *fngc_effect_name(u32 effect)
{
	return effect < FNG_NR_EFFECTS ? fngc_effect_words[effect] : "unknown";
}

const char *fngc_errno_name(u32 err)
{
	for (size_t i = 0; fngc_errno_words[i]; i++) {
		if (fngc_errno_values[i] == err)
			return fngc_errno_words[i];
	}
	return "unknown";
}

char *fngc_access_names(u32 access, char *buf)
{
	static const char *const names[] = FNG_ACCESS_NAMES;
	char *to = buf;

	*to = '\0';
	if ((access & FNG_ACCESS_FILES) == FNG_ACCESS_FILES) {
		to = stpcpy(to, "all");
		access &= ~FNG_ACCESS_FILES;
	}
	for (u32 bit = 0; bit < FNG_NR_ACCESS; bit++) {
		if (!(access >> bit & 1))
			continue;
		if (to != buf)
			*to++ = ',';
		to = stpcpy(to, names[bit]);
	}
	return buf;
}
