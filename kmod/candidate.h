/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Candidates: policies that are asked beside those that they may take the place of.
 */
#ifndef FNGUARD_KMOD_CANDIDATE_H
#define FNGUARD_KMOD_CANDIDATE_H

struct fng_judgement;
struct fng_object;
struct fng_ruleset;
struct fng_subject;

/* Any context, inside rcu_read_lock(). */
void fng_candidate_apply(struct fng_subject *subject,
			 const struct fng_ruleset *ruleset);
void fng_candidate_compare(const struct fng_judgement *judgement,
			   const struct fng_object *object);

#endif /* FNGUARD_KMOD_CANDIDATE_H */
