/* SPDX-License-Identifier: MIT */
/*
 * The reference against the compiler and the engine.
 */
#ifndef REFERENCE_COMPARE_H
#define REFERENCE_COMPARE_H

#include <compiler/compiler.h>

#include "reference.h"

/**
 * enum ref_outcome - how a comparison ends
 * @REF_SAME: the verdicts agree
 * @REF_UNDECIDED: the reference does not know
 * @REF_DIFFERENT: the verdicts differ
 * @REF_REJECTED: the compiler rejects a policy that is valid
 * @REF_UNVERIFIED: the verifier rejects what the compiler has made
 * @REF_ENTANGLED: the compiler has had enough of the patterns, as it may
 */
enum ref_outcome {
	REF_SAME,
	REF_UNDECIDED,
	REF_DIFFERENT,
	REF_REJECTED,
	REF_UNVERIFIED,
	REF_ENTANGLED,
};

static inline bool ref_is_wrong(enum ref_outcome outcome)
{
	return outcome == REF_DIFFERENT || outcome == REF_REJECTED ||
	       outcome == REF_UNVERIFIED;
}

/**
 * struct ref_subject - a policy on both sides
 * @policy: the model
 * @directory: where templates may be written, or NULL
 * @text: it as YAML, by file
 * @result: it as the compiler sees it
 * @after: what it says in its phase; as @policy if it has none
 * @blob: a copy of the image, with nothing behind it
 * @parts: the copy, verified
 */
struct ref_subject {
	struct ref_policy policy;
	const char *directory;
	char *text[REF_MAX_FILES];
	struct fngc_result *result;
	struct ref_policy after;
	void *blob;
	struct fngc_parts parts;
};

/* The side of the policy, and the image, that a request is to. */
static inline const struct ref_policy *
ref_asked(const struct ref_subject *subject, const struct ref_request *request)
{
	return request->served ? &subject->after : &subject->policy;
}

static inline const struct fng_image *
ref_asked_image(const struct ref_subject *subject,
		const struct ref_request *request)
{
	return &subject->parts.part[request->served].image;
}

/* Prints, compiles and verifies subject->policy; REF_SAME if all went well. */
enum ref_outcome ref_subject_build(struct ref_subject *subject);
void ref_subject_free(struct ref_subject *subject);

/* engine.c: the engine's answer, in the reference's terms. */
struct ref_verdict ref_engine_decide(const struct ref_subject *subject,
				     const struct ref_request *request);

/*
 * The same in its own terms: of all kinds but those about attach and resolvers;
 * and what it takes for the destination, and for the number of what is used.
 */
void ref_engine_ask(const struct fng_image *image,
		    const struct ref_request *request,
		    struct fng_decision *decision);
struct fng_endpoint ref_engine_endpoint(const struct ref_request *request);
u32 ref_engine_part(const struct ref_request *request);

enum ref_outcome ref_compare(const struct ref_subject *subject,
			     const struct ref_request *request,
			     struct ref_verdict *engine);

/*
 * Writes an outcome that should not be as comments of TAP, after taking out of
 * policy and question what it does not need.
 */
void ref_report(const struct ref_subject *subject,
		const struct ref_request *request, FILE *out);

/* shrink.c: takes that out. */
void ref_shrink(struct ref_subject *subject, struct ref_request *request);

#endif /* REFERENCE_COMPARE_H */
