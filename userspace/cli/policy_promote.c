// SPDX-License-Identifier: MIT
/*
 * fnguard policy promote: a candidate takes its policy's place.
 */
#include <inttypes.h>

#include "load.h"
#include "session.h"

static int promote(struct fng_client *client, struct fng_client_load *how,
		   const char *name)
{
	struct fng_client_status status;
	json_t *object;
	int err;

	err = fng_client_status(client, false, &status);
	if (!err) {
		how->generation = status.policy_gen;
		err = fng_client_policy_promote(client, how, name);
	}
	if (err)
		return fng_session_failed(client, err);
	object = json_pack("{s:o, s:I}", "promoted", fng_text(name),
			   "generation", (json_int_t)how->generation);
	fng_load_note_within(how, object);
	fng_output_done(object, "The candidate of %s is in force; generation %" PRIu64 ".",
			name, how->generation);
	return FNG_EXIT_DONE;
}

int fng_cmd_policy_promote(int argc, char **argv)
{
	static const struct option options[] = {
		{ "confirm-within", required_argument, NULL, 'w' },
		{ NULL, 0, NULL, 0 },
	};
	struct fng_client_load how = { .generation = 0 };
	struct fng_client client;
	int result = FNG_EXIT_DONE;

	while (!result && fng_cli_getopt(argc, argv, options) != -1)
		result = fng_load_within(&how, argv);
	if (result)
		return result;
	fng_cli_args(argc, argv, 1, 1);
	result = fng_session_open(&client);
	if (!result)
		result = promote(&client, &how, argv[optind]);
	fng_client_close(&client);
	return result;
}
