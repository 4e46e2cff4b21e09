// SPDX-License-Identifier: MIT
/*
 * The same, driven by a fuzzer, which sees what the compiler and the engine do
 * with a policy: its bytes choose the policy, and what they add up to the
 * questions.
 */
#include <stdlib.h>

#include "compare.h"
#include "generate.h"

#define REQUESTS	60

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static u64 add_up(const uint8_t *data, size_t size)
{
	u64 sum = size;

	for (size_t i = 0; i < size; i++)
		sum = (sum ^ data[i]) * 0x100000001b3ull;
	return sum;
}

static void fail(const struct ref_subject *subject,
		 const struct ref_request *request)
{
	fputs("ERROR: the verdicts differ\n", stderr);
	ref_report(subject, request, stderr);
	abort();
}

/* No templates: they would have to be written to files. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ref_source bytes = ref_source_bytes(data, size);
	struct ref_source source = ref_source_random(add_up(data, size));
	struct ref_request request = { .kind = REF_NR_KINDS };
	struct ref_subject subject = { 0 };
	enum ref_outcome outcome;
	struct ref_verdict engine;

	ref_generate(&bytes, 0, &subject.policy);
	outcome = ref_subject_build(&subject);
	for (u32 i = 0; i < REQUESTS && outcome <= REF_UNDECIDED; i++) {
		ref_request_choose(&source, &subject.policy, &request);
		outcome = ref_compare(&subject, &request, &engine);
	}
	if (ref_is_wrong(outcome))
		fail(&subject, &request);
	ref_subject_free(&subject);
	return 0;
}
