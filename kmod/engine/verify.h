/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Between the parts of the verifier.
 */
#ifndef FNGUARD_VERIFY_H
#define FNGUARD_VERIFY_H

#include "engine.h"

/**
 * struct fng_verifier - a blob while it is being verified
 * @blob: the blob, without the base
 * @size: bytes of it
 * @is_base: it is a base itself
 * @base: the base that it names states and rules of, verified; or NULL
 * @header: its header
 * @nr: records per section; set by fng_verify_shape()
 * @image: its sections; handed out only once all has been verified
 * @error: where a refusal is explained
 */
struct fng_verifier {
	const u8 *blob;
	u32 size;
	bool is_base;
	const struct fng_image *base;
	const struct fng_image_header *header;
	u32 nr[FNG_NR_SECTIONS];
	struct fng_image image;
	struct fng_image_error *error;
};

/**
 * fng_refuse() - refuse the image
 * @v: verifier
 * @field: offending field, inside the blob
 * @reason: constant sentence
 *
 * Return: -EINVAL.
 */
static inline int fng_refuse(const struct fng_verifier *v, const void *field,
			     const char *reason)
{
	v->error->reason = reason;
	v->error->offset = (u32)((const u8 *)field - v->blob);
	return -EINVAL;
}

/**
 * fng_rule_valid() - does a rule id name a rule?
 * @v: verifier
 * @rule: rule id
 *
 * Return: true if so; FNG_RULE_NONE names none.
 */
static inline bool fng_rule_valid(const struct fng_verifier *v, u32 rule)
{
	u32 index = rule & FNG_RULE_INDEX_MASK;

	switch (rule & ~FNG_RULE_INDEX_MASK) {
	case 0:
		return index < fng_rules_count(&v->image);
	case FNG_RULE_FLOOR:
		return index < FNG_NR_FLOORS;
	case FNG_RULE_GUARD:
		return index < FNG_NR_GUARD_RULES;
	default:
		return false;
	}
}

/* verify_shape.c */
int fng_verify_header(const struct fng_verifier *v, size_t size);
int fng_verify_shape(struct fng_verifier *v);

/* verify_phases.c */
int fng_verify_phase(const struct fng_verifier *v);

/* verify_tables.c */
int fng_verify_name(const struct fng_verifier *v, const char *name, u32 max);
int fng_verify_tables(const struct fng_verifier *v);

/* verify_automaton.c: after the tables, whose classes it relies on */
int fng_verify_automata(struct fng_verifier *v);

/* verify_egress.c */
int fng_verify_egress(const struct fng_verifier *v);

/* verify_hosts.c */
int fng_verify_hosts(const struct fng_verifier *v);

/* verify_limits.c */
int fng_verify_limits(const struct fng_verifier *v);
int fng_verify_observed(const struct fng_verifier *v);

#endif /* FNGUARD_VERIFY_H */
