// SPDX-License-Identifier: MIT
/*
 * What went wrong, for people.
 */
#include "compare.h"

static void explain_text(const char *text, FILE *out)
{
	size_t len;

	fputs("# file:\n", out);
	for (; *text; text += len + (text[len] == '\r') + 1) {
		len = strcspn(text, "\r\n");
		fprintf(out, "#   %.*s\n", (int)len, text);
	}
}

static const char *errno_name(int err)
{
	for (const struct ref_word *word = ref_errnos; word->name; word++) {
		if ((int)word->value == err)
			return word->name;
	}
	return "no errno";
}

static void explain_verdict(const char *who, const struct ref_verdict *v,
			    FILE *out)
{
	fprintf(out, "# %s: %s", who, v->refused ? "refused" : "allowed");
	if (v->certainty == REF_ALL) {
		fprintf(out, ", %s, %s, %s, file %u, line %u:",
			v->class < REF_NR_CLASSES ? ref_class_names[v->class] :
			"no class", v->audit ? "audit" : "enforce",
			errno_name(v->err), v->line >> 20,
			v->line & (REF_LINE(1u, 0) - 1));
		for (u32 i = 0; i < REF_NR_BITS; i++)
			fprintf(out, "%s%s", v->access >> i & 1 ? " " : "",
				v->access >> i & 1 ? ref_bit_names[i] : "");
	}
	fputc('\n', out);
}

static void explain_difference(const struct ref_subject *subject,
			       const struct ref_request *request, FILE *out)
{
	struct ref_verdict engine;
	struct ref_verdict verdict = ref_decide(ref_asked(subject, request),
						request);

	ref_compare(subject, request, &engine);
	fputs("# request: ", out);
	ref_request_print(request, out);
	fputc('\n', out);
	explain_verdict("reference", &verdict, out);
	explain_verdict("engine", &engine, out);
}

static void explain(const struct ref_subject *subject,
		 const struct ref_request *request, enum ref_outcome outcome,
		 FILE *out)
{
	for (u32 i = 0; i <= subject->policy.nr_templates; i++)
		explain_text(subject->text[i], out);
	if (outcome == REF_DIFFERENT)
		explain_difference(subject, request, out);
	else if (outcome == REF_UNVERIFIED)
		fputs("# the verifier rejects its image\n", out);
	for (size_t i = 0; i < subject->result->nr_diags; i++) {
		const struct fngc_diag *diag = &subject->result->diags[i];

		if (diag->severity == FNGC_ERROR)
			fprintf(out, "# error, line %u: %s\n", diag->line,
				diag->message);
	}
}

void ref_report(const struct ref_subject *subject,
		const struct ref_request *request, FILE *out)
{
	struct ref_subject smaller = {
		.policy = subject->policy,
		.directory = subject->directory,
	};
	struct ref_request question = *request;
	enum ref_outcome outcome;
	struct ref_verdict engine;

	ref_shrink(&smaller, &question);
	outcome = ref_subject_build(&smaller);
	if (outcome == REF_SAME)
		outcome = ref_compare(&smaller, &question, &engine);
	fputs("# made as small as possible:\n", out);
	explain(&smaller, &question, outcome, out);
	ref_subject_free(&smaller);
}
