/* SPDX-License-Identifier: MIT */
/*
 * Random policies that make their rules meet: few words, and rules that are
 * nearly those before them.
 */
#ifndef REFERENCE_GENERATE_H
#define REFERENCE_GENERATE_H

#include "model.h"
#include "source.h"

/* A policy that the language allows, with so many templates at most. */
void ref_generate(struct ref_source *source, u32 max_templates,
		  struct ref_policy *policy);

/* Its path rules and templates, and its egress and listen rules. */
void ref_generate_paths(struct ref_source *source, struct ref_policy *policy);
void ref_generate_egress(struct ref_source *source, struct ref_policy *policy);
void ref_generate_devices(struct ref_source *source, struct ref_policy *policy);
void ref_generate_hosts(struct ref_source *source, struct ref_policy *policy);
void ref_generate_listen(struct ref_source *source, struct ref_policy *policy);

/* What rules have for ports: beside, over or the same as those of another. */
void ref_choose_ports(struct ref_source *source,
		      const struct ref_policy *policy, struct ref_ports *ports);

/* The lowest @bits bits of an address, all 0 or all 1. */
void ref_fill(u8 addr[16], u32 bits, bool ones);

/* Adds 1 to an address, or takes 1 off. */
void ref_step(u8 addr[16], bool up);

#endif /* REFERENCE_GENERATE_H */
