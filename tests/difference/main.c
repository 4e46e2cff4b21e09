// SPDX-License-Identifier: MIT
/*
 * Random policies, others that are nearly them, and questions to both, as TAP: one
 * result for each kind of question. What both answer differently has to be in the
 * list of their differences, by the same rules, and what the list gives for an
 * example has to be one. DIFFERENCE_SEED and DIFFERENCE_CASES in the environment.
 */
#include <inttypes.h>
#include <stdlib.h>

#include <reference/start.h>

#include "difference.h"

#define REQUESTS	200
#define CASES		100000

/**
 * struct tally - what has been asked
 * @pairs: pairs of policies
 * @given_up: of those, the ones of which one is no policy
 * @alike: of those, the ones without a difference
 * @differences: differences of all
 * @asked: questions, by kind
 * @differ: of those, the ones that were answered differently
 */
struct tally {
	u64 pairs;
	u64 given_up;
	u64 alike;
	u64 differences;
	u64 asked[REF_NR_KINDS];
	u64 differ[REF_NR_KINDS];
};

static bool ask(const struct dif_policies *policies, struct ref_source *source,
		struct tally *tally, struct ref_request *request)
{
	const struct ref_policy *both[] = { &policies->before.policy,
					    &policies->after.policy };

	for (u32 i = 0; i < REQUESTS; i++) {
		enum dif_outcome outcome;

		ref_request_choose(source, REF_PICK(source, both), request);
		outcome = dif_ask(policies, request);
		if (outcome == DIF_MISSED)
			return false;
		tally->asked[request->kind] += outcome != DIF_UNASKED;
		tally->differ[request->kind] += outcome == DIF_LISTED;
	}
	return true;
}

static void show(const char *what, char *const texts[REF_MAX_FILES])
{
	for (u32 i = 0; i < REF_MAX_FILES && texts[i]; i++) {
		char *text = strdup(texts[i]), *rest = text, *line;

		printf("# %s, file %u:\n", what, i);
		while ((line = strsep(&rest, "\r\n")))
			printf("#   %s\n", line);
		free(text);
	}
}

static void complain(const struct dif_policies *policies, u64 seed,
		     const struct ref_request *request,
		     const struct fngc_difference *wrong)
{
	printf("# again: DIFFERENCE_SEED=0x%" PRIx64 " DIFFERENCE_CASES=%u\n",
	       seed, REQUESTS);
	show("before", policies->before.text);
	show("after", policies->after.text);
	if (wrong) {
		printf("# no example: %s %s: %s\n", wrong->section,
		       wrong->operation, wrong->text);
		return;
	}
	printf("# not listed: ");
	ref_request_print(request, stdout);
	putchar('\n');
}

static bool compare(struct dif_policies *policies, u64 seed,
		    struct ref_source *source, struct tally *tally, u8 *kind)
{
	struct ref_request request = { .kind = REF_NR_KINDS };
	const struct fngc_difference *wrong = NULL;
	bool fine;

	if (fngc_diff(&policies->before.parts.part[0].image, &policies->after.parts.part[0].image,
		      &policies->diff))
		return false;
	tally->alike += !policies->diff->nr;
	tally->differences += policies->diff->nr;
	wrong = dif_wrong_example(policies);
	fine = !wrong && ask(policies, source, tally, &request);
	*kind = request.kind;
	if (!fine)
		complain(policies, seed, &request, wrong);
	return fine;
}

/* True if all is well with the policies of this seed. */
static bool try_pair(u64 seed, const char *directory, struct tally *tally,
		     u8 *kind)
{
	struct ref_source source = ref_source_random(seed);
	struct dif_policies policies = {
		.before.directory = directory, .after.directory = directory,
	};
	struct ref_policy other;
	bool fine = true;

	ref_generate(&source, REF_MAX_TEMPLATES, &policies.before.policy);
	ref_generate(&source, REF_MAX_TEMPLATES, &other);
	policies.after.policy = policies.before.policy;
	dif_change(&source, &policies.after.policy, &other);
	if (ref_chance(&source, 10))
		policies.after.policy = other;
	tally->pairs++;
	if (ref_subject_build(&policies.before) != REF_SAME ||
	    ref_subject_build(&policies.after) != REF_SAME)
		tally->given_up++;
	else
		fine = compare(&policies, seed, &source, tally, kind);
	fngc_diff_free(policies.diff);
	ref_subject_free(&policies.before);
	ref_subject_free(&policies.after);
	return fine;
}

/* Most pairs are policies, and most of those differ, or nothing would be shown. */
static bool is_enough(const struct tally *tally)
{
	return tally->pairs >= 4 * tally->given_up &&
	       (tally->pairs < 100 || tally->pairs > 2 * tally->alike);
}

static void report(const struct tally *tally, bool fine, u8 bad)
{
	bool good = is_enough(tally) && (fine || bad < REF_NR_KINDS);

	printf("%s 1 - pairs: %" PRIu64 ", %" PRIu64 " given up, %" PRIu64
	       " alike, %" PRIu64 " differences\n", good ? "ok" : "not ok",
	       tally->pairs, tally->given_up, tally->alike,
	       tally->differences);
	for (u8 kind = 0; kind < REF_NR_KINDS; kind++)
		printf("%s %u - %s: %" PRIu64 " cases, %" PRIu64
		       " answered differently\n",
		       fine || kind != bad ? "ok" : "not ok", kind + 2,
		       ref_kind_names[kind], tally->asked[kind],
		       tally->differ[kind]);
	printf("1..%d\n", REF_NR_KINDS + 1);
}

int main(void)
{
	char directory[] = "/tmp/difference.XXXXXX";
	u64 seed = ref_number_from("DIFFERENCE_SEED", ref_random_seed());
	u64 cases = ref_number_from("DIFFERENCE_CASES", CASES);
	struct tally tally = { 0 };
	u8 bad = REF_NR_KINDS;
	bool fine = true;

	if (!mkdtemp(directory)) {
		perror(directory);
		return 1;
	}
	printf("TAP version 13\n# DIFFERENCE_SEED=0x%" PRIx64 "\n", seed);
	for (u64 i = 0; fine && i * REQUESTS < cases; i++)
		fine = try_pair(seed + i, directory, &tally, &bad);
	ref_directory_remove(directory);
	report(&tally, fine, bad);
	return !(fine && is_enough(&tally));
}
