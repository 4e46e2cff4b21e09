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
 * @params: "name=value" of --set
 * @nr_params: number of them
 * @generation: of --replace-gen; 0 means whatever is current
 */
struct request {
	const char *params[FNG_LOAD_MAX_PARAMS + 1];
	size_t nr_params;
	u64 generation;
};

static int read_options(int argc, char **argv, struct request *request)
{
	static const struct option options[] = {
		{ "set", required_argument, NULL, 's' },
		{ "replace-gen", required_argument, NULL, 'G' },
		{ NULL, 0, NULL, 0 },
	};
	char *end;
	int c;

	while ((c = fng_cli_getopt(argc, argv, options)) != -1) {
		if (c == 's' && !strchr(optarg, '='))
			return fng_cli_usage(argv, "--set takes NAME=VALUE, not \"%s\"",
					     optarg);
		if (c == 's' && request->nr_params == FNG_LOAD_MAX_PARAMS)
			return fng_cli_usage(argv, "at most %d --set",
					     FNG_LOAD_MAX_PARAMS);
		if (c == 's') {
			request->params[request->nr_params++] = optarg;
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

static int load(struct fng_client *client, const struct request *request,
		char **files, int nr)
{
	struct fng_loadable *policies = calloc(nr, sizeof(*policies));
	u64 generation = request->generation;
	json_t *names = json_array();
	int i, result = FNG_EXIT_DONE;

	if (!policies)
		return FNG_EXIT_FAILED;
	for (i = 0; i < nr && !result; i++) {
		result = fng_loadable_read(&policies[i], files[i],
					   request->params);
		if (!result)
			json_array_append_new(names,
					      fng_text(policies[i].name));
	}
	if (!result)
		result = fng_session_open(client);
	if (!result)
		result = fng_loadable_load(client, policies, nr, &generation);
	if (!result)
		fng_output_done(json_pack("{s:O, s:I}", "loaded", names,
					  "generation",
					  (json_int_t)generation),
				"Loaded %d %s; generation %" PRIu64 ".", nr,
				nr == 1 ? "policy" : "policies", generation);
	json_decref(names);
	for (i = 0; i < nr; i++)
		fng_loadable_free(&policies[i]);
	free(policies);
	return result;
}

int fng_cmd_policy_load(int argc, char **argv)
{
	struct request request = { .nr_params = 0 };
	struct fng_client client = { .sock = NULL };
	int result;

	result = read_options(argc, argv, &request);
	if (result)
		return result;
	result = load(&client, &request, argv + optind, argc - optind);
	fng_client_close(&client);
	return result;
}
