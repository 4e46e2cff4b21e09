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
 * @how: generation of --replace-gen, where 0 means whatever is current; and what
 *	--confirm-within says
 */
struct request {
	struct fng_offline options;
	struct fng_client_load how;
};

static int read_option(int c, char **argv, struct request *request)
{
	struct fng_client_load *how = &request->how;
	char *end;

	switch (c) {
	case 'G':
		errno = 0;
		how->generation = strtoull(optarg, &end, 10);
		if (errno || *end || !how->generation)
			return fng_cli_usage(argv, "--replace-gen takes a generation from 1, not \"%s\"",
					     optarg);
		return FNG_EXIT_DONE;
	case 'w':
		return fng_load_within(how, argv);
	case 'c':
		how->candidate = true;
		return FNG_EXIT_DONE;
	default:
		fng_offline_option(&request->options, c, argv);
		return FNG_EXIT_DONE;
	}
}

static int read_options(int argc, char **argv, struct request *request)
{
	static const struct option options[] = {
		FNG_OFFLINE_OPTIONS,
		{ "replace-gen", required_argument, NULL, 'G' },
		{ "confirm-within", required_argument, NULL, 'w' },
		{ "candidate", no_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	int c, result = FNG_EXIT_DONE;

	while (!result && (c = fng_cli_getopt(argc, argv, options)) != -1)
		result = read_option(c, argv, request);
	if (result)
		return result;
	fng_cli_args(argc, argv, 1, FNG_MAX_TRANSACTION);
	if (request->how.candidate && request->how.within)
		return fng_cli_usage(argv, "a candidate refuses nothing: confirm when it is promoted");
	return FNG_EXIT_DONE;
}

static void say_loaded(json_t *object, int nr, const struct fng_client_load *how)
{
	const char *what = how->candidate ? nr == 1 ? "candidate" : "candidates" :
			   nr == 1 ? "policy" : "policies";

	fng_output_done(object, "Loaded %d %s; generation %" PRIu64 ".", nr, what,
			how->generation);
}

static void report(const struct fng_offline *policies, int nr,
		   const struct fng_client_load *how)
{
	json_t *names = json_array(), *object;
	int i;

	for (i = 0; i < nr; i++)
		json_array_append_new(names,
				      fng_text(policies[i].image.meta->name));
	object = json_pack("{s:o, s:b, s:I}", "loaded", names, "candidate",
			   how->candidate, "generation",
			   (json_int_t)how->generation);
	fng_load_note_within(how, object);
	say_loaded(object, nr, how);
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
		result = fng_load(client, policies, nr, &request->how);
	if (!result)
		report(policies, nr, &request->how);
	for (i = 0; i < nr; i++)
		fng_offline_free(&policies[i]);
	free(policies);
	return result;
}

int fng_cmd_policy_load(int argc, char **argv)
{
	struct request request = { .how = { .generation = 0 } };
	struct fng_client client = { .sock = NULL };
	int result;

	result = read_options(argc, argv, &request);
	if (result)
		return result;
	result = load(&client, &request, argv + optind, argc - optind);
	fng_client_close(&client);
	return result;
}
