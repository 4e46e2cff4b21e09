// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "compare.h"
#include "print.h"

#define NAME	"reference.yaml"

/* The one complaint that a valid policy may meet. */
static bool is_entangled(const struct fngc_result *result)
{
	for (size_t i = 0; i < result->nr_diags; i++) {
		const struct fngc_diag *diag = &result->diags[i];

		if (diag->severity == FNGC_ERROR &&
		    !strstr(diag->message, "too entangled"))
			return false;
	}
	return true;
}

/* Alone in its allocation, so that one byte too many is noticed. */
static bool verify(struct ref_subject *subject)
{
	size_t size = subject->result->image_size;
	struct fng_image_error error;

	subject->blob = malloc(size);
	memcpy(subject->blob, subject->result->image, size);
	return !fngc_parts_verify(subject->blob, size, &subject->parts,
				  &error);
}

static void write_template(const struct ref_subject *subject, u32 number)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/t%u.yaml", subject->directory, number);
	file = fopen(path, "w");
	if (!file || fputs(subject->text[number], file) < 0 || fclose(file)) {
		perror(path);
		exit(1);
	}
}

static int compile(struct ref_subject *subject)
{
	const char *const directories[] = { subject->directory, NULL };
	const struct fngc_options options = {
		.policy_path = directories,
		.isolated = !subject->policy.nr_templates,
		.always_share = subject->policy.style & 2,
	};

	for (u32 i = 1; i <= subject->policy.nr_templates; i++)
		write_template(subject, i);
	return fngc_compile_text(&options, NAME, subject->text[0],
				 strlen(subject->text[0]), &subject->result);
}

enum ref_outcome ref_subject_build(struct ref_subject *subject)
{
	subject->blob = NULL;
	ref_print(&subject->policy, subject->text);
	ref_phase_enter(&subject->policy, &subject->after);
	if (compile(subject))
		return is_entangled(subject->result) ? REF_ENTANGLED :
		       REF_REJECTED;
	return verify(subject) ? REF_SAME : REF_UNVERIFIED;
}

void ref_subject_free(struct ref_subject *subject)
{
	fngc_result_free(subject->result);
	for (u32 i = 0; i < REF_MAX_FILES; i++)
		free(subject->text[i]);
	free(subject->blob);
}

static bool same(const struct ref_verdict *a, const struct ref_verdict *b)
{
	return a->refused == b->refused && a->audit == b->audit &&
	       a->class == b->class && a->err == b->err &&
	       a->line == b->line && a->access == b->access;
}

enum ref_outcome ref_compare(const struct ref_subject *subject,
			     const struct ref_request *request,
			     struct ref_verdict *engine)
{
	struct ref_verdict verdict = ref_decide(ref_asked(subject, request),
						request);

	*engine = ref_engine_decide(subject, request);
	switch (verdict.certainty) {
	case REF_NOTHING:
		return REF_UNDECIDED;
	case REF_REFUSED:
		return verdict.refused == engine->refused ? REF_SAME :
		       REF_DIFFERENT;
	default:
		return same(&verdict, engine) ? REF_SAME : REF_DIFFERENT;
	}
}
