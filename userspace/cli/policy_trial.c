// SPDX-License-Identifier: MIT
/*
 * fnguard policy confirm and rollback: what becomes of a load that waits for it.
 */
#include <inttypes.h>

#include <client/load.h>
#include "session.h"

/**
 * struct ending - one of the two
 * @end: asks the kernel for it; sets the generation
 * @words: what is said then
 */
struct ending {
	int (*end)(struct fng_client *client, u64 *generation);
	const char *words;
};

static int run(int argc, char **argv, const struct ending *ending)
{
	struct fng_client client;
	u64 generation;
	int result;

	while (fng_cli_getopt(argc, argv, NULL) != -1)
		;
	fng_cli_args(argc, argv, 0, 0);
	result = fng_session_open(&client);
	if (!result)
		result = fng_session_failed(&client, ending->end(&client,
								 &generation));
	if (!result)
		fng_output_done(json_pack("{s:I}", "generation",
					  (json_int_t)generation),
				"%s; generation %" PRIu64 ".", ending->words,
				generation);
	fng_client_close(&client);
	return result;
}

int fng_cmd_policy_confirm(int argc, char **argv)
{
	static const struct ending confirm = {
		fng_client_policy_confirm, "Confirmed: what was loaded stays",
	};

	return run(argc, argv, &confirm);
}

int fng_cmd_policy_rollback(int argc, char **argv)
{
	static const struct ending rollback = {
		fng_client_policy_rollback,
		"Rolled back: the policies are as before",
	};

	return run(argc, argv, &rollback);
}
