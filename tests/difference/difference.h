/* SPDX-License-Identifier: MIT */
/*
 * What the compiler says of two policies against what the engine decides by them.
 */
#ifndef DIFFERENCE_DIFFERENCE_H
#define DIFFERENCE_DIFFERENCE_H

#include <compiler/diff.h>
#include <reference/compare.h>
#include <reference/generate.h>
#include <reference/request.h>

/**
 * struct dif_policies - two policies and how they are said to differ
 * @before: one
 * @after: the other
 * @diff: what is said of them
 */
struct dif_policies {
	struct ref_subject before;
	struct ref_subject after;
	struct fngc_diff *diff;
};

/**
 * enum dif_outcome - what a question shows
 * @DIF_SAME: both answer alike
 * @DIF_LISTED: they do not, and it is said so
 * @DIF_MISSED: it is not
 * @DIF_UNASKED: nobody asks this
 */
enum dif_outcome {
	DIF_SAME,
	DIF_LISTED,
	DIF_MISSED,
	DIF_UNASKED,
};

/* change.c: turns a policy into one that is nearly it, with parts of another. */
void dif_change(struct ref_source *source, struct ref_policy *policy,
		const struct ref_policy *other);

/* cover.c: what became of a decision, or FNGC_NR_CHANGES. */
enum fngc_change dif_change_of(const struct fng_decision decisions[2]);

/* Asks both. */
enum dif_outcome dif_ask(const struct dif_policies *policies,
			 const struct ref_request *request);

/* example.c: a difference whose example is none, or NULL. */
const struct fngc_difference *
dif_wrong_example(const struct dif_policies *policies);

#endif /* DIFFERENCE_DIFFERENCE_H */
