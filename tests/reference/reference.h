/* SPDX-License-Identifier: MIT */
/*
 * What a policy says about a question, by the words of DESIGN 5 and
 * kmod/engine/SEMANTICS.md: a scan over all rules, each tried as it is written.
 * Nothing here is shared with the compiler or the engine.
 */
#ifndef REFERENCE_REFERENCE_H
#define REFERENCE_REFERENCE_H

#include "request.h"

/* How much of a verdict is known. */
enum ref_certainty {
	REF_ALL,	/* every field */
	REF_REFUSED,	/* only if it is refused */
	REF_NOTHING,	/* samples do not tell */
};

/**
 * struct ref_verdict - an answer
 * @certainty: enum ref_certainty; REF_ALL for the engine's
 * @refused: what the rules say
 * @audit: a refusal is reported only
 * @class: enum ref_class that decided
 * @err: errno of a refusal
 * @line: of the rule or setting that decided, 0 if none is written
 * @access: the bits that are refused
 */
struct ref_verdict {
	u8 certainty;
	bool refused;
	bool audit;
	u8 class;
	int err;
	u32 line;
	u32 access;
};

/* What of the floor is in force. */
enum ref_floor_when {
	REF_ALWAYS,
	REF_WITH_PATHS,		/* and with privileges */
	REF_WITH_NETWORK,	/* egress or listen */
};

/**
 * struct ref_floor_part - one part of the floor
 * @name: as questions name it
 * @when: enum ref_floor_when
 */
struct ref_floor_part {
	const char *name;
	u8 when;
};

#define REF_NR_FLOOR_PARTS	14

extern const struct ref_floor_part ref_floor_parts[REF_NR_FLOOR_PARTS];

/* The answer; the policy has been printed, so that its lines are known. */
struct ref_verdict ref_decide(const struct ref_policy *policy,
			      const struct ref_request *request);

/**
 * struct ref_place - a destination; IPv4 is ::ffff:0:0/96 here
 * @addr: address
 * @proto: enum ref_proto
 * @port: port
 */
struct ref_place {
	u8 addr[16];
	u8 proto;
	u16 port;
};

/* By kind: reference_paths.c, reference_tree.c, reference_egress.c, reference_hosts.c */
struct ref_verdict ref_decide_rename_peer(const struct ref_policy *policy,
					  const struct ref_request *request);
struct ref_verdict ref_decide_listen(const struct ref_policy *policy,
				     const struct ref_request *request);
struct ref_verdict ref_decide_path(const struct ref_policy *policy,
				   const struct ref_request *request);
struct ref_verdict ref_decide_rename(const struct ref_policy *policy,
				     const struct ref_request *request);
struct ref_verdict ref_decide_nameless(const struct ref_policy *policy,
				       const struct ref_request *request);
struct ref_verdict ref_decide_remove_tree(const struct ref_policy *policy,
					  const struct ref_request *request);
struct ref_verdict ref_decide_move_tree(const struct ref_policy *policy,
					const struct ref_request *request);
struct ref_verdict ref_decide_connect(const struct ref_policy *policy,
				      const struct ref_request *request);

struct ref_verdict ref_decide_host(const struct ref_policy *policy,
				   const struct ref_request *request);
struct ref_verdict ref_decide_name(const struct ref_policy *policy,
				   const struct ref_request *request);
struct ref_verdict ref_decide_resolve(const struct ref_policy *policy,
				      const struct ref_request *request);
struct ref_verdict ref_decide_resolver(const struct ref_policy *policy,
				       const struct ref_request *request);
struct ref_verdict ref_decide_default(const struct ref_policy *policy,
				      u8 class);

/* reference_limits.c */
bool ref_limits_traffic(const struct ref_policy *policy);
u32 ref_burst_of(struct ref_rate rate);
struct ref_verdict ref_decide_use(const struct ref_policy *policy,
				  const struct ref_request *request);
struct ref_verdict ref_decide_label(const struct ref_policy *policy,
				    const char *name);

/* Pieces of rules of egress. */
void ref_address_of(const struct ref_request *request, u8 addr[16]);
struct ref_place ref_place_of(const struct ref_request *request);
bool ref_has_address(const struct ref_network *network, const u8 addr[16]);
bool ref_has_port(const struct ref_ports *ports, u32 nr, u8 effect,
		  const struct ref_place *place);

/* No rule is about the address of a request. */
bool ref_connect_open(const struct ref_policy *policy,
		      const struct ref_request *request);

/* A verdict of a class, with its mode and errno. */
struct ref_verdict ref_verdict_of(const struct ref_policy *policy, u8 class,
				  bool refused, u32 line);

/* What holds of a setting: the policy's own word, or that of a later file. */
const struct ref_setting *
ref_effective(const struct ref_setting by_file[REF_MAX_FILES]);

/* The default of a section: what, and where it is written. */
u32 ref_default_effect(const struct ref_section *section);
u32 ref_default_line(const struct ref_section *section);

/* Where a setting is written, or the section if nobody wrote it. */
u32 ref_setting_line(const struct ref_section *section,
		     const struct ref_setting *setting);

/**
 * struct ref_use - what a policy says about uses of one path
 * @granted: bits that are allowed
 * @line: per bit, of what decided
 */
struct ref_use {
	u32 granted;
	u32 line[REF_NR_BITS];
};

struct ref_use ref_use_of(const struct ref_policy *policy, const char *path);

/* The bits that a rule allows, or refuses. */
u32 ref_rule_bits(const struct ref_path_rule *rule, u8 effect);

/* The section that answers for bits of several. */
u8 ref_answering_class(const struct ref_policy *policy, u32 bits);
u32 ref_class_bits(u8 class);

#endif /* REFERENCE_REFERENCE_H */
