/* SPDX-License-Identifier: MIT */
/*
 * The policy between parsing and emitting: a flat list of entries and a few
 * scalars, each with the place where it was written.
 */
#ifndef COMPILER_MODEL_H
#define COMPILER_MODEL_H

#include <compiler/compiler.h>
#include <compiler/diag.h>
#include <compiler/mem.h>
#include <compiler/yaml.h>

/**
 * struct fngc_layer - one file that contributes to the policy
 * @source: its text
 * @root: its tree
 * @template: it is a template; the policy itself is not
 * @depth: how many extends lead to it
 */
struct fngc_layer {
	struct fngc_source *source;
	struct fngc_node *root;
	bool template;
	u32 depth;
};

/**
 * struct fngc_param - one parameter
 * @name: name
 * @value: value, NULL while nobody gives one
 * @place: where it was declared
 * @used: some scalar refers to it
 * @declared: some file declares it; otherwise it is only set from outside
 */
struct fngc_param {
	const char *name;
	const char *value;
	struct fngc_place place;
	bool used;
	bool declared;
};

/**
 * struct fngc_scalar - one setting
 * @set: somebody wrote it
 * @value: the value
 * @layer: who
 * @place: where
 * @rule: rule id, once numbered
 * @inherited: a template that this file extends wrote it, too
 * @base: what that was
 */
struct fngc_scalar {
	bool set;
	bool inherited;
	u64 value;
	u64 base;
	const struct fngc_layer *layer;
	struct fngc_place place;
	u32 rule;
};

/**
 * struct fngc_range - addresses from @first to @last
 * @first: 16 bytes in network order; IPv4 in the first 4
 * @last: the same
 * @family: 4 or 6
 */
struct fngc_range {
	u8 first[16];
	u8 last[16];
	u8 family;
};

/* Protocols that a rule can name, as bits; all of them; the usual two. */
#define FNGC_PROTO_BIT(proto)	(1u << (proto))
#define FNGC_PROTO_ALL		((1u << FNG_PROTO_OTHER) - 1)
#define FNGC_PROTO_USUAL	(FNGC_PROTO_BIT(FNG_PROTO_TCP) | \
				 FNGC_PROTO_BIT(FNG_PROTO_UDP))

/**
 * struct fngc_ports - one item of ports
 * @first: lowest port
 * @last: highest port
 * @protos: bits of protocols
 */
struct fngc_ports {
	u16 first;
	u16 last;
	u8 protos;
};

/**
 * struct fngc_entry - one rule that somebody wrote
 * @class: a class that has rules: EXEC, FILES, EGRESS, LISTEN or UNIX
 * @effect: enum fng_effect
 * @access: rules on names: FNG_ACCESS_* bits
 * @removed: taken out by an override, or said twice
 * @layer: who wrote it
 * @place: where
 * @pattern: rules on names: the glob
 * @globs: rules on names: the glob without its braces
 * @nr_globs: number of @globs
 * @ranges: egress: addresses
 * @nr_ranges: number of @ranges
 * @host: egress: name of hosts, in place of addresses; as the path that it is
 *	matched as, or NULL
 * @host_globs: egress: the same as globs
 * @nr_host_globs: number of @host_globs
 * @special: egress: addresses of @host that are special count, too
 * @resolver: egress: whoever has the address of @ranges is believed, too
 * @ports: egress and listen: ports
 * @nr_ports: number of @ports
 * @text: the rule as a reader would recognise it
 * @rule: rule id, once numbered
 * @decides: once built: it decides somewhere
 * @beaten_by: once built: a rule that decided instead of it, by its index in
 *	the model plus one
 */
struct fngc_entry {
	u8 class;
	u8 effect;
	bool removed;
	u32 access;
	const struct fngc_layer *layer;
	struct fngc_place place;
	const char *pattern;
	const struct fngc_glob *globs;
	size_t nr_globs;
	const struct fngc_range *ranges;
	size_t nr_ranges;
	const char *host;
	const struct fngc_glob *host_globs;
	size_t nr_host_globs;
	bool special;
	bool resolver;
	const struct fngc_ports *ports;
	size_t nr_ports;
	const char *text;
	u32 rule;
	bool decides;
	u32 beaten_by;
};

/**
 * struct fngc_attach - one template of attach
 * @pattern: the glob
 * @globs: the glob without its braces
 * @nr_globs: number of @globs
 * @place: where
 */
struct fngc_attach {
	const char *pattern;
	const struct fngc_glob *globs;
	size_t nr_globs;
	struct fngc_place place;
};

/**
 * struct fngc_digest - one item of exec.sha256
 * @path: the file
 * @sha256: what its content has to be
 * @layer: who wrote it last
 * @place: where
 * @rule: rule id, once numbered
 */
struct fngc_digest {
	const char *path;
	u8 sha256[FNG_SHA256_SIZE];
	const struct fngc_layer *layer;
	struct fngc_place place;
	u32 rule;
};

/**
 * struct fngc_limit - one limit
 * @cost: of a rate, as in struct fng_image_limit
 * @most: how many at once, or at most; what tells whether it was written
 * @text: as it was written
 * @base_text: as a template that this file extends has written it, if one has
 */
struct fngc_limit {
	struct fngc_scalar cost;
	struct fngc_scalar most;
	const char *text;
	const char *base_text;
};

/* Bit of the first part of the floor in what is allowed of the privileges. */
#define FNGC_LIFT	32

/**
 * struct fngc_phase_text - one phase as it was written
 * @name: name
 * @index: how many are before it
 * @enter: enum fng_enter
 * @enter_after: FNG_ENTER_TIME: after how many seconds
 * @tells: it only tells what it would refuse
 * @sections: bit n: it has a section of class n
 * @place: where
 * @section: per class, where its section is
 */
struct fngc_phase_text {
	const char *name;
	u32 index;
	u32 enter;
	u32 enter_after;
	bool tells;
	u32 sections;
	struct fngc_place place;
	struct fngc_place section[FNG_NR_CLASSES];
};

/* One item of the override list: takes one rule of a template out. */
struct fngc_override {
	const char *rule;
	const char *reason;
	const struct fngc_layer *layer;
	struct fngc_place place;
};

/* Growing arrays of the above. */
#define FNGC_ARRAY(type) struct { type *v; size_t nr; size_t room; }

/* The next element of such an array, zeroed. */
#define FNGC_PUSH(array) \
	((array)->v = fngc_grow((array)->v, &(array)->room, (array)->nr + 1, \
				sizeof(*(array)->v)), \
	 memset(&(array)->v[(array)->nr], 0, sizeof(*(array)->v)), \
	 &(array)->v[(array)->nr++])

/**
 * struct fngc_model - the whole policy
 * @name: policy name, NULL if missing
 * @version: author's number
 * @mode: mode of the policy
 * @section: per class: the section exists, and where
 * @class_mode: per class: mode of its own
 * @dflt: per class: default effect
 * @err: per class: errno of a refusal
 * @fileless: exec.fileless
 * @modified: exec.modified
 * @write_exec: memory.write-exec
 * @families: sockets.families, as bits
 * @types: sockets.types, as bits
 * @privileges: privileges.allow, as bits; those from FNGC_LIFT on lift parts of
 *	the floor
 * @capabilities: privileges.capabilities, as bits
 * @dns: egress.dns
 * @limits: limits, by enum fng_limit
 * @kill: response.kill, as bits of the image's
 * @quarantine: response.quarantine, refusals that it takes
 * @quarantine_time: the same, seconds in which
 * @observe: observe, as bits of enum fng_observable
 * @observe_cost: observe-rate, what one costs, as in struct fng_image_meta
 * @observe_burst: the same, how many at once
 * @resolvers: egress.resolvers, sorted; once merged
 * @digests: exec.sha256, by path once numbered
 * @entries: rules in the order of the image
 * @attach: attach.cgroup
 * @interfaces: attach.interface
 * @overrides: override
 * @phases: phases, in order
 * @tests: inline tests
 * @nr_tests: number of @tests
 */
struct fngc_model {
	const char *name;
	struct fngc_scalar version;
	struct fngc_scalar mode;
	struct fngc_scalar section[FNG_NR_CLASSES];
	struct fngc_scalar class_mode[FNG_NR_CLASSES];
	struct fngc_scalar dflt[FNG_NR_CLASSES];
	struct fngc_scalar err[FNG_NR_CLASSES];
	struct fngc_scalar fileless;
	struct fngc_scalar modified;
	struct fngc_scalar write_exec;
	struct fngc_scalar families;
	struct fngc_scalar types;
	struct fngc_scalar privileges;
	struct fngc_scalar capabilities;
	struct fngc_scalar dns;
	struct fngc_limit limits[FNG_NR_LIMITS];
	struct fngc_scalar kill;
	struct fngc_scalar quarantine;
	struct fngc_scalar quarantine_time;
	struct fngc_scalar observe;
	struct fngc_scalar observe_cost;
	struct fngc_scalar observe_burst;
	FNGC_ARRAY(struct fng_image_resolver) resolvers;
	FNGC_ARRAY(struct fngc_digest) digests;
	FNGC_ARRAY(struct fngc_entry) entries;
	FNGC_ARRAY(struct fngc_attach) attach;
	FNGC_ARRAY(struct fngc_attach) interfaces;
	FNGC_ARRAY(struct fngc_override) overrides;
	FNGC_ARRAY(struct fngc_phase_text) phases;
	FNGC_ARRAY(struct fngc_test) tests;
};

/**
 * struct fngc_compile - one compilation
 * @result: what it gives; first, so that freeing the one frees the other
 * @options: how
 * @search: directories for templates and sets, NULL-terminated
 * @arena: memory that lives as long as the result
 * @diags: diagnostics so far
 * @nr_sources: sources so far
 * @layers: files that contribute: templates before those who extend them, the
 *	policy itself last
 * @pattern_bytes: bytes of all patterns, braces written out
 * @params: parameters
 * @sets: address sets that were looked up
 * @model: the policy
 * @rules: rules as the result shows them
 * @nr_inherited: number of those, the first ones, that are items of templates'
 *	lists
 * @base_view: the base of the result's image, if it has one
 * @phase: what is compiled is this phase of the policy; NULL for what it starts in
 * @start: of a policy with phases, the image that the result's view is of
 */
struct fngc_compile {
	struct fngc_result result;
	struct fngc_options options;
	const char *const *search;
	struct fngc_arena arena;
	struct fngc_diag_list diags;
	u32 nr_sources;
	size_t pattern_bytes;
	FNGC_ARRAY(struct fngc_layer *) layers;
	FNGC_ARRAY(struct fngc_param) params;
	FNGC_ARRAY(struct fngc_set *) sets;
	struct fngc_model model;
	FNGC_ARRAY(struct fngc_rule) rules;
	u32 nr_inherited;
	struct fng_image base_view;
	const struct fngc_phase_text *phase;
	const void *start;
};

/* Is it a template that the policy extends? */
static inline bool fngc_layer_inherited(const struct fngc_layer *layer)
{
	return layer->source->order != 0;
}

static inline bool fngc_entry_inherited(const struct fngc_entry *entry)
{
	return fngc_layer_inherited(entry->layer);
}

#define fngc_private(result) ((struct fngc_compile *)(result))

/*
 * compile.c, for languages other than that of policies, which are read by the
 * same means: begins a compilation; reads a file or reports that it cannot be
 * read; ends it, so that what only the stages need goes, and what the result
 * points to stays.
 */
struct fngc_compile *fngc_start(const struct fngc_options *options,
				const char *path);
struct fngc_source *fngc_open(struct fngc_compile *c, const char *path,
			      int *err);
int fngc_finish(struct fngc_compile *c, struct fngc_result **result);

/* The stages, of a text. */
void fngc_compile_source(struct fngc_compile *c, struct fngc_source *source);

/* phases.c: puts what a phase says in place; compiles and proves all of them */
void fngc_phase_apply(struct fngc_compile *c);
void fngc_phase_describe(const struct fngc_compile *c,
			 struct fng_image_meta *meta);
void fngc_phases_build(struct fngc_compile *c,
		       const struct fngc_source *source);

/* layers.c and params.c: the policy and its templates, then their parameters */
int fngc_layers_load(struct fngc_compile *c, struct fngc_source *source);
void fngc_params_collect(struct fngc_compile *c);
void fngc_params_check(struct fngc_compile *c);
const char *fngc_substitute(struct fngc_compile *c,
			    const struct fngc_node *node);

/* merge.c: overrides, order */
void fngc_scalar_set(struct fngc_compile *c, const struct fngc_layer *layer,
		     struct fngc_scalar *scalar, u64 value,
		     const struct fngc_place *place);
void fngc_merge(struct fngc_compile *c);
/* section_limits.c: what a later file allows more of */
void fngc_limits_check(struct fngc_compile *c);
/* section_response.c: the same of what follows a refusal */
void fngc_response_check(struct fngc_compile *c);
/* section_names.c: who is believed, of the rules that are left */
void fngc_resolvers_collect(struct fngc_compile *c);
/* doubles.c, number.c: rules said twice, rule ids */
void fngc_doubles_remove(struct fngc_compile *c);
void fngc_rules_number(struct fngc_compile *c);

/* The mode that a class is in, its own or the policy's. */
u32 fngc_class_mode(const struct fngc_model *model, u32 class);
/* The default effect of a class, ALLOW if it is absent; once numbered. */
u32 fngc_class_default(const struct fngc_model *model, u32 class);

#endif /* COMPILER_MODEL_H */
