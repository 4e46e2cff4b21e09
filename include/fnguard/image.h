/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The compiled policy: what the compiler gives the kernel.
 *
 * One contiguous little-endian blob: a header, a table of sections, and the
 * sections, each aligned to FNG_IMAGE_ALIGN. Every section kind is present
 * exactly once and in the order of enum fng_section; an empty one has size 0.
 * Gaps between sections are zero. Fields called reserved are zero, and the
 * verifier refuses them otherwise. Compilation is deterministic: the same
 * policy text gives the same bytes.
 *
 * The last section may be a base: what the rules of the policy's templates
 * compile to, as an image within the image. Nothing in a base depends on who
 * extends it, so that policies which extend the same templates have the same
 * bytes there, and the kernel keeps them once. It has its own header, with
 * FNG_BASE_MAGIC, whose offsets count from its own start. It has the sections
 * before FNG_NR_BASE_SECTIONS, of which CLASSES only says what the rules depend
 * on; the others are empty. An image without a base is called flat.
 *
 * Behind the image of a policy with phases, there is that of each phase, in their
 * order and each aligned as well: what is in force from the moment at which a
 * cgroup enters it. It is an image like any other, with rules of its own, but binds
 * nothing.
 *
 * Rules of the base have the ids below its number of rules, the policy's own the
 * ids from there on. Indices into all other tables are into those of the part,
 * base or own, that the index is in.
 */
#ifndef FNGUARD_IMAGE_H
#define FNGUARD_IMAGE_H

#include <fnguard/access.h>
#include <fnguard/limits.h>
#include <fnguard/types.h>

#define FNG_IMAGE_MAGIC		0x44474e46u	/* "FNGD" */
#define FNG_BASE_MAGIC		0x42474e46u	/* "FNGB" */
#define FNG_IMAGE_ABI		1u
/* The oldest abi that the kernel still takes. */
#define FNG_IMAGE_ABI_MIN	1u
#define FNG_IMAGE_ALIGN		8u

/**
 * enum fng_section - kinds of sections, in file order
 * @FNG_SECTION_CLASSES: struct fng_image_class[FNG_NR_CLASSES]
 * @FNG_SECTION_STRINGS: NUL-terminated strings; the first byte and the last
 *	byte are NUL, so offset 0 is the empty string
 * @FNG_SECTION_RULES: struct fng_image_rule[]
 * @FNG_SECTION_PATH_MAP: u8[256], byte to equivalence class, paths
 * @FNG_SECTION_PATH_STATES: struct fng_image_state[]
 * @FNG_SECTION_PATH_TRANS: struct fng_image_trans[]
 * @FNG_SECTION_PATH_ACCEPT: struct fng_image_accept[]
 * @FNG_SECTION_V4: struct fng_image_v4[], sorted, disjoint
 * @FNG_SECTION_V6: struct fng_image_v6[], sorted, disjoint
 * @FNG_SECTION_PORTSETS: struct fng_image_portset[]
 * @FNG_SECTION_PORTS: struct fng_image_port[]
 * @FNG_NR_BASE_SECTIONS: number of sections that a base may have
 * @FNG_SECTION_META: one struct fng_image_meta
 * @FNG_SECTION_CGROUP_MAP: u8[256], the same for attach templates
 * @FNG_SECTION_CGROUP_STATES: struct fng_image_state[]
 * @FNG_SECTION_CGROUP_TRANS: struct fng_image_trans[]
 * @FNG_SECTION_DEVICE_MAP: u8[256], the same for templates of network devices
 * @FNG_SECTION_DEVICE_STATES: struct fng_image_state[]
 * @FNG_SECTION_DEVICE_TRANS: struct fng_image_trans[]
 * @FNG_SECTION_DIGESTS: struct fng_image_digest[], sorted by path
 * @FNG_SECTION_HOST_MAP: u8[256], byte to equivalence class, names of hosts
 * @FNG_SECTION_HOST_STATES: struct fng_image_state[]
 * @FNG_SECTION_HOST_TRANS: struct fng_image_trans[]
 * @FNG_SECTION_HOSTS: struct fng_image_host[]
 * @FNG_SECTION_RESOLVERS: struct fng_image_resolver[], sorted
 * @FNG_SECTION_LIMITS: struct fng_image_limit[], ascending
 * @FNG_SECTION_BASE: the base, up to the end of the image; empty if it is flat
 * @FNG_NR_SECTIONS: number of sections
 */
enum fng_section {
	FNG_SECTION_CLASSES,
	FNG_SECTION_STRINGS,
	FNG_SECTION_RULES,
	FNG_SECTION_PATH_MAP,
	FNG_SECTION_PATH_STATES,
	FNG_SECTION_PATH_TRANS,
	FNG_SECTION_PATH_ACCEPT,
	FNG_SECTION_V4,
	FNG_SECTION_V6,
	FNG_SECTION_PORTSETS,
	FNG_SECTION_PORTS,
	FNG_NR_BASE_SECTIONS,
	FNG_SECTION_META = FNG_NR_BASE_SECTIONS,
	FNG_SECTION_CGROUP_MAP,
	FNG_SECTION_CGROUP_STATES,
	FNG_SECTION_CGROUP_TRANS,
	FNG_SECTION_DEVICE_MAP,
	FNG_SECTION_DEVICE_STATES,
	FNG_SECTION_DEVICE_TRANS,
	FNG_SECTION_DIGESTS,
	FNG_SECTION_HOST_MAP,
	FNG_SECTION_HOST_STATES,
	FNG_SECTION_HOST_TRANS,
	FNG_SECTION_HOSTS,
	FNG_SECTION_RESOLVERS,
	FNG_SECTION_LIMITS,
	FNG_SECTION_BASE,
	FNG_NR_SECTIONS
};

/**
 * struct fng_image_span - where a section is
 * @offset: bytes from the start of the blob, multiple of FNG_IMAGE_ALIGN
 * @size: bytes, multiple of the section's record size
 */
struct fng_image_span {
	u32 offset;
	u32 size;
};

/**
 * struct fng_image_header - start of the blob, and of a base
 * @magic: FNG_IMAGE_MAGIC, or FNG_BASE_MAGIC
 * @abi: version of this format
 * @size: bytes of the whole blob, a base included, or of the base
 * @nr_sections: FNG_NR_SECTIONS of this abi
 * @section: the section table
 */
struct fng_image_header {
	u32 magic;
	u32 abi;
	u32 size;
	u32 nr_sections;
	struct fng_image_span section[FNG_NR_SECTIONS];
};

/**
 * struct fng_image_meta - identity of a policy and its scalar settings
 * @name: policy name, NUL-terminated and NUL-padded
 * @version: the author's number
 * @families: bit n allows the address family n (AF_*) in socket_create; used
 *	when the sockets class is present
 * @types: bit n allows the socket type n (SOCK_*); same
 * @fileless: enum fng_effect for code without a file name: memfd, deleted,
 *	O_TMPFILE, anonymous; used when the exec class is present
 * @fileless_rule: rule id that @fileless comes from
 * @write_exec: enum fng_effect for mappings that are or were writable and
 *	become executable; used when the memory class is present
 * @write_exec_rule: rule id that @write_exec comes from
 * @families_rule: rule id that @families comes from
 * @types_rule: rule id that @types comes from
 * @floor: bit n set: part n (enum fng_floor) of the floor is in force
 * @privileges: bit n allows privilege n (enum fng_privilege); used when the
 *	privileges class is present
 * @capabilities: bit n allows the use of capability n (CAP_*); same
 * @privileges_rule: rule id that @privileges comes from
 * @capabilities_rule: rule id that @capabilities comes from
 * @listen: index of the port set of the ports to listen on; 0 if the listen class
 *	is absent
 * @modified: enum fng_effect for code in files that are being written, or were
 *	changed since the policy was bound; used when the exec class is present
 * @modified_rule: rule id that @modified comes from
 * @dns: enum fng_effect for asking a name server for a name that no rule allows;
 *	used when the egress class is present
 * @dns_rule: rule id that @dns comes from
 * @kill: who is refused something is killed if the bit of its class is set, or for
 *	code without a file FNG_KILL_FILELESS; of FNG_KILL_KNOWN
 * @quarantine: so many refusals put the cgroup in quarantine, 0 if none do
 * @quarantine_time: in so many seconds; 0 only if @quarantine is
 * @phase: of a phase, its name, NUL-terminated and NUL-padded; else all NUL
 * @nr_phases: number of images of phases behind this one; 0 in that of a phase
 * @enter: of a phase, enum fng_enter; else 0
 * @enter_after: of FNG_ENTER_TIME, after how many seconds; else 0
 * @tells: 1 if the phase refuses nothing, and only tells what it would: what was in
 *	force before stays so beside it; else 0
 * @observe: bit n: what is allowed of n (enum fng_observable) is reported
 * @observe_burst: so many at once in each cgroup, not 0; 0 if @observe is
 * @observe_cost: the time that one is worth, as of a rate's limit; 0 only if
 *	@observe is
 *
 * A rule id here may be FNG_RULE_NONE only where its setting refuses nothing:
 * the class is absent, or everything is allowed (all bits are set).
 */
struct fng_image_meta {
	char name[FNG_MAX_POLICY_NAME + 1];
	u32 version;
	u32 types;
	u64 families;
	u32 fileless;
	u32 fileless_rule;
	u32 write_exec;
	u32 write_exec_rule;
	u32 families_rule;
	u32 types_rule;
	u32 floor;
	u32 privileges;
	u64 capabilities;
	u32 privileges_rule;
	u32 capabilities_rule;
	u32 listen;
	u32 modified;
	u32 modified_rule;
	u32 dns;
	u32 dns_rule;
	u32 kill;
	u32 quarantine;
	u32 quarantine_time;
	char phase[FNG_MAX_PHASE_NAME + 1];
	u32 nr_phases;
	u32 enter;
	u32 enter_after;
	u32 tells;
	u32 observe;
	u32 observe_burst;
	u64 observe_cost;
};

/**
 * struct fng_image_rule - where a rule was written, for events and explain
 * @file: string offset of the source file's name
 * @line: line in it, from 1
 * @text: string offset of the rule as a reader would recognise it
 * @class: enum fng_class
 * @effect: enum fng_effect
 * @reserved: zero
 */
struct fng_image_rule {
	u32 file;
	u32 line;
	u32 text;
	u8 class;
	u8 effect;
	u16 reserved;
};

/**
 * struct fng_image_class - settings of one class
 * @present: 1 if the policy has this section; 0 means unrestricted. FLOOR and
 *	SUBJECT are always present.
 * @mode: enum fng_mode
 * @dflt: enum fng_effect where no rule matches; ALLOW if not @present
 * @reserved: zero
 * @err: errno of a refusal, positive, one of FNG_ERRNOS
 * @rule: rule id of the default. FNG_RULE_NONE for FLOOR and SUBJECT and for
 *	an absent class; may be that for MEMORY, SOCKETS and LIMITS, which have
 *	no default; never that for others if @present
 * @reserved2: zero
 *
 * In a base, @present and @dflt of EXEC, FILES and UNIX are those of every policy
 * that extends it, since its accept entries and masks depend on them. EGRESS is
 * present in such a policy if it is in the base. The other classes are absent, @mode and
 * @err are 0, and @rule is FNG_RULE_NONE.
 */
struct fng_image_class {
	u8 present;
	u8 mode;
	u8 dflt;
	u8 reserved;
	u32 err;
	u32 rule;
	u32 reserved2;
};

/**
 * struct fng_image_state - one state of an automaton
 * @base: index of the first transition slot of this state; base + number of
 *	equivalence classes never exceeds the transition table
 * @dflt: the next state where no slot of this state matches; or
 *	FNG_STATE_BASE | n, which hands the byte, and all that follow, to state n
 *	of the base
 * @accept: index of what a name that ends here gets (paths), 1 for a match
 *	and 0 for none (cgroup templates), enum fng_device_match (templates of
 *	devices), or 1 and the index of what a host gets and 0 for none
 * @any: union, over this state and all that can be reached from it, of the
 *	access granted there
 * @every: intersection of the same
 * @deny: union, over the same, of the access that explicit deny rules refuse
 *
 * State 0 is the dead state: no rule can match any more. It leads to itself only
 * and accepts entry 0. State 1 is the start.
 *
 * A step on a byte of equivalence class c, in state s, is
 * t = base[s] + c; s = check[t] == s ? next[t] : dflt[s].
 *
 * A state that hands over owns no slot. It is how the policy's own part sees
 * one state of the base, and stands for it where a name ends: it accepts the
 * same, and has the same masks. States of a base lead to states of the base only.
 *
 * @any, @every and @deny are what renames and removals of directories are
 * judged by. The verifier proves them locally: each state's masks cover those
 * of its accept entry, of its default and of each transition it owns: @any and
 * @deny include theirs, @every is included in theirs. The access bits of an
 * absent class are in @every and not in @deny. In the automata of cgroups, of
 * devices and of hosts the masks are zero.
 */
struct fng_image_state {
	u32 base;
	u32 dflt;
	u16 accept;
	u16 any;
	u16 every;
	u16 deny;
};

/**
 * enum fng_device_match - how a template of network devices matches a name
 * @FNG_DEVICE_UNMATCHED: not at all
 * @FNG_DEVICE_MATCHED: by a pattern that matches others, too
 * @FNG_DEVICE_NAMED: it is written out
 * @FNG_NR_DEVICE_MATCHES: number of these
 */
enum fng_device_match {
	FNG_DEVICE_UNMATCHED,
	FNG_DEVICE_MATCHED,
	FNG_DEVICE_NAMED,
	FNG_NR_DEVICE_MATCHES
};

#define FNG_STATE_DEAD	0u
#define FNG_STATE_START	1u
/* What tells the states of a base from the policy's own; not in a base. */
#define FNG_STATE_BASE	0x80000000u

/**
 * struct fng_image_trans - one slot of the shared transition table
 * @next: state to go to
 * @check: state that owns the slot; FNG_STATE_UNOWNED where none does. The slot
 *	is one of those that the owner's base gives it.
 */
struct fng_image_trans {
	u32 next;
	u32 check;
};

#define FNG_STATE_UNOWNED	0xffffffffu

/**
 * struct fng_image_accept - what a path gets that ends in a state
 * @granted: access bits that are allowed here, after deny, allow, default and
 *	absent sections have all been taken into account
 * @denied: access bits that an explicit deny rule refuses here
 * @rule: per access bit, the rule id that decided: the deny rule, else the
 *	allow rule, else the class's default; FNG_RULE_NONE for an absent class;
 *	in a base, which does not know the rules of defaults, FNG_RULE_DEFAULT
 *	for those
 *
 * Entry 0 is that of a path which no rule matches. @granted and @denied are
 * disjoint. The bits of an absent class are granted.
 */
struct fng_image_accept {
	u16 granted;
	u16 denied;
	u32 rule[FNG_NR_ACCESS];
};

/**
 * struct fng_image_v4 - one range of IPv4 addresses
 * @first: lowest address, host order
 * @last: highest address, host order, not below @first
 * @portset: index of what applies to the range
 *
 * An address that is in none of the policy's own ranges is looked up in those of
 * its base.
 */
struct fng_image_v4 {
	u32 first;
	u32 last;
	u32 portset;
};

/**
 * struct fng_image_v6 - one range of IPv6 addresses
 * @first: lowest address, in network order, compared as bytes
 * @last: highest address, not below @first
 * @portset: index of what applies to the range
 *
 * No range meets ::ffff:0:0/96: what goes there is judged as IPv4.
 */
struct fng_image_v6 {
	u8 first[16];
	u8 last[16];
	u32 portset;
};

/**
 * struct fng_image_portset - the port ranges that apply to an address range
 * @start: per protocol, index of the first port range of it; the ranges of
 *	protocol p are [start[p], start[p + 1])
 *
 * Within a protocol, port ranges are sorted by @first and disjoint. What is in
 * none of them gets the default of the class, egress or listen. FNG_PROTO_OTHER has none.
 *
 * The sets share the port table out between them, in order and without gaps: the
 * first starts at 0, each where the one before ends, the last ends with the
 * table. So the verifier sees each port range once, however many sets there are.
 */
struct fng_image_portset {
	u32 start[FNG_PROTO_OTHER + 1];
};

/**
 * struct fng_image_port - one range of ports
 * @first: lowest port
 * @last: highest port, not below @first
 * @effect: enum fng_effect
 * @reserved: zero
 * @rule: rule id that decides
 */
struct fng_image_port {
	u16 first;
	u16 last;
	u16 effect;
	u16 reserved;
	u32 rule;
};

#define FNG_SHA256_SIZE	32

/**
 * struct fng_image_digest - what a file has to be to become code
 * @path: string offset of its path, not empty and shorter than FNG_MAX_PATH; no
 *	two digests have the same
 * @rule: rule id that a refusal names, an index
 * @sha256: digest of its content
 *
 * There are none where the exec class is absent.
 */
struct fng_image_digest {
	u32 path;
	u32 rule;
	u8 sha256[FNG_SHA256_SIZE];
};

#define FNG_HOST_NO_PORTS	0xffffffffu

/**
 * struct fng_image_host - what the addresses of a host may be talked to
 * @portset: index of what applies to those that anybody may have
 * @special: index of what applies to those that mean something else on each
 *	network, see fng_address_special(); FNG_HOST_NO_PORTS if nothing is allowed
 *
 * A name is walked as a path of its labels, the last one first: api.example.com
 * as /com/example/api. There are none where the egress class is absent.
 */
struct fng_image_host {
	u32 portset;
	u32 special;
};

/**
 * struct fng_image_resolver - a name server whose answers are believed
 * @family: 4 or 6
 * @reserved: zero
 * @addr: in network order; for IPv4 the first 4 bytes, the rest is 0
 *
 * Sorted by all of its bytes, none twice.
 */
struct fng_image_resolver {
	u8 family;
	u8 reserved[3];
	u8 addr[16];
};

/**
 * struct fng_image_limit - how much of something is allowed
 * @kind: enum fng_limit, none twice
 * @rule: rule id that a refusal names
 * @cost: of a rate, the time that one is worth, in 2^-FNG_LIMIT_SHIFT ns, not 0;
 *	0 for what is no rate
 * @most: of a rate, the time that may be used at once, in ns; else the most that
 *	is allowed
 *
 * Where nothing of a rate is allowed, @most is 0. There are none where the limits
 * class is absent.
 */
struct fng_image_limit {
	u32 kind;
	u32 rule;
	u64 cost;
	u64 most;
};

/* No holes: the bytes of an image are what they seem. */
static_assert(sizeof(struct fng_image_span) == 8, "span");
static_assert(sizeof(struct fng_image_header) == 16 + 8 * FNG_NR_SECTIONS,
	      "header");
static_assert(sizeof(struct fng_image_header) % FNG_IMAGE_ALIGN == 0,
	      "header");
static_assert(sizeof(struct fng_image_meta) == 224, "meta");
static_assert(sizeof(struct fng_image_rule) == 16, "rule");
static_assert(sizeof(struct fng_image_class) == 16, "class");
static_assert(sizeof(struct fng_image_state) == 16, "state");
static_assert(sizeof(struct fng_image_trans) == 8, "trans");
static_assert(sizeof(struct fng_image_accept) == 40, "accept");
static_assert(sizeof(struct fng_image_v4) == 12, "v4");
static_assert(sizeof(struct fng_image_v6) == 36, "v6");
static_assert(sizeof(struct fng_image_portset) == 20, "portset");
static_assert(sizeof(struct fng_image_port) == 12, "port");
static_assert(sizeof(struct fng_image_digest) == 40, "digest");
static_assert(sizeof(struct fng_image_host) == 8, "host");
static_assert(sizeof(struct fng_image_resolver) == 20, "resolver");
static_assert(sizeof(struct fng_image_limit) == 24, "limit");

#endif /* FNGUARD_IMAGE_H */
