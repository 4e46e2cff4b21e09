/* SPDX-License-Identifier: MIT */
/*
 * From the policy to the bytes of its image.
 */
#ifndef COMPILER_EMIT_H
#define COMPILER_EMIT_H

#include <compiler/dfa.h>
#include <compiler/model.h>

__extension__ typedef unsigned __int128 fngc_u128;

/**
 * struct fngc_pool - what states and ranges of all parts of a policy refer to
 * @accepts: accept entries, each once
 * @accept_ids: their words
 * @portsets: port sets, each once
 * @portset_ids: what is in them, as words
 * @ports: port ranges, set by set
 * @hosts: what names are given, whose port sets are in the pool, each once
 * @host_ids: their words
 */
struct fngc_pool {
	FNGC_ARRAY(struct fng_image_accept) accepts;
	struct fngc_intern accept_ids;
	FNGC_ARRAY(struct fng_image_portset) portsets;
	struct fngc_intern portset_ids;
	FNGC_ARRAY(struct fng_image_port) ports;
	FNGC_ARRAY(struct fng_image_host) hosts;
	struct fngc_intern host_ids;
};

/**
 * struct fngc_segment - addresses with the same ports
 * @first: lowest address, as a number
 * @last: highest
 * @portset: their port set in the pool
 */
struct fngc_segment {
	fngc_u128 first;
	fngc_u128 last;
	u32 portset;
};

typedef FNGC_ARRAY(struct fngc_segment) fngc_segments;

/**
 * struct fngc_draft - what rules amount to, before it is tables
 * @base: of templates' rules alone; nobody hears what is too much, and the lints
 *	not which rule decides
 * @path: automaton of paths, whose accepts are in the pool
 * @v4: IPv4 addresses, ascending
 * @v6: IPv6 addresses, ascending
 * @listen: port set in the pool of those to listen on, FNGC_NONE if there is no
 *	such section
 * @host: automaton of names of hosts, which accept 1 and an index in the pool;
 *	without states if there are none
 */
struct fngc_draft {
	bool base;
	struct fngc_rows path;
	fngc_segments v4;
	fngc_segments v6;
	u32 listen;
	struct fngc_rows host;
};

/**
 * struct fngc_sections - the tables of an image or of a base
 * @path: automaton of paths
 * @accepts: what states of @path grant
 * @v4: IPv4 ranges
 * @v6: IPv6 ranges
 * @portsets: port sets
 * @ports: port ranges, set by set
 * @listen: port set of those to listen on, 0 if there is none
 * @host: automaton of names of hosts
 * @hosts: what its states allow
 * @first_rule: id of its first rule
 * @nr_rules: number of its rules
 */
struct fngc_sections {
	struct fngc_table path;
	FNGC_ARRAY(struct fng_image_accept) accepts;
	FNGC_ARRAY(struct fng_image_v4) v4;
	FNGC_ARRAY(struct fng_image_v6) v6;
	FNGC_ARRAY(struct fng_image_portset) portsets;
	FNGC_ARRAY(struct fng_image_port) ports;
	u32 listen;
	struct fngc_table host;
	FNGC_ARRAY(struct fng_image_host) hosts;
	u32 first_rule;
	u32 nr_rules;
};

/**
 * struct fngc_templates - automata of what a policy binds by itself
 * @cgroup: of paths of cgroups
 * @device: of names of network devices
 */
struct fngc_templates {
	struct fngc_table cgroup;
	struct fngc_table device;
};

/* Each reports what is too much and returns false. */
bool fngc_paths_build(struct fngc_compile *c, struct fngc_pool *pool,
		      struct fngc_draft *draft);
bool fngc_egress_build(struct fngc_compile *c, struct fngc_pool *pool,
		       struct fngc_draft *draft);
bool fngc_paths_fit(struct fngc_compile *c,
		    const struct fngc_sections *sections);
bool fngc_attach_build(struct fngc_compile *c,
		       struct fngc_templates *templates);
bool fngc_hosts_build(struct fngc_compile *c, struct fngc_pool *pool,
		      struct fngc_draft *draft);

void fngc_draft_free(struct fngc_draft *draft);
void fngc_pool_free(struct fngc_pool *pool);

/* Is the rule one of those that a draft is of? */
bool fngc_draft_has(const struct fngc_draft *draft,
		    const struct fngc_entry *entry);

/* portsets.c: the port set of some rules, ascending by number; of all of listen. */
u32 fngc_portset(struct fngc_model *model, const u32 *rules, size_t nr,
		 struct fngc_pool *pool, bool base);
u32 fngc_portset_listen(struct fngc_model *model, struct fngc_pool *pool);

/* sections.c: tables of what refers to the pool */
void fngc_sections_paths(struct fngc_sections *sections,
			 const struct fngc_pool *pool,
			 const struct fngc_rows *rows);
/* @whole has what only a policy has; NULL for a base. */
void fngc_sections_egress(struct fngc_sections *sections,
			  const struct fngc_pool *pool,
			  const fngc_segments *v4, const fngc_segments *v6,
			  const struct fngc_draft *whole);
void fngc_sections_free(struct fngc_sections *sections);

/**
 * fngc_base_split() - divide a policy into what its templates say and the rest
 * @c: the compilation
 * @pool: what @whole refers to
 * @whole: the policy
 * @own: set to the tables of the policy's own part
 * @base: set to those of its base
 *
 * Return: false if that cannot be done.
 */
bool fngc_base_split(struct fngc_compile *c, struct fngc_pool *pool,
		     const struct fngc_draft *whole, struct fngc_sections *own,
		     struct fngc_sections *base);

/* overlay_paths.c: the states of @whole that no state of @base is the same as. */
void fngc_overlay_paths(const struct fngc_pool *pool,
			const struct fngc_rows *whole,
			const struct fngc_rows *base,
			const struct fngc_table *base_table,
			struct fngc_sections *own);

/* overlay_egress.c: one more segment; what @whole says otherwise than @base. */
void fngc_segment_add(fngc_segments *out, fngc_u128 first, fngc_u128 last,
		      u32 portset);
void fngc_overlay_egress(const fngc_segments *whole, const fngc_segments *base,
			 u32 no_ports, fngc_segments *own);

/* section_observe.c: what is reported, and how much of it. */
void fngc_observe_emit(const struct fngc_model *model,
		       struct fng_image_meta *meta);

/* Puts the image together and has the engine verify it. */
bool fngc_emit(struct fngc_compile *c, struct fngc_pool *pool,
	       const struct fngc_draft *whole,
	       const struct fngc_templates *templates);

#endif /* COMPILER_EMIT_H */
