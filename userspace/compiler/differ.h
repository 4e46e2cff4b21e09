/* SPDX-License-Identifier: MIT */
/*
 * Between the parts that compare two policies.
 */
#ifndef COMPILER_DIFFER_H
#define COMPILER_DIFFER_H

#include <compiler/diff.h>
#include <compiler/intern.h>
#include <compiler/model.h>

/**
 * struct fngc_differ - a comparison under way
 * @result: what it gives; first, so that freeing the one frees the other
 * @image: before and after
 * @arena: memory that lives as long as the result
 * @known: of each of @found, what makes it another one
 * @found: differences as they were found
 * @texts: per side, the texts of its rules, sorted
 * @nr_texts: per side, number of @texts
 */
struct fngc_differ {
	struct fngc_diff result;
	const struct fng_image *image[2];
	struct fngc_arena arena;
	struct fngc_intern known;
	FNGC_ARRAY(struct fngc_difference) found;
	const char **texts[2];
	size_t nr_texts[2];
};

/**
 * fngc_differ_add() - note a difference
 * @differ: the comparison
 * @difference: it, without words and example
 * @extra: what else tells it from others
 *
 * Return: it, for its example to be filled in before anything else is noted; NULL
 * if it is known already, which then has the bits of both.
 */
struct fngc_difference *
fngc_differ_add(struct fngc_differ *differ,
		const struct fngc_difference *difference, u32 extra);

/**
 * fngc_differ_decided() - note that two decisions differ
 * @differ: the comparison
 * @about: what was asked
 * @decisions: before and after; nothing is noted if they agree, or differ by the
 *	mode or errno of one section
 * @bits: what it is true of
 * @extra: what else tells it from others
 *
 * Return: as fngc_differ_add(), and NULL if they agree.
 */
struct fngc_difference *
fngc_differ_decided(struct fngc_differ *differ, enum fngc_about about,
		    const struct fng_decision decisions[2], u64 bits, u32 extra);

/* Gives up; returns -E2BIG. */
int fngc_differ_fail(struct fngc_differ *differ, const char *reason);

/* diff_text.c: gathers the texts of all rules; and, after that, puts a difference into words. */
void fngc_diff_gather(struct fngc_differ *differ);
void fngc_diff_describe(struct fngc_differ *differ,
			struct fngc_difference *difference);

/* The sections; those that return something may fail by fngc_differ_fail(). */
int fngc_diff_paths(struct fngc_differ *differ);
int fngc_diff_attach(struct fngc_differ *differ);
int fngc_diff_egress(struct fngc_differ *differ);
void fngc_diff_listen(struct fngc_differ *differ);
void fngc_diff_scalars(struct fngc_differ *differ);
void fngc_diff_limits(struct fngc_differ *differ);
void fngc_diff_response(struct fngc_differ *differ);
void fngc_diff_digests(struct fngc_differ *differ);

/**
 * struct fngc_span - ports between two cuts
 * @first: lowest
 * @last: highest
 */
struct fngc_span {
	u32 first;
	u32 last;
};

/* Ports at which something may begin or end. */
typedef FNGC_ARRAY(u32) fngc_cuts;

static inline bool fngc_has_ports(u32 proto)
{
	return proto != FNG_PROTO_ICMP && proto < FNG_PROTO_OTHER;
}

/* diff_ports.c: adds where ranges of a set begin and end; it may be NULL. */
void fngc_cuts_add(fngc_cuts *cuts, const struct fng_image *part,
		   const struct fng_image_portset *set, u32 proto);
/* Sorts them; from then on there is a span behind each. */
void fngc_cuts_sort(fngc_cuts *cuts);
struct fngc_span fngc_cuts_span(const fngc_cuts *cuts, size_t at);
/* Those of what both policies say of ports to listen on, sorted. */
void fngc_cuts_listen(fngc_cuts *cuts, const struct fngc_differ *differ,
		      u32 proto);

/* The one of the span to be shown: 0 only if there is no other. */
static inline u16 fngc_span_port(struct fngc_span span)
{
	return span.first || !span.last ? span.first : 1;
}

#endif /* COMPILER_DIFFER_H */
