/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What a policy speaks about: classes of rules, kinds of access to a path,
 * protocols, and the fixed floor. Numbers here are part of the image format.
 */
#ifndef FNGUARD_ACCESS_H
#define FNGUARD_ACCESS_H

#include <fnguard/types.h>

/**
 * enum fng_class - section of the policy language that a rule belongs to
 * @FNG_CLASS_EXEC: exec, what code may run
 * @FNG_CLASS_MEMORY: memory, write-exec mappings
 * @FNG_CLASS_FILES: files
 * @FNG_CLASS_EGRESS: egress, addresses and ports
 * @FNG_CLASS_SOCKETS: sockets, families and types
 * @FNG_CLASS_PRIVILEGES: privileges, capabilities and what else makes a task
 *	more than its user
 * @FNG_CLASS_LISTEN: listen, ports on which it can be reached
 * @FNG_CLASS_UNIX: unix, sockets on this host that it may talk to
 * @FNG_CLASS_LIMITS: limits, how much of what is allowed
 * @FNG_CLASS_FLOOR: the fixed floor of every enforcing policy
 * @FNG_CLASS_SUBJECT: not a section: the guard itself refuses (too many
 *	policies, no memory for state, a name that cannot be decided)
 * @FNG_NR_CLASSES: number of classes
 */
enum fng_class {
	FNG_CLASS_EXEC,
	FNG_CLASS_MEMORY,
	FNG_CLASS_FILES,
	FNG_CLASS_EGRESS,
	FNG_CLASS_SOCKETS,
	FNG_CLASS_PRIVILEGES,
	FNG_CLASS_LISTEN,
	FNG_CLASS_UNIX,
	FNG_CLASS_LIMITS,
	FNG_CLASS_FLOOR,
	FNG_CLASS_SUBJECT,
	FNG_NR_CLASSES
};

#define FNG_CLASS_NAMES { "exec", "memory", "files", "egress", "sockets", \
			  "privileges", "listen", "unix", "limits", \
			  "floor", "subject" }

/*
 * Kinds of access to a name: the bits of every mask in the path automaton. The
 * last is what is asked about the names of Unix sockets, see FNG_PEER_HOST.
 */
#define FNG_ACCESS_READ		0x01u
#define FNG_ACCESS_WRITE	0x02u
#define FNG_ACCESS_CREATE	0x04u
#define FNG_ACCESS_DELETE	0x08u
#define FNG_ACCESS_ATTR		0x10u
#define FNG_ACCESS_LINK		0x20u
#define FNG_ACCESS_EXEC		0x40u
#define FNG_ACCESS_MAP		0x80u
#define FNG_ACCESS_UNIX		0x100u
#define FNG_NR_ACCESS		9

#define FNG_ACCESS_NAMES { "read", "write", "create", "delete", "attr", \
			   "link", "exec", "map", "unix" }

/* The bits that the files section governs, and those of the exec section. */
#define FNG_ACCESS_FILES	0x3fu
#define FNG_ACCESS_CODE		(FNG_ACCESS_EXEC | FNG_ACCESS_MAP)
#define FNG_ACCESS_ALL		0x1ffu

/* What a rename or a link must not win for the object's new name. */
#define FNG_ACCESS_GAIN		(FNG_ACCESS_READ | FNG_ACCESS_WRITE | \
				 FNG_ACCESS_CODE)
/* The same of a directory, which takes the sockets below it along. */
#define FNG_ACCESS_TREE_GAIN	(FNG_ACCESS_GAIN | FNG_ACCESS_UNIX)

/*
 * How the name of a Unix socket starts that is not the path of one of the
 * function's own: of one that somebody else has bound, and of an abstract one, in
 * place of its NUL.
 */
#define FNG_PEER_HOST		"host:"
#define FNG_PEER_ABSTRACT	'@'
/* Bytes of an abstract name, without the NUL that it starts with. */
#define FNG_MAX_ABSTRACT	107

/**
 * enum fng_mode - what a class does with a refusal; where several have something
 *	against an access, the earlier goes first
 * @FNG_MODE_ENFORCE: refuse and report
 * @FNG_MODE_AUDIT: allow and report that it would have been refused
 * @FNG_MODE_LEARN: allow and remember what would have been refused
 * @FNG_NR_MODES: number of modes
 */
enum fng_mode {
	FNG_MODE_ENFORCE,
	FNG_MODE_AUDIT,
	FNG_MODE_LEARN,
	FNG_NR_MODES
};

/**
 * enum fng_effect - what a rule says
 * @FNG_EFFECT_DENY: refuse
 * @FNG_EFFECT_ALLOW: allow
 */
enum fng_effect {
	FNG_EFFECT_DENY,
	FNG_EFFECT_ALLOW,
	FNG_NR_EFFECTS
};

/**
 * enum fng_proto - transport of an egress or listen rule
 * @FNG_PROTO_TCP: TCP, and MPTCP, which is TCP on the wire
 * @FNG_PROTO_UDP: UDP
 * @FNG_PROTO_ICMP: ICMP and ICMPv6; has no ports, judged as port 0
 * @FNG_PROTO_SCTP: SCTP
 * @FNG_PROTO_OTHER: everything else; no rule can name it, the default decides
 * @FNG_NR_PROTOS: number of protocols
 */
enum fng_proto {
	FNG_PROTO_TCP,
	FNG_PROTO_UDP,
	FNG_PROTO_ICMP,
	FNG_PROTO_SCTP,
	FNG_PROTO_OTHER,
	FNG_NR_PROTOS
};

#define FNG_PROTO_NAMES { "tcp", "udp", "icmp", "sctp", "other" }

/**
 * enum fng_floor - parts of the fixed floor
 * @FNG_FLOOR_MODULE: load or unload of kernel modules
 * @FNG_FLOOR_REBOOT: kexec and reboot
 * @FNG_FLOOR_BPF: the bpf system call
 * @FNG_FLOOR_KMEM: kernel memory and raw I/O
 * @FNG_FLOOR_TRACING: writes to tracefs and debugfs
 * @FNG_FLOOR_IO_URING: io_uring instances
 * @FNG_FLOOR_CGROUP: leaving the cgroup, by migration or clone3
 * @FNG_FLOOR_CONTROL: talking to the fnguard netlink family
 * @FNG_FLOOR_MOUNT: the mount API and pivot_root; with path rules or privileges
 *	only
 * @FNG_FLOOR_CHROOT: chroot; the same
 * @FNG_FLOOR_USERNS: user and mount namespaces; the same
 * @FNG_FLOOR_SOCKET: socket families that rules cannot judge, and changes of
 *	the network that send elsewhere what they have judged; with egress or
 *	listen rules or limits only
 * @FNG_FLOOR_HELPER: files that name a program which the kernel then runs as
 *	root, outside of every cgroup, or that give it commands
 * @FNG_FLOOR_PTRACE_OUTSIDE: ptrace, and all that asks whether it would be
 *	allowed, of tasks outside of the cgroup that the policy applies to
 * @FNG_NR_FLOORS: number of parts
 */
enum fng_floor {
	FNG_FLOOR_MODULE,
	FNG_FLOOR_REBOOT,
	FNG_FLOOR_BPF,
	FNG_FLOOR_KMEM,
	FNG_FLOOR_TRACING,
	FNG_FLOOR_IO_URING,
	FNG_FLOOR_CGROUP,
	FNG_FLOOR_CONTROL,
	FNG_FLOOR_MOUNT,
	FNG_FLOOR_CHROOT,
	FNG_FLOOR_USERNS,
	FNG_FLOOR_SOCKET,
	FNG_FLOOR_HELPER,
	FNG_FLOOR_PTRACE_OUTSIDE,
	FNG_NR_FLOORS
};

#define FNG_FLOOR_NAMES { "module", "reboot", "bpf", "kmem", "tracing", \
			  "io_uring", "cgroup", "control", "mount", "chroot", \
			  "userns", "socket", "helper", "ptrace-outside" }

/**
 * enum fng_privilege - what a privileges section refuses unless it allows it
 * @FNG_PRIVILEGE_SETUID: another user or group, by a system call or by executing
 *	a file that belongs to it
 * @FNG_PRIVILEGE_PTRACE: ptrace, and all that asks whether it would be allowed,
 *	of other processes, wherever they are
 * @FNG_PRIVILEGE_PERF: performance counters and traces
 * @FNG_PRIVILEGE_KEYRING: keys and keyrings of the kernel
 * @FNG_PRIVILEGE_USERFAULTFD: handling page faults in user space
 * @FNG_PRIVILEGE_RAW_SOCKET: sockets that make their own headers
 * @FNG_PRIVILEGE_TIME: setting the clock
 * @FNG_NR_PRIVILEGES: number of privileges
 */
enum fng_privilege {
	FNG_PRIVILEGE_SETUID,
	FNG_PRIVILEGE_PTRACE,
	FNG_PRIVILEGE_PERF,
	FNG_PRIVILEGE_KEYRING,
	FNG_PRIVILEGE_USERFAULTFD,
	FNG_PRIVILEGE_RAW_SOCKET,
	FNG_PRIVILEGE_TIME,
	FNG_NR_PRIVILEGES
};

#define FNG_PRIVILEGE_NAMES { "setuid", "ptrace", "perf", "keyring", \
			      "userfaultfd", "raw-socket", "time" }

/**
 * enum fng_limit - what a limits section limits
 * @FNG_LIMIT_CONNECT: choices of a destination by connect(), a rate
 * @FNG_LIMIT_EGRESS: bytes that leave, a rate
 * @FNG_LIMIT_EGRESS_TOTAL: bytes that leave, in all
 * @FNG_LIMIT_DESTINATIONS: addresses that something is sent to
 * @FNG_LIMIT_DNS_QUERIES: questions to name servers, a rate
 * @FNG_LIMIT_DNS_LABEL: bytes of the longest label of a name that is asked for
 * @FNG_LIMIT_EXEC: programs that are executed, a rate
 * @FNG_LIMIT_FORK: processes and threads that are made, a rate
 * @FNG_LIMIT_OPEN: files that are opened, a rate
 * @FNG_LIMIT_MAP: mappings of memory that are made, a rate
 * @FNG_NR_LIMITS: number of limits
 */
enum fng_limit {
	FNG_LIMIT_CONNECT,
	FNG_LIMIT_EGRESS,
	FNG_LIMIT_EGRESS_TOTAL,
	FNG_LIMIT_DESTINATIONS,
	FNG_LIMIT_DNS_QUERIES,
	FNG_LIMIT_DNS_LABEL,
	FNG_LIMIT_EXEC,
	FNG_LIMIT_FORK,
	FNG_LIMIT_OPEN,
	FNG_LIMIT_MAP,
	FNG_NR_LIMITS
};

#define FNG_LIMIT_NAMES { "connect", "egress", "egress-total", \
			  "destinations", "dns-queries", "dns-label", \
			  "exec", "fork", "open", "map" }

/**
 * enum fng_enter - what has a cgroup enter a phase of its policy, besides the host
 * @FNG_ENTER_COMMAND: nothing
 * @FNG_ENTER_LISTEN: it listens on a TCP socket
 * @FNG_ENTER_ACCEPT: it is about to accept a TCP connection
 * @FNG_ENTER_TIME: it has been in the phase before for long enough
 * @FNG_NR_ENTERS: number of these
 */
enum fng_enter {
	FNG_ENTER_COMMAND,
	FNG_ENTER_LISTEN,
	FNG_ENTER_ACCEPT,
	FNG_ENTER_TIME,
	FNG_NR_ENTERS
};

#define FNG_ENTER_NAMES { "command", "listen", "accept", "time" }

/**
 * enum fng_observable - what a policy may have reported although it is allowed
 * @FNG_OBSERVABLE_EXEC: programs that are executed, and their interpreters
 * @FNG_OBSERVABLE_MAP: files that are mapped as code
 * @FNG_OBSERVABLE_OPEN: files that are opened
 * @FNG_OBSERVABLE_CONNECT: destinations, chosen by connect() or for one datagram
 * @FNG_OBSERVABLE_LISTEN: ports to be reached on
 * @FNG_NR_OBSERVABLES: number of these
 */
enum fng_observable {
	FNG_OBSERVABLE_EXEC,
	FNG_OBSERVABLE_MAP,
	FNG_OBSERVABLE_OPEN,
	FNG_OBSERVABLE_CONNECT,
	FNG_OBSERVABLE_LISTEN,
	FNG_NR_OBSERVABLES
};

#define FNG_OBSERVABLE_NAMES { "exec", "map", "open", "connect", "listen" }

/**
 * enum fng_guard_rule - reasons of the guard itself, see FNG_CLASS_SUBJECT
 * @FNG_GUARD_TOO_MANY: more than FNG_MAX_APPLIED policies apply
 * @FNG_GUARD_NO_STATE: no memory for what must be remembered of the cgroup
 * @FNG_GUARD_UNDECIDABLE: the object's name is too long or unreachable
 * @FNG_GUARD_ENTERING: egress of a task that has not entered yet
 * @FNG_GUARD_CANARY: the proof of the hooks, not a policy
 * @FNG_GUARD_NOT_IP: what a frame carries, no rule can be about
 * @FNG_GUARD_POSES: it speaks as a name server that it is not
 * @FNG_GUARD_QUARANTINE: the cgroup may neither execute nor send anything until it
 *	is released
 * @FNG_NR_GUARD_RULES: number of reasons
 */
enum fng_guard_rule {
	FNG_GUARD_TOO_MANY,
	FNG_GUARD_NO_STATE,
	FNG_GUARD_UNDECIDABLE,
	FNG_GUARD_ENTERING,
	FNG_GUARD_CANARY,
	FNG_GUARD_NOT_IP,
	FNG_GUARD_POSES,
	FNG_GUARD_QUARANTINE,
	FNG_NR_GUARD_RULES
};

#define FNG_GUARD_RULE_NAMES { "too-many-policies", "no-state", \
			       "undecidable", "entering", "canary", \
			       "not-ip", "poses-as-resolver", "quarantine" }

/*
 * What a policy kills for: bits of enum fng_class but for FNG_CLASS_SUBJECT, and
 * this one for code without a file alone.
 */
#define FNG_KILL_FILELESS	FNG_NR_CLASSES
#define FNG_KILL_KNOWN		((1u << (FNG_NR_CLASSES + 1)) - 1 - \
				 (1u << FNG_CLASS_SUBJECT))

/*
 * A rule id is an index into the image's rule table, or one of the rules that
 * every policy has without writing them.
 */
#define FNG_RULE_FLOOR		0x80000000u
#define FNG_RULE_GUARD		0x40000000u
#define FNG_RULE_INDEX_MASK	0x3fffffffu
#define FNG_RULE_NONE		0xffffffffu
/* The default of the class at hand: in the base of an image only. */
#define FNG_RULE_DEFAULT	0xfffffffeu

/* The errnos that response.errno may name: the kernel has a stub for each. */
#define FNG_ERRNOS(X) \
	X(EPERM) X(ENOENT) X(EIO) X(EAGAIN) X(EACCES) X(EROFS) X(ENOSYS) \
	X(EAFNOSUPPORT) X(ENETUNREACH) X(ETIMEDOUT) X(ECONNREFUSED) \
	X(EHOSTUNREACH)

#endif /* FNGUARD_ACCESS_H */
