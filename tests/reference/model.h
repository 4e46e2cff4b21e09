/* SPDX-License-Identifier: MIT */
/*
 * A policy as its author thinks of it, in the terms of DESIGN 5: no automata,
 * no ranges, nothing that the compiler or the engine has. Numbers here are of
 * this directory alone.
 */
#ifndef REFERENCE_MODEL_H
#define REFERENCE_MODEL_H

#include <fnguard/types.h>

#define REF_PATTERN_SIZE	128
#define REF_MAX_PATHS		20
#define REF_MAX_EGRESS		10
#define REF_MAX_LISTEN		8
#define REF_MAX_HOSTS		8
#define REF_MAX_RESOLVERS	3
#define REF_HOST_SIZE		64
#define REF_MAX_TARGETS		3
#define REF_MAX_PORTS		3
#define REF_MAX_WORDS		6
#define REF_NR_PRIVILEGES	7
#define REF_MAX_CGROUPS		3
#define REF_MAX_DEVICES		3
#define REF_MAX_TEMPLATES	2
/* The policy's own file is number 0. */
#define REF_MAX_FILES		(1 + REF_MAX_TEMPLATES)
/* A line of a file: that of the rules which come first counts least. */
#define REF_LINE(rank, line)	((rank) << 20 | (line))

/* The sections with verdicts, and the floor that all policies have. */
enum ref_class {
	REF_EXEC,
	REF_MEMORY,
	REF_FILES,
	REF_EGRESS,
	REF_SOCKETS,
	REF_PRIVILEGES,
	REF_LISTEN,
	REF_UNIX,
	REF_LIMITS,
	REF_NR_SECTIONS,
	REF_FLOOR = REF_NR_SECTIONS,
	REF_NR_CLASSES
};

enum ref_effect { REF_DENY, REF_ALLOW };

#define REF_READ	0x01u
#define REF_WRITE	0x02u
#define REF_CREATE	0x04u
#define REF_DELETE	0x08u
#define REF_ATTR	0x10u
#define REF_LINK	0x20u
#define REF_FILE_BITS	0x3fu
#define REF_RUN		0x40u
#define REF_MAP		0x80u
#define REF_CODE_BITS	0xc0u
#define REF_TALK	0x100u
#define REF_NR_BITS	9
/* What a new name must not win. */
#define REF_GAIN_BITS	(REF_READ | REF_WRITE | REF_RUN | REF_MAP)
#define REF_TREE_GAIN_BITS	(REF_GAIN_BITS | REF_TALK)

enum ref_proto {
	REF_TCP,
	REF_UDP,
	REF_ICMP,
	REF_SCTP,
	REF_OTHER,
	REF_NR_PROTOS
};

/**
 * struct ref_setting - a key with one value
 * @said: it is written
 * @value: the value
 * @line: where, once printed; a REF_LINE()
 */
struct ref_setting {
	bool said;
	u32 value;
	u32 line;
};

/**
 * struct ref_section - what all sections have, mostly by file
 * @present: it is written
 * @line: of its first key, or of its name where it has none; once printed
 * @audit: its mode, 1 is audit; a template has none
 * @dflt: enum ref_effect where no rule matches
 * @err: errno of a refusal, by its index in ref_errnos
 */
struct ref_section {
	bool present[REF_MAX_FILES];
	u32 line[REF_MAX_FILES];
	struct ref_setting audit;
	struct ref_setting dflt[REF_MAX_FILES];
	struct ref_setting err[REF_MAX_FILES];
};

/* The lists of the exec section; unix has the first and the last. */
enum ref_list { REF_LIST_ALLOW, REF_LIST_MAP, REF_LIST_DENY, REF_NR_LISTS };

/**
 * struct ref_path_rule - one rule of exec, files or unix
 * @file: whose it is
 * @overridden: the policy takes it out of its template
 * @class: REF_EXEC, REF_FILES or REF_UNIX
 * @list: exec and unix: the list that it is an item of
 * @allow: files: bits that are allowed
 * @deny: files: bits that are refused
 * @line: where its pattern is, once printed
 * @pattern: the glob as written
 */
struct ref_path_rule {
	u8 file;
	bool overridden;
	u8 class;
	u8 list;
	u32 allow;
	u32 deny;
	u32 line;
	char pattern[REF_PATTERN_SIZE];
};

/* How a network or ports are written. */
enum ref_style { REF_STYLE_PLAIN, REF_STYLE_LONG, REF_STYLE_MAPPED,
		 REF_NR_STYLES };

/**
 * struct ref_network - a network; IPv4 is ::ffff:0:0/96 here
 * @addr: its first address
 * @prefix: bits that count, of 128
 * @style: enum ref_style
 */
struct ref_network {
	u8 addr[16];
	u8 prefix;
	u8 style;
};

/**
 * struct ref_target - one item of a rule's addresses
 * @set: index in ref_sets plus one; 0 for a network
 * @network: the network
 */
struct ref_target {
	u8 set;
	struct ref_network network;
};

/**
 * struct ref_ports - one item of a rule's ports
 * @every: no number is written
 * @first: lowest
 * @last: highest
 * @proto: enum ref_proto; REF_OTHER if none is written
 */
struct ref_ports {
	bool every;
	u16 first;
	u16 last;
	u8 proto;
};

/**
 * struct ref_egress_rule - one rule of egress
 * @file: whose it is
 * @overridden: the policy takes it out of its template
 * @effect: enum ref_effect
 * @nr_targets: number of @targets
 * @nr_ports: number of @ports; 0 if there is no such key
 * @line: where, once printed
 * @targets: addresses
 * @ports: ports
 */
struct ref_egress_rule {
	u8 file;
	bool overridden;
	u8 effect;
	u8 nr_targets;
	u8 nr_ports;
	u32 line;
	struct ref_target targets[REF_MAX_TARGETS];
	struct ref_ports ports[REF_MAX_PORTS];
};

/**
 * struct ref_host_rule - one rule of egress on a name
 * @file: whose it is
 * @overridden: the policy takes it out of its template
 * @effect: enum ref_effect
 * @special: answers: any
 * @nr_ports: number of @ports; 0 if there is no such key
 * @line: where, once printed
 * @name: the name as written, with "*." or "**." before it
 * @ports: ports
 */
struct ref_host_rule {
	u8 file;
	bool overridden;
	u8 effect;
	bool special;
	u8 nr_ports;
	u32 line;
	char name[REF_HOST_SIZE];
	struct ref_ports ports[REF_MAX_PORTS];
};

/**
 * struct ref_resolver - one of egress.resolvers
 * @file: whose it is
 * @overridden: the policy takes it out of its template
 * @line: where, once printed
 * @network: its address
 */
struct ref_resolver {
	u8 file;
	bool overridden;
	u32 line;
	struct ref_network network;
};

/**
 * struct ref_listen_rule - one item of a list of listen
 * @file: whose it is
 * @overridden: the policy takes it out of its template
 * @effect: enum ref_effect, the list
 * @line: where, once printed
 * @ports: ports
 */
struct ref_listen_rule {
	u8 file;
	bool overridden;
	u8 effect;
	u32 line;
	struct ref_ports ports;
};

/**
 * struct ref_words - a list of words of the sockets or privileges section
 * @said: it is written, if only as an empty list
 * @nr: number of @word
 * @line: where, once printed
 * @word: index in ref_families, ref_types, ref_capabilities or ref_grants
 */
struct ref_words {
	bool said;
	u8 nr;
	u32 line;
	u8 word[REF_MAX_WORDS];
};

/**
 * struct ref_policy - a policy and its templates
 * @nr_templates: number of templates, t1 and so on
 * @chain: the policy extends the last of them only, which extends the other
 * @style: decides about what has no meaning: order of sections, quotes
 * @audit: mode of the policy, 1 is audit
 * @section: per section
 * @fileless: exec.fileless, enum ref_effect, by file
 * @modified: exec.modified, the same, by file
 * @write_exec: memory.write-exec, the same, by file
 * @nr_paths: number of @paths
 * @paths: rules of exec, files and unix
 * @nr_egress: number of @egress
 * @egress: rules of egress
 * @dns: egress.dns, by file; enum ref_effect for what no rule allows
 * @nr_hosts: number of @hosts
 * @hosts: rules of egress on names
 * @nr_resolvers: number of @resolvers
 * @resolvers: egress.resolvers
 * @nr_listen: number of @listen
 * @listen: rules of listen
 * @families: sockets.families, by file
 * @types: sockets.types, by file
 * @capabilities: privileges.capabilities, by file
 * @grants: privileges.allow, by file
 * @connect: limits.connect, by file; see ref_rate_of()
 * @label: limits.dns-label, by file; one less than it says
 * @nr_cgroups: number of @cgroups
 * @cgroups: attach.cgroup
 * @nr_devices: number of @devices
 * @devices: attach.interface; none has a wildcard inside of braces
 * @closed: what the policy's phase refuses altogether: bits by enum ref_class, of
 *	sections that have a default; 0: it has no phase
 * @closed_line: where each is, once printed
 * @root: value of a parameter that stands for the start of patterns; the policy
 *	declares it; may be empty
 */
struct ref_policy {
	u8 nr_templates;
	bool chain;
	u32 style;
	struct ref_setting audit;
	struct ref_section section[REF_NR_SECTIONS];
	struct ref_setting fileless[REF_MAX_FILES];
	struct ref_setting modified[REF_MAX_FILES];
	struct ref_setting write_exec[REF_MAX_FILES];
	u32 nr_paths;
	struct ref_path_rule paths[REF_MAX_PATHS];
	u32 nr_egress;
	struct ref_egress_rule egress[REF_MAX_EGRESS];
	struct ref_setting dns[REF_MAX_FILES];
	u32 nr_hosts;
	struct ref_host_rule hosts[REF_MAX_HOSTS];
	u32 nr_resolvers;
	struct ref_resolver resolvers[REF_MAX_RESOLVERS];
	u32 nr_listen;
	struct ref_listen_rule listen[REF_MAX_LISTEN];
	struct ref_words families[REF_MAX_FILES];
	struct ref_words types[REF_MAX_FILES];
	struct ref_words capabilities[REF_MAX_FILES];
	struct ref_words grants[REF_MAX_FILES];
	struct ref_setting connect[REF_MAX_FILES];
	struct ref_setting label[REF_MAX_FILES];
	u32 nr_cgroups;
	char cgroups[REF_MAX_CGROUPS][REF_PATTERN_SIZE];
	u32 nr_devices;
	char devices[REF_MAX_DEVICES][REF_PATTERN_SIZE];
	u32 closed;
	u32 closed_line[REF_NR_SECTIONS];
	char root[REF_PATTERN_SIZE];
};

/* The name of the phase. */
#define REF_PHASE	"served"

/* What a policy with a phase says in it; the policy has been printed. */
void ref_phase_enter(const struct ref_policy *policy, struct ref_policy *after);

/* Numbers that a rate may be written as, see ref_rate_of(). */
#define REF_NR_RATES	(40 * 3 * 30)

/**
 * struct ref_rate - a rate as it is written
 * @number: how many
 * @period: in which time
 * @burst: how many at once; 0 if that is not written
 */
struct ref_rate {
	u32 number;
	char period;
	u32 burst;
};

struct ref_rate ref_rate_of(u32 value);

/* A word of the language and the number that it stands for. */
struct ref_word {
	const char *name;
	u32 value;
};

extern const char *const ref_class_names[REF_NR_CLASSES];
extern const char *const ref_bit_names[REF_NR_BITS];
extern const char *const ref_proto_names[REF_NR_PROTOS];

/* Each ends with a NULL. */
extern const struct ref_word ref_errnos[];
extern const struct ref_word ref_families[];
extern const struct ref_word ref_types[];
extern const struct ref_word ref_capabilities[];

/*
 * What privileges.allow may name, each with the class whose refusals it ends:
 * REF_NR_PRIVILEGES that are privileges, then parts of the floor.
 */
extern const struct ref_word ref_grants[];

/**
 * struct ref_set - a set of addresses that is built in
 * @name: with its @
 * @networks: as text, up to a NULL
 */
struct ref_set {
	const char *name;
	const char *const *networks;
};

extern const struct ref_set ref_sets[];

/* Some file has the section. */
bool ref_section_present(const struct ref_section *section);

u32 ref_nr_words(const struct ref_word *words);
u32 ref_nr_sets(void);

/* An address that is of IPv4: ::ffff:0:0/96. */
bool ref_is_v4(const u8 addr[16]);

/* Reads "10.0.0.0/8", "::1" and the like. */
struct ref_network ref_network_read(const char *text);

#endif /* REFERENCE_MODEL_H */
