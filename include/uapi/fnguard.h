/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * Generic netlink family "fnguard": how policies are loaded and cgroups bound,
 * and how denials are reported.
 *
 * Every command needs CAP_NET_ADMIN and CAP_SYS_ADMIN in the initial user
 * namespace and is refused to a guarded task, whatever it holds. The family
 * exists in the initial network namespace only, and answers to none whose cgroup
 * namespace hides a part of the hierarchy. Every refusal carries an
 * extended acknowledgment that says what was wrong.
 *
 * Commands, with [required], (optional) and {repeated} attributes:
 *
 * FNG_CMD_STATUS		(FNG_A_AGENT)
 *	Reply: FNG_A_STATE, FNG_A_REASON, FNG_A_POLICY_GEN, FNG_A_BINDING_GEN,
 *	FNG_A_IMAGE_ABI, FNG_A_MODULE_VERSION, FNG_A_NR_POLICIES,
 *	FNG_A_NR_BINDINGS, FNG_A_NR_DEVICES, FNG_A_NR_SUBJECTS,
 *	FNG_A_NR_ENTERING, FNG_A_SEQ,
 *	FNG_A_EVENTS_LOST, FNG_A_DENIED, FNG_A_UNHEARD, {FNG_A_HOOK}, and
 *	FNG_A_SEALED from FNG_CMD_SEAL on. With the
 *	flag FNG_A_AGENT the caller declares that it is the agent: its cgroup is
 *	protected from being bound, and its absence is shown as
 *	FNG_STATE_UNATTENDED.
 *
 * FNG_CMD_ARM			[FNG_A_CGROUP_FD] (FNG_A_HOOK_ID)
 *	Attaches all hooks, or none. Tasks in the given canary cgroup are
 *	refused with EPERM, and the kernel records which hooks refused them:
 *	with FNG_A_HOOK_ID that hook only, so that those behind it can be
 *	reached, else every hook. Sent again with the same cgroup while a proof
 *	is running, it moves the proof on to another hook; what was recorded
 *	stays.
 *
 * FNG_CMD_PROVE
 *	Ends the proof. Reply: {FNG_A_HOOK} with FNG_A_HOOK_PROVEN set on those
 *	that refused a canary task. Fails with ENOMSG if one was not reached; the
 *	state then stays FNG_STATE_DEGRADED.
 *
 * FNG_CMD_DISARM		[FNG_A_REASON]
 *	Drops all policies and bindings, detaches all hooks, unpins the module.
 *
 * FNG_CMD_POLICY_LOAD		[FNG_A_POLICY_GEN] [{FNG_A_POLICY}]
 *	One transaction: all policies or none. Each FNG_A_POLICY nests
 *	[FNG_A_IMAGE_FD] [FNG_A_IMAGE_SIZE] (FNG_A_SIGNATURE_SIZE), a memfd
 *	sealed against writing, growing and shrinking, with the image and right
 *	behind it its signature. A policy of the same name is replaced. Fails with
 *	ESTALE if FNG_A_POLICY_GEN is not the current generation. Reply:
 *	FNG_A_POLICY_GEN, the new generation. On a refusal, the extended
 *	acknowledgment's message ends in the byte offset for malformed images.
 *
 *	Once sealed, each policy needs a signature: detached PKCS#7 in DER over
 *	the image's bytes, by a certificate of FNG_CMD_SEAL or one that it
 *	signed. Without one: EPERM; ENOKEY if somebody else signed, EKEYREJECTED
 *	if the signature is of other bytes, EBADMSG or another if it is none that
 *	the kernel can read. Fails with EPERM, too, if a policy of the name is
 *	loaded whose version is not lower, unless its bytes are the same.
 *
 * FNG_CMD_POLICY_UNLOAD	[FNG_A_POLICY_GEN] [FNG_A_POLICY_NAME]
 *				(FNG_A_REPLACE_WITH)
 *	Refused with EBUSY while explicitly bound, unless FNG_A_REPLACE_WITH names
 *	a loaded policy that takes over the bindings. Reply: FNG_A_POLICY_GEN.
 *
 * FNG_CMD_POLICY_GET		[FNG_A_POLICY_NAME] (FNG_A_IMAGE_FD) (dump: all)
 *	Reply: FNG_A_POLICY_NAME, FNG_A_POLICY_VERSION, FNG_A_IMAGE_SIZE,
 *	FNG_A_NR_RULES, FNG_A_NR_BINDINGS, FNG_A_IMAGE_HASH, FNG_A_MODE. The
 *	image is written to the memfd FNG_A_IMAGE_FD if there is one.
 *
 * FNG_CMD_BIND			[FNG_A_CGROUP_FD] [FNG_A_POLICY_NAME]
 *				(FNG_A_LABELS) (FNG_A_BINDING_GEN)
 *	Binds a cgroup and so its descendants. Reply: FNG_A_BINDING_GEN,
 *	FNG_A_CGROUP_ID, FNG_A_PARTIAL if tasks are already in it.
 *
 * FNG_CMD_UNBIND		[FNG_A_CGROUP_FD | FNG_A_CGROUP_ID]
 *				(FNG_A_POLICY_NAME: this one only)
 *				(FNG_A_BINDING_GEN)
 *	Reply: FNG_A_BINDING_GEN, FNG_A_CGROUP_ID.
 *
 * FNG_CMD_BIND_GET (dump only)
 *	Reply, per binding and per cgroup that a template bound:
 *	FNG_A_CGROUP_ID, FNG_A_CGROUP_PATH, FNG_A_POLICY_NAME, FNG_A_LABELS,
 *	FNG_A_TEMPLATE, FNG_A_PARTIAL, FNG_A_DEAD.
 *
 * FNG_CMD_COUNTERS_GET (dump only)	(FNG_A_POLICY_NAME) (FNG_A_CGROUP_ID)
 *	Reply, per row of the ledger: FNG_A_CGROUP_ID, FNG_A_CGROUP_PATH,
 *	FNG_A_POLICY_NAME, FNG_A_POLICY_VERSION, FNG_A_HOOK_ID, FNG_A_CLASS,
 *	FNG_A_RULE_ID, FNG_A_RULE_FILE, FNG_A_RULE_LINE, FNG_A_RULE_TEXT,
 *	FNG_A_AUDIT, FNG_A_COUNT, FNG_A_REPORTED. Behind the rows, with
 *	FNG_A_CGROUP_ID 0 and without hook, class and rule: what the policy
 *	refused to cgroups that did not fit in the table, or that are gone and made
 *	room. A row of a cgroup that is gone has no FNG_A_CGROUP_PATH. That of a
 *	device has its FNG_A_DEVICE_ID in place of both, and FNG_A_IFINDEX and
 *	FNG_A_IFNAME while it is bound; it is asked for by FNG_A_CGROUP_ID.
 *	If FNG_A_CGROUP_ID 0 is asked for: exact totals of each policy by hook and
 *	rule, whatever the cgroup, since that version was loaded; without
 *	FNG_A_CGROUP_ID, FNG_A_AUDIT and FNG_A_REPORTED.
 *
 * FNG_CMD_ATTEST		[FNG_A_FILE_FD] (FNG_A_FILE_SIZE,
 *				FNG_A_FILE_CTIME, FNG_A_SHA256, FNG_A_MOMENT,
 *				FNG_A_CLOCK_STEPS)
 *	With the descriptor alone, says that the file is about to be digested.
 *	Fails with ETXTBSY if it is being written, or its file system does not
 *	tell when it changes; with EOPNOTSUPP if that does not tell its files
 *	apart; and with EAGAIN if its pages in memory are in use. Reply:
 *	FNG_A_MOMENT, FNG_A_CLOCK_STEPS. With all of them, says what the digest
 *	of the whole file is, the size and change time that were seen before it
 *	was read, and the moment. Fails with ESTALE if the file is not as it was
 *	seen, and with EAGAIN if the change time is not older than the moment.
 *	Policies that name this digest for the file let it become code for as
 *	long as it does not change. Once sealed, the kernel reads the file itself,
 *	and fails with EBADMSG if that is not its digest.
 *
 * FNG_CMD_NETDEV_BIND		[FNG_A_IFINDEX] [FNG_A_POLICY_NAME]
 *				(FNG_A_NETNS_FD) (FNG_A_LABELS)
 *	Binds a network device, of the network namespace behind the descriptor or
 *	else the initial one: what it receives is judged as what a function sends,
 *	what is sent to it as what others open towards one. Reply:
 *	FNG_A_DEVICE_ID, which stands for the cgroup in events and counters, and is
 *	never used again; FNG_A_IFINDEX, FNG_A_IFNAME.
 *
 * FNG_CMD_NETDEV_UNBIND	[FNG_A_IFINDEX] (FNG_A_NETNS_FD)
 *	The same reply.
 *
 * FNG_CMD_NETDEV_GET (dump only)
 *	Reply, per bound device: FNG_A_DEVICE_ID, FNG_A_IFINDEX, FNG_A_IFNAME,
 *	FNG_A_NETNS, FNG_A_POLICY_NAME, FNG_A_LABELS, FNG_A_TEMPLATE. A device that
 *	templates bind may have several policies, and then as many replies.
 *
 * FNG_CMD_SEAL			[{FNG_A_CERTIFICATE}]
 *	Until reboot, what is enforced can only be added to: FNG_CMD_DISARM,
 *	FNG_CMD_POLICY_UNLOAD, FNG_CMD_UNBIND and FNG_CMD_NETDEV_UNBIND fail with
 *	EPERM, and
 *	FNG_CMD_POLICY_LOAD takes only what was signed and is newer. Fails with
 *	EINVAL unless the guard is enforcing, with EPERM if it is sealed already,
 *	with EOPNOTSUPP if the kernel cannot check signatures.
 *
 * FNG_CMD_NAMES_GET (dump only)	(FNG_A_CGROUP_ID)
 *	Reply, per address of a name that a guarded cgroup was told, or a guest:
 *	FNG_A_CGROUP_ID, FNG_A_CGROUP_PATH, or FNG_A_DEVICE_ID, FNG_A_IFINDEX,
 *	FNG_A_IFNAME; FNG_A_HOST, FNG_A_ADDR, FNG_A_RESOLVER, FNG_A_TTL,
 *	FNG_A_HITS. What a policy makes of it, its host rules say.
 *
 * FNG_CMD_EVENTS (multicast group "events", privileged)
 *	{FNG_A_EVENT}, each with the attributes of struct-like records below;
 *	an attribute that does not apply is absent. A refusal is told as a sample
 *	(FNG_A_REPEAT 1, with object and task) or within a second as part of a
 *	summary (FNG_A_REPEAT n, with neither). An event counts as told once it
 *	was delivered to anybody; what nobody was there to hear is told later, to
 *	who listens first: refusals as summaries, the rest as it was. So
 *	FNG_A_REPEAT adds up to FNG_A_COUNT, row by row. A listener that asks for
 *	NETLINK_BROADCAST_ERROR and is overrun has events told to others again.
 */
#ifndef _UAPI_FNGUARD_H
#define _UAPI_FNGUARD_H

#define FNG_FAMILY_NAME		"fnguard"
#define FNG_FAMILY_VERSION	1
#define FNG_MCGRP_EVENTS	"events"

/* How every refusal begins that is the seal's. */
#define FNG_REFUSED_SEALED	"The guard is sealed"

enum fng_cmd {
	FNG_CMD_STATUS = 1,
	FNG_CMD_ARM,
	FNG_CMD_PROVE,
	FNG_CMD_DISARM,
	FNG_CMD_POLICY_LOAD,
	FNG_CMD_POLICY_UNLOAD,
	FNG_CMD_POLICY_GET,
	FNG_CMD_BIND,
	FNG_CMD_UNBIND,
	FNG_CMD_BIND_GET,
	FNG_CMD_COUNTERS_GET,
	FNG_CMD_EVENTS,
	FNG_CMD_ATTEST,
	FNG_CMD_SEAL,
	FNG_CMD_NAMES_GET,
	FNG_CMD_NETDEV_BIND,
	FNG_CMD_NETDEV_UNBIND,
	FNG_CMD_NETDEV_GET,

	__FNG_CMD_MAX,
	FNG_CMD_MAX = __FNG_CMD_MAX - 1
};

/**
 * enum fng_state - what the guard as a whole is doing
 * @FNG_STATE_IDLE: no hook is attached, nothing is enforced
 * @FNG_STATE_ENFORCING: every hook is attached and was proven to refuse
 * @FNG_STATE_UNATTENDED: the same, but the declared agent is gone
 * @FNG_STATE_DEGRADED: attached, but a hook is not proven or the canary failed;
 *	FNG_A_REASON says which
 */
enum fng_state {
	FNG_STATE_IDLE,
	FNG_STATE_ENFORCING,
	FNG_STATE_UNATTENDED,
	FNG_STATE_DEGRADED
};

#define FNG_STATE_NAMES { "idle", "enforcing", "enforcing (unattended)", \
			  "degraded" }

/**
 * enum fng_event_kind - what an event tells
 * @FNG_EVENT_DENIED: an access was refused
 * @FNG_EVENT_WOULD_DENY: an access was allowed that enforce mode would refuse
 * @FNG_EVENT_STATE: the guard's state changed: FNG_A_STATE, FNG_A_REASON
 * @FNG_EVENT_LOADED: a policy was loaded or replaced
 * @FNG_EVENT_UNLOADED: a policy was unloaded
 * @FNG_EVENT_BOUND: a cgroup was bound explicitly, or a device; templates of
 *	cgroups are not told of
 * @FNG_EVENT_UNBOUND: a binding was removed
 * @FNG_EVENT_CGROUP_DIED: an explicitly bound cgroup was removed
 * @FNG_EVENT_SKIPPED: a template matched a cgroup or device that is never bound,
 *	or a device that could not be; FNG_A_REASON names the device
 * @FNG_EVENT_SEALED: until reboot, what is enforced can only be added to
 * @FNG_EVENT_EVICTED: a cgroup has learned so many addresses of names that one had
 *	to be forgotten before it lapsed
 * @FNG_EVENT_DEVICE_REMOVED: a bound network device was removed
 */
enum fng_event_kind {
	FNG_EVENT_DENIED = 1,
	FNG_EVENT_WOULD_DENY,
	FNG_EVENT_STATE,
	FNG_EVENT_LOADED,
	FNG_EVENT_UNLOADED,
	FNG_EVENT_BOUND,
	FNG_EVENT_UNBOUND,
	FNG_EVENT_CGROUP_DIED,
	FNG_EVENT_SKIPPED,
	FNG_EVENT_SEALED,
	FNG_EVENT_EVICTED,
	FNG_EVENT_DEVICE_REMOVED,
	FNG_NR_EVENT_KINDS
};

#define FNG_EVENT_KIND_NAMES { "none", "denied", "would-deny", "state", \
			       "loaded", "unloaded", "bound", "unbound", \
			       "cgroup-died", "skipped", "sealed", \
			       "evicted", "device-removed" }

/*
 * Attributes. (s) NUL-terminated string, (b) bytes, (f) flag, (n) nested.
 */
enum fng_attr {
	FNG_A_PAD = 1,
	/* general */
	FNG_A_STATE,		/* u32, enum fng_state */
	FNG_A_REASON,		/* s */
	FNG_A_POLICY_GEN,	/* u64, starts at 1 */
	FNG_A_BINDING_GEN,	/* u64, starts at 1 */
	FNG_A_IMAGE_ABI,	/* u32 */
	FNG_A_MODULE_VERSION,	/* s */
	FNG_A_NR_POLICIES,	/* u32 */
	FNG_A_NR_BINDINGS,	/* u32 */
	FNG_A_NR_SUBJECTS,	/* u32, cgroups with cached policies */
	FNG_A_NR_ENTERING,	/* u32 */
	FNG_A_EVENTS_LOST,	/* u64, sample records that found no room */
	FNG_A_DENIED,		/* u64, refusals since the module was loaded */
	FNG_A_AGENT,		/* f */
	FNG_A_HOOK,		/* n: FNG_A_HOOK_ID, FNG_A_HOOK_PROVEN, ... */
	FNG_A_HOOK_ID,		/* u32, enum fng_hook */
	FNG_A_HOOK_PROVEN,	/* f */
	FNG_A_HOOK_ABSENT,	/* f, this kernel has no such hook */
	/* policies */
	FNG_A_POLICY,		/* n */
	FNG_A_POLICY_NAME,	/* s */
	FNG_A_POLICY_VERSION,	/* u32 */
	FNG_A_REPLACE_WITH,	/* s, policy name */
	FNG_A_IMAGE_FD,		/* s32 */
	FNG_A_IMAGE_SIZE,	/* u32, bytes */
	FNG_A_IMAGE_HASH,	/* u64 */
	FNG_A_NR_RULES,		/* u32 */
	FNG_A_MODE,		/* u32, enum fng_mode of the floor class */
	/* cgroups */
	FNG_A_CGROUP_FD,	/* s32, any fd of a cgroup v2 directory */
	FNG_A_CGROUP_ID,	/* u64 */
	FNG_A_CGROUP_PATH,	/* s, from the v2 root */
	FNG_A_LABELS,		/* s, key=value,key=value */
	FNG_A_TEMPLATE,		/* f, bound by a policy's attach */
	FNG_A_PARTIAL,		/* f, holds tasks older than the binding */
	FNG_A_DEAD,		/* f, removed, but sockets of it live on */
	/* events and counters */
	FNG_A_EVENT,		/* n */
	FNG_A_KIND,		/* u32, enum fng_event_kind */
	FNG_A_SEQ,		/* u64, without gaps per boot of the module */
	FNG_A_TIME_BOOT,	/* u64, ns */
	FNG_A_TIME_WALL,	/* u64, ns */
	FNG_A_RULE_ID,		/* u32 */
	FNG_A_RULE_FILE,	/* s */
	FNG_A_RULE_LINE,	/* u32 */
	FNG_A_RULE_TEXT,	/* s */
	FNG_A_CLASS,		/* u32, enum fng_class */
	FNG_A_ACCESS,		/* u32, FNG_ACCESS_* that were refused */
	FNG_A_ERRNO,		/* u32 */
	FNG_A_OBJECT,		/* b, name, at most FNG_MAX_EVENT_OBJECT */
	FNG_A_OBJECT_LEN,	/* u32, bytes of the whole name */
	FNG_A_OBJECT_HASH,	/* u64, of the whole name */
	FNG_A_ADDR,		/* b, 4 or 16, network order */
	FNG_A_PORT,		/* u16, host order */
	FNG_A_PROTO,		/* u32, enum fng_proto */
	FNG_A_PID,		/* u32, thread id in the initial namespace */
	FNG_A_TGID,		/* u32 */
	FNG_A_PPID,		/* u32 */
	FNG_A_UID,		/* u32 */
	FNG_A_LOGINUID,		/* u32, of who changed something */
	FNG_A_COMM,		/* s */
	FNG_A_EXE,		/* b */
	FNG_A_START_TIME,	/* u64, ns since boot of the process */
	FNG_A_SOCKET_COOKIE,	/* u64 */
	FNG_A_ENTERING,		/* f, the task had not entered yet */
	/* n, per applied policy: FNG_A_POLICY_NAME, FNG_A_RULE_ID, and
	 * FNG_A_REFUSED or FNG_A_AUDIT unless it allows
	 */
	FNG_A_VERDICT,
	FNG_A_REFUSED,		/* f */
	FNG_A_AUDIT,		/* f, would-deny rows of the ledger */
	FNG_A_COUNT,		/* u64, exact */
	FNG_A_REPORTED,		/* u64, of them, told in events */
	FNG_A_REPEAT,		/* u64, accesses that this event stands for */
	FNG_A_UNHEARD,		/* u64, refusals that no event told in time */
	/* files */
	FNG_A_FILE_FD,		/* s32 */
	FNG_A_FILE_SIZE,	/* u64, bytes */
	FNG_A_FILE_CTIME,	/* u64, ns */
	FNG_A_SHA256,		/* b, 32 bytes */
	FNG_A_MOMENT,		/* u64, as it was told */
	FNG_A_CLOCK_STEPS,	/* u32, as it was told with FNG_A_MOMENT */
	/* sealing */
	FNG_A_SEALED,		/* f */
	FNG_A_SIGNATURE_SIZE,	/* u32, bytes behind the image */
	FNG_A_CERTIFICATE,	/* b, X.509 in DER, at most FNG_MAX_CERTIFICATE */
	/* names of hosts */
	FNG_A_HOST,		/* b, a name of FNG_A_ADDR, or what is asked it */
	FNG_A_RESOLVER,		/* b, 4 or 16, network order */
	FNG_A_TTL,		/* u32, seconds; 0 if it has lapsed */
	FNG_A_HITS,		/* u32, how often it was looked up to allow something */
	/* network devices */
	FNG_A_DEVICE_ID,	/* u64, of a binding; no cgroup has such an id */
	FNG_A_IFINDEX,		/* u32 */
	FNG_A_IFNAME,		/* s */
	FNG_A_NETNS_FD,		/* s32 */
	FNG_A_NETNS,		/* u32, inode of the namespace's file */
	FNG_A_NR_DEVICES,	/* u32, bound ones */

	__FNG_A_MAX,
	FNG_A_MAX = __FNG_A_MAX - 1
};

#endif /* _UAPI_FNGUARD_H */
