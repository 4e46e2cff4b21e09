// SPDX-License-Identifier: MIT
/*
 * fnguard arm and disarm: attach the hooks and prove them, and the reverse.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <client/names.h>
#include <client/proof.h>
#include "output.h"
#include "session.h"

static enum fng_colour result_colour(const json_t *value)
{
	const char *result = json_string_value(value);

	if (!strcmp(result, "proven"))
		return FNG_GOOD;
	return strcmp(result, "absent") ? FNG_BAD : FNG_FAINT;
}

static const struct fng_column columns[] = {
	{ "hook", "HOOK", NULL, NULL },
	{ "result", "RESULT", NULL, result_colour },
	{ "seen", "SEEN", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

static json_t *describe(const struct fng_proof *proof)
{
	static const char *const names[] = {
		[FNG_PROOF_NONE] = "NOT proven",
		[FNG_PROOF_PROVEN] = "proven",
		[FNG_PROOF_ABSENT] = "absent",
	};
	json_t *rows = json_array(), *row;
	int hook;

	for (hook = 0; hook < FNG_NR_HOOKS; hook++) {
		if (FNG_HOOK_IS_NETDEV(hook))
			continue;
		row = json_pack("{s:s, s:s}", "hook", fng_hook_name(hook),
				"result", names[proof->hook[hook].result]);
		fng_set_text(row, "seen", proof->hook[hook].seen);
		json_array_append_new(rows, row);
	}
	return rows;
}

/* Says which hooks were not proven, where not everything is printed. */
static int complain(const struct fng_client *client,
		    const struct fng_proof *proof)
{
	int hook;

	for (hook = 0; hook < FNG_NR_HOOKS; hook++)
		if (proof->hook[hook].result == FNG_PROOF_NONE &&
		    *proof->hook[hook].seen)
			fng_output_note("hook %s is not proven: %s",
					fng_hook_name(hook),
					proof->hook[hook].seen);
	fng_output_error("the hooks could not be proven: %s", client->error);
	return FNG_EXIT_DEGRADED;
}

static int prove(struct fng_client *client, struct fng_proof *proof)
{
	int err = fng_proof_run(client, proof);

	if (!err)
		return FNG_EXIT_DONE;
	if (proof->attached)
		return FNG_EXIT_DEGRADED;
	return fng_session_failed(client, err);
}

int fng_session_arm(struct fng_client *client)
{
	struct fng_client_status status;
	struct fng_proof proof;
	int result;

	result = fng_session_failed(client, fng_client_status(client, false,
							      &status));
	if (result || status.state == FNG_STATE_ENFORCING ||
	    status.state == FNG_STATE_UNATTENDED)
		return result;
	result = prove(client, &proof);
	return result == FNG_EXIT_DEGRADED ? complain(client, &proof) : result;
}

int fng_cmd_arm(int argc, char **argv)
{
	struct fng_client client;
	struct fng_proof proof;
	int result;

	while (fng_cli_getopt(argc, argv, NULL) != -1)
		;
	fng_cli_args(argc, argv, 0, 0);
	result = fng_session_open(&client);
	if (!result) {
		result = prove(&client, &proof);
		if (proof.attached)
			fng_output_table(describe(&proof), columns);
		if (result == FNG_EXIT_DEGRADED)
			fng_output_note("the hooks could not be proven: %s",
					client.error);
	}
	fng_client_close(&client);
	return result;
}

int fng_cmd_disarm(int argc, char **argv)
{
	static const struct option options[] = {
		{ "reason", required_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	const char *reason = NULL;
	struct fng_client client;
	int result;

	while (fng_cli_getopt(argc, argv, options) != -1)
		reason = optarg;
	fng_cli_args(argc, argv, 0, 0);
	if (!reason || !*reason)
		return fng_cli_usage(argv, "say why with --reason TEXT");
	result = fng_session_open(&client);
	if (!result)
		result = fng_session_failed(&client,
					    fng_client_disarm(&client, reason));
	if (!result)
		fng_output_done(json_pack("{s:s}", "state", "idle"),
				"Disarmed: nothing is enforced any more.");
	fng_client_close(&client);
	return result;
}
