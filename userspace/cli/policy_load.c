// SPDX-License-Identifier: MIT
/*
 * fnguard policy load: compile what is text, and hand all of it to the kernel in
 * one transaction.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "output.h"
#include "session.h"

/**
 * struct request - what the command line asks for
 * @options: how to compile
 * @generation: of --replace-gen; 0 means whatever is current
 */
struct request {
	struct fng_offline options;
	u64 generation;
};

static int read_options(int argc, char **argv, struct request *request)
{
	static const struct option options[] = {
		FNG_OFFLINE_OPTIONS,
		{ "replace-gen", required_argument, NULL, 'G' },
		{ NULL, 0, NULL, 0 },
	};
	char *end;
	int c;

	while ((c = fng_cli_getopt(argc, argv, options)) != -1) {
		if (c != 'G') {
			fng_offline_option(&request->options, c, argv);
			continue;
		}
		errno = 0;
		request->generation = strtoull(optarg, &end, 10);
		if (errno || *end || !request->generation)
			return fng_cli_usage(argv, "--replace-gen takes a generation from 1, not \"%s\"",
					     optarg);
	}
	fng_cli_args(argc, argv, 1, FNG_MAX_TRANSACTION);
	return FNG_EXIT_DONE;
}

static void report(const struct fng_offline *policies, int nr, u64 generation)
{
	json_t *names = json_array();
	int i;

	for (i = 0; i < nr; i++)
		json_array_append_new(names,
				      fng_text(policies[i].image.meta->name));
	fng_output_done(json_pack("{s:o, s:I}", "loaded", names, "generation",
				  (json_int_t)generation),
			"Loaded %d %s; generation %" PRIu64 ".", nr,
			nr == 1 ? "policy" : "policies", generation);
}

static int load(struct fng_client *client, struct request *request,
		char **files, int nr)
{
	struct fng_offline *policies = calloc(nr, sizeof(*policies));
	int i, result = FNG_EXIT_DONE;

	if (!policies)
		return FNG_EXIT_FAILED;
	for (i = 0; i < nr && !result; i++)
		result = fng_load_read(&policies[i], &request->options,
				       files[i]);
	if (!result)
		result = fng_session_open(client);
	if (!result)
		result = fng_load(client, policies, nr, &request->generation);
	if (!result)
		report(policies, nr, request->generation);
	for (i = 0; i < nr; i++)
		fng_offline_free(&policies[i]);
	free(policies);
	return result;
}

int fng_cmd_policy_load(int argc, char **argv)
{
	struct request request = { .generation = 0 };
	struct fng_client client = { .sock = NULL };
	int result;

	result = read_options(argc, argv, &request);
	if (result)
		return result;
	result = load(&client, &request, argv + optind, argc - optind);
	fng_client_close(&client);
	return result;
}
