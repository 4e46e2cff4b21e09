/* SPDX-License-Identifier: MIT */
/*
 * From the policy to the bytes of its image.
 */
#ifndef COMPILER_EMIT_H
#define COMPILER_EMIT_H

#include <compiler/dfa.h>

/**
 * struct fngc_sections - what an image is made of, before it is one
 * @path: automaton of paths
 * @cgroup: automaton of attach templates, no states if there are none
 * @accepts: what states of @path grant
 * @v4: IPv4 ranges
 * @v6: IPv6 ranges
 * @portsets: port sets
 * @ports: port ranges, set by set
 */
struct fngc_sections {
	struct fngc_table path;
	struct fngc_table cgroup;
	FNGC_ARRAY(struct fng_image_accept) accepts;
	FNGC_ARRAY(struct fng_image_v4) v4;
	FNGC_ARRAY(struct fng_image_v6) v6;
	FNGC_ARRAY(struct fng_image_portset) portsets;
	FNGC_ARRAY(struct fng_image_port) ports;
};

/* Each reports what is too much and returns false. */
bool fngc_paths_build(struct fngc_compile *c, struct fngc_sections *sections);
bool fngc_attach_build(struct fngc_compile *c, struct fngc_sections *sections);
bool fngc_egress_build(struct fngc_compile *c, struct fngc_sections *sections);

/* portsets.c: the port set of some egress rules, ascending by number. */
u32 fngc_portset(struct fngc_model *model, const u32 *rules, size_t nr,
		 struct fngc_intern *known, struct fngc_sections *sections);

/* Puts the image together and has the engine verify it. */
bool fngc_emit(struct fngc_compile *c, const struct fngc_sections *sections);

void fngc_sections_free(struct fngc_sections *sections);

#endif /* COMPILER_EMIT_H */
