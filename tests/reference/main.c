// SPDX-License-Identifier: MIT
/*
 * Random policies and questions, as TAP: one result for each kind of question.
 * REFERENCE_SEED and REFERENCE_CASES in the environment; the seed of a policy
 * is the run's plus its number, so that a run which starts there begins with it.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "compare.h"
#include "generate.h"
#include "start.h"

#define REQUESTS	200
#define CASES		1000000

/**
 * struct tally - what has been asked
 * @policies: policies
 * @entangled: of those, the ones that the compiler gave up
 * @phased: of those, the ones with a phase
 * @based: of those, the ones whose image has a base
 * @asked: questions, by kind
 * @refused: of those, the ones that were refused
 * @undecided: of those, the ones that the reference could not tell
 */
struct tally {
	u64 policies;
	u64 entangled;
	u64 phased;
	u64 based;
	u64 asked[REF_NR_KINDS];
	u64 refused[REF_NR_KINDS];
	u64 undecided[REF_NR_KINDS];
};

static enum ref_outcome ask(struct ref_subject *subject,
			    struct ref_source *source, struct tally *tally,
			    struct ref_request *request)
{
	enum ref_outcome outcome = REF_SAME;
	struct ref_verdict engine;

	for (u32 i = 0; i < REQUESTS && outcome != REF_DIFFERENT; i++) {
		ref_request_choose(source, &subject->policy, request);
		outcome = ref_compare(subject, request, &engine);
		tally->asked[request->kind]++;
		tally->refused[request->kind] += engine.refused;
		tally->undecided[request->kind] += outcome == REF_UNDECIDED;
	}
	return outcome;
}

/* True if all is well with the policy of this seed. */
static bool try_policy(u64 seed, const char *directory, struct tally *tally,
		       u8 *kind)
{
	struct ref_source source = ref_source_random(seed);
	struct ref_request request = { .kind = REF_NR_KINDS };
	struct ref_subject subject = { .directory = directory };
	enum ref_outcome outcome;

	ref_generate(&source, REF_MAX_TEMPLATES, &subject.policy);
	outcome = ref_subject_build(&subject);
	tally->policies++;
	tally->entangled += outcome == REF_ENTANGLED;
	tally->phased += outcome == REF_SAME && subject.policy.closed;
	tally->based += outcome == REF_SAME && subject.parts.part[0].image.base;
	if (outcome == REF_SAME)
		outcome = ask(&subject, &source, tally, &request);
	*kind = request.kind;
	ref_subject_free(&subject);
	if (!ref_is_wrong(outcome))
		return true;
	printf("# again: REFERENCE_SEED=0x%" PRIx64 " REFERENCE_CASES=%u\n",
	       seed, REQUESTS);
	ref_report(&subject, &request, stdout);
	return false;
}

/*
 * Most policies are not given up, some share a base, and some have a phase, or
 * nothing would have been shown. A run that is repeated for one policy may have
 * none of these.
 */
static bool is_enough(const struct tally *tally)
{
	return tally->policies > 10 * tally->entangled &&
	       (tally->policies < 100 ||
		(tally->policies < 20 * tally->based &&
		 tally->policies < 20 * tally->phased));
}

static void report(const struct tally *tally, bool fine, u8 bad)
{
	bool compiled = is_enough(tally) && (fine || bad < REF_NR_KINDS);

	printf("%s 1 - policies: %" PRIu64 ", %" PRIu64 " too entangled, %"
	       PRIu64 " with a base, %" PRIu64 " with a phase\n",
	       compiled ? "ok" : "not ok", tally->policies, tally->entangled,
	       tally->based, tally->phased);
	for (u8 kind = 0; kind < REF_NR_KINDS; kind++) {
		printf("%s %u - %s: %" PRIu64 " cases, %" PRIu64 " refused",
		       fine || kind != bad ? "ok" : "not ok", kind + 2,
		       ref_kind_names[kind], tally->asked[kind],
		       tally->refused[kind]);
		if (tally->undecided[kind])
			printf(", %" PRIu64 " undecided",
			       tally->undecided[kind]);
		putchar('\n');
	}
	printf("1..%d\n", REF_NR_KINDS + 1);
}

int main(void)
{
	char directory[] = "/tmp/reference.XXXXXX";
	u64 seed = ref_number_from("REFERENCE_SEED", ref_random_seed());
	u64 cases = ref_number_from("REFERENCE_CASES", CASES);
	struct tally tally = { 0 };
	bool fine = true;
	u8 bad = 0;

	if (!mkdtemp(directory)) {
		perror(directory);
		return 1;
	}
	printf("TAP version 13\n# REFERENCE_SEED=0x%" PRIx64 "\n", seed);
	for (u64 i = 0; fine && i * REQUESTS < cases; i++)
		fine = try_policy(seed + i, directory, &tally, &bad);
	ref_directory_remove(directory);
	report(&tally, fine, bad);
	return !(fine && is_enough(&tally));
}
