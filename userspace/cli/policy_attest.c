// SPDX-License-Identifier: MIT
/*
 * fnguard policy attest: digest the files whose content a policy knows, where the
 * functions have them.
 */
#include <stdio.h>
#include <string.h>

#include "attest.h"
#include "load.h"
#include "output.h"
#include "session.h"

#define MAX_ROOTS	64

static enum fng_colour state_colour(const json_t *value)
{
	const char *text = json_string_value(value);

	if (!strcmp(text, "attested"))
		return FNG_GOOD;
	return strcmp(text, "absent") ? FNG_BAD : FNG_WARN;
}

static const struct fng_column columns[] = {
	{ "path", "PATH", NULL, NULL },
	{ "root", "ROOT", NULL, NULL },
	{ "state", "STATE", NULL, state_colour },
	{ "reason", "REASON", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

/**
 * struct answer - what is told
 * @rows: of the table
 * @at: which digest of the policy is next
 * @wrong: some file is not what it has to be, or could not be attested
 * @found: per digest, some file was
 */
struct answer {
	json_t *rows;
	u32 at;
	bool wrong;
	bool found[FNG_MAX_DIGESTS];
};

static void add(const struct fng_attested *attested, void *data)
{
	static const char *const states[] = {
		[FNG_ATTEST_DONE] = "attested",
		[FNG_ATTEST_ABSENT] = "absent",
		[FNG_ATTEST_DIFFERENT] = "different",
		[FNG_ATTEST_FAILED] = "failed",
	};
	struct answer *answer = data;
	json_t *row = json_pack("{s:o, s:o, s:s}",
				"path", fng_text(attested->path),
				"root", fng_text(attested->root),
				"state", states[attested->state]);

	fng_set_text(row, "reason", attested->reason);
	fng_set_text(row, "sha256", attested->sha256);
	json_array_append_new(answer->rows, row);
	answer->found[answer->at++] |= attested->state == FNG_ATTEST_DONE;
	answer->wrong |= attested->state == FNG_ATTEST_DIFFERENT ||
			 attested->state == FNG_ATTEST_FAILED;
}

/* Each root need not have every file, but some root has to. */
static int attest(struct fng_client *client, const struct fng_image *image,
		  const char *const *roots)
{
	struct answer answer = { .rows = json_array() };

	for (; *roots; roots++) {
		answer.at = 0;
		fng_attest_image(client, image, *roots, add, &answer);
	}
	fng_output_table(answer.rows, columns);
	for (u32 i = 0; i < image->nr_digests; i++)
		answer.wrong |= !answer.found[i];
	return answer.wrong ? FNG_EXIT_FAILED : FNG_EXIT_DONE;
}

static int find_and_attest(struct fng_offline *policy, const char *what,
			   const char *const *roots)
{
	struct fng_client client = { .sock = NULL };
	int result = fng_load_find(policy, what);

	if (!result)
		result = fng_session_open(&client);
	if (!result)
		result = attest(&client, &policy->image, roots);
	fng_client_close(&client);
	return result;
}

int fng_cmd_policy_attest(int argc, char **argv)
{
	static const struct option options[] = {
		FNG_OFFLINE_OPTIONS,
		{ "root", required_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	const char *roots[MAX_ROOTS + 1] = { "/" };
	struct fng_offline policy = { 0 };
	size_t nr = 0;
	int c, result;

	while ((c = fng_cli_getopt(argc, argv, options)) != -1) {
		if (c != 'r')
			fng_offline_option(&policy, c, argv);
		else if (nr == MAX_ROOTS)
			return fng_cli_usage(argv, "at most %d roots at once",
					     MAX_ROOTS);
		else
			roots[nr++] = optarg;
	}
	fng_cli_args(argc, argv, 1, 1);
	result = find_and_attest(&policy, argv[optind], roots);
	fng_offline_free(&policy);
	return result;
}
