/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * Generic netlink family "fnguard": how policies are loaded and cgroups bound,
 * and how denials are reported. More than 500 lines: all that is said on it is
 * here.
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
 *	FNG_A_NR_BINDINGS, FNG_A_NR_DEVICES, FNG_A_NR_EXEMPT,
 *	FNG_A_NR_QUARANTINED, FNG_A_NR_SUBJECTS, FNG_A_NR_ENTERING, FNG_A_SEQ,
 *	FNG_A_EVENTS_LOST, FNG_A_DENIED, FNG_A_KILLS, FNG_A_PHASES,
 *	FNG_A_UNHEARD, {FNG_A_HOOK}, FNG_A_UNCONFIRMED while a load waits for
 *	FNG_CMD_POLICY_CONFIRM, and
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
 *				(FNG_A_SECONDS) (FNG_A_CANDIDATE)
 *	One transaction: all policies or none. Each FNG_A_POLICY nests
 *	[FNG_A_IMAGE_FD] [FNG_A_IMAGE_SIZE] (FNG_A_SIGNATURE_SIZE), a memfd
 *	sealed against writing, growing and shrinking, with the image, those of
 *	its phases, and right behind them the signature of all. A policy of the
 *	same name is replaced. Fails with ESTALE if FNG_A_POLICY_GEN is not the
 *	current generation. Reply: FNG_A_POLICY_GEN, the new generation. On a
 *	refusal, the extended acknowledgment's message ends in the byte offset for
 *	malformed images.
 *
 *	Once sealed, each policy needs a signature: detached PKCS#7 in DER over
 *	the image's bytes, by a certificate of FNG_CMD_SEAL or one that it
 *	signed. Without one: EPERM; ENOKEY if somebody else signed, EKEYREJECTED
 *	if the signature is of other bytes, EBADMSG or another if it is none that
 *	the kernel can read. Fails with EPERM, too, if a policy of the name is
 *	loaded whose version is not lower, unless its bytes are the same.
 *
 *	With FNG_A_SECONDS, at most a day, the policies that were loaded before come
 *	back by themselves when that time is over, unless FNG_CMD_POLICY_CONFIRM
 *	comes first. Until then FNG_CMD_POLICY_LOAD, FNG_CMD_POLICY_UNLOAD and
 *	FNG_CMD_SEAL fail with EBUSY, as does binding to a policy of a name that was
 *	not there before. FNG_CMD_DISARM ends that as well. Refused with EPERM once
 *	sealed.
 *
 *	With the flag FNG_A_CANDIDATE, each becomes the candidate of the loaded policy
 *	that has its name, in place of one that this may have: wherever the policy is
 *	asked, the candidate is as well, and where it says otherwise, this is counted
 *	and told, and changes nothing. Fails with ENOENT if no policy of the name is
 *	loaded, with EINVAL if the candidate learns.
 *
 * FNG_CMD_POLICY_PROMOTE	[FNG_A_POLICY_GEN] [FNG_A_POLICY_NAME]
 *				(FNG_A_SECONDS)
 *	The candidate of the policy takes its place, as if it were loaded now.
 *	Reply: FNG_A_POLICY_GEN. Fails with ENOENT if there is none, and as
 *	FNG_CMD_POLICY_LOAD.
 *
 * FNG_CMD_POLICY_CONFIRM
 *	Keeps what was loaded so. Reply: FNG_A_POLICY_GEN. Fails with ENOENT if
 *	nothing waits for it.
 *
 * FNG_CMD_POLICY_ROLLBACK
 *	Has what was there before come back at once. The same reply, and error.
 *
 * FNG_CMD_POLICY_UNLOAD	[FNG_A_POLICY_GEN] [FNG_A_POLICY_NAME]
 *				(FNG_A_REPLACE_WITH | FNG_A_CANDIDATE)
 *	Refused with EBUSY while explicitly bound, unless FNG_A_REPLACE_WITH names
 *	a loaded policy that takes over the bindings. Reply: FNG_A_POLICY_GEN.
 *	With the flag FNG_A_CANDIDATE only its candidate is unloaded; without, that
 *	goes as well.
 *
 * FNG_CMD_POLICY_GET		[FNG_A_POLICY_NAME] (FNG_A_IMAGE_FD) (dump: all)
 *	Reply: FNG_A_POLICY_NAME, FNG_A_POLICY_VERSION, FNG_A_IMAGE_SIZE,
 *	FNG_A_NR_RULES, FNG_A_NR_BINDINGS, FNG_A_IMAGE_HASH, FNG_A_MODE, and of
 *	its candidate, if there is one, a nested FNG_A_CANDIDATE_POLICY with
 *	FNG_A_POLICY_VERSION, FNG_A_IMAGE_SIZE, FNG_A_NR_RULES, FNG_A_IMAGE_HASH,
 *	FNG_A_MODE and exact counts of where it said otherwise since it was loaded,
 *	FNG_A_WOULD_DENY and FNG_A_WOULD_ALLOW. The
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
 *	FNG_A_ACTIVATION, FNG_A_TEMPLATE, FNG_A_PARTIAL, FNG_A_DEAD.
 *
 * FNG_CMD_EXEMPT		[FNG_A_CGROUP_FD] [FNG_A_SECONDS] [FNG_A_REASON]
 *	For so many seconds, at most a day, what rules refuse in a guarded cgroup and
 *	all below it is allowed and told as in audit mode. The floor, refusals of
 *	the guard's own and all other cgroups stay as they are. The kernel ends it
 *	by a clock that is never set and goes on in suspend. Sent again, it takes
 *	the place of the one before. It ends with the cgroup, and with
 *	FNG_CMD_DISARM. Fails with ENOENT if no policy applies to the cgroup, with
 *	ENOSPC if FNG_MAX_EXEMPTIONS are exempt.
 *
 * FNG_CMD_EXEMPT_END		[FNG_A_CGROUP_FD | FNG_A_CGROUP_ID]
 *	Ends it at once: when the answer comes, nobody is judged by it any more.
 *	Connections that could not be made now are ended soon after, as they are
 *	when it ends by itself. Fails with ENOENT if there is none.
 *
 * FNG_CMD_EXEMPT_GET (dump only)
 *	Reply, per exempt cgroup: FNG_A_CGROUP_ID, FNG_A_CGROUP_PATH,
 *	FNG_A_SECONDS that are left, FNG_A_REASON.
 *
 * FNG_CMD_RELEASE		[FNG_A_CGROUP_FD | FNG_A_CGROUP_ID]
 *	Lets a cgroup out of quarantine, into which a policy has put it: it may
 *	execute and send again, and the refusals that led to it are forgotten.
 *	Fails with ENOENT if it is in none.
 *
 * FNG_CMD_QUARANTINE_GET (dump only)
 *	Reply, per cgroup in quarantine: FNG_A_CGROUP_ID, FNG_A_CGROUP_PATH.
 *
 * FNG_CMD_PHASE		[FNG_A_CGROUP_FD | FNG_A_CGROUP_ID]
 *				[FNG_A_POLICY_NAME] [FNG_A_PHASE]
 *	Has a cgroup, and those below it, enter a phase of a policy that applies to
 *	it. Fails with ENOENT if none of the name does, or it has no such phase, with
 *	EALREADY if the cgroup is in it, with EINVAL if it is in a later one.
 *
 * FNG_CMD_PHASE_GET (dump only)
 *	Reply, per guarded cgroup that was met, and policy with phases that applies
 *	to it: FNG_A_CGROUP_ID, FNG_A_CGROUP_PATH, FNG_A_POLICY_NAME, FNG_A_PHASE
 *	that it is in, FNG_A_SECONDS for which it is, FNG_A_NEXT_PHASE if there is
 *	one, FNG_A_ENTER.
 *
 * FNG_CMD_ACTIVATE		[FNG_A_CGROUP_FD] [FNG_A_POLICY_NAME]
 *				(FNG_A_ACTIVATION) (FNG_A_LABELS)
 *	For cgroups that are used again: binds one that has no tasks to this policy,
 *	in place of those that it was bound to by FNG_CMD_BIND or this command, and
 *	forgets what is remembered of it and those below: phases, what was used of
 *	limits, addresses of names, quarantine, and since when it is bound. What is
 *	refused is counted and told under the given name from then on. Fails with
 *	EBUSY if there are tasks in it or below, and then nothing has changed, as with
 *	any other error. The same reply as of FNG_CMD_BIND.
 *
 * FNG_CMD_COUNTERS_GET (dump only)	(FNG_A_POLICY_NAME) (FNG_A_CGROUP_ID)
 *	Reply, per row of the ledger: FNG_A_CGROUP_ID, FNG_A_CGROUP_PATH,
 *	FNG_A_ACTIVATION, FNG_A_POLICY_NAME, FNG_A_PHASE,
 *	FNG_A_POLICY_VERSION, FNG_A_HOOK_ID, FNG_A_CLASS, FNG_A_RULE_ID,
 *	FNG_A_RULE_FILE, FNG_A_RULE_LINE, FNG_A_RULE_TEXT, FNG_A_ENTERING,
 *	FNG_A_AUDIT, FNG_A_OBSERVED, FNG_A_CANDIDATE_DENIES or
 *	FNG_A_CANDIDATE_ALLOWS, FNG_A_COUNT, FNG_A_REPORTED. Behind the
 *	rows, with FNG_A_CGROUP_ID 0 and without hook, class and rule: what the policy
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
 *	FNG_CMD_POLICY_UNLOAD, FNG_CMD_UNBIND, FNG_CMD_NETDEV_UNBIND,
 *	FNG_CMD_EXEMPT, FNG_CMD_RELEASE and FNG_CMD_ACTIVATE fail with EPERM, and
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
 * FNG_CMD_LEARN_DUMP (dump only)	[FNG_A_POLICY_NAME]
 *	Reply, per act that a policy which learns has seen, each once, in the order
 *	in which they were first done: FNG_A_ACT and what enum fng_act_kind says.
 *	They
 *	are those of the moment at which the dump began. Then, in a last message,
 *	FNG_A_POLICY_NAME, FNG_A_POLICY_VERSION, FNG_A_NR_ACTS, and FNG_A_UNKEPT,
 *	how often something was done that found no room. Fails with ENOENT if no
 *	policy of the name is loaded, with ENODATA if it does not learn. What was
 *	seen stays while policies that learn replace each other under the name.
 *
 * FNG_CMD_REFUSALS_GET (dump only)
 *	Reply, per refusal that is remembered, each once however often it was
 *	refused: FNG_A_EVENT, of the last time, in which FNG_A_COUNT is how often;
 *	without FNG_A_SEQ, FNG_A_EXE, FNG_A_LABELS and FNG_A_REPEAT. What would be
 *	refused is among them. Of a policy that was replaced since there is no name.
 *	Then, in a last message, FNG_A_UNKEPT, how often something was refused that
 *	found no room. They are remembered with nobody listening, until the module
 *	is unloaded; of a cgroup the last few that differ.
 *
 * FNG_CMD_SUBJECT_GET		[FNG_A_CGROUP_FD | FNG_A_CGROUP_ID]
 *	By what a task of this cgroup is judged, which is found out as if one was
 *	there. Reply: FNG_A_CGROUP_ID, FNG_A_CGROUP_PATH; {FNG_A_POLICY}, in the
 *	order in which they judge, each with FNG_A_POLICY_NAME, FNG_A_PHASE,
 *	FNG_A_POLICY_VERSION; FNG_A_SECONDS for which it is exempt,
 *	FNG_A_QUARANTINED, FNG_A_EXCESS.
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
 *	What a policy observes is told in the same ways, but only so many samples
 *	as its rate allows, and none twice within about a second.
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
	FNG_CMD_LEARN_DUMP,
	FNG_CMD_EXEMPT,
	FNG_CMD_EXEMPT_END,
	FNG_CMD_EXEMPT_GET,
	FNG_CMD_RELEASE,
	FNG_CMD_QUARANTINE_GET,
	FNG_CMD_PHASE,
	FNG_CMD_PHASE_GET,
	FNG_CMD_ACTIVATE,
	FNG_CMD_REFUSALS_GET,
	FNG_CMD_SUBJECT_GET,
	FNG_CMD_POLICY_CONFIRM,
	FNG_CMD_POLICY_ROLLBACK,
	FNG_CMD_POLICY_PROMOTE,

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
 * enum fng_act_kind - what was done under a policy that learns
 * @FNG_ACT_OTHER: what no rule can allow, or what this policy's rules refuse for
 *	another reason than those below: FNG_A_CLASS, FNG_A_RULE_ID, FNG_A_ACCESS,
 *	FNG_A_OBJECT
 * @FNG_ACT_NAME: a file or a Unix socket was used: FNG_A_OBJECT, its whole name,
 *	and FNG_A_ACCESS, all that was done with it so far
 * @FNG_ACT_MOVE: the file FNG_A_OBJECT got the name FNG_A_TARGET, or one more;
 *	FNG_A_NUMBER is 1 for a directory
 * @FNG_ACT_FILELESS: code ran that no file's name stands for
 * @FNG_ACT_WRITE_EXEC: memory that was written became code
 * @FNG_ACT_CONNECT: something was sent: FNG_A_ADDR, FNG_A_PORT, FNG_A_PROTO, and
 *	FNG_A_HOST if a name server gave the address for that name
 * @FNG_ACT_ASK: a name server was asked: FNG_A_HOST, the name, and as for
 *	FNG_ACT_CONNECT, who was
 * @FNG_ACT_LISTEN: others could reach it: FNG_A_PORT, FNG_A_PROTO
 * @FNG_ACT_SOCKET: a socket was made: FNG_A_NUMBER, its family and, from bit 8 on,
 *	its type
 * @FNG_ACT_CAPABILITY: FNG_A_NUMBER, a capability, was used
 * @FNG_ACT_PRIVILEGE: FNG_A_NUMBER, enum fng_privilege
 * @FNG_ACT_FLOOR: FNG_A_NUMBER, enum fng_floor
 */
enum fng_act_kind {
	FNG_ACT_OTHER,
	FNG_ACT_NAME,
	FNG_ACT_MOVE,
	FNG_ACT_FILELESS,
	FNG_ACT_WRITE_EXEC,
	FNG_ACT_CONNECT,
	FNG_ACT_ASK,
	FNG_ACT_LISTEN,
	FNG_ACT_SOCKET,
	FNG_ACT_CAPABILITY,
	FNG_ACT_PRIVILEGE,
	FNG_ACT_FLOOR
};

/* Type of the socket in FNG_A_NUMBER of FNG_ACT_SOCKET. */
#define FNG_ACT_SOCKET_TYPE	8

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
 * @FNG_EVENT_EXEMPTED: rules refuse nothing in a cgroup for FNG_A_SECONDS, and
 *	FNG_A_REASON says why
 * @FNG_EVENT_EXEMPTION_ENDED: they do again; FNG_A_REASON says what has ended it,
 *	and what it was for
 * @FNG_EVENT_QUARANTINED: a cgroup may neither execute nor send anything, for what a
 *	policy has refused it; FNG_A_REASON says how much
 * @FNG_EVENT_RELEASED: it may again
 * @FNG_EVENT_PHASE: a cgroup has entered a phase of its policy: FNG_A_PHASE, and
 *	FNG_A_REASON, what it was that had it do so
 * @FNG_EVENT_ACTIVATED: a cgroup without tasks was bound anew, and nothing is
 *	remembered of who used it before: FNG_A_ACTIVATION
 * @FNG_EVENT_OBSERVED: an access was allowed that a policy wants to know of
 * @FNG_EVENT_TRIAL: a policy that was loaded has to be confirmed within
 *	FNG_A_SECONDS
 * @FNG_EVENT_CONFIRMED: it was
 * @FNG_EVENT_ROLLED_BACK: it was not, and goes; FNG_A_REASON says who wanted that. What
 *	comes back is FNG_EVENT_LOADED; if nothing does, FNG_EVENT_UNLOADED follows
 * @FNG_EVENT_CANDIDATE: a candidate was loaded
 * @FNG_EVENT_CANDIDATE_DROPPED: it was unloaded, alone or with its policy
 * @FNG_EVENT_CANDIDATE_DENIES: an access was allowed by the policy in force that
 *	its candidate would refuse; FNG_A_RULE_ID is the candidate's
 * @FNG_EVENT_CANDIDATE_ALLOWS: an access was refused by the policy in force that
 *	its candidate would allow; FNG_A_RULE_ID is of the one that refuses
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
	FNG_EVENT_EXEMPTED,
	FNG_EVENT_EXEMPTION_ENDED,
	FNG_EVENT_QUARANTINED,
	FNG_EVENT_RELEASED,
	FNG_EVENT_PHASE,
	FNG_EVENT_ACTIVATED,
	FNG_EVENT_OBSERVED,
	FNG_EVENT_TRIAL,
	FNG_EVENT_CONFIRMED,
	FNG_EVENT_ROLLED_BACK,
	FNG_EVENT_CANDIDATE,
	FNG_EVENT_CANDIDATE_DROPPED,
	FNG_EVENT_CANDIDATE_DENIES,
	FNG_EVENT_CANDIDATE_ALLOWS,
	FNG_NR_EVENT_KINDS
};

#define FNG_EVENT_KIND_NAMES { "none", "denied", "would-deny", "state", \
			       "loaded", "unloaded", "bound", "unbound", \
			       "cgroup-died", "skipped", "sealed", \
			       "evicted", "device-removed", "exempted", \
			       "exemption-ended", "quarantined", \
			       "released", "phase", "activated", \
			       "observed", "trial", "confirmed", \
			       "rolled-back", "candidate", \
			       "candidate-dropped", \
			       "candidate-would-deny", \
			       "candidate-would-allow" }

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
	FNG_A_TIME_WALL,	/* u64, ns: of TIME_BOOT, as the clock is set when it is told */
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
	/* n, per applied policy: FNG_A_POLICY_NAME, FNG_A_PHASE, FNG_A_RULE_ID, and
	 * FNG_A_REFUSED or FNG_A_AUDIT unless it allows; of a candidate with
	 * FNG_A_CANDIDATE
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
	/* learning */
	FNG_A_ACT,		/* u32, enum fng_act_kind */
	FNG_A_NUMBER,		/* u32, see enum fng_act_kind */
	FNG_A_TARGET,		/* b, a name */
	FNG_A_NR_ACTS,		/* u32 */
	FNG_A_UNKEPT,		/* u64, done without being remembered */
	/* exemptions */
	FNG_A_SECONDS,		/* u32, that it lasts, or that are left */
	FNG_A_NR_EXEMPT,	/* u32, cgroups */
	/* responses */
	FNG_A_KILLED,		/* f, who was refused it was killed */
	FNG_A_KILLS,		/* u64, processes since the module was loaded */
	FNG_A_NR_QUARANTINED,	/* u32, cgroups */
	/* phases */
	FNG_A_PHASE,		/* s, absent for what a policy starts in */
	FNG_A_NEXT_PHASE,	/* s */
	FNG_A_ENTER,		/* u32, enum fng_enter of FNG_A_NEXT_PHASE */
	FNG_A_PHASES,		/* u64, times that one was entered */
	FNG_A_ACTIVATION,	/* s, the host's name of a use of a cgroup */
	/* what is allowed */
	FNG_A_OBSERVED,		/* f, rows of the ledger of what is allowed */
	FNG_A_STDIO,		/* u32, bit n: descriptor n is a socket of the network */
	/* subjects */
	FNG_A_QUARANTINED,	/* f, nothing may be executed or sent */
	FNG_A_EXCESS,		/* f, it cannot be judged: everything is refused */
	/* loads that have to be confirmed */
	FNG_A_UNCONFIRMED,	/* u32, seconds that are left for it */
	/* candidates */
	FNG_A_CANDIDATE,	/* f */
	FNG_A_CANDIDATE_POLICY,	/* n, a policy's, see FNG_CMD_POLICY_GET */
	FNG_A_CANDIDATE_DENIES,	/* f, rows of the ledger of what it would refuse */
	FNG_A_CANDIDATE_ALLOWS,	/* f, rows of the ledger of what it would allow */
	FNG_A_WOULD_DENY,	/* u64, how often it would have refused something */
	FNG_A_WOULD_ALLOW,	/* u64, how often it would have allowed something */

	__FNG_A_MAX,
	FNG_A_MAX = __FNG_A_MAX - 1
};

#endif /* _UAPI_FNGUARD_H */
