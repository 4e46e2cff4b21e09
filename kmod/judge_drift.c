// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judging code by the file that it is in: whether that is as it was when the
 * policy was bound, and as the policy knows it.
 */
#include "attest.h"
#include "clock.h"
#include "drift.h"
#include "judge_drift.h"

/* A change in the tick of the binding may have come after it. */
static bool changed_since(const struct fng_subject *subject, u8 policy,
			  s64 stamp)
{
	struct fng_moment bound =
		fng_cgroup_state_baseline(subject->state,
					  subject->policies[policy]->name_hash);

	return stamp >= fng_clock_stamp(bound);
}

/**
 * fng_judge_drift() - judge that a file becomes code, by when it changed
 * @judgement: being made, for a subject with state
 * @file: open, or mapped
 * @access: FNG_ACCESS_EXEC or FNG_ACCESS_MAP
 */
void fng_judge_drift(struct fng_judgement *judgement, struct file *file,
		     u32 access)
{
	const struct fng_subject *subject = judgement->subject;
	s64 stamp = fng_drift_stamp(file);
	struct fng_decision decision;
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		fng_modified_decide(&subject->policies[i]->image, &decision);
		if (!decision.refused || !changed_since(subject, i, stamp))
			continue;
		decision.access = access;
		fng_judge_add(judgement, i, &decision);
	}
}

/**
 * fng_judge_digest() - judge that a file becomes code, by what is in it
 * @judgement: being made
 * @file: open, or mapped
 * @name: a path, by which policies may know a digest
 * @access: FNG_ACCESS_EXEC or FNG_ACCESS_MAP
 */
void fng_judge_digest(struct fng_judgement *judgement, struct file *file,
		      const struct fng_name *name, u32 access)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		const struct fng_image *image = &subject->policies[i]->image;
		const struct fng_image_digest *digest;

		digest = fng_digest_find(image, name->text, name->len);
		if (!digest || fng_attested(file, digest->sha256))
			continue;
		fng_digest_decide(image, digest, &decision);
		decision.access = access;
		fng_judge_add(judgement, i, &decision);
	}
}
