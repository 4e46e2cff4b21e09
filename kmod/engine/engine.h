/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The decision engine: the one implementation of every verdict, in the kernel
 * module, in the compiler, in `policy explain`, in tests and in fuzzers.
 *
 * Pure C: no allocation, no locks, no recursion, nothing but the image. Every
 * function here may run in any context. Everything that takes a struct
 * fng_image assumes one that fng_image_verify() has accepted, and checks no
 * index again.
 */
#ifndef FNGUARD_ENGINE_H
#define FNGUARD_ENGINE_H

#include <fnguard/image.h>

/**
 * struct fng_dfa - an automaton of a verified image
 * @map: byte to equivalence class
 * @states: states
 * @trans: transition table
 * @nr_states: number of @states
 */
struct fng_dfa {
	const u8 *map;
	const struct fng_image_state *states;
	const struct fng_image_trans *trans;
	u32 nr_states;
};

/**
 * struct fng_image - a verified image or base, with its sections found
 * @base: the base; NULL in a flat image, and in a base
 * @meta: identity and scalars; of no use in a base
 * @strings: string section
 * @rules: rule table
 * @classes: settings per class
 * @path: the path automaton
 * @accepts: what its states grant
 * @cgroup: the automaton of attach templates; nr_states 0 if there are none, and
 *	then it may be walked all the same and matches nothing
 * @device: the same of templates of network devices
 * @v4: IPv4 ranges
 * @v4_steps: by first bits of an address, how many of @v4 begin below all that have
 *	these; one more for the end. NULL if the search has no first step
 * @v6: IPv6 ranges
 * @portsets: port sets
 * @ports: port ranges
 * @digests: what files have to be to become code
 * @host: the automaton of names of hosts; as @cgroup if there are none
 * @hosts: what its states allow
 * @resolvers: name servers whose answers are believed
 * @limits: how much is allowed, ascending
 * @nr_rules: number of @rules
 * @nr_accepts: number of @accepts
 * @nr_v4: number of @v4
 * @nr_v6: number of @v6
 * @nr_portsets: number of @portsets
 * @nr_ports: number of @ports
 * @nr_digests: number of @digests
 * @nr_hosts: number of @hosts
 * @nr_resolvers: number of @resolvers
 * @nr_limits: number of @limits
 * @size: bytes of the whole blob, that of the base included
 * @v4_shift: bits of an address that are not among the first
 *
 * The tables are those of this part alone. All pointers but @base and @v4_steps,
 * see fng_steps_set(), go into the caller's blob and live as long as it does, but
 * those of an empty @cgroup, @device or @host, which live forever.
 */
struct fng_image {
	const struct fng_image *base;
	const struct fng_image_meta *meta;
	const char *strings;
	const struct fng_image_rule *rules;
	const struct fng_image_class *classes;
	struct fng_dfa path;
	const struct fng_image_accept *accepts;
	struct fng_dfa cgroup;
	struct fng_dfa device;
	const struct fng_image_v4 *v4;
	const u32 *v4_steps;
	const struct fng_image_v6 *v6;
	const struct fng_image_portset *portsets;
	const struct fng_image_port *ports;
	const struct fng_image_digest *digests;
	struct fng_dfa host;
	const struct fng_image_host *hosts;
	const struct fng_image_resolver *resolvers;
	const struct fng_image_limit *limits;
	u32 nr_rules;
	u32 nr_accepts;
	u32 nr_v4;
	u32 nr_v6;
	u32 nr_portsets;
	u32 nr_ports;
	u32 nr_digests;
	u32 nr_hosts;
	u32 nr_resolvers;
	u32 nr_limits;
	u32 size;
	u8 v4_shift;
};

/**
 * struct fng_image_error - why an image was refused
 * @reason: a constant sentence
 * @offset: byte offset of the offending field in the blob
 */
struct fng_image_error {
	const char *reason;
	u32 offset;
};

/**
 * struct fng_decision - verdict of one policy on one access
 * @refused: what the rules say, before the mode is looked at
 * @audit: the class only audits or learns: a refusal is not enforced
 * @class: class that decided
 * @err: errno of a refusal, positive
 * @rule: rule id that decided, FNG_RULE_NONE if nothing applies
 * @access: of the access bits asked for, those that are refused
 */
struct fng_decision {
	bool refused;
	bool audit;
	u8 class;
	u16 err;
	u32 rule;
	u32 access;
};

/**
 * struct fng_endpoint - a destination
 * @family: 4 or 6
 * @proto: enum fng_proto
 * @port: port, host order; 0 where the protocol has none
 * @addr: address in network order; for IPv4 the first 4 bytes, the rest is 0
 */
struct fng_endpoint {
	u8 family;
	u8 proto;
	u16 port;
	u8 addr[16];
};

/* steps.c */
u32 fng_steps_number(const struct fng_image *image);
void fng_steps_set(struct fng_image *image, u32 *steps);

/* verify.c */
int fng_image_split(const struct fng_image_header *header, size_t size,
		    u32 *own, struct fng_image_error *error);
int fng_base_verify(const void *blob, size_t size, struct fng_image *base,
		    struct fng_image_error *error);
int fng_own_verify(const void *blob, size_t size, const struct fng_image *base,
		   struct fng_image *image, struct fng_image_error *error);
int fng_image_verify(const void *blob, size_t size, struct fng_image *base,
		     struct fng_image *image, struct fng_image_error *error);

/* verify_phases.c */
int fng_image_part(const struct fng_image_header *header, size_t left,
		   u32 *size, struct fng_image_error *error);
int fng_start_verify(const struct fng_image *image, const void *blob,
		     struct fng_image_error *error);
int fng_phase_verify(const struct fng_image *phase, const void *blob,
		     const struct fng_image *policy,
		     const struct fng_image *const *before, u32 nr,
		     struct fng_image_error *error);

bool fng_traffic_same(const struct fng_image *a, const struct fng_image *b);

/* rules.c */

/**
 * fng_rules_count() - how many rules a policy has
 * @image: the policy's
 *
 * Return: their number; ids of rules are below it.
 */
static inline u32 fng_rules_count(const struct fng_image *image)
{
	return (image->base ? image->base->nr_rules : 0) + image->nr_rules;
}

const struct fng_image_rule *fng_rule_find(const struct fng_image *image,
					   u32 rule, const char **strings);

/* automaton.c */

/**
 * fng_dfa_step() - advance an automaton over one byte
 * @dfa: automaton of a verified image
 * @state: one of its states, to start from
 * @byte: byte to consume
 *
 * Return: the next state, or FNG_STATE_BASE and the state of the base that the
 * byte is handed to.
 */
static inline u32 fng_dfa_step(const struct fng_dfa *dfa, u32 state, u8 byte)
{
	const struct fng_image_state *s = &dfa->states[state];
	const struct fng_image_trans *t = &dfa->trans[s->base + dfa->map[byte]];

	return t->check == state ? t->next : s->dflt;
}

u32 fng_dfa_walk(const struct fng_dfa *dfa, u32 state, const char *name,
		 size_t len);
u32 fng_path_walk(const struct fng_image *image, const char *name, size_t len);
u32 fng_path_step(const struct fng_image *image, u32 state, u8 byte);
bool fng_cgroup_match(const struct fng_image *image, u32 state);
enum fng_device_match fng_device_match(const struct fng_image *image,
				       const char *name, size_t len);

/* decide_path.c */

/* The class that governs an access bit mask (all of one class). */
static inline u8 fng_access_class(u32 access)
{
	if (access & FNG_ACCESS_CODE)
		return FNG_CLASS_EXEC;
	return access & FNG_ACCESS_UNIX ? FNG_CLASS_UNIX : FNG_CLASS_FILES;
}

/* The access bits that a class governs; 0 if its rules are not about names. */
static inline u32 fng_class_access(u32 class)
{
	switch (class) {
	case FNG_CLASS_EXEC:
		return FNG_ACCESS_CODE;
	case FNG_CLASS_FILES:
		return FNG_ACCESS_FILES;
	case FNG_CLASS_UNIX:
		return FNG_ACCESS_UNIX;
	default:
		return 0;
	}
}

void fng_path_decide(const struct fng_image *image, u32 state, u32 access,
		     struct fng_decision *decision);
void fng_name_decide(const struct fng_image *image, const char *name,
		     size_t len, u32 access, struct fng_decision *decision);
void fng_gain_decide(const struct fng_image *image, u32 from, u32 to,
		     struct fng_decision *decision);
void fng_subtree_decide(const struct fng_image *image, u32 state,
			struct fng_decision *decision);
void fng_tree_gain_decide(const struct fng_image *image, u32 from, u32 to,
			  struct fng_decision *decision);
void fng_nameless_decide(const struct fng_image *image, u32 access,
			 struct fng_decision *decision);
void fng_peer_gain_decide(const struct fng_image *image, u32 from,
			  struct fng_decision *decision);

/* digest.c */
const struct fng_image_digest *fng_digest_find(const struct fng_image *image,
					       const char *name, size_t len);
void fng_digest_decide(const struct fng_image *image,
		       const struct fng_image_digest *digest,
		       struct fng_decision *decision);

/* decide_egress.c */
void fng_egress_decide(const struct fng_image *image,
		       const struct fng_endpoint *endpoint,
		       struct fng_decision *decision);
bool fng_egress_reachable(const struct fng_image *image,
			  const struct fng_endpoint *endpoint);
void fng_listen_decide(const struct fng_image *image, u8 proto, u16 port,
		       struct fng_decision *decision);
bool fng_listen_names(const struct fng_image *image, u8 proto, u16 port);

/* Is a refusal of egress only for want of a rule about the address? */
static inline bool fng_egress_open(const struct fng_image *image,
				   const struct fng_decision *decision)
{
	return decision->refused &&
	       decision->rule == image->classes[FNG_CLASS_EGRESS].rule;
}

/* decide_host.c */
const struct fng_image_host *fng_host_find(const struct fng_image *image,
					   const char *name, size_t len);
void fng_host_decide(const struct fng_image *image,
		     const struct fng_image_host *host,
		     const struct fng_endpoint *endpoint,
		     struct fng_decision *decision);
void fng_dns_decide(const struct fng_image *image, const char *name, size_t len,
		    struct fng_decision *decision);
bool fng_resolver_known(const struct fng_image *image,
			const struct fng_endpoint *addr);

/* limit.c */

/* Is a limit so much in a time? */
static inline bool fng_limit_is_rate(u32 kind)
{
	return kind != FNG_LIMIT_EGRESS_TOTAL &&
	       kind != FNG_LIMIT_DESTINATIONS && kind != FNG_LIMIT_DNS_LABEL;
}

const struct fng_image_limit *fng_limit_find(const struct fng_image *image,
					     u32 kind);
void fng_limit_decide(const struct fng_image *image,
		      const struct fng_image_limit *limit, bool refused,
		      struct fng_decision *decision);
u64 fng_limit_price(const struct fng_image_limit *limit, u64 amount);
bool fng_limit_take(const struct fng_image_limit *limit, u64 now, u64 amount,
		    u64 *until);
u32 fng_label_longest(const char *name, size_t len);
void fng_label_decide(const struct fng_image *image, const char *name,
		      size_t len, struct fng_decision *decision);

/* address.c */
bool fng_address_special(const struct fng_endpoint *endpoint);

/* decide_scalar.c */
void fng_class_default(const struct fng_image *image, u8 class,
		       struct fng_decision *decision);
void fng_fileless_decide(const struct fng_image *image,
			 struct fng_decision *decision);
void fng_modified_decide(const struct fng_image *image,
			 struct fng_decision *decision);
void fng_write_exec_decide(const struct fng_image *image,
			   struct fng_decision *decision);
void fng_socket_decide(const struct fng_image *image, u32 family, u32 type,
		       struct fng_decision *decision);
void fng_privilege_decide(const struct fng_image *image, u32 privilege,
			  struct fng_decision *decision);
void fng_capability_decide(const struct fng_image *image, u32 cap,
			   struct fng_decision *decision);
bool fng_kill_decide(const struct fng_image *image,
		     const struct fng_decision *decision);
void fng_floor_decide(const struct fng_image *image, u32 part,
		      struct fng_decision *decision);

#endif /* FNGUARD_ENGINE_H */
